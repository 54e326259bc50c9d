"""A repair from the report to the rating; nothing reported twice, nobody's order moved by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.domain.workorders import queries
from anju.domain.workorders.actions import join, place_of, rate, read_report, report
from anju.domain.workorders.models import WorkOrder, WorkOrderReport
from anju.foundation.db import clock, fetch
from anju.foundation.flows.actions import assign, claim, explain, move
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.foundation.flows.soundness import lint_flow
from anju.foundation.flows.timers import run_timers
from anju.foundation.policy.registry import declared
from anju.kit import Actor, Refused
from tests.flows.house import hire
from tests.workorders.conftest import Block, photo

ROOM, ABOVE = "3-1-1208", "3-1-1308"


def leak(block: Block, by: Actor | None = None, said: str = "厨房水槽下的水管漏水", room: str = ROOM) -> WorkOrder:
    return report(by or block.tenant(room), lease_id=block.lease(room).id, spot="kitchen", said=said, photos=(photo(),))


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, match=code, check=lambda e: e.code == code)


def test_the_shipped_flow_is_sound() -> None:
    assert lint_flow(declared("flow.repair").model()) == []  # type: ignore[arg-type]


@pytest.mark.req("W-01")
@pytest.mark.req("W-03")
@pytest.mark.req("W-06")
def test_from_the_report_to_the_rating(block: Block, technician: Actor) -> None:
    order = leak(block)
    tenant, case = block.tenant(ROOM), order.case
    assert (case.title, case.priority, case.stage, order.source) == ("厨房漏水", 1, "new", "portal")
    claim(technician, case_id=case.id)
    move(technician, case_id=case.id, step="accept")
    move(technician, case_id=case.id, step="arrive", photos=(photo("door.jpg"),))
    move(technician, case_id=case.id, step="finish", facts={"result": "换了密封圈"}, photos=(photo("done.jpg"),))
    with refused("workorders.not_done"):
        rate(tenant, order_id=order.id, stars=5)
    move(tenant, case_id=case.id, step="confirm")
    rate(tenant, order_id=order.id, stars=5, remark="很快")
    with refused("workorders.rated"):
        rate(tenant, order_id=order.id, stars=1)
    order.refresh_from_db()
    assert (order.case.stage, order.rating, order.case.photos) == ("done", 5, 3)
    told = fetch("SELECT template, to_person FROM message WHERE kind = 'workorder' ORDER BY id")
    assert [m["template"] for m in told] == ["workorders:accepted", "workorders:mended"]
    assert {m["to_person"] for m in told} == {tenant.id}


@pytest.mark.req("W-06")
def test_only_the_tenant_or_silence_closes_and_closing_needs_proof(
    block: Block, technician: Actor, agent: Actor
) -> None:
    case = leak(block).case
    move(technician, case_id=case.id, step="accept")
    with refused("flow.photos_missing"):
        move(technician, case_id=case.id, step="arrive")
    move(technician, case_id=case.id, step="arrive", photos=(photo(),))
    with refused("flow.field_missing"):
        move(technician, case_id=case.id, step="finish", photos=(photo(),))
    move(technician, case_id=case.id, step="finish", facts={"result": "紧了接头"}, photos=(photo(),))
    for somebody in (technician, agent, hire("admin", "manager", name="许婧")):
        with refused("flow.not_yours"):
            move(somebody, case_id=case.id, step="confirm")
    silence = FlowLimit.objects.get(case=case, key="silence")
    assert silence.due_at is not None
    assert silence.due_at - clock.now() > timedelta(hours=47)
    move(Actor.system(), case_id=case.id, step="confirm")
    move(block.tenant(ROOM), case_id=case.id, step="reopen", reason="还在滴水")
    case.refresh_from_db()
    assert (case.stage, case.assignee, case.closed_at) == ("new", None, None)


@pytest.mark.req("W-05")
def test_limits_follow_the_class(block: Block) -> None:
    dark, leaking, cosmetic = (
        leak(block, said=said, room=room).case
        for said, room in (("全屋停电", ROOM), ("水管漏水", ABOVE), ("墙面起皮", "3-1-0302"))
    )
    for case, minutes in ((dark, (30, 120)), (leaking, (120, 480)), (cosmetic, (2880, 5760))):
        limits = {x.key: x for x in FlowLimit.objects.filter(case=case)}
        for key, asked in zip(("respond", "onsite"), minutes, strict=True):
            due = limits[key].due_at
            assert due is not None
            assert round((due - case.opened_at).total_seconds() / 60) == asked


@pytest.mark.req("W-02")
def test_another_class_needs_a_reason(block: Block) -> None:
    tenant, lease = block.tenant(ROOM), block.lease(ROOM)
    with refused("workorders.why_class"):
        report(tenant, lease_id=lease.id, spot="bath", said="水龙头滴水", priority=3)
    order = report(tenant, lease_id=lease.id, spot="bath", said="水龙头滴水", priority=3, why="一天几滴，不急")
    assert (order.suggested, order.case.priority) == (1, 3)


@pytest.mark.req("W-07")
def test_what_is_reported_already_is_joined_not_doubled(block: Block) -> None:
    first = leak(block)
    neighbour, lease = block.tenant(ABOVE), block.lease(ABOVE)
    read, place = read_report("厨房水管滴水", "kitchen"), place_of(lease.id, "kitchen")
    (found,) = queries.alike(place, read)
    assert (found.id, found.near) == (first.id, "riser")
    join(neighbour, order_id=first.id, lease_id=lease.id)
    with refused("workorders.same_already"):
        join(neighbour, order_id=first.id, lease_id=lease.id)
    assert WorkOrder.objects.count() == 1
    assert WorkOrderReport.objects.filter(order=first).count() == 2
    assert neighbour.id in FlowCase.objects.get(id=first.case_id).persons
    assert queries.own(neighbour, first.id).id == first.id


@pytest.mark.req("W-09")
def test_who_accepts_has_it_and_only_release_or_a_reason_moves_it(
    block: Block, technician: Actor, agent: Actor
) -> None:
    second = hire("maintenance", name="何志斌")
    case = leak(block).case
    move(technician, case_id=case.id, step="accept")
    with refused("flow.taken"):
        move(second, case_id=case.id, step="accept")
    with refused("flow.not_yours"):
        move(second, case_id=case.id, step="arrive", photos=(photo(),))
    with refused("flow.reason_missing"):
        assign(agent, case_id=case.id, staff_id=second.id)
    assign(agent, case_id=case.id, staff_id=second.id, reason="赵师傅在另一栋抢修")
    case.refresh_from_db()
    assert case.assignee == second.id


@pytest.mark.req("W-01")
@pytest.mark.parametrize("said", ["", "😀😀😀", "漏", "。。。"])
def test_a_report_says_something(block: Block, said: str) -> None:
    with refused("workorders.say_more"):
        leak(block, said=said)


def test_ten_an_hour_are_enough(block: Block) -> None:
    for n in range(10):
        leak(block, said=f"第{n}处漏水")
    with refused("workorders.too_many"):
        leak(block, said="又漏水了")


def test_somebody_elses_home_is_not_found(block: Block) -> None:
    with refused("not_found"):
        report(block.tenant(ROOM), lease_id=block.lease(ABOVE).id, spot="kitchen", said="水管漏水")
    order = leak(block)
    with refused("not_found"):
        queries.own(block.tenant(ABOVE), order.id)


@pytest.mark.req("W-11")
def test_the_field_case_the_urgent_go_first(block: Block, technician: Actor) -> None:
    """Thirty cosmetic orders were done before the hot-water failure: here the urgent ones lead the board."""
    for n in range(30):
        leak(block, said="墙面掉漆", room=f"3-1-02{n:02}")
    leak(block, said="没有热水", room="3-1-0901")
    leak(block, said="整栋停电", room="3-1-0902")
    rows = queries.board(hire("manager", name="许蔓"))
    assert [r["priority"] for r in rows[:3]] == [0, 1, 3]
    assert len(rows) == 32


@pytest.mark.req("W-05")
def test_a_breach_gets_its_cause_from_who_works_on_it(
    company: int, block: Block, technician: Actor, agent: Actor
) -> None:
    case = leak(block).case
    move(technician, case_id=case.id, step="accept")
    passed, running = (FlowLimit.objects.get(case=case, key=key) for key in ("onsite", "mend"))
    clock.move_to(clock.now() + timedelta(hours=9))
    run_timers(company)
    with refused("flow.not_breached"):
        explain(technician, limit_id=running.id, cause="way")
    with refused("flow.no_cause"):
        explain(technician, limit_id=passed.id, cause="weather")
    with refused("flow.not_yours"):
        explain(hire("maintenance", name="何志斌"), limit_id=passed.id, cause="way")
    explain(technician, limit_id=passed.id, cause="way")
    explain(agent, limit_id=passed.id, cause="crew")
    passed.refresh_from_db()
    assert passed.cause == "crew"
