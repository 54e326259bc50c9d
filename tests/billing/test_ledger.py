"""Money in, money settled, money corrected: exact, once, and by adding."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.domain.billing import actions, posting
from anju.domain.billing.actions.deposits import held
from anju.domain.billing.models import Allocation, Charge, Credit, Payment
from anju.domain.billing.rules import Owed, allocate
from anju.domain.leases.models import Lease
from anju.foundation.db import fetch_one, fetch_value
from anju.foundation.db.clock import SHANGHAI
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor, Money, Refused
from tests.builders import House, house, let, terms, write_terms

SYSTEM = Actor.system()
NOON = datetime(2026, 1, 20, 12, tzinfo=SHANGHAI)
KINDS = ["rent", "utility", "late_fee", "deposit"]

LAWS = """
SELECT (SELECT count(*) FROM charge c WHERE amount > 0
        AND amount <> open + coalesce((SELECT sum(amount) FROM allocation WHERE charge_id = c.id), 0)) AS charges,
       (SELECT count(*) FROM credit k
        WHERE amount <> open + coalesce((SELECT sum(amount) FROM allocation WHERE credit_id = k.id), 0)
                             + coalesce((SELECT sum(amount) FROM payout
                                         WHERE credit_id = k.id AND state <> 'failed'), 0)) AS credits,
       (SELECT coalesce(sum(due), 0) FROM billing_month)
       - (SELECT coalesce(sum(amount), 0) FROM charge WHERE kind <> 'deposit') AS due,
       (SELECT coalesce(sum(settled), 0) FROM billing_month)
       - (SELECT coalesce(sum(amount - open), 0) FROM charge WHERE kind <> 'deposit') AS settled
