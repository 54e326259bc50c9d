"""Pages of cases: who sees what, what is offered, what a refused step says."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import translation

from anju.domain.workorders.flow import Repair
from anju.foundation.db import org_scope
from anju.foundation.flows.actions import assign, move, open_case
from anju.foundation.flows.definition import CaseField, Stage, Transition
from anju.foundation.flows.definitions import FlowDefinition
from anju.foundation.flows.diagram import HIGH, WIDE, Box, drawn
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.models import Staff
from anju.kit import Actor
from tests.flows.house import KEYS, hire, install
from tests.flows.test_cases import opened
from tests.staff import signed_in as staff_signed_in
from tests.staff import text

SYSTEM = Actor.system()


def signed_in(org: int, *roles: str, login: str) -> Client:
    with org_scope(org):
        hire(*roles, name=login)
    client = Client()
    full = f"{'-'.join(roles)}-{login}@example.com"
    assert client.post("/sign-in", {"login": full, "password": "correct horse 7"}).status_code == 302
    return client


def begun(org: int, **more: object) -> FlowCase:
    with org_scope(org):
        install("keys", KEYS)
        return open_case(SYSTEM, flow="keys", title="两把钥匙", facts={"keys": "2"}, **more)  # type: ignore[arg-type]


def test_a_team_sees_its_case_claims_it_and_goes_on(org: int) -> None:
    case = begun(org)
    client = signed_in(org, "service", login="lin")
    page = client.get("/cases").content.decode()
    assert case.number in page
    assert "待领取" in page
    own = f"/cases/{case.id}"
    assert "去送" in client.get(own).content.decode()
    assert client.post(f"{own}/step/take", {"rev": "1"}).status_code == 302
    with org_scope(org):
        assert FlowCase.objects.get().stage == "out"
    refused = client.post(f"{own}/step/hand", {"signed": "信箱"})
    assert refused.status_code == 422
    assert "要先拍照" in refused.content.decode()
    assert '<option value="信箱" selected>' in refused.content.decode()


def test_what_one_may_not_do_is_said_not_offered(org: int) -> None:
    case = begun(org)
    client = signed_in(org, "finance", login="wu")
    page = client.get(f"/cases/{case.id}").content.decode()
    assert f"/cases/{case.id}/step/take" not in page
    assert "“去送”由" in page
    assert f"/cases/{case.id}/assign" not in page
    assert client.post(f"/cases/{case.id}/claim").status_code == 422
    assert client.post(f"/cases/{case.id}/step/take").status_code == 422


def test_a_second_editor_is_told_what_changed(org: int) -> None:
    case = begun(org)
    client = signed_in(org, "service", login="lin")
    with org_scope(org):
        other = hire("service", name="王珊")
        move(other, case_id=case.id, step="take")
    answer = client.post(f"/cases/{case.id}/step/take", {"rev": "1"})
    assert answer.status_code == 422
    assert "王珊" in answer.content.decode()


@pytest.mark.parametrize("stage", ["open", "proof"])
def test_the_diagram_shows_where_a_case_stands_and_may_go(stage: str) -> None:
    drawing = drawn(KEYS, stage=stage, visited=["open", stage])
    states = {b.key: b.state for b in drawing.boxes}
    assert states[stage] == "now"
    assert {k for k, s in states.items() if s == "next"} == {t.to for t in KEYS.transitions if stage in t.sources}
    limits = {b.key: b.limit for b in drawing.boxes if b.limit}
    assert limits == {"open": timedelta(minutes=30), "proof": timedelta(days=2)}
    assert "open" not in {b.key for b in drawn(KEYS, stage=stage, priority=1).boxes if b.limit}, "not for this class"
    assert len({(b.x, b.y) for b in drawing.boxes}) == len(KEYS.stages)
    assert all(0 <= b.x <= drawing.width - WIDE and 0 <= b.y <= drawing.height - HIGH for b in drawing.boxes)


def chain(stages: int) -> FlowDefinition:
    """A flow of so many stages, one after the other, the last one back to the first."""
    keys = [f"s{n}" for n in range(stages)]
    kinds = ["start", *["work"] * (stages - 2), "done"]
    steps = [
        Transition(key=f"t{n}", zh="下一步", sources=(a,), to=b, actors=("@team",))
        for n, (a, b) in enumerate(pairwise(keys))
    ]
    back = Transition(key="back", zh="退回", sources=(keys[-1],), to=keys[0], actors=("@team",))
    return KEYS.model_copy(
        update={
            "stages": tuple(Stage(key=k, zh=f"第{k}步", kind=kind) for k, kind in zip(keys, kinds, strict=True)),
            "transitions": (*steps, back),
        }
    )


@pytest.mark.req("W-03")
@pytest.mark.parametrize("flow", [Repair(), chain(5), chain(9), chain(20)])
def test_a_diagram_fits_its_card_however_many_stages(flow: FlowDefinition) -> None:
    drawing = drawn(flow, stage=flow.start.key)
    assert drawing.width <= 774, "what a card has at 1440 pixels"
    assert len({(b.x, b.y) for b in drawing.boxes}) == len(flow.stages)
    for box in drawing.boxes:
        assert box.x + WIDE <= drawing.width
        assert box.y + HIGH <= drawing.height
    numbers = [int(n) for line in drawing.lines for n in re.findall(r"-?\d+", line.path)]
    assert 0 <= min(numbers) <= max(numbers) <= max(drawing.width, drawing.height)
    assert Box("x", "Waiting for the tenant", "later", False, 0, 0).long
    assert not Box("x", "待租客确认", "later", False, 0, 0).long


def test_a_refused_assignment_keeps_what_was_chosen(org: int) -> None:
    case = begun(org)
    client = signed_in(org, "manager", login="boss")
    with org_scope(org):
        first, second = hire("service", name="王珊"), hire("service", name="何志斌")
        move(first, case_id=case.id, step="take")
    own = f"/cases/{case.id}"
    assert f'name="holds" value="{first.id}"' in client.get(own).content.decode()
    refused = client.post(f"{own}/assign", {"staff": second.id, "reason": "", "holds": first.id})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "请写明原因" in page
    assert f'<option value="{second.id}" selected>' in page
    assert '<details class="fl-more" open>' in page
    # Somebody gave it away since this page was drawn.
    stale = client.post(f"{own}/assign", {"staff": second.id, "reason": "换班", "holds": ""})
    assert "刚刚被别人改过：送钥匙，王珊" in stale.content.decode()
    assert client.post(f"{own}/assign", {"staff": second.id, "reason": "换班", "holds": first.id}).status_code == 302
    with org_scope(org):
        assert FlowCase.objects.get().assignee == second.id


def test_what_is_refused_is_said_in_one_language(org: int) -> None:
    case = begun(org)
    with org_scope(org):
        desk = hire("service", name="林晓")
        move(desk, case_id=case.id, step="take")
        with translation.override("en"):
            refused = assign.refusal(desk, case_id=case.id, staff_id=None)
    assert refused is not None
    assert "“Reassign”" in refused.text("en")
    assert "改派" not in refused.text("en")


def test_whoever_paused_a_case_is_offered_to_go_on(company: int) -> None:
    client = staff_signed_in("service", name="林晓")
    own = Actor.staff(Staff.objects.get(name="林晓").id)
    case = opened(own)
    move(own, case_id=case.id, step="take")
    assert "继续计时" not in text(client, f"/cases/{case.id}")
    assert client.post(f"/cases/{case.id}/pause", {"reason": "away"}).status_code == 302
    assert "继续计时" in text(client, f"/cases/{case.id}")
    assert client.post(f"/cases/{case.id}/go-on").status_code == 302
    case.refresh_from_db()
    assert case.paused_at is None


def test_the_inbox_counts_what_it_lists(org: int) -> None:
    begun(org)
    client = signed_in(org, "manager", login="boss")
    assert "共 1 条" in client.get("/cases?box=all").content.decode()


def test_a_beginning_asks_for_what_its_flow_is_about(company: int) -> None:
    client = staff_signed_in("manager", name="许婧")
    form = text(client, "/cases/new/inspection")
    assert "楼栋" in form
    assert "填合同号或房间号" not in form
    assert "填合同号或房间号" in text(client, "/cases/new/call")


def test_a_choice_is_said_in_the_readers_language() -> None:
    field = CaseField(key="about", zh="为什么打", kind="choice", choices=("欠款", "自己写的"))
    minutes = CaseField(key="minutes", zh="用时", kind="number", unit="分钟")
    with translation.override("en"):
        assert field.options == [("欠款", "Arrears"), ("自己写的", "自己写的")]
        assert (field.said("欠款"), minutes.said(25)) == ("Arrears", "25 minutes")
    with translation.override("zh-hans"):
        assert (field.said("欠款"), minutes.said(25)) == ("欠款", "25 分钟")
