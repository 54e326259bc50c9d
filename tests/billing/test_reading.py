"""What people read of the ledger: arrears, bills, statements, the curve; each as the role may see it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from anju.domain.billing import actions
from anju.domain.billing.queries import (
    ArrearsFilter,
    BillFilter,
    arrears,
    arrears_count,
    arrears_totals,
    balances,
    bills,
    charges,
    curve,
    payments,
    statement,
)
from anju.domain.leases.models import Lease
from anju.domain.portfolio.status import unit_status
from anju.foundation.db.clock import SHANGHAI
from anju.foundation.staffing.actions import add_staff
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor, Money
from tests.builders import house, let, terms

SYSTEM = Actor.system()
TODAY = date(2026, 3, 1)


@pytest.fixture
def lease(company: int) -> Lease:
    """January and February billed; January paid in full, 280 of February."""
    let_lease = let(house(), "3-1-1208", terms())
    for day in (date(2026, 1, 7), date(2026, 2, 7)):
        run_sweep(SYSTEM, company, "billing", day)
    actions.record_payment(
        SYSTEM,
        lease_id=let_lease.id,
        amount=Money("2560"),
        method="wechat",
        received_at=datetime(2026, 2, 20, 20, 12, tzinfo=SHANGHAI),
        source="order:1",
    )
    return let_lease


def finance_of(scope: int) -> Actor:
    login = f"finance{scope}@example.com"
    member = add_staff(
        SYSTEM, login=login, name="吴倩", roles=("finance",), password="correct horse 7", all_projects=False,
        scope_ids=[scope],
    )  # fmt: skip
    return Actor.staff(member.id)


def test_arrears_say_who_how_much_and_how_long(lease: Lease) -> None:
    row = arrears(SYSTEM, TODAY, ArrearsFilter())[0]
    assert (row["lease"], row["room"], row["owed"], row["days_late"]) == (
        lease.number, "3-1-1208", Decimal("2000.00"), 12,
    )  # fmt: skip
    assert arrears(SYSTEM, TODAY, ArrearsFilter(min_days=13)) == []
    assert [arrears_count(SYSTEM, TODAY, min_days=days) for days in (1, 12, 13)] == [1, 1, 0]
    assert arrears_totals(SYSTEM, TODAY, ArrearsFilter()) == {"leases": 1, "owed": Decimal("2000.00"), "eight_days": 1}


@pytest.mark.req("P-01")
def test_the_number_beside_the_menu_counts_what_one_reaches(lease: Lease) -> None:
    scope = lease.scope_id
    assert scope is not None
    own, elsewhere = finance_of(scope), finance_of(scope + 999)
    assert [arrears_count(who, TODAY) for who in (SYSTEM, own, elsewhere)] == [1, 1, 0]
    assert [arrears_count(who, TODAY, project_id=scope) for who in (SYSTEM, own, elsewhere)] == [1, 1, 0]
    assert [arrears_count(who, TODAY, project_id=scope + 999) for who in (SYSTEM, own, elsewhere)] == [0, 0, 0]


def test_a_bill_is_settled_partly_paid_or_late(lease: Lease) -> None:
    by_month = {b["period_from"].month: b for b in bills(SYSTEM, TODAY, BillFilter(lease_id=lease.id))}
    assert by_month[1]["state"] == "settled"
    assert by_month[1]["settled_at"] is not None
    assert (by_month[2]["state"], by_month[2]["open"], by_month[2]["days_late"]) == ("late", Decimal("2000.00"), 12)
    assert len(bills(SYSTEM, TODAY, BillFilter(state="late"))) == 1
    assert len(charges(SYSTEM, lease_id=lease.id, only_open=True)) == 1
    assert payments(SYSTEM, lease_id=lease.id)[0]["unused"] == 0


@pytest.mark.req("R-14")
def test_a_statement_carries_the_balance_and_ends_at_what_is_owed(lease: Lease) -> None:
    whole = statement(lease.id, date(2026, 1, 1), TODAY)
    assert (whole.charged, whole.paid, whole.after) == (Money("4560"), Money("2560"), Money("2000"))
    later = statement(lease.id, date(2026, 2, 10), TODAY)
    assert later.before == Money("4560")
    assert later.after == whole.after == balances([lease.id], TODAY)[lease.id].owed


@pytest.mark.req("K-02")
def test_the_curve_shows_what_fell_due_and_what_of_it_was_settled(lease: Lease) -> None:
    months = curve(SYSTEM, date(2026, 1, 1), date(2026, 4, 1))
    assert [(m["month"].month, m["due"], m["settled"]) for m in months] == [
        (1, Decimal("2280.00"), Decimal("2280.00")),
        (2, Decimal("2280.00"), Decimal("280.00")),
    ]


@pytest.mark.req("P-01")
def test_a_room_with_overdue_rent_shows_as_in_arrears(lease: Lease) -> None:
    assert [s["status"] for s in unit_status(TODAY).values()] == ["arrears"]
