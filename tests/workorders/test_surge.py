"""The field case: showers failed after thirty cosmetic orders. The board has the order that the simulation counts."""

from __future__ import annotations

import pytest

from anju.domain.workorders import queries
from anju.domain.workorders.actions import report
from anju.surface.bench import surge
from tests.flows.house import hire
from tests.workorders.conftest import Block


@pytest.mark.req("W-11")
def test_the_board_is_worked_by_urgency_not_as_it_came(block: Block) -> None:
    said = [*["墙面掉漆"] * 30, "没有热水，洗不了澡", "浴室热水器坏了，灯也一闪一闪", "整栋停水了"]
    for n, text in enumerate(said):
        room = f"3-1-{n // 10 + 2:02}{n % 10:02}"
        report(block.tenant(room), lease_id=block.lease(room).id, spot="bath", said=text)
    rows = queries.board(hire("manager", name="许婧"))
    assert [r["priority"] for r in rows[:4]] == [0, 1, 2, 3]
    waiting = [
        surge.Order(r["id"], r["opened_at"].timestamp(), r["priority"], r["due_at"].timestamp(), 60.0) for r in rows
    ]
    assert waiting == sorted(waiting, key=surge.by_urgency)
    came = [o.priority for o in sorted(waiting, key=surge.as_they_came)]
    assert came[:30] == [3] * 30  # as it went then: the showers waited for the paint
