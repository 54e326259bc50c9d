"""The finder of repeated reports, judged on labelled pairs (how far these are unseen: see the module)."""

from __future__ import annotations

import pytest

from anju.domain.workorders.policies import WorkOrders
from anju.domain.workorders.words import likeness
from anju.surface.bench import duplicates

BOOK = WorkOrders().dictionary()


@pytest.mark.req("W-07")
def test_the_finder_does_not_fall_behind_on_the_held_out_half() -> None:
    pairs = duplicates.labelled()
    tune, held_out = duplicates.halves(pairs)
    assert len(pairs) >= 300
    assert not set(tune) & set(held_out)
    assert sorted(map(repr, tune + held_out)) == sorted(map(repr, pairs))
    found = duplicates.evaluate(held_out)
    assert found.precision >= 0.9
    assert found.recall >= 0.85


@pytest.mark.req("W-07")
@pytest.mark.parametrize(
    ("first", "second", "near", "same"),
    [
        ("门锁坏了", "门锁打不开", "unit", True),
        ("门锁坏了", "门锁打不开", "riser", False),  # each home has its own
        ("密码锁没电", "停电了", "building", False),  # a lock without power is no outage
        ("停电了", "家里突然没电", "building", True),
        ("厨房天花板滴水", "水槽下面渗水", "riser", True),
        ("厨房天花板滴水", "水槽下面渗水", "building", False),  # water does not run across the house
        ("厨房漏水", "卫生间漏水", "unit", False),
        ("洗衣机放在阳台，不脱水", "卫生间的洗衣机甩不干", "unit", True),  # there is only one
        ("楼道灯不亮", "走廊的灯坏了", "building", True),
    ],
)
def test_what_homes_share_and_what_they_do_not(first: str, second: str, near: str, same: bool) -> None:
    a, b = BOOK.read(first), BOOK.read(second)
    found = likeness(a.terms, b.terms, same_kind=a.kind == b.kind, near=near)
    assert (found * 100 >= WorkOrders().same_from) is same, (a, b, found)
    assert likeness(b.terms, a.terms, same_kind=a.kind == b.kind, near=near) == found
