"""Laws of terms, schedules and periods: what must hold for every lease that can be written down."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.domain.leases.rules import (
    Fee,
    FreeRent,
    LeaseTerms,
    Rate,
    Step,
    billing_periods,
    check_terms,
    deposit,
    extend,
    fee_lines,
    first_anchor,
    months_in,
    rates,
    splice,
    splice_fees,
)
from anju.kit import Money, Period, Refused
from anju.kit.period import add_months

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
PRICES = st.decimals(0, 99999, places=4)


@st.composite
def leases(draw: st.DrawFn) -> LeaseTerms:
    start = draw(DAYS)
    length = draw(st.integers(1, 1500))
    end = start + timedelta(days=length)
    free_at = draw(st.integers(0, length - 1))
    free_to = draw(st.integers(free_at + 1, length))
    months = sorted(draw(st.sets(st.integers(2, 60), max_size=3)))
    unit = draw(st.sampled_from(["month", "m2_month", "m2_day", "year", "night"]))
    return LeaseTerms(
        start_on=start,
        end_on=end,
        cycle_months=draw(st.integers(1, 12)),
        anchor=draw(st.sampled_from(["start", "calendar_month"])),
        price=draw(PRICES),
        price_unit=unit,
        area=Decimal("88.80"),
        free=(FreeRent(from_on=start + timedelta(free_at), to_on=start + timedelta(free_to)),)
        if draw(st.booleans())
        else (),
        free_first_days=draw(st.integers(0, 90)),
        steps=tuple(Step(from_month=m, percent=draw(st.decimals(-20, 20, places=1))) for m in months),
    )


def covers_exactly(parts: list[Period], whole: Period) -> bool:
    ends_meet = parts[0].start == whole.start and parts[-1].end == whole.end
    return ends_meet and all(a.end == b.start for a, b in pairwise(parts))


@given(leases())
@pytest.mark.req("C-11")
def test_a_schedule_covers_every_day_of_the_lease_once(terms: LeaseTerms) -> None:
    schedule = rates(terms)
    assert covers_exactly([r.period for r in schedule], Period(terms.start_on, terms.end_on))
    assert all(a.monthly != b.monthly for a, b in pairwise(schedule))
    assert all(r.monthly >= 0 and r.monthly == r.monthly.quantize(Decimal("0.0001")) for r in schedule)


@given(leases())
def test_free_days_cost_nothing(terms: LeaseTerms) -> None:
    by_day = {day: r.monthly for r in rates(terms) for day in r.period}
    assert all(by_day[d] == 0 for f in terms.free for d in Period(f.from_on, f.to_on))


@given(leases(), st.integers(0, 900))
def test_an_amendment_changes_nothing_before_its_day(terms: LeaseTerms, after: int) -> None:
    on = terms.start_on + timedelta(days=after)
    new = terms.model_copy(update={"price": terms.price + 1, "end_on": max(terms.end_on, on + timedelta(days=1))})
    schedule = splice(rates(terms), rates(new), on)
    assert covers_exactly([r.period for r in schedule], Period(new.start_on, new.end_on))
    old = {d: r.monthly for r in rates(terms) for d in r.period}
    assert all(r.monthly == old[d] for r in schedule for d in r.period if d < min(on, terms.end_on))


@given(DAYS, st.integers(1, 2000), st.integers(1, 24), st.sampled_from(["start", "calendar_month"]))
def test_billing_periods_cover_the_lease_and_begin_on_the_anchors_day(
    start: date, days: int, cycle: int, anchor: str
) -> None:
    lease = Period.of_days(start, days)
    anchor_on = first_anchor(start, anchor)  # type: ignore[arg-type]
    periods = list(billing_periods(lease.start, lease.end, anchor_on, cycle))
    assert covers_exactly(periods, lease)
    full = [p for p in periods if p.start >= anchor_on]
    assert [p.start for p in full] == [add_months(anchor_on, cycle * k) for k in range(len(full))]


@given(DAYS, st.integers(0, 800), st.integers(1, 600), st.integers(1, 12))
def test_billing_periods_may_be_asked_for_part_of_a_lease(anchor: date, later: int, days: int, cycle: int) -> None:
    run = Period.of_days(anchor + timedelta(days=later), days)
    assert covers_exactly(list(billing_periods(run.start, run.end, anchor, cycle)), run)


@given(DAYS, st.integers(1, 900), DAYS)
def test_months_in_a_period_add_up_to_its_days(start: date, days: int, anchor: date) -> None:
    period = Period.of_days(start, days)
    parts = months_in(period, anchor)
    assert covers_exactly([p.period for p in parts], period)
    assert all(28 <= p.length <= 31 and p.days <= p.length for p in parts)
    assert all(p.whole for p in parts[1:-1])


def terms(**more: object) -> LeaseTerms:
    base = {"start_on": date(2025, 1, 31), "end_on": date(2026, 1, 31), "price": Decimal(2280)}
    return LeaseTerms.model_validate(base | more)


def test_a_lease_from_31_january_does_not_drift_to_28() -> None:
    starts = [p.start for p in billing_periods(date(2025, 1, 31), date(2025, 6, 1), date(2025, 1, 31), 1)]
    assert starts == [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30), date(2025, 5, 31)]


def test_a_quarterly_lease_by_calendar_month_begins_with_a_stub() -> None:
    anchor = first_anchor(date(2025, 3, 12), "calendar_month")
    periods = list(billing_periods(date(2025, 3, 12), date(2026, 3, 12), anchor, 3))
    assert periods[0] == Period(date(2025, 3, 12), date(2025, 4, 1))
    assert periods[1] == Period(date(2025, 4, 1), date(2025, 7, 1))
    assert periods[-1] == Period(date(2026, 1, 1), date(2026, 3, 12))


@pytest.mark.req("C-11")
@pytest.mark.parametrize(
    ("more", "monthly"),
    [
        ({}, "2280.0000"),
        ({"price_unit": "m2_month", "price": "45.5", "area": "88.8"}, "4040.4000"),
        ({"price_unit": "m2_day", "price": "5.5", "area": "100"}, "16729.1667"),
        ({"price_unit": "year", "price": "100000"}, "8333.3333"),
    ],
)
def test_prices_become_a_monthly_rent(more: dict[str, object], monthly: str) -> None:
    assert [r.monthly for r in rates(terms(**more))] == [Decimal(monthly)]


def test_steps_compound_and_may_set_a_price() -> None:
    schedule = rates(
        terms(
            end_on=date(2028, 1, 31),
            steps=[
                {"from_month": 13, "percent": 5},
                {"from_month": 25, "percent": 5},
                {"from_month": 36, "price": 2600},
            ],
        )
    )
    assert [(r.period.start, r.monthly) for r in schedule] == [
        (date(2025, 1, 31), Decimal("2280.0000")),
        (date(2026, 1, 31), Decimal("2394.0000")),
        (date(2027, 1, 31), Decimal("2513.7000")),
        (date(2027, 12, 31), Decimal("2600.0000")),
    ]


def test_nights_cost_their_price_in_every_month() -> None:
    schedule = rates(terms(start_on=date(2026, 2, 1), end_on=date(2026, 4, 1), price=300, price_unit="night"))
    assert [r.monthly for r in schedule] == [Decimal(8400), Decimal(9300)]


def test_the_deposit_counts_months_of_the_first_real_rent() -> None:
    agreed = terms(free_first_days=30, deposit_months="1.5")
    assert deposit(agreed, rates(agreed)) == Money("3420.00")
    assert deposit(terms(deposit_amount="2000.00"), []) == Money("2000.00")


def test_hold_over_goes_on_at_the_last_rent() -> None:
    schedule = extend(rates(terms()), date(2026, 2, 28))
    assert schedule == [Rate(Period(date(2025, 1, 31), date(2026, 2, 28)), Decimal(2280))]
    assert extend(schedule, date(2026, 1, 1)) == schedule


def test_an_amendment_keeps_old_fees_until_its_day_and_one_off_fees_that_happened() -> None:
    card = {"kind": "other", "name": "门卡", "per": "once", "amount": 50}
    old = terms(fees=[{"kind": "cleaning", "name": "保洁费", "amount": 80}, card])
    new = terms(fees=[{"kind": "cleaning", "name": "保洁费", "amount": 90}, card])
    lines = splice_fees(fee_lines(old), fee_lines(new), date(2025, 7, 1))
    assert [(f.name, f.amount, f.period.start) for f in lines] == [
        ("保洁费", Decimal(80), date(2025, 1, 31)),
        ("门卡", Decimal(50), date(2025, 1, 31)),
        ("保洁费", Decimal(90), date(2025, 7, 1)),
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"end_on": date(2025, 1, 31)}, "lease.ends_before_start"),
        ({"end_on": date(2045, 2, 1)}, "lease.too_long"),
        ({"price_unit": "m2_day"}, "lease.needs_area"),
        ({"deposit_amount": "1.00", "deposit_months": 1}, "lease.deposit_twice"),
        ({"steps": [{"from_month": 13}]}, "lease.step_unclear"),
        ({"steps": [{"from_month": 13, "percent": 1}, {"from_month": 3, "percent": 1}]}, "lease.step_unclear"),
        ({"free": [{"from_on": date(2024, 1, 1), "to_on": date(2024, 2, 1)}]}, "lease.free_outside_term"),
        ({"fees": [Fee(kind="other", name="x", amount=Decimal(1), to_on=date(2030, 1, 1))]}, "lease.fee_outside_term"),
        ({"price_unit": "night", "proration": "thirty"}, "lease.nights_by_day"),
    ],
)
def test_what_may_not_be_agreed_is_refused(more: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_terms(terms(**more))
    assert refused.value.code == code


def test_twenty_years_to_the_day_are_allowed() -> None:
    check_terms(terms(end_on=date(2045, 1, 31)))