"""


def books_balance() -> bool:
    """Every law of the ledger, recomputed."""
    return set((fetch_one(LAWS) or {}).values()) == {0}


def pay(lease: Lease, amount: str, source: str = "bank:1", at: datetime = NOON) -> Payment:
    return actions.record_payment(
        SYSTEM, lease_id=lease.id, amount=Money(amount), method="bank", received_at=at, source=source
    )


@pytest.fixture
def hangzhou(company: int) -> House:
    return house()


@pytest.fixture
def lease(company: int, hangzhou: House) -> Lease:
    """Rent 2,280, deposit 2,280, the first bill out."""
    let_lease = let(hangzhou, "3-1-1208", terms(deposit_months=Decimal(1)))
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    return let_lease


def open_by_kind(lease: Lease) -> dict[str, Decimal]:
    return dict(Charge.objects.filter(lease=lease, amount__gt=0, open__gt=0).values_list("kind", "open"))


@pytest.mark.req("R-14")
def test_part_of_a_payment_settles_the_rent_first_and_the_rest_stays_open(lease: Lease) -> None:
    pay(lease, "1000.00")
    assert open_by_kind(lease) == {"rent": Decimal("1280.00"), "deposit": Decimal("2280.00")}
    assert books_balance()


@pytest.mark.req("R-14")
def test_money_paid_ahead_settles_the_next_bill_when_it_comes(company: int, lease: Lease) -> None:
    pay(lease, "6000.00")
    assert open_by_kind(lease) == {}
    assert Credit.objects.get().open == Decimal("1440.00")
    run_sweep(SYSTEM, company, "billing", date(2026, 2, 7))
    assert open_by_kind(lease) == {"rent": Decimal("840.00")}
    assert books_balance()


@pytest.mark.req("R-03")
def test_the_same_source_is_one_payment_however_often_it_comes(lease: Lease) -> None:
    first = pay(lease, "2280.00")
    assert pay(lease, "2280.00").id == first.id
    assert Payment.objects.count() == 1
    assert Allocation.objects.count() == 1


def test_a_reversed_charge_frees_what_was_paid(lease: Lease) -> None:
    pay(lease, "2280.00")
    rent = Charge.objects.get(lease=lease, kind="rent")
    actions.reverse_charge(SYSTEM, charge_id=rent.id, reason="房租算错")
    assert fetch_value("SELECT sum(amount) FROM charge WHERE kind = 'rent'") == 0
    assert open_by_kind(lease) == {}, "the freed 2,280 settled the deposit"
    assert books_balance()
    with pytest.raises(Refused, match="already_reversed"):
        actions.reverse_charge(SYSTEM, charge_id=rent.id, reason="再来一次")


def test_a_charge_by_hand_is_made_once(lease: Lease) -> None:
    args: dict[str, Any] = {
        "lease_id": lease.id, "kind": "utility", "amount": Money("186.40"), "due_on": date(2026, 1, 25), "name": "水电",
    }  # fmt: skip
    actions.issue_charge(SYSTEM, **args)
    refused = actions.issue_charge.refusal(SYSTEM, **args)
    assert refused is not None
    assert refused.code == "billing.charged_twice"
    assert "水电费" in refused.text()
    assert books_balance()


@pytest.mark.req("R-14")
def test_a_deposit_is_held_may_settle_rent_and_never_more_than_was_paid(company: int, lease: Lease) -> None:
    pay(lease, "4560.00")
    assert held(lease.id) == Money("2280.00")
    run_sweep(SYSTEM, company, "billing", date(2026, 2, 7))
    actions.offset_deposit(SYSTEM, lease_id=lease.id, amount=Money("2000.00"), reason="退租抵扣")
    assert open_by_kind(lease) == {"rent": Decimal("280.00")}
    assert held(lease.id) == Money("280.00")
    refused = actions.return_deposit.refusal(SYSTEM, lease_id=lease.id, amount=Money("281.00"), reason="退押金")
    assert refused is not None
    assert "280.00" in refused.text()
    actions.return_deposit(SYSTEM, lease_id=lease.id, amount=Money("280.00"), reason="退押金")
    assert held(lease.id) == Money(0)
    assert books_balance()


def test_writing_off_closes_the_charge_and_keeps_the_books(lease: Lease) -> None:
    rent = Charge.objects.get(lease=lease, kind="rent")
    actions.write_off(SYSTEM, charge_id=rent.id, reason="失联，法务建议")
    assert open_by_kind(lease) == {"deposit": Decimal("2280.00")}
    assert books_balance()
    assert actions.write_off.refusal(SYSTEM, charge_id=rent.id, reason="again") is not None


def test_paying_back_takes_no_more_than_the_credit_holds(lease: Lease) -> None:
    pay(lease, "5000.00")
    credit = Credit.objects.get()
    with pytest.raises(Refused, match="more_than_credit"):
        actions.pay_back(SYSTEM, credit_id=credit.id, amount=Money("440.01"), source="bank:out:1", reason="多付")
    actions.pay_back(SYSTEM, credit_id=credit.id, amount=Money("440.00"), source="bank:out:1", reason="多付")
    assert books_balance()


@pytest.mark.req("C-11")
def test_changed_terms_correct_what_was_billed_by_adding(company: int, lease: Lease) -> None:
    pay(lease, "2280.00")
    write_terms(lease, terms(price=Decimal("2100"), deposit_months=Decimal("1")), n=2)
    said = posting.rebill([lease.id])
    assert said == {lease.id: {"reversed": Decimal("4560.00"), "charged": Decimal("4200.00")}}
    assert sum(Charge.objects.filter(lease=lease, kind="rent").values_list("amount", flat=True)) == Decimal("2100.00")
    assert books_balance()
    assert posting.rebill([lease.id]) == {}, "a second look finds nothing to correct"


money = st.integers(1, 500_000).map(Money.fen)


@given(
    credits=st.lists(money, max_size=4),
    charges=st.lists(
        st.tuples(st.sampled_from(KINDS), st.dates(date(2026, 1, 1), date(2026, 12, 31)), money), max_size=8
    ),
    kind_first=st.booleans(),
)
def test_allocation_never_uses_more_than_there_is(
    credits: list[Money], charges: list[tuple[str, date, Money]], kind_first: bool
) -> None:
    owed = [Owed(i, kind, due, amount) for i, (kind, due, amount) in enumerate(charges)]
    given_credits = list(enumerate(credits))
    taken = allocate(given_credits, owed, KINDS, kind_first=kind_first)
    for i, amount in given_credits:
        assert Money.sum(a for k, _, a in taken if k == i) <= amount
    for o in owed:
        assert Money.sum(a for _, c, a in taken if c == o.id) <= o.open
    assert Money.sum(a for _, _, a in taken) == min(Money.sum(credits), Money.sum(o.open for o in owed))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    credits=st.lists(money, min_size=1, max_size=3),
    charges=st.lists(st.tuples(st.integers(0, 300), money), min_size=1, max_size=6),
)
def test_the_sql_allocates_as_the_reference_says(
    company: int, hangzhou: House, credits: list[Money], charges: list[tuple[int, Money]]
) -> None:
    Charge.objects.filter(open__gt=0).update(open=0)
    Credit.objects.filter(open__gt=0).update(open=0)
    lease = let(hangzhou, f"u{Lease.objects.count()}", terms())
    rows = [
        {
            "lease_id": lease.id, "bill_id": None, "kind": ["utility", "other", "service"][i % 3], "name": "",
            "period_from": date(2026, 1, 1), "period_to": date(2026, 1, 2),
            "due_on": date.fromordinal(date(2026, 1, 1).toordinal() + day), "amount": amount.yuan,
            "source": f"manual:{i}", "revision": 0,
        }
        for i, (day, amount) in enumerate(charges)
    ]  # fmt: skip
    posting.issue(rows, date(2026, 1, 1))
    for amount in credits:
        Credit.objects.create(lease=lease, kind="payment", amount=amount.yuan, open=amount.yuan, at=NOON)
    from anju.domain.billing.policies import Billing

    owed = [Owed(c.id, c.kind, c.due_on, Money(c.open)) for c in Charge.objects.filter(lease=lease)]
    have = [(k.id, Money(k.open)) for k in Credit.objects.filter(lease=lease)]
    said = allocate(have, owed, list(Billing().kind_order), kind_first=False)
    done = {(r["credit_id"], r["charge_id"]): Money(r["amount"]) for r in posting.allocate([lease.id], NOON)}
    assert done == {(k, c): a for k, c, a in said}
