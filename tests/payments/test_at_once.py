"""A plain callback is settled by one call of the server: the same rows, the same trace, once, whoever repeats it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from anju.domain.billing.models import Bill, Charge, Credit
from anju.domain.leases.models import Lease
from anju.domain.leases.rules import LeaseTerms
from anju.foundation.db import clock, fetch, fetch_value, org_scope
from anju.foundation.payments import pages
from anju.foundation.payments.actions import start_payment
from anju.foundation.payments.at_once import _settle, settled_at_once
from anju.foundation.policy.registry import declared
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.trace.told import amount, words
from anju.foundation.trace.verify import broken_chains
from anju.kit import Actor, Money
from anju.kit.period import add_months
from tests.billing.test_ledger import books_balance
from tests.builders import house, let, terms
from tests.payments.conftest import Shop

SYSTEM = Actor.system()


def terms_from(day: date) -> LeaseTerms:
    """A year from five days on: the first bill goes out today."""
    start = day + timedelta(days=5)
    return terms(start_on=start, end_on=add_months(start, 12))


@pytest.fixture
def bill(shop: Shop) -> Bill:
    """January of one lease: rent, deposit and a fee."""
    with org_scope(shop.org):
        let(house(), "3-1-1208", terms_from(clock.today()))
        run_sweep(SYSTEM, shop.org, "billing", clock.today())
        return Bill.objects.get()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What the one call said, so that its quiet failure does not pass for success."""
    said: list[bool] = []

    def kept(*args: Any) -> bool:
        said.append(settled_at_once(*args))
        return said[-1]

    monkeypatch.setattr(pages, "settled_at_once", kept)
    return said


def order(shop: Shop, subject: tuple[str, int], amount: str) -> str:
    """An order for it, paid in the wallet; its callback waits with the stand-in."""
    with org_scope(shop.org):
        number = start_payment(
            SYSTEM,
            subject=subject,
            amount=Money(amount),
            method="h5",
            return_url=f"{shop.web_url}/back",
            description="账单",
        ).number
    shop.pay(number)
    return number


def owed(lease_id: int) -> str:
    return str(fetch_value("SELECT sum(open) FROM charge WHERE lease_id = %(id)s", {"id": lease_id}))


def what_stands(org: int) -> dict[str, Any]:
    """Everything a payment leaves, without ids and moments."""
    with org_scope(org):
        found = {
            "payment": fetch(
                "SELECT method, amount, payer_id IS NOT NULL AS payer, source LIKE 'order:%%' AS o FROM payment"
            ),
            "credit": fetch("SELECT kind, amount, open FROM credit"),
            "allocation": fetch(
                "SELECT c.kind, a.amount FROM allocation a JOIN charge c ON c.id = a.charge_id ORDER BY a.id"
            ),
            "trace": [
                (e["action"], sorted(json.loads(e["body"])), e["actor"], e["links"])
                for e in fetch(
                    "SELECT e.action, e.body, e.actor, "
                    "(SELECT string_agg(l.subject_kind, ',' ORDER BY l.subject_kind, l.id) FROM trace_link l"
                    " WHERE l.event_id = e.id) AS links FROM trace_event e"
                    " WHERE e.action IN ('billing.payment.record', 'payments.order.settle') ORDER BY e.action"
                )
            ],
            "notice": fetch("SELECT event, verdict, attempts FROM gateway_notice"),
            "order": fetch("SELECT state, paid_amount FROM payment_order"),
        }
        assert books_balance()
        assert list(broken_chains()) == []
    return found


