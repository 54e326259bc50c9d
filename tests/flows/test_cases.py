"""A case from beginning to end: who may do what, what is needed, what the trace says."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest

from anju.foundation.db import clock
from anju.foundation.flows import actions, queries
from anju.foundation.flows.actions.steps import move
from anju.foundation.flows.files import Upload
from anju.foundation.flows.models import FlowCase
from anju.foundation.policy.store import install_template
from anju.foundation.trace.events import timeline
from anju.foundation.trace.verify import broken_chains
from anju.kit import Actor, Refused
from tests.flows.house import KEYS, hire, install

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
TENANT = Actor.tenant(77)


def at(hour: int, minute: int = 0, day: int = 1) -> None:
    """Set the drill clock."""
    clock.move_to(datetime(2026, 1, day, hour, minute, tzinfo=clock.SHANGHAI))


def photo() -> tuple[Upload, ...]:
    return (Upload("钥匙.png", io.BytesIO(PNG)),)


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def opened(by: Actor, **more: object) -> FlowCase:
    install("keys", KEYS)
    return actions.open_case(by, flow="keys", title="送 3-1208 的钥匙", persons=[77], facts={"keys": "2"}, **more)


@pytest.mark.req("L-02")
def test_a_case_goes_from_hand_to_hand(company: int) -> None:
    at(9, 30)
    desk, runner = hire("service"), hire("service", name="何志斌")
    case = opened(desk)
    assert (case.number, case.stage, case.team, case.facts) == ("K26-0001", "open", "service", {"keys": "2"})
    move(runner, case_id=case.id, step="take")
    move(runner, case_id=case.id, step="hand", facts={"signed": "当面"}, photos=photo())
    move(TENANT, case_id=case.id, step="sign")
    case.refresh_from_db()
    assert (case.stage, case.assignee, case.photos, case.rev) == ("done", runner.id, 1, 4)
    assert case.closed_at is not None
    assert case.due_at is None
    assert [(v.stage, v.step) for v in queries.visits(case.id)] == [
        ("open", ""), ("out", "take"), ("proof", "hand"), ("done", "sign"),
    ]  # fmt: skip
    told = [e["action"].removeprefix("flows.case.") for e in reversed(timeline(("flow_case", case.id)))]
    assert told == ["open", "move", "move.file", "move", "move"]
    assert list(broken_chains()) == []


def test_the_one_who_did_not_claim_is_told_who_did(company: int) -> None:
    case = opened(hire("service"))
    first, second = hire("service", name="何志斌"), hire("service", name="罗天佑")
    move(first, case_id=case.id, step="take")
    with pytest.raises(Refused) as refused:
        move(second, case_id=case.id, step="take")
    assert (code(refused), refused.value.facts["who"]) == ("flow.taken", "何志斌")


def test_a_step_needs_its_fields_its_photos_and_its_people(company: int) -> None:
    desk = hire("service")
    case = opened(desk)
    steps = [
        (hire("finance", name="吴倩"), "take", {}, "flow.not_yours"),
        (desk, "hand", {}, "flow.not_here"),
        (Actor.tenant(78), "take", {}, "not_found"),
    ]
    for by, step, facts, why in steps:
        with pytest.raises(Refused) as refused:
            move(by, case_id=case.id, step=step, facts=facts)
        assert code(refused) == why
    move(desk, case_id=case.id, step="take")
    for facts, photos, why in (
        ({}, photo(), "flow.field_missing"),
        ({"signed": "扔门口"}, photo(), "flow.field_wrong"),
        ({"signed": "信箱"}, (), "flow.photos_missing"),
    ):
        with pytest.raises(Refused) as refused:
            move(desk, case_id=case.id, step="hand", facts=facts, photos=photos)
        assert code(refused) == why
    with pytest.raises(Refused) as refused:
        move(desk, case_id=case.id, step="back", reason=" ")
    assert code(refused) == "flow.reason_missing"
    case.refresh_from_db()
    assert (case.stage, case.rev) == ("out", 2)


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "1e99", "1e-9999", "9" * 40, "两把"])
def test_what_only_a_program_calls_a_number_is_refused(company: int, typed: str) -> None:
    desk = hire("service")
    install("keys", KEYS)
    with pytest.raises(Refused) as refused:
        actions.open_case(desk, flow="keys", facts={"keys": typed})
    assert code(refused) == "flow.field_wrong"
    assert actions.open_case(desk, flow="keys", facts={"keys": "2e1"}).facts == {"keys": "20"}


def test_a_condition_holds_a_step_back(company: int) -> None:
    desk, boss = hire("service"), hire("manager", name="许婧")
    case = opened(desk)
    FlowCase.objects.filter(id=case.id).update(facts={"keys": "5"})
    with pytest.raises(Refused) as refused:
        move(boss, case_id=case.id, step="drop", reason="不用了")
    assert (code(refused), refused.value.text()) == ("flow.guard", "超过三把不能作废")
    FlowCase.objects.filter(id=case.id).update(facts={"keys": "很多"})
    assert move.refusal(boss, case_id=case.id, step="drop") is not None  # no number: the condition does not hold
    FlowCase.objects.filter(id=case.id).update(facts={"keys": "3"})
    assert move(boss, case_id=case.id, step="drop", reason="不用了").stage == "void"


def test_the_second_editor_is_told_where_the_case_went(company: int) -> None:
    desk = hire("service")
    case = opened(desk)
    move(desk, case_id=case.id, step="take", rev=1)
    with pytest.raises(Refused) as refused:
        move(desk, case_id=case.id, step="back", rev=1, reason="走错了")
    assert (code(refused), refused.value.facts["changes"]) == ("changed_meanwhile", "送钥匙，林晓")


@pytest.mark.req("R-09")
def test_one_open_case_for_one_thing(company: int) -> None:
    desk = hire("service")
    case = opened(desk, dedupe="lease:7")
    with pytest.raises(Refused) as refused:
        actions.open_case(desk, flow="keys", facts={"keys": "1"}, dedupe="lease:7")
    assert (code(refused), refused.value.facts["number"]) == ("flow.open_already", case.number)
    move(hire("manager", name="许婧"), case_id=case.id, step="drop", reason="租客取消")
    assert actions.open_case(desk, flow="keys", facts={"keys": "1"}, dedupe="lease:7").number == "K26-0002"


def test_inboxes(company: int) -> None:
    desk, other, boss = hire("service"), hire("service", name="何志斌"), hire("manager", name="许婧")
    case = opened(desk)
    assert [queries.inbox(desk, box).count() for box in queries.BOXES] == [0, 1, 1, 0, 1]
    actions.claim(desk, case_id=case.id)
    assert [queries.inbox(desk, box).count() for box in queries.BOXES] == [1, 1, 0, 0, 1]
    assert actions.claim.refusal(other, case_id=case.id) is not None
    assert actions.hand_over(boss, staff_id=desk.id, to_staff_id=other.id) == 1
    assert [queries.inbox(b, "mine").count() for b in (desk, other)] == [0, 1]
    assert timeline(("flow_case", case.id))[0]["action"] == "flows.case.hand_over"
    actions.assign(boss, case_id=case.id, staff_id=desk.id, reason="他请假了")
    with pytest.raises(Refused) as refused:
        actions.assign(boss, case_id=case.id, staff_id=hire("finance", name="吴倩").id, reason="试试")
    assert code(refused) == "flow.not_in_team"


def test_cases_of_another_project_do_not_exist(company: int) -> None:
    case = opened(hire("service"), scope_id=5)
    far = hire("service", name="远方", all_projects=False, scope_ids=[6])
    with pytest.raises(Refused) as refused:
        move(far, case_id=case.id, step="take")
    assert code(refused) == "not_found"
    assert queries.inbox(far, "all").count() == 0


def test_a_step_done_without_signal_keeps_its_time(company: int) -> None:
    at(9)
    desk = hire("service")
    case = opened(desk)
    at(11)
    done_at = datetime(2026, 1, 1, 9, 20, tzinfo=clock.SHANGHAI)
    move(desk, case_id=case.id, step="take", at=done_at)
    assert queries.visits(case.id)[1].entered_at == done_at
    # A phone whose clock is a day ahead cannot write into the future, one that is behind not before the last step.
    move(desk, case_id=case.id, step="hand", facts={"signed": "当面"}, photos=photo(), at=done_at + timedelta(days=1))
    assert queries.visits(case.id)[2].entered_at == clock.now()


def test_the_template_has_working_hours(company: int) -> None:
    install_template(clock.now())
    assert queries.inbox(hire("manager"), "all").count() == 0
