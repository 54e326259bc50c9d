"""An urgent repair that nobody accepts: who is on call is paged, again and again and higher, until somebody does."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from anju.domain.portfolio.models import Project
from anju.domain.workorders import crew as acts
from anju.domain.workorders.actions import report
from anju.domain.workorders.dispatch_policy import Rung
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.paging import page, pages_of
from anju.foundation.calls.actions import enter_phone
from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.flows.actions import assign, move, pause
from anju.foundation.identity.models import Staff
from anju.foundation.messaging.actions import configure_channel
from anju.foundation.messaging.dispatch import dispatch_all
from anju.foundation.policy.registry import declared
from anju.foundation.trace import events
from anju.kit import Actor
from tests.builders import house
from tests.conftest import make_organization
from tests.flows.house import hire
from tests.staff import signed_in, text
from tests.workorders.conftest import Block
from tests.workorders.rules import dispatch_rules
from tests.workorders.test_orders import ROOM, leak

SYSTEM = Actor.system()


@pytest.fixture
def manager(block: Block) -> Actor:
    return hire("manager", name="周敏")


@pytest.mark.req("W-05")
def test_who_is_at_home_in_another_town_is_not_paged(block: Block, manager: Actor) -> None:
    near, far, unknown = (hire("maintenance", name=name) for name in ("近", "远", "哪都行"))
    there = house()
    for place, (lon, lat) in ((block.where, (120.20, 30.20)), (there, (104.06, 30.54))):
        Project.objects.filter(id=place.building.scope_id).update(lon=lon, lat=lat)
    acts.set_skills(manager, staff_id=near.id, skills=["water"], home_id=block.where.building.id)
    acts.set_skills(manager, staff_id=far.id, skills=["water"], home_id=there.building.id)
    outage(block)
    page(SYSTEM)
    assert [staff for staff, _times in paged()] == [near.id, unknown.id]


def outage(block: Block) -> WorkOrder:
    """No water: of the most urgent class."""
    order = report(block.tenant(ROOM), lease_id=block.lease(ROOM).id, spot="kitchen", said="家里停水了")
    assert order.case.priority == 0
    return order


def later(minutes: float) -> None:
    clock.move_to(clock.now() + timedelta(minutes=minutes))


def paged(channel: str = "inapp") -> list[tuple[int, int]]:
    """Who was paged for the how manieth time, in order."""
    rows = fetch(
        "SELECT to_staff, (vars ->> 'times')::int AS times FROM message WHERE kind = 'workorders.page'"
        " AND channel = %(channel)s ORDER BY times, to_staff",
        {"channel": channel},
    )
    return [(r["to_staff"], r["times"]) for r in rows]


@pytest.mark.req("W-09")
def test_pages_repeat_until_somebody_accepts_and_not_after(
    block: Block, technician: Actor, manager: Actor, agent: Actor
) -> None:
    order = outage(block)
    assert page(SYSTEM) == 1
    assert paged() == [(technician.id, 1)]
    later(4)
    assert page(SYSTEM) == 0
    later(1)
    assert page(SYSTEM) == 1
    assert paged() == [(technician.id, 1), (technician.id, 2)]
    told = events.timeline(("workorder", order.id))
    assert [e["action"] for e in told].count("workorders.page.send") == 2
    move(technician, case_id=order.case_id, step="accept")
    for _ in range(3):
        later(5)
        assert page(SYSTEM) == 0
    assert len(paged()) == 2


@pytest.mark.req("W-09")
def test_after_enough_times_the_manager_is_paged_too(block: Block, technician: Actor, manager: Actor) -> None:
    dispatch_rules(page_every=10, give_up_after=2)
    outage(block)
    for _ in range(4):
        page(SYSTEM)
        later(10)
    mine, bosses = [n for who, n in paged() if who == technician.id], [n for who, n in paged() if who == manager.id]
    assert (mine, bosses) == ([1, 2, 3, 4], [3, 4])


@pytest.mark.req("W-09")
def test_a_minute_that_was_missed_is_not_made_up_for(block: Block, technician: Actor) -> None:
    outage(block)
    later(17)  # nobody looked: the worker was down
    assert page(SYSTEM) == 1
    assert paged() == [(technician.id, 4)]


@pytest.mark.req("W-11")
def test_who_is_on_call_is_paged_first_then_who_is_on_shift_then_the_next_rung(
    block: Block, technician: Actor, manager: Actor
) -> None:
    second, off = hire("maintenance", name="何志斌"), hire("maintenance", name="钱进")
    today = clock.today()

    def plan(who: Actor, starts: int, ends: int, *, on_call: bool = False) -> None:
        acts.set_shift(manager, staff_id=who.id, day=today, starts_at=time(starts), ends_at=time(ends), on_call=on_call)

    plan(technician, 8, 18)
    plan(second, 8, 18, on_call=True)
    plan(off, 20, 23)
    outage(block)
    page(SYSTEM)
    assert [who for who, _ in paged()] == [second.id]
    plan(second, 8, 18)
    later(5)
    page(SYSTEM)
    assert [who for who, n in paged() if n == 2] == [technician.id, second.id]
    clock.move_to(clock.now().replace(hour=19))  # nobody of the team works
    page(SYSTEM)
    assert {who for who, n in paged() if n > 2} == {manager.id}


def test_only_those_of_the_project_are_paged_and_whoever_has_it_is(block: Block, technician: Actor) -> None:
    hire("maintenance", name="外地", all_projects=False, scope_ids=[house().building.scope_id])
    given = hire("maintenance", name="何志斌")
    order = outage(block)
    page(SYSTEM)
    assert [who for who, _ in paged()] == [technician.id, given.id]
    acts.set_shift(hire("manager", name="许婧"), staff_id=technician.id, day=clock.today(),
                   starts_at=time(8), ends_at=time(23))  # fmt: skip
    assign(SYSTEM, case_id=order.case_id, staff_id=given.id)
    later(5)
    page(SYSTEM)
    assert [who for who, n in paged() if n == 2] == [technician.id, given.id]  # off shift, but it is theirs


def test_other_classes_paused_cases_and_an_empty_ladder_page_nobody(
    block: Block, technician: Actor, manager: Actor
) -> None:
    leak(block)
    assert page(SYSTEM) == 0
    order = outage(block)
    pause(manager, case_id=order.case_id, reason="tenant_away")
    assert page(SYSTEM) == 0
    outage(block)
    dispatch_rules(on_call=())
    assert page(SYSTEM) == 0


@pytest.mark.req("W-09")
def test_a_reopened_order_pages_from_the_beginning(block: Block, technician: Actor) -> None:
    order = outage(block)
    page(SYSTEM)
    move(technician, case_id=order.case_id, step="accept")
    later(30)
    move(technician, case_id=order.case_id, step="release", reason="没有水表钥匙")
    assert page(SYSTEM) == 1
    assert paged() == [(technician.id, 1), (technician.id, 1)]


@pytest.mark.req("W-09")
def test_a_worker_that_is_killed_between_the_steps_pages_once(committed: str) -> None:
    org = make_organization("呼叫公寓")
    with org_scope(org):
        block = Block(house())
        technician = hire("maintenance", name="赵永康")
        outage(block)

    class Killed(Exception):
        pass

    def page_and_die() -> None:
        with org_scope(org):
            assert page(SYSTEM) == 1
            raise Killed

    for _ in range(2):
        with pytest.raises(Killed):  # before the commit: nothing is in the outbox
            page_and_die()
    with org_scope(org):
        assert paged() == []
        assert page(SYSTEM) == 1
    with org_scope(org):  # after it, before the tick was noted: it runs again
        assert page(SYSTEM) == 0
    dispatch_all(org)
    dispatch_all(org)
    with org_scope(org):
        assert paged() == [(technician.id, 1)]
        (row,) = fetch("SELECT state, tries FROM message WHERE kind = 'workorders.page'")
        assert (row["state"], row["tries"]) == ("delivered", 1)
        assert pages_of(technician)[0]["title"].startswith("P0 3-1-1208 ")


@pytest.mark.req("W-09")
def test_who_accepts_before_the_page_leaves_stops_it(committed: str) -> None:
    org = make_organization("早接公寓")
    with org_scope(org):
        block = Block(house())
        technician = hire("maintenance", name="赵永康")
        order = outage(block)
        page(SYSTEM)
        move(technician, case_id=order.case_id, step="accept")
    dispatch_all(org)
    with org_scope(org):
        (row,) = fetch("SELECT state, reason FROM message WHERE kind = 'workorders.page'")
        assert (row["state"], row["reason"]) == ("cancelled", "workorders.page_over")
        assert pages_of(technician) == []


@pytest.mark.req("W-09")
def test_by_sms_too_where_it_is_set_up_and_a_phone_is_known(block: Block, technician: Actor, manager: Actor) -> None:
    enter_phone(manager, staff_id=technician.id, phone="13800001234")
    hire("maintenance", name="何志斌")
    outage(block)
    page(SYSTEM)
    assert paged("sms") == []
    configure_channel(SYSTEM, channel="sms", provider="aliyun", secret={"key_secret": "x"},
                      config={"key_id": "drill", "sign_name": "安居公寓", "endpoint": "standin"})  # fmt: skip
    later(5)
    page(SYSTEM)
    assert paged("sms") == [(technician.id, 2)]


@pytest.mark.req("W-09")
def test_the_page_is_on_the_workbench_and_the_phone_until_somebody_accepts(committed: str) -> None:
    org = make_organization("提醒公寓")
    with org_scope(org):
        block = Block(house())
        client = signed_in("maintenance", name="赵永康")
        order = outage(block)
        page(SYSTEM)
    for path in ("/", "/f/"):
        assert "这是第 1 次呼叫" not in text(client, path)
    dispatch_all(org)
    for path in ("/", "/f/"):
        shown = text(client, path)
        assert "还没人接单" in shown
        assert "这是第 1 次呼叫" in shown
    with org_scope(org):
        move(Actor.staff(Staff.objects.get().id), case_id=order.case_id, step="accept")
    for path in ("/", "/f/"):
        assert "这是第 1 次呼叫" not in text(client, path)


def test_the_shipped_rules_are_sound() -> None:
    shipped = declared("dispatch").model()
    assert shipped.lint() == []
    wrong = dispatch_text("{amount} 元")
    assert [f.code for f in wrong] == ["messaging.unknown_variable"]


def dispatch_text(body: str) -> list[Any]:
    from anju.domain.workorders.dispatch_policy import Dispatch
    from anju.foundation.messaging.texts import MessageText

    text_of = MessageText(inapp_title="呼叫", inapp_body=body)
    return Dispatch(paging=text_of, on_call=(Rung(role="manager"),)).lint()