@pytest.mark.req("R-03")
@pytest.mark.parametrize("kind", ["bill", "lease"])
def test_at_once_and_by_the_action_leave_the_same(
    shop: Shop, bill: Bill, kind: str, at_once: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    with org_scope(shop.org):
        due = owed(bill.lease_id)
    subject = (kind, bill.id if kind == "bill" else bill.lease_id)
    order(shop, subject, "1000.00")
    assert shop.deliver() == [204]
    assert at_once == [True]
    quick = what_stands(shop.org)
    assert [a["amount"] for a in quick["allocation"]] == [Decimal("1000.00")]
    with org_scope(shop.org):
        second = house()
        lease = let(second, "3-1-1209", terms_from(clock.today()))
        run_sweep(SYSTEM, shop.org, "billing", clock.today(), fresh=True)
        assert owed(lease.id) == due
        other = Bill.objects.get(lease=lease)
    monkeypatch.setattr(pages, "settled_at_once", lambda *_: False)
    order(shop, (kind, other.id if kind == "bill" else lease.id), "1000.00")
    assert shop.deliver() == [204]
    both = what_stands(shop.org)
    for part, rows in quick.items():
        assert len(both[part]) == 2 * len(rows), part
        assert all(row in rows for row in both[part]), part


@pytest.mark.req("R-03")
def test_the_same_callback_a_thousand_times_from_64_clients_is_one_payment(
    shop: Shop, bill: Bill, at_once: list[bool]
) -> None:
    order(shop, ("bill", bill.id), "2280.00")
    (row,) = shop.standin.books.rows("SELECT * FROM deliveries WHERE state = 'waiting'")
    body, headers = shop.standin.courier.message(row)

    def deliver(_n: int) -> list[int]:
        """Sixteen deliveries; one turned away at the gate is sent again, as the gateway does."""
        answers: list[int] = []
        with httpx.Client(trust_env=False, timeout=60) as client:
            while len(answers) < 16:
                code = client.post(row["url"], content=body, headers=headers).status_code
                if code != 503:
                    answers.append(code)
        return answers

    with ThreadPoolExecutor(64) as clients:
        answers = [code for codes in clients.map(deliver, range(63)) for code in codes]
    assert len(answers) == 1008
    assert set(answers) == {204}
    assert all(at_once)
    stands = what_stands(shop.org)
    assert len(stands["payment"]) == 1
    assert stands["notice"] == [{"event": "TRANSACTION.SUCCESS", "verdict": "accepted", "attempts": 1008}]


@pytest.mark.parametrize("ahead", ["0", "300.00"])
@pytest.mark.parametrize("amount", ["100.00", "2280.00", "5000.00"])
def test_part_payment_prepayment_and_older_credit(
    shop: Shop, bill: Bill, at_once: list[bool], amount: str, ahead: str
) -> None:
    """Both branches of the call keep the books: with nothing older, and with credit that goes first."""
    with org_scope(shop.org):
        due = Money(owed(bill.lease_id))
        if ahead != "0":  # credit that waits although something is open, as after a reversal
            Credit.objects.create(
                lease_id=bill.lease_id, kind="reversal", amount=ahead, open=ahead, at=clock.now(),
                charge=Charge.objects.order_by("id")[0],
            )  # fmt: skip
    order(shop, ("lease", bill.lease_id), amount)
    assert shop.deliver() == [204]
    assert at_once == [True]
    with org_scope(shop.org):
        settled = min(due, Money(amount) + Money(ahead))
        assert Money(owed(bill.lease_id)) == due - settled
        left = fetch_value("SELECT coalesce(sum(open), 0) FROM credit")
        assert Money(left) == Money(amount) + Money(ahead) - settled
        assert books_balance()
        assert list(broken_chains()) == []


def test_the_call_reads_the_policy_by_todays_schema() -> None:
    """``billing_rule`` reads two fields of the policy's body; a new schema needs a new function."""
    assert declared("billing").schema == 1


def test_an_order_for_a_lease_of_another_company_is_not_found(shop: Shop, bill: Bill) -> None:
    """Nothing of the call stands when the posting fails: the action meets the same, and says so."""
    with org_scope(shop.org):
        nobody = int(Lease.objects.order_by("-id").values_list("id", flat=True)[0]) + 10_000
    number = order(shop, ("lease", nobody), "10.00")
    assert shop.deliver() == [500]
    assert not shop.state(number).paid
    assert [p[0] for p in shop.problems()] == ["not_posted"]
    with org_scope(shop.org):
        assert fetch_value("SELECT count(*) FROM payment") == 0
        assert clock.drill_clock() is None


def told(shop: Shop, number: str, n: int, amount: str, transaction: str) -> dict[str, Any]:
    """A verified callback as the call is told it."""
    with org_scope(shop.org):
        account = fetch_value("SELECT account_id FROM payment_order WHERE number = %(n)s", {"n": number})
    return {
        "gateway": "wechat", "account": account, "number": number, "transaction": transaction, "amount": amount,
        "paid_at": clock.wall().isoformat(), "headers": {}, "notice": f"notice-{n}", "event": "TRANSACTION.SUCCESS",
        "body_sha256": "0" * 64,
    }  # fmt: skip


@pytest.mark.req("R-03")
def test_callbacks_that_come_together_are_each_judged_by_themselves(shop: Shop, bill: Bill) -> None:
    """One call: two orders of one lease, a repetition, a wrong amount first, a second transaction, an unknown order."""
    with org_scope(shop.org):
        first, second = (
            start_payment(
                SYSTEM, subject=subject, amount=Money(amount), method="h5", return_url=f"{shop.web_url}/back",
                description="账单",
            ).number
            for subject, amount in ((("lease", bill.lease_id), "1000.00"), (("bill", bill.id), "500.00"))
        )  # fmt: skip
    stranger = told(shop, first, 6, "1000.00", "t-1") | {"number": "AJ0", "notice": "notice-6"}
    asked = [
        told(shop, first, 1, "999.00", "t-0"),
        told(shop, first, 2, "1000.00", "t-1"),
        told(shop, second, 3, "500.00", "t-2"),
        told(shop, first, 2, "1000.00", "t-1"),
        told(shop, second, 5, "500.00", "t-9"),
        stranger,
    ]
    assert _settle(shop.org, asked) == ["ask", "accepted", "accepted", "repeated", "ask", "ask"]
    assert _settle(shop.org, asked[1:3]) == ["repeated", "repeated"]
    stands = what_stands(shop.org)
    assert sorted(p["amount"] for p in stands["credit"]) == [Decimal(500), Decimal(1000)]
    assert [(n["verdict"], n["attempts"]) for n in stands["notice"]] == [("accepted", 3), ("accepted", 2)]
    assert len([t for t in stands["trace"] if t[0] == "billing.payment.record"]) == 2


def test_money_for_what_is_paid_already_is_told_in_words(shop: Shop, bill: Bill, at_once: list[bool]) -> None:
    """Paid twice: the second payment settles nothing, and whoever reads the timeline reads that."""
    with org_scope(shop.org):
        due = owed(bill.lease_id)
    for _twice in range(2):
        order(shop, ("lease", bill.lease_id), due)
        assert shop.deliver() == [204]
    assert at_once == [True, True]
    with org_scope(shop.org):
        told_of = fetch("SELECT * FROM trace_event WHERE action = 'billing.payment.record' ORDER BY id")
        assert [len(json.loads(e["body"])["settled"]) for e in told_of] == [1, 0]
        assert words(told_of[0]) == words(told_of[1])
        assert amount(due) in words(told_of[1])
