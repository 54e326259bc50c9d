"""Whoever is given a repair is told; what belongs to another company is not there."""

from __future__ import annotations

import pytest

from anju.domain.workorders.actions import report
from anju.domain.workorders.given import given_to
from anju.domain.workorders.visits import appoint, say
from anju.domain.workorders.windows import Window, offered
from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.flows.actions import assign, claim, move
from anju.foundation.messaging.dispatch import dispatch_all
from anju.kit import Actor
from tests.builders import house
from tests.conftest import make_organization
from tests.flows.house import hire
from tests.workorders.conftest import Block
from tests.workorders.rules import dispatch_rules
from tests.workorders.test_orders import ABOVE, ROOM, leak, refused
from tests.workorders.test_visits import reported, told


@pytest.mark.req("W-11")
def test_who_is_given_a_repair_is_told_without_who_lives_there(block: Block, technician: Actor, agent: Actor) -> None:
    window = offered()[0]
    order = reported(block, slot=window.key)
    assign(agent, case_id=order.case_id, staff_id=technician.id)
    (message,) = told("dispatch:given")
    assert message["to_staff"] == technician.id
    for word in (ROOM, "厨房漏水", "P1 漏水漏电", "租客方便", window.hours):
        assert word in message["vars"]
    assert block.lease(ROOM).payer.name not in message["vars"]


@pytest.mark.req("W-11")
def test_who_takes_a_repair_oneself_or_is_paged_for_it_is_not_told_again(
    block: Block, technician: Actor, agent: Actor
) -> None:
    order = reported(block)
    claim(technician, case_id=order.case_id)
    dark = report(block.tenant(ROOM), lease_id=block.lease(ROOM).id, spot="bath", said="全屋停电")
    assign(agent, case_id=dark.case_id, staff_id=technician.id)
    boss = hire("maintenance", "manager", name="赵主管")
    own = leak(block, room=ABOVE)
    assign(boss, case_id=own.case_id, staff_id=boss.id)
    assert told("dispatch:given") == []


@pytest.mark.req("W-11")
def test_what_is_given_automatically_is_told_too(block: Block, technician: Actor) -> None:
    dispatch_rules(mode="automatic", automatic_classes=("1",))
    order = reported(block)
    order.case.refresh_from_db()
    assert order.case.assignee == technician.id
    assert [m["to_staff"] for m in told("dispatch:given")] == [technician.id]


@pytest.mark.req("W-11")
def test_the_notice_is_shown_until_it_is_accepted(committed: str) -> None:
    org = make_organization("派单公寓")
    with org_scope(org):
        block = Block(house())
        technician, other = hire("maintenance", name="赵永康"), hire("maintenance", name="何志斌")
        agent = hire("service", name="林晓")
        order, gone = leak(block), leak(block, room=ABOVE)
        for one_of in (order, gone):
            assign(agent, case_id=one_of.case_id, staff_id=technician.id)
        assign(agent, case_id=gone.case_id, staff_id=other.id, reason="换人")
    dispatch_all(org)
    with org_scope(org):
        assert [g["title"] for g in given_to(technician)] == [f"派给您：{ROOM} 厨房漏水"]
        move(technician, case_id=order.case_id, step="accept")
        assert given_to(technician) == []
        assert [g["case_id"] for g in given_to(other)] == [gone.case_id]
        rows = fetch("SELECT to_staff, state FROM message WHERE subject_id = %(o)s", {"o": gone.id})
        states = {r["to_staff"]: r["state"] for r in rows}
        assert states == {technician.id: "cancelled", other.id: "delivered"}


def test_another_companys_order_is_not_there(committed: str) -> None:
    org, other = make_organization("这家公寓"), make_organization("那家公寓")
    with org_scope(org):
        block = Block(house())
        order, tenant = leak(block), block.tenant(ROOM)
        visit = Window(clock.now(), offered()[-1].ends)
    with org_scope(other):
        boss = hire("manager", name="那家经理")
        with refused("not_found"):
            appoint(boss, case_id=order.case_id, visit=visit)
    with org_scope(other), refused("not_found"):
        say(tenant, order_id=order.id, entry="away")
    with org_scope(org):
        order.refresh_from_db()
        assert (order.entry, order.visit_from) == ("", None)
