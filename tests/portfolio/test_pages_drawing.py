"""The picture of a building from its units: in order, in line, and readable where facts are missing."""

from __future__ import annotations

from typing import Any

from anju.domain.portfolio.pages.drawing import Group, blocks_of, natural
from anju.domain.portfolio.pages.words import number_of, short_fact
from anju.foundation.db import clock


def unit(n: int, code: str, **more: Any) -> dict[str, Any]:
    usual = {"id": n, "code": code, "parent_id": None, "entrance": "", "floor": None, "line": "", "leaf": True}
    return usual | {"kind": "whole", "layout": "", "lease_id": None} | more


def drawn(rows: list[dict[str, Any]]) -> list[tuple[str, list[tuple[str, list[str | None]]]]]:
    """Blocks as (title, floors as (name, numbers))."""
    blocks = blocks_of(rows, lambda _row, number: {"number": number}, lambda n: f"/units/{n}")
    return [(b.title, [(f.name, [_number(one) for one in f.rooms]) for f in b.floors]) for b in blocks]


def _number(one: Any) -> str | None:
    return one.number if isinstance(one, Group) else one and one["number"]


def test_entrances_stand_side_by_side_the_highest_floor_on_top(in_org: int) -> None:
    rows = [
        unit(1, "3-2-0201", entrance="2", floor=2, line="2-01"),
        unit(2, "3-10-0201", entrance="10", floor=2, line="10-01"),
        unit(3, "3-2-1001", entrance="2", floor=10, line="2-01"),
    ]
    assert drawn(rows) == [
        ("2单元，每层 1 间", [("10", ["1001"]), ("2", ["0201"])]),
        ("10单元，每层 1 间", [("2", ["0201"])]),
    ]


def test_a_missing_room_leaves_its_place_in_the_riser_free(in_org: int) -> None:
    rows = [unit(n, f"3-1-0{f}0{n}", floor=f, line=f"0{n}") for f in (1, 2) for n in (1, 2, 3) if (f, n) != (2, 2)]
    assert drawn(rows)[0][1] == [("2", ["0201", None, "0203"]), ("1", ["0101", "0102", "0103"])]


def test_units_without_floor_or_riser_stand_in_rows(in_org: int) -> None:
    rows = [unit(n, f"W-{n}", kind="desk") for n in range(1, 15)]
    title, floors = drawn(rows)[0]
    assert title == "共 14 个工位"
    assert [len(numbers) for _name, numbers in floors] == [12, 2]
    same = [unit(1, "A0801", floor=8, line="01"), unit(2, "B0801", floor=8, line="01")]
    assert drawn(same)[0][1] == [("8", ["A0801", "B0801"])]


def test_parts_of_a_whole_are_numbered_within_it(in_org: int) -> None:
    rows = [unit(1, "5-301", leaf=False, floor=3, layout="4人间")]
    rows += [unit(n + 1, f"5-301-{n}床", parent_id=1, kind="bed", floor=3) for n in (10, 2)]
    block = blocks_of(rows, lambda _row, number: {"number": number}, str)[0]
    group = block.floors[0].rooms[0]
    assert isinstance(group, Group)
    assert (group.number, group.note, [p["number"] for p in group.parts]) == ("301", "4人间", ["2床", "10床"])
    assert block.title == "每层 2 床"


def test_numbers_and_order_as_people_read_them() -> None:
    assert [number_of("3-1-0903"), number_of("4-1-0201A", "4-1-0201"), number_of("海201")] == ["0903", "A", "海201"]
    assert sorted(["A10", "10", "9", "A2"], key=natural) == ["9", "10", "A2", "A10"]


def test_long_overstays_still_fit_the_square(in_org: int) -> None:
    today = clock.today()
    row = {"status": "expired", "since": today.replace(year=today.year - 1), "until_on": None, "ready_on": None}
    assert len(short_fact(row, today)) <= 6
