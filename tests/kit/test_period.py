"""Laws of Period: days are half-open, cutting loses none of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.kit import Period
from anju.kit.period import add_months, months_between

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
periods = st.builds(lambda start, n: Period.of_days(start, n), days, st.integers(1, 400))


@given(periods)
def test_it_holds_its_days_and_no_others(p: Period) -> None:
    inside = list(p)
    assert len(inside) == p.days
    assert inside[0] == p.start
    assert inside[-1] == p.last_day
    assert p.end not in p
    assert p.start - timedelta(days=1) not in p


@given(periods, periods)
def test_overlap_is_the_days_in_both(a: Period, b: Period) -> None:
    both = a.overlap(b)
    assert set(both or ()) == set(a) & set(b)
    assert both == b.overlap(a)


@given(periods, periods)
def test_minus_and_overlap_make_the_whole_again(a: Period, b: Period) -> None:
    rest = a.minus(b)
    cut = a.overlap(b)
    assert sum(p.days for p in rest) + (cut.days if cut else 0) == a.days
    assert set().union(*rest) == set(a) - set(b)


@given(days)
def test_no_period_is_empty(day: date) -> None:
    with pytest.raises(ValueError):
        Period(day, day)
    with pytest.raises(ValueError):
        Period(day, day - timedelta(days=1))


@given(days, st.integers(-600, 600))
def test_months_land_on_the_same_day_or_the_month_s_last(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert months_between(day, moved) == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1
    assert moved.day <= day.day


@given(days, st.integers(0, 200), st.integers(0, 200))
def test_months_from_the_first_add_up(day: date, a: int, b: int) -> None:
    first = day.replace(day=1)
    assert add_months(add_months(first, a), b) == add_months(first, a + b)


@pytest.mark.parametrize(
    ("day", "months", "lands"),
    [("2025-01-31", 1, "2025-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2024-12-15", 1, "2025-01-15"),
     ("2024-03-31", -1, "2024-02-29")],
)  # fmt: skip
def test_month_ends(day: str, months: int, lands: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(lands)
