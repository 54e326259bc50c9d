"""Three reports of one leak become one order; a mistake is taken back whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.domain.workorders import queries
from anju.domain.workorders.actions import join, rate
from anju.domain.workorders.merging import apart, suspects
from anju.domain.workorders.models import WorkOrder
from anju.foundation.db import clock, fetch
from anju.foundation.flows.actions import assign, claim, follow, go_on, move, part, pause
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.kit import Actor
from tests.flows.house import hire
from tests.staff import signed_in, text
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import ABOVE, ROOM, leak, refused
from tests.workorders.test_pages import phone


@pytest.fixture
def senior(block: Block) -> Actor:
    return hire("manager", name="许婧")


def told(person: Actor) -> list[str]:
    rows = fetch("SELECT template FROM message WHERE to_person = %(p)s ORDER BY id", {"p": person.id})
    return [r["template"].removeprefix("workorders:") for r in rows]


def mended(case: FlowCase, technician: Actor) -> None:
    move(technician, case_id=case.id, step="accept")
    move(technician, case_id=case.id, step="arrive", photos=(photo(),))
    move(technician, case_id=case.id, step="finish", facts={"result": "换了密封圈"}, photos=(photo(),))


@pytest.mark.req("W-08")
def test_all_reporters_follow_the_master_to_its_end(block: Block, technician: Actor, senior: Actor) -> None:
    below, above = leak(block), leak(block, room=ABOVE, said="水管滴水，地上都湿")
    follow(senior, case_id=above.case_id, master_id=below.case_id)
    neighbour, case = block.tenant(ROOM), FlowCase.objects.get(id=below.case_id)
    assert set(case.persons) == {neighbour.id, block.tenant(ABOVE).id}
    assert [r["id"] for r in queries.board(senior)] == [below.id]
    for step in (
        lambda: move(technician, case_id=above.case_id, step="accept"),
        lambda: claim(technician, case_id=above.case_id),
        lambda: assign(senior, case_id=above.case_id, staff_id=technician.id),
        lambda: pause(senior, case_id=above.case_id, reason="parts"),
    ):
        with refused("flow.follows"):
            step()
    page = text(phone(block, ABOVE), f"/p/repairs/{above.id}")
    assert f'和同一处的报修 <span class="p-whole">{case.number}</span> 合在一起处理' in page
    mended(case, technician)
    assert told(block.tenant(ABOVE)) == ["merged", "accepted", "mended"]
    assert "确认修好" in text(phone(block, ABOVE), f"/p/repairs/{above.id}")
    answer = phone(block, ABOVE).post(f"/p/repairs/{above.id}/confirm")
    assert answer.status_code == 302
    above.case.refresh_from_db()
    case.refresh_from_db()
    assert case.closed_at == above.case.closed_at is not None
    assert not FlowLimit.objects.filter(case=above.case, ended_at=None).exists()
    rate(block.tenant(ABOVE), order_id=above.id, stars=4)
    rate(neighbour, order_id=below.id, stars=5)
    assert list(WorkOrder.objects.order_by("id").values_list("rating", flat=True)) == [5, 4]


@pytest.mark.req("W-08")
def test_what_was_merged_by_mistake_comes_back_whole(block: Block, technician: Actor, senior: Actor) -> None:
    below, above = leak(block), leak(block, room=ABOVE, said="水管滴水，地上都湿")
    join(block.tenant("3-1-0302"), order_id=below.id, lease_id=block.lease("3-1-0302").id)
    claim(technician, case_id=above.case_id)
    before = {x.key: x.due_at for x in FlowLimit.objects.filter(case=above.case)}
    follow(senior, case_id=above.case_id, master_id=below.case_id)
    clock.move_to(clock.now() + timedelta(hours=3))
    part(senior, case_id=above.case_id)
    above.case.refresh_from_db()
    below.case.refresh_from_db()
    assert (above.case.stage, above.case.assignee, above.case.follows_id) == ("new", technician.id, None)
    after = {x.key: x.due_at for x in FlowLimit.objects.filter(case=above.case)}
    assert {k: after[k] - before[k] for k in before} == dict.fromkeys(before, timedelta(hours=3))
    assert above.case.due_at == min(after.values())
    assert set(below.case.persons) == {block.tenant(ROOM).id, block.tenant("3-1-0302").id}
    assert told(block.tenant(ABOVE)) == ["merged", "parted"]
    mended(above.case, technician)
    with refused("flow.not_following"):
        part(senior, case_id=above.case_id)


@pytest.mark.req("W-08")
def test_the_more_urgent_class_counts_and_masters_of_masters_flatten(block: Block, senior: Actor) -> None:
    paint, drip, dark = (
        leak(block, room=room, said=said)
        for room, said in ((ROOM, "墙面起皮了"), (ABOVE, "厨房漏水"), ("3-1-0302", "全屋停电"))
    )
    follow(senior, case_id=drip.case_id, master_id=paint.case_id)
    follow(senior, case_id=paint.case_id, master_id=dark.case_id)
    assert set(FlowCase.objects.filter(follows_id=dark.case_id).values_list("id", flat=True)) == {
        paint.case_id, drip.case_id,
    }  # fmt: skip
    master = FlowCase.objects.get(id=dark.case_id)
    assert (master.priority, len(master.persons)) == (0, 3)
    other = leak(block, room="3-1-0903", said="墙面起皮了")
    follow(senior, case_id=master.id, master_id=other.case_id)
    assert FlowCase.objects.get(id=other.case_id).priority == 0
    assert FlowLimit.objects.get(case=other.case, key="respond").due_at <= clock.now() + timedelta(minutes=30)


@pytest.mark.req("W-08")
def test_merging_is_for_seniors_and_only_for_what_is_in_motion(
    block: Block, technician: Actor, agent: Actor, senior: Actor
) -> None:
    below, above = leak(block), leak(block, room=ABOVE)
    for somebody in (agent, technician):
        with refused("not_allowed"):
            follow(somebody, case_id=above.case_id, master_id=below.case_id)
    with refused("flow.not_together"):
        follow(senior, case_id=below.case_id, master_id=below.case_id)
    with refused("not_found"):
        follow(senior, case_id=below.case_id, master_id=99_999)
    follow(senior, case_id=above.case_id, master_id=below.case_id)
    with refused("flow.follows"):
        follow(senior, case_id=below.case_id, master_id=above.case_id)
    move(senior, case_id=below.case_id, step="drop", reason="误报")
    with refused("flow.closed"):
        part(senior, case_id=above.case_id)


@pytest.mark.req("W-08")
def test_a_paused_order_that_was_merged_stands_still_until_it_is_parted(block: Block, senior: Actor) -> None:
    below, above = leak(block), leak(block, room=ABOVE)
    pause(senior, case_id=above.case_id, reason="parts")
    follow(senior, case_id=above.case_id, master_id=below.case_id)
    with refused("flow.follows"):
        go_on(senior, case_id=above.case_id)
    assert "继续计时" not in text(signed_in("manager", name="周经理"), f"/cases/{above.case_id}")
    part(senior, case_id=above.case_id)
    go_on(senior, case_id=above.case_id)
    above.case.refresh_from_db()
    assert (above.case.paused_at, above.case.due_at is not None) == (None, True)


@pytest.mark.req("W-08")
def test_a_neighbour_who_says_the_same_of_a_merged_order_follows_the_master(block: Block, senior: Actor) -> None:
    below, above = leak(block), leak(block, room=ABOVE)
    follow(senior, case_id=above.case_id, master_id=below.case_id)
    joined = join(block.tenant("3-1-1408"), order_id=above.id, lease_id=block.lease("3-1-1408").id)
    assert joined.id == below.id


@pytest.mark.req("W-07")
@pytest.mark.req("W-08")
def test_the_board_suspects_compares_and_remembers(block: Block) -> None:
    below, above = leak(block), leak(block, room=ABOVE, said="厨房水管滴水")
    leak(block, room="3-1-0302", said="门锁打不开")
    desk = signed_in("manager")
    page = text(desk, "/orders")
    assert page.count("疑似重复") == 1
    assert "同一立管" in page
    pair = f"/orders/compare/{below.id}/{above.id}"
    assert "都提到：" in text(desk, pair)
    assert desk.post(f"{pair}/decide").status_code == 302
    assert "疑似重复" not in text(desk, "/orders")
    again = leak(block, room="3-1-1108", said="厨房水管滴水")
    assert desk.post(f"/orders/compare/{below.id}/{again.id}/decide", {"master": below.id}).status_code == 302
    case = text(desk, f"/cases/{below.case_id}")
    assert "并进来的单" in case
    assert again.case.number in case
    other = text(desk, f"/cases/{again.case_id}")
    assert "拆出" in other
    assert desk.post(f"/cases/{again.case_id}/part").status_code == 302
    assert FlowCase.objects.get(id=again.case_id).follows_id is None
    assert desk.post(f"/cases/{again.case_id}/follow", {"number": below.case.number.lower()}).status_code == 302
    assert FlowCase.objects.get(id=again.case_id).follows_id == below.case_id


def test_pairs_told_apart_once_are_not_told_again(block: Block, senior: Actor) -> None:
    below, above = leak(block), leak(block, room=ABOVE, said="厨房水管滴水")
    assert len(suspects(queries.board(senior))) == 1
    apart(senior, order_id=above.id, other_id=below.id)
    apart(senior, order_id=below.id, other_id=above.id)
    assert suspects(queries.board(senior)) == []
