"""Billing as the business knows it: bills go out ahead, once, for everyone who is due; each is accounted for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from anju.domain.billing.models import Bill, BillingBacklog, Charge
from anju.domain.leases.jobs import let_go_on
from anju.domain.leases.models import Lease
from anju.domain.leases.rules import Fee, FreeRent
from anju.foundation.db import clock, fetch_value
from anju.foundation.sweeps.explain import decided, explain, prove
from anju.foundation.sweeps.models import SweepBatch, SweepRun
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.trace.verify import broken_chains
from anju.kit import Actor
from tests.builders import House, house, let, terms

SYSTEM = Actor.system()


def bill_days(org: int, first: date, last: date) -> None:
    day = first
    while day <= last:
        run = run_sweep(SYSTEM, org, "billing", day)
        assert run.candidates == sum(run.tally.values())
        day += timedelta(days=1)


@pytest.fixture
def hangzhou(company: int) -> House:
    return house()


@pytest.mark.req("R-01")
def test_a_year_of_rent_is_billed_once_each_month_ten_days_ahead(company: int, hangzhou: House) -> None:
    lease = let(hangzhou, "3-1-1208", terms())
    bill_days(company, date(2026, 1, 1), date(2027, 2, 1))
    bills = list(Bill.objects.filter(lease=lease).order_by("period_from"))
    assert len(bills) == 12
    assert [b.period_from.day for b in bills] == [17] * 12
    assert all(b.due_on - b.issued_on == timedelta(days=10) for b in bills)
    assert bills[-1].period_to == date(2027, 1, 17)
    assert set(Charge.objects.values_list("amount", flat=True)) == {Decimal("2280.00")}


@pytest.mark.req("R-01")
def test_running_a_day_twice_bills_nothing_twice(company: int, hangzhou: House) -> None:
    let(hangzhou, "3-1-1208", terms())
    first = run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    again = run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    fresh = run_sweep(SYSTEM, company, "billing", date(2026, 1, 7), fresh=True)
    assert first.tally == {"billed": 1}
    assert again.id == first.id
    assert fresh.id != first.id
    assert fresh.tally == {"already_billed": 1}
    assert Charge.objects.count() == 1


@pytest.mark.req("R-01")
def test_days_without_a_run_are_made_up(company: int, hangzhou: House) -> None:
    lease = let(hangzhou, "3-1-1208", terms())
    bill_days(company, date(2026, 1, 7), date(2026, 2, 1))
    run = run_sweep(SYSTEM, company, "billing", date(2026, 2, 20))
    assert run.tally == {"billed": 1}
    assert Bill.objects.filter(lease=lease, period_from=date(2026, 2, 17)).exists()


def test_a_lease_that_starts_on_the_31st_is_billed_on_the_last_day_of_short_months(
    company: int, hangzhou: House
) -> None:
    let(hangzhou, "3-1-1208", terms(start_on=date(2026, 1, 31), end_on=date(2026, 7, 31)))
    bill_days(company, date(2026, 1, 20), date(2026, 8, 1))
    starts = [b.period_from for b in Bill.objects.order_by("period_from")]
    assert starts == [date(2026, m, d) for m, d in [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30)]]
    assert {c.amount for c in Charge.objects.all()} == {Decimal("2280.00")}


@pytest.mark.req("C-11")
def test_quarterly_rent_with_deposit_and_fees_comes_as_one_bill(company: int, hangzhou: House) -> None:
    a = terms(
        cycle_months=3,
        deposit_months=Decimal(1),
        fees=(Fee(kind="property", name="物业费", amount=Decimal("120")),
              Fee(kind="cleaning", name="入住保洁", per="once", amount=Decimal("200"))),
    )  # fmt: skip
    lease = let(hangzhou, "3-1-1208", a)
    bill_days(company, date(2026, 1, 7), date(2026, 4, 10))
    first, second = Bill.objects.filter(lease=lease).order_by("period_from")
    lines = dict(Charge.objects.filter(bill=first).values_list("kind", "amount"))
    assert lines == {
        "rent": Decimal("6840.00"),
        "property": Decimal("360.00"),
        "cleaning": Decimal("200.00"),
        "deposit": Decimal("2280.00"),
    }
    assert dict(Charge.objects.filter(bill=second).values_list("kind", "amount")) == {
        "rent": Decimal("6840.00"),
        "property": Decimal("360.00"),
    }


@pytest.mark.req("C-11")
def test_a_free_month_is_decided_and_explained_not_forgotten(company: int, hangzhou: House) -> None:
    free = (FreeRent(from_on=date(2026, 2, 17), to_on=date(2026, 3, 17)),)
    lease = let(hangzhou, "3-1-1208", terms(free=free))
    bill_days(company, date(2026, 1, 7), date(2026, 2, 7))
    newest = decided("billing", lease.id)[0]
    assert (newest.code, newest.as_of) == ("nothing_due", date(2026, 2, 7))
    assert "免租" in newest.zh


def test_an_early_contract_waits_in_the_backlog_until_its_first_bill(company: int, hangzhou: House) -> None:
    lease = let(hangzhou, "3-1-1208", terms(start_on=date(2026, 6, 20), end_on=date(2027, 6, 20)), status="awaiting")
    assert run_sweep(SYSTEM, company, "billing", date(2026, 5, 1)).candidates == 0
    assert BillingBacklog.objects.count() == 1
    assert run_sweep(SYSTEM, company, "billing", date(2026, 6, 10)).tally == {"billed": 1}
    assert BillingBacklog.objects.count() == 0
    assert Bill.objects.get(lease=lease).period_from == date(2026, 6, 20)


def test_a_lease_recorded_late_is_billed_for_all_its_months_at_once(company: int, hangzhou: House) -> None:
    lease = let(hangzhou, "3-1-1208", terms())
    run = run_sweep(SYSTEM, company, "billing", date(2026, 5, 1))
    assert run.tally == {"billed": 1}
    assert Bill.objects.filter(lease=lease).count() == 4


@pytest.mark.req("R-10")
def test_why_was_this_lease_not_billed(company: int, hangzhou: House) -> None:
    lease = let(hangzhou, "3-1-1208", terms())
    bill_days(company, date(2026, 1, 7), date(2026, 1, 31))
    today = explain("billing", lease.id, date(2026, 1, 31))
    assert today.code == "later"
    assert not today.in_window
    assert "2026-02-17" in today.zh
    assert "2026-02-07" in today.zh
    assert explain("billing", lease.id, date(2026, 2, 7)).code == "billed"
    Lease.objects.filter(id=lease.id).update(
        status="ended", actual_end_on=date(2026, 2, 1), holds_until=date(2026, 2, 1)
    )
    assert explain("billing", lease.id, date(2026, 2, 7)).code == "ended"
    assert Charge.objects.count() == 1, "explaining writes nothing"


def test_every_decision_of_a_run_is_proved_by_leaf_and_path(company: int, hangzhou: House) -> None:
    leases = [let(hangzhou, f"3-1-{n}", terms()) for n in range(1201, 1208)]
    run = run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    for lease in leases:
        assert prove(run.id, lease.id).holds
    assert list(broken_chains()) == []
    batch = SweepBatch.objects.get(run=run)
    assert batch.candidates == 7
    assert SweepRun.objects.get(id=run.id).state == "done"


def test_batches_commit_apart_and_add_up(company: int, hangzhou: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from anju.foundation.sweeps import sweep as registry

    small = registry.sweep("billing")
    monkeypatch.setitem(registry._sweeps, "billing", type(small)(**{**small.__dict__, "batch": 3}))
    for n in range(1201, 1209):
        let(hangzhou, f"3-1-{n}", terms())
    run = run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    assert run.tally == {"billed": 8}
    parts = list(SweepBatch.objects.filter(run=run).order_by("n").values_list("candidates", flat=True))
    assert parts == [2, 2, 2, 2], "equal parts and an even number of them: two workers end together"


def test_the_month_sums_equal_what_the_charges_say(company: int, hangzhou: House) -> None:
    for n in range(1201, 1205):
        let(hangzhou, f"3-1-{n}", terms(deposit_months=Decimal(1)))
    bill_days(company, date(2026, 1, 7), date(2026, 3, 10))
    kept = fetch_value("SELECT sum(due) FROM billing_month")
    assert kept == fetch_value("SELECT sum(amount) FROM charge WHERE kind <> 'deposit'") == Decimal("27360.00")


def test_a_tenant_who_stays_is_billed_for_the_month_that_had_passed(company: int, hangzhou: House) -> None:
    over = terms(start_on=date(2025, 12, 5), end_on=date(2026, 1, 5))
    lease = let(hangzhou, "3-1-1208", over)
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 1))
    clock.move_to(datetime(2026, 1, 12, 9, tzinfo=clock.SHANGHAI))
    let_go_on(company, date(2026, 1, 11))
    assert Lease.objects.get().holds_until == date(2026, 1, 5)
    let_go_on(company, date(2026, 1, 12))
    assert Lease.objects.get().holds_until == date(2026, 2, 5)
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 12))
    bills = Bill.objects.filter(lease=lease).order_by("period_from")
    assert [(b.period_from, b.period_to) for b in bills] == [
        (date(2025, 12, 5), date(2026, 1, 5)),
        (date(2026, 1, 5), date(2026, 2, 5)),
    ]
