"""A colleague leaves: the cases go to somebody else in one go, seen before; nothing waits for who is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from anju.foundation.db import clock, org_scope
from anju.foundation.flows import actions, jobs, queries
from anju.foundation.flows.actions import handing_over
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.models import Staff
from anju.foundation.staffing import jobs as staffing_jobs
from anju.foundation.staffing.actions import freeze_staff, set_departure
from anju.foundation.trace.events import timeline
from anju.kit import Actor, Refused
from tests.flows.house import KEYS, hire, install
from tests.flows.test_cases import code
from tests.flows.test_pages import signed_in

SYSTEM = Actor.system()


def begin(flow: str, holder: Actor, scope_id: int | None = None) -> FlowCase:
    case = actions.open_case(SYSTEM, flow=flow, facts={"keys": "1"}, scope_id=scope_id)
    actions.claim(holder, case_id=case.id)
    return case


def two_flows() -> None:
    install("keys", KEYS)
    install("post", KEYS.model_copy(update={"name": KEYS.name.model_copy(update={"zh": "代收包裹"}), "prefix": "B"}))


@pytest.mark.req("T-10")
def test_a_flow_goes_to_one_colleague_and_the_rest_to_the_team(company: int) -> None:
    two_flows()
    gone, heir, boss = hire("service"), hire("service", name="何志斌"), hire("manager", name="许婧")
    keys, post = begin("keys", gone), begin("post", gone)
    assert actions.hand_over(boss, staff_id=gone.id, to_staff_id=heir.id, flow="keys") == 1
    assert actions.hand_over(boss, staff_id=gone.id, to_staff_id=None) == 1
    keys.refresh_from_db()
    post.refresh_from_db()
    assert (keys.assignee, post.assignee) == (heir.id, None)
    assert timeline(("flow_case", post.id))[0]["action"] == "flows.case.hand_over"
    for other in (gone.id, 10**9):
        with pytest.raises(Refused) as refused:
            actions.hand_over(boss, staff_id=gone.id, to_staff_id=other)
        assert code(refused) == "not_found"


def test_nobody_gets_a_case_that_is_not_theirs(company: int) -> None:
    install("keys", KEYS)
    gone, boss = hire("service"), hire("manager", name="许婧")
    near = hire("service", name="近处", all_projects=False, scope_ids=[5])
    accountant = hire("finance", name="吴倩")
    here, there = begin("keys", gone, 5), begin("keys", gone, 6)
    area = hire("manager", name="片区", all_projects=False, scope_ids=[5])
    assert actions.hand_over(area, staff_id=gone.id, to_staff_id=accountant.id) == 1, "not what lies out of reach"
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.assignee, there.assignee) == (None, gone.id)
    actions.claim(gone, case_id=here.id)
    assert actions.hand_over(boss, staff_id=gone.id, to_staff_id=near.id) == 2
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.assignee, there.assignee) == (near.id, None)


@pytest.mark.req("T-10")
def test_the_night_after_the_last_day_nothing_waits_for_who_is_gone(company: int) -> None:
    install("keys", KEYS)
    gone = hire("service")
    case = begin("keys", gone)
    today = clock.today()
    set_departure(SYSTEM, staff_id=gone.id, left_on=today)
    staffing_jobs.freeze(company, today)
    assert queries.taken_by(gone.id).count() == 1
    clock.move_to(clock.now() + timedelta(days=1))
    staffing_jobs.freeze(company, clock.today())
    assert Staff.objects.get(id=gone.id).frozen_at is not None
    jobs.free_cases_of_leavers(company, clock.today())
    jobs.free_cases_of_leavers(company, clock.today())
    case.refresh_from_db()
    assert case.assignee is None
    assert [e["action"] for e in timeline(("flow_case", case.id))][:1] == ["flows.case.hand_over"]


@pytest.mark.req("T-10")
def test_a_manager_sees_what_would_go_where_before_it_goes(org: int) -> None:
    with org_scope(org):
        two_flows()
        gone, heir = hire("service", name="林晓"), hire("service", name="何志斌")
        begin("keys", gone)
        begin("post", gone)
        freeze_staff(SYSTEM, staff_id=gone.id)
    client = signed_in(org, "manager", login="xu")
    page = client.get("/cases/hand-over").content.decode()
    assert "林晓" in page
    assert "已冻结" in page
    page = client.get("/cases/hand-over", {"of": gone.id}).content.decode()
    assert "交接钥匙 1 张" in page
    assert "代收包裹 1 张" in page
    assert "确认移交" not in page
    assert client.get("/cases/hand-over", {"of": gone.id, "to-keys": str(gone.id)}).status_code == 404
    chosen = {"of": str(gone.id), "to-keys": str(heir.id), "to-post": ""}
    page = client.get("/cases/hand-over", chosen).content.decode()
    assert "何志斌 1 张" in page
    assert "放回小组，谁接都行" in page
    with org_scope(org):
        assert queries.taken_by(gone.id).count() == 2
    assert client.post("/cases/hand-over", chosen).status_code == 302
    with org_scope(org):
        assert {c.flow: c.assignee for c in FlowCase.objects.all()} == {"keys": heir.id, "post": None}
    assert "已移交 2 张办理单" in client.get("/cases/hand-over").content.decode()
    assert client.get("/cases/hand-over", {"of": "999999"}).status_code == 404
    assert Client().get("/cases/hand-over").status_code == 302
    assert signed_in(org, "service", login="lin").get("/cases/hand-over").status_code in (403, 404)
    boss = signed_in(org, "admin", login="boss").get("/system/staff").content.decode()
    assert f"/cases/hand-over?of={gone.id}" in boss


@pytest.mark.req("T-10")
def test_only_who_may_take_the_cases_is_offered_and_how_many(org: int) -> None:
    with org_scope(org):
        install("keys", KEYS)
        gone, heir = hire("service", name="林晓"), hire("service", name="何志斌")
        hire("service", name="近处", all_projects=False, scope_ids=[5])
        hire("service", name="远处", all_projects=False, scope_ids=[7])
        accountant = hire("finance", name="吴倩")
        freeze_staff(SYSTEM, staff_id=hire("service", name="已走").id)
        begin("keys", gone, 5)
        begin("keys", gone, 6)
    client = signed_in(org, "manager", login="xu")
    page = client.get("/cases/hand-over", {"of": gone.id}).content.decode()
    assert (f'<option value="{heir.id}">何志斌</option>' in page, "近处（只能接 1 张）" in page) == (True, True)
    assert [name for name in ("远处", "吴倩", "已走") if name in page] == []
    # An address kept from before still says what would happen.
    page = client.get("/cases/hand-over", {"of": gone.id, "to-keys": str(accountant.id)}).content.decode()
    assert "吴倩（只能接 0 张）" in page
    assert "吴倩 0 张" in page


def test_who_may_take_no_step_is_given_no_case(company: int, monkeypatch: pytest.MonkeyPatch) -> None:
    install("keys", KEYS)
    gone, boss = hire("service"), hire("manager", name="许婧")
    reader = hire("service", name="只看")
    case = begin("keys", gone)
    monkeypatch.setattr(handing_over, "MOVE_RIGHT", handing_over.HAND_OVER)  # a right that managers alone have
    assert "只看" not in {taker.name for one in handing_over.takers(boss, gone.id).values() for taker in one}
    actions.hand_over(boss, staff_id=gone.id, to_staff_id=reader.id)
    case.refresh_from_db()
    assert case.assignee is None
