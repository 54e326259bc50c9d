"""Pricing: the SQL that bills and the reference in Python say the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.domain.billing.rules import amount
from anju.domain.leases.rules import FreeRent, LeaseTerms, Step, billing_periods, first_anchor, rates
from anju.foundation.db import fetch
from anju.kit import Money, Period
from anju.kit.period import add_months
from tests.builders import house, let, terms

LINES = """
SELECT kind, amount FROM billing_lines(%(version)s, %(anchor)s, %(from)s, %(to)s, %(proration)s, false, 0)
WHERE kind = 'rent'
"""


@st.composite
def agreed(draw: st.DrawFn) -> LeaseTerms:
    start = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    end = start + timedelta(days=draw(st.integers(20, 900)))
    months = max(2, (end - start).days // 30)
    free_from = start + timedelta(days=draw(st.integers(0, (end - start).days - 1)))
    free = (FreeRent(from_on=free_from, to_on=min(end, free_from + timedelta(days=draw(st.integers(1, 45))))),)
    return terms(
        start_on=start,
        end_on=end,
        price=draw(st.decimals(Decimal("300"), Decimal("30000"), places=4)),
        cycle_months=draw(st.sampled_from([1, 2, 3, 6, 12])),
        anchor=draw(st.sampled_from(["start", "calendar_month"])),
        proration=draw(st.sampled_from(["actual_days", "thirty", "year365"])),
        steps=(Step(from_month=draw(st.integers(2, months)), percent=Decimal(draw(st.integers(-20, 20)))),),
        free=draw(st.sampled_from([(), free])),
    )


@pytest.mark.req("C-11")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=agreed())
def test_the_bill_and_the_reference_agree_on_every_period(company: int, a: LeaseTerms) -> None:
    where = house()
    lease = let(where, "3-1-1208", a)
    anchor = first_anchor(a.start_on, a.anchor)
    for period in billing_periods(a.start_on, a.end_on, anchor, a.cycle_months):
        rows = fetch(
            LINES,
            {
                "version": lease.current_version_id,
                "anchor": anchor,
                "from": period.start,
                "to": period.end,
                "proration": a.proration,
            },
        )
        assert Money(rows[0]["amount"]) == amount(rates(a), period, anchor, a.proration)


@given(price=st.decimals(Decimal("1"), Decimal("99999"), places=2), start=st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_a_whole_month_costs_its_price(price: Decimal, start: date) -> None:
    month = Period(start, add_months(start, 1))
    whole = rates(terms(start_on=start, end_on=add_months(start, 1), price=price))
    for proration in ("actual_days", "thirty", "year365"):
        assert amount(whole, month, start, proration) == Money(price)


@given(
    price=st.decimals(Decimal("1"), Decimal("99999"), places=2),
    start=st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    days=st.integers(1, 27),
)
def test_part_of_a_month_never_costs_more_than_the_month(price: Decimal, start: date, days: int) -> None:
    part = Period.of_days(start, days)
    schedule = rates(terms(start_on=start, end_on=add_months(start, 1), price=price))
    assert Money(0) <= amount(schedule, part, start, "actual_days") <= Money(price)


def test_the_first_month_by_days() -> None:
    """Moving in on 17 November, billed by calendar month: 14 of 30 days."""
    a = terms(start_on=date(2026, 11, 17), end_on=date(2027, 11, 17), price=Decimal("2280"), anchor="calendar_month")
    stub = Period(date(2026, 11, 17), date(2026, 12, 1))
    assert amount(rates(a), stub, date(2026, 12, 1), "actual_days") == Money("1064.00")
