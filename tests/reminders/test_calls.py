"""Calls by people: on the ladder's day, one about one debt, each conversation kept, not needed once it is paid."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from anju.domain.billing import actions as billing
from anju.domain.leases.models import Lease
from anju.domain.reminders import jobs
from anju.domain.reminders.call_actions import plan_call
from anju.domain.reminders.call_flow import NAME, CallFlow
from anju.domain.reminders.policies import CallStep, Reminders
from anju.domain.reminders.simulators import what_reminders_would_do
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import Person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.db import clock, org_scope
from anju.foundation.db.clock import SHANGHAI
from anju.foundation.flows import actions, queries
from anju.foundation.flows.clocks import limits_of
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.timers import run_timers
from anju.foundation.messaging.models import Message
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.registry import declared
from anju.foundation.policy.store import body_sha256
from anju.foundation.staffing.actions import create_organization, freeze_staff
from anju.foundation.sweeps.explain import decided, explain
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.trace.events import timeline
from anju.kit import Actor, Money, Refused
from tests.builders import House, house, let, terms
from tests.flows.house import hire
from tests.flows.test_pages import signed_in

SYSTEM = Actor.system()
DUE = date(2026, 1, 17)


def owing(org: int, where: House, room: str, phone: str) -> Lease:
    made = register_people(SYSTEM, rows=[NewPerson(name="何雨桐", phone=phone)])
    lease = let(where, room, terms(), person=Person.objects.get(id=made.person_ids[0]))
    run_sweep(SYSTEM, org, "billing", date(2026, 1, 7), fresh=True)
    return lease


@pytest.fixture
def lease(company: int) -> Lease:
    """Rent due on the 17th, unpaid."""
    return owing(company, house(), "3-1-1208", "13800137730")


def morning(org: int, day: date) -> SweepRun:
    clock.move_to(datetime(day.year, day.month, day.day, 7, 10, tzinfo=SHANGHAI))
    jobs.close_calls(org)
    run = run_sweep(SYSTEM, org, "call_tasks", day)
    assert run.candidates == sum(run.tally.values())
    return run


def late(days: int) -> date:
    return DUE + timedelta(days=days)


def pay(lease: Lease) -> None:
    billing.record_payment(
        SYSTEM, lease_id=lease.id, amount=Money("99999"), method="bank", received_at=clock.now(), source="bank:1"
    )


def release(value: Reminders) -> None:
    body, wall = value.model_dump(mode="json"), clock.wall()
    version = PolicyVersion.objects.create(
        key="reminders", number=2, schema=2, body=body, sha256=body_sha256(body), author="system",
        state=PolicyVersion.State.RELEASED, created_at=wall, updated_at=wall,
    )  # fmt: skip
    PolicyRelease.objects.create(
        key="reminders", effective_from=clock.now(), version=version, reviewer="system", reason="", created_at=wall
    )


def talk(by: Actor, case: FlowCase, step: str = "talk", **facts: Any) -> FlowCase:
    return actions.move(by, case_id=case.id, step=step, facts=facts)


@pytest.mark.req("R-04")
@pytest.mark.req("R-09")
def test_on_the_fourth_day_the_team_finds_a_call_in_its_inbox(company: int, lease: Lease) -> None:
    desk = hire("service")
    assert morning(company, late(3)).candidates == 0
    assert queries.inbox(desk, "team").count() == 0
    run = morning(company, late(4))
    assert run.tally == {"to_call": 1}
    case = queries.inbox(desk, "unassigned").get()
    assert (case.flow, case.number, case.subject_id, case.scope_id) == (NAME, "D26-0001", lease.id, lease.scope_id)
    assert case.persons == [lease.payer_id]
    said = decided("call_tasks", lease.id)[0]
    assert (said.code, said.effect_id, said.run_id) == ("to_call", case.id, run.id)
    assert said.zh == "逾期 4 天，安排电话，欠 ¥2,280.00"
    # A working day of nine hours from opening: the same evening.
    limit = limits_of(case)[0]
    assert (limit.key, limit.due_at) == ("call", datetime(2026, 1, 21, 18, tzinfo=SHANGHAI))
    assert case.due_at == limit.due_at
    assert [v.stage for v in queries.visits(case.id)] == ["new"]
    assert "flows.case.open_many" in [e["action"] for e in timeline(("flow_case", case.id))]
    assert "flows.case.open_many" in [e["action"] for e in timeline(("lease", lease.id))]


def test_a_day_run_twice_asks_once(company: int, lease: Lease) -> None:
    morning(company, late(4))
    again = run_sweep(SYSTEM, company, "call_tasks", late(4), fresh=True)
    assert again.tally == {"calling_already": 1}
    assert FlowCase.objects.count() == 1
    assert decided("call_tasks", lease.id)[0].zh.startswith("D26-0001 正在联系")


@pytest.mark.req("R-09")
def test_two_agents_never_call_about_the_same_debt(company: int, lease: Lease) -> None:
    desk, other = hire("service"), hire("service", name="何志斌")
    case = plan_call(desk, lease_id=lease.id)
    for again in (
        lambda: plan_call(other, lease_id=lease.id),
        lambda: actions.open_case(other, flow=NAME, subject=("lease", lease.id), facts={"about": "欠款"}),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "flow.open_already"
    assert morning(company, late(4)).tally == {"calling_already": 1}
    # Who calls first has it; the other is told who.
    talk(desk, case, "miss", outcome="打不通")
    with pytest.raises(Refused) as refused:
        talk(other, case, outcome="有困难")
    assert refused.value.code == "flow.taken"
    assert refused.value.facts["who"] == "林晓"
    # Another matter may be spoken about by somebody else.
    actions.open_case(other, flow=NAME, subject=("lease", lease.id), facts={"about": "到期续租"})


@pytest.mark.req("R-09")
def test_each_conversation_is_kept(company: int, lease: Lease) -> None:
    desk = hire("service")
    morning(company, late(4))
    case = queries.inbox(desk, "team").get()
    talk(desk, case, "miss", outcome="打不通")
    talk(desk, case, "later", call_on="2026-01-22", note="在开会")
    talk(desk, case, outcome="答应还款", promised_on="2026-01-25", note="发工资就还")
    case.refresh_from_db()
    assert [(t["outcome"], t["promised_on"], t["note"]) for t in case.facts["talks"]] == [
        ("打不通", None, ""),
        ("约定回拨", None, "在开会"),
        ("答应还款", "2026-01-25", "发工资就还"),
    ]
    assert {t["by"] for t in case.facts["talks"]} == {str(desk)}
    told = [e for e in timeline(("flow_case", case.id)) if e["action"] == "flows.case.move.talk"]
    assert len(told) == 3
    assert "发工资" not in "".join(str(e["body"]) for e in told), "what was said stays on the case"


@pytest.mark.parametrize(
    ("step", "facts", "code"),
    [
        ("talk", {}, "flow.field_missing"),
        ("talk", {"outcome": "答应还款"}, "flow.field_missing"),
        ("talk", {"outcome": "答应还款", "promised_on": "2026-01-01"}, "flow.field_wrong"),
        ("talk", {"outcome": "打不通"}, "flow.field_wrong"),
        ("miss", {"outcome": "拒绝"}, "flow.field_wrong"),
        ("talk", {"outcome": "别的"}, "flow.field_wrong"),
    ],
)
def test_an_outcome_fits_what_happened(company: int, lease: Lease, step: str, facts: Any, code: str) -> None:
    desk = hire("service")
    morning(company, late(4))
    case = queries.inbox(desk, "team").get()
    with pytest.raises(Refused) as refused:
        talk(desk, case, step, **facts)
    assert refused.value.code == code
    case.refresh_from_db()
    assert (case.stage, case.assignee) == ("new", None)


def test_who_promised_is_left_alone_until_that_day_and_then_called_by_the_same_agent(
    company: int, lease: Lease
) -> None:
    release(Reminders(calls=(CallStep(offset_days=4), CallStep(offset_days=7), CallStep(offset_days=12))))
    desk = hire("service")
    morning(company, late(4))
    case = queries.inbox(desk, "team").get()
    talk(desk, case, outcome="答应还款", promised_on=late(9).isoformat())
    actions.move(desk, case_id=case.id, step="finish")
    assert morning(company, late(7)).tally == {"promised": 1}
    assert explain("call_tasks", lease.id, late(8)).code == "later"
    assert morning(company, late(12)).tally == {"to_call": 1}
    assert queries.inbox(desk, "mine").get().id != case.id
    assert explain("call_tasks", lease.id, late(13)).code == "after_last"


@pytest.mark.req("R-09")
def test_an_agent_who_left_is_not_called_upon(company: int, lease: Lease) -> None:
    release(Reminders(calls=(CallStep(offset_days=4), CallStep(offset_days=7))))
    desk, other = hire("service"), hire("service", name="何志斌")
    morning(company, late(4))
    case = queries.inbox(desk, "team").get()
    talk(desk, case, outcome="有困难")
    actions.move(desk, case_id=case.id, step="finish")
    freeze_staff(SYSTEM, staff_id=desk.id)
    morning(company, late(7))
    assert queries.inbox(other, "unassigned").count() == 1


@pytest.mark.req("R-09")
def test_after_two_messages_without_an_answer(company: int, lease: Lease) -> None:
    release(Reminders(calls=(CallStep(offset_days=4, after_silence=True), CallStep(offset_days=5, after_silence=True))))
    for day in (0, 1):
        clock.move_to(datetime(2026, 1, 17 + day, 7, tzinfo=SHANGHAI))
        run_sweep(SYSTEM, company, "reminders", late(day))
    assert Message.objects.count() == 3
    now = clock.now()
    Message.objects.update(state="delivered", sent_at=now, delivered_at=now)
    newest = Message.objects.latest("id")
    Message.objects.filter(id=newest.id).update(state="read", read_at=now)
    assert morning(company, late(4)).tally == {"answered": 1}
    Message.objects.filter(id=newest.id).update(state="delivered", read_at=None)
    assert morning(company, late(5)).tally == {"to_call": 1}


def test_whoever_pays_is_not_called_any_more(company: int, lease: Lease) -> None:
    desk = hire("service")
    morning(company, late(4))
    case = queries.inbox(desk, "team").get()
    pay(lease)
    jobs.close_calls(company)
    case.refresh_from_db()
    assert (case.stage, case.closed_at is not None, case.due_at) == ("done", True, None)
    assert queries.inbox(desk, "team").count() == 0
    assert explain("call_tasks", lease.id, late(5)).code == "paid"


def test_silence_after_a_talk_ends_by_itself(company: int, lease: Lease) -> None:
    desk = hire("service")
    morning(company, late(4))
    case = queries.inbox(desk, "team").get()
    talk(desk, case, outcome="拒绝")
    clock.move_to(clock.now() + timedelta(days=4))
    run_timers(company)
    case.refresh_from_db()
    assert case.stage == "done"


def test_hundreds_are_opened_by_a_handful_of_statements(company: int, django_assert_max_num_queries: Any) -> None:
    where = house()
    for n in range(3):
        let(where, f"3-1-{n:04}", terms())
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    clock.move_to(datetime(2026, 1, 21, 7, 10, tzinfo=SHANGHAI))
    with django_assert_max_num_queries(60):
        assert run_sweep(SYSTEM, company, "call_tasks", late(4)).tally == {"to_call": 3}
    assert sorted(FlowCase.objects.values_list("number", flat=True)) == ["D26-0001", "D26-0002", "D26-0003"]
    assert FlowCase.objects.filter(due_at__isnull=False).count() == 3
    late_one = let(where, "3-1-0009", terms())
    assert plan_call(SYSTEM, lease_id=late_one.id).number == "D26-0004"


def test_stored_ladders_from_before_have_no_calls() -> None:
    old = {k: v for k, v in Reminders().model_dump(mode="json").items() if k != "calls"}
    assert declared("reminders").load(old, 1).calls == ()  # type: ignore[attr-defined]
    assert [c.offset_days for c in Reminders().calls] == [4]
    twice = Reminders(calls=(CallStep(offset_days=5), CallStep(offset_days=5)))
    assert [f.code for f in twice.lint()] == ["reminders.call_order"]


@pytest.mark.req("L-04")
def test_a_draft_says_how_many_calls_it_would_ask_for(company: int, lease: Lease) -> None:
    clock.move_to(datetime(2026, 1, 18, 9, tzinfo=SHANGHAI))
    more = Reminders(calls=(CallStep(offset_days=4), CallStep(offset_days=7)))
    rows = {r.label.zh: (r.now, r.draft) for r in what_reminders_would_do(Reminders(), more, late(1)).rows}
    assert rows["电话任务"] == (1, 2)
    assert FlowCase.objects.count() == 0, "simulating writes nothing"
    none = Reminders(calls=())
    assert "电话任务" not in {r.label.zh for r in what_reminders_would_do(none, none, late(1)).rows}


def test_the_shipped_flow_is_sound() -> None:
    assert CallFlow().lint() == []


def test_calls_stay_within_reach(company: int, lease: Lease) -> None:
    far = hire("service", name="远方", all_projects=False, scope_ids=[lease.scope_id + 1])
    with pytest.raises(Refused) as refused:
        plan_call(far, lease_id=lease.id)
    assert refused.value.code == "not_found"


@pytest.mark.req("R-09")
def test_the_arrears_panel_shows_the_call_and_what_was_said(committed: str) -> None:
    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=SHANGHAI)).id
    with org_scope(org):
        lease = owing(org, house(), "3-1-1208", "13800137730")
        clock.move_to(datetime(2026, 1, 21, 9, tzinfo=SHANGHAI))
    client = signed_in(org, "service", login="lin")
    panel = f"/rent/arrears/{lease.id}"
    page = client.get(panel).content.decode()
    assert "还没有安排过电话" in page
    assert client.post(f"/rent/call/{lease.id}").headers["Location"] == panel
    page = client.get(panel).content.decode()
    assert "D26-0001" in page
    assert "待拨打" in page
    assert f"/rent/call/{lease.id}" not in page
    assert client.post(f"/rent/call/{lease.id}", follow=True).content.decode().count("D26-0001") >= 1
    with org_scope(org):
        case = FlowCase.objects.get()
    own = f"/cases/{case.id}"
    assert "D26-0001" in client.get("/cases").content.decode()
    refused = client.post(f"{own}/step/talk", {"rev": "1", "outcome": "答应还款"})
    assert (refused.status_code, "请填写“答应哪天还”" in refused.content.decode()) == (422, True)
    posted = {"rev": "1", "outcome": "答应还款", "promised_on": "2026-01-25", "note": "发工资就还"}
    assert client.post(f"{own}/step/talk", posted).status_code == 302
    for place in (panel, own):
        page = client.get(place).content.decode()
        assert "答应还款" in page
        assert "发工资就还" in page
    assert signed_in(org, "finance", login="wu").post(f"/rent/call/{lease.id}").status_code in (403, 404)
    assert Client().post(f"/rent/call/{lease.id}").status_code == 302
