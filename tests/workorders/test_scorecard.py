"""The scorecard of a small known month."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from anju.domain.workorders.actions import rate
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.scorecards import Score, scores
from anju.foundation.db import clock
from anju.foundation.flows.actions import move
from anju.kit import Actor
from tests.builders import house
from tests.flows.house import hire
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import leak

MONTH = date(2026, 1, 1)


@pytest.fixture
def manager(block: Block) -> Actor:
    return hire("manager", name="周敏")


def later(minutes: float) -> None:
    clock.move_to(clock.now() + timedelta(minutes=minutes))


def work(who: Actor, order: WorkOrder, accept: int, arrive: int, mend: int) -> None:
    """Accept, arrive and mend, each after so many minutes."""
    later(accept)
    move(who, case_id=order.case_id, step="accept")
    later(arrive)
    move(who, case_id=order.case_id, step="arrive", photos=(photo(),))
    later(mend)
    move(who, case_id=order.case_id, step="finish", facts={"result": "换了密封圈"}, photos=(photo(),))


@pytest.fixture
def lived(block: Block, technician: Actor) -> Actor:
    """赵永康: four orders, one of them reopened and mended by 何志斌, one late, one not confirmed yet. 何志斌's id."""
    other = hire("maintenance", name="何志斌")
    rooms = ("3-1-1201", "3-1-1202", "3-1-1203", "3-1-1204")
    orders = [(leak(block, room=rooms[0]), block.tenant(rooms[0]))]
    work(technician, orders[0][0], 10, 20, 30)
    move(orders[0][1], case_id=orders[0][0].case_id, step="confirm")
    rate(orders[0][1], order_id=orders[0][0].id, stars=5)
    second, tenant = leak(block, room=rooms[1]), block.tenant(rooms[1])
    work(technician, second, 20, 40, 50)
    move(tenant, case_id=second.case_id, step="reopen", reason="还在滴水")
    work(other, second, 5, 15, 25)
    move(tenant, case_id=second.case_id, step="confirm")
    rate(tenant, order_id=second.id, stars=3)
    third = leak(block, room=rooms[2])
    work(technician, third, 130, 60, 70)  # a P1 is answered within 120 minutes
    move(block.tenant(rooms[2]), case_id=third.case_id, step="confirm")
    rate(block.tenant(rooms[2]), order_id=third.id, stars=4)
    work(technician, leak(block, room=rooms[3]), 30, 30, 40)
    return other


@pytest.mark.req("W-06")
def test_speed_first_time_fix_rating_and_reopening_are_counted(
    block: Block, technician: Actor, manager: Actor, lived: Actor
) -> None:
    mine, others = scores(manager, MONTH)
    assert mine == Score(
        technician.id, "赵永康", (), done=4, reopened=1, fixed=2, judged=3, on_time=3, limited=4,
        rating=Decimal("4.50"), ratings=2, accept=25, arrive=35, mend=45,
    )  # fmt: skip
    assert (mine.fixed_share, mine.reopened_share, mine.on_time_share) == (67, 25, 75)
    assert (others.id, others.done, others.fixed, others.judged, others.reopened) == (lived.id, 1, 1, 1, 0)
    assert (others.rating, others.accept, others.arrive, others.mend) == (Decimal("3.00"), 5, 15, 25)
    assert others.on_time == 1


def test_another_month_and_other_projects_count_nothing(
    block: Block, technician: Actor, manager: Actor, lived: Actor
) -> None:
    assert scores(manager, date(2026, 2, 1)) == []
    assert scores(manager, date(2025, 12, 31)) == []
    elsewhere = house().building.scope_id
    assert scores(hire("manager", name="外人", all_projects=False, scope_ids=[elsewhere]), MONTH) == []
    assert scores(manager, MONTH, project_id=elsewhere) == []
    assert len(scores(manager, MONTH, project_id=block.where.building.scope_id)) == 2


@pytest.mark.req("W-06")
def test_technicians_see_their_own_whomever_they_ask_for(
    block: Block, technician: Actor, manager: Actor, lived: Actor
) -> None:
    assert [s.id for s in scores(technician, MONTH)] == [technician.id]
    assert [s.id for s in scores(technician, MONTH, staff_id=lived.id)] == [technician.id]
    assert [s.id for s in scores(manager, MONTH, staff_id=lived.id)] == [lived.id]


@pytest.mark.req("W-06")
def test_the_page_and_its_sheet(block: Block, technician: Actor, lived: Actor) -> None:
    client = signed_in("manager", name="许婧")
    page = text(client, "/orders/scorecard?month=2026-01")
    for words in ("赵永康", "何志斌", "25 分", "67%", "4.50", "75%"):
        assert words in page
    one = text(client, f"/orders/scorecard?month=2026-01&staff={lived.id}")
    assert "何志斌" in one
    assert "赵永康" not in one
    assert "还没有修好的工单" in text(client, "/orders/scorecard?month=2025-03")
    assert f"/orders/scorecard?staff={technician.id}" in text(client, "/orders")
    sheet = b"".join(client.get("/orders/scorecard.xlsx?month=2026-01").streaming_content)  # type: ignore[attr-defined]
    rows = list(load_workbook(BytesIO(sheet)).active.values)
    assert rows[1][0] == "赵永康"
    assert rows[1][2:] == (4, 25, 35, 45, 67, "4.50", 2, 25, 75)
    own = signed_in("maintenance", name="钱进")
    assert "我的评分" in text(own, "/orders/scorecard?month=2026-01")
    assert "赵永康" not in text(own, f"/orders/scorecard?month=2026-01&staff={technician.id}")
    assert refusal(own, "/orders/scorecard.xlsx") == 422
    assert refusal(signed_in("service", name="林"), "/orders/scorecard") == 403


def test_no_month_at_all_is_this_month(block: Block, technician: Actor) -> None:
    clock.move_to(datetime(2026, 3, 5, 9, tzinfo=clock.SHANGHAI))
    assert "2026-03" in text(signed_in("manager", name="许婧"), "/orders/scorecard?month=nonsense")
