"""Money in, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.domain.billing.models import Bill, Credit, Payment
from anju.domain.billing.reach import reached
from anju.foundation.access import permission
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch
from anju.foundation.payments.news import Paid, on_paid, posted_by
from anju.kit import Actor, Money
from anju.kit.refusal import NOT_FOUND, sentence

RECORD = permission("billing.payment.record", zh="登记收款", en="Record a payment", roles=("manager", "finance"))
PAY_BACK = permission("billing.payment.pay_back", zh="退回预收款", en="Pay back credit", roles=("manager", "finance"))
POST_PAYMENTS = "SELECT * FROM billing_post_payments(%(rows)s::jsonb, %(at)s, %(now)s)"

NOT_POSITIVE = sentence(
    "billing.payment_not_positive", "收款金额要大于 0，请重新填写。", "A payment must be more than 0; enter it again."
)
TOO_MUCH = sentence(
    "billing.more_than_credit",
    "可退的余额只有 ¥{left}，不能退 ¥{asked}。",
    "Only ¥{left} can be paid back, not ¥{asked}.",
)


@dataclass(frozen=True)
class NewPayment:
    """Money that came in. ``amount`` is more than 0; ``source`` names it once (``order:<id>``, ``bank:<reference>``);
    ``payer_id`` is who paid, if not the lease's payer."""

    lease_id: int
    amount: Money
    method: str
    received_at: datetime
    source: str
    payer_id: int | None = None

    def row(self) -> dict[str, Any]:
        """As the posting statement reads it."""
        return {**self.__dict__, "amount": str(self.amount), "received_at": self.received_at.isoformat()}


def can_record(by: Actor, *, payments: Sequence[NewPayment]) -> None:
    """A payment is positive, for a lease within the actor's projects."""
    if any(p.amount <= Money(0) for p in payments):
        raise NOT_POSITIVE()
    if by.kind != "system":  # it reaches every project
        reached([p.lease_id for p in payments], by)


@action("billing.payment.record", needs=RECORD, check=can_record, joins=True)
def record_payments(act: Act, *, payments: Sequence[NewPayment]) -> list[int]:
    """Post payments and settle what is open, oldest first or as the policy says; what is left stays as credit.

    A source that is known already changes nothing. Returns the ids of the payments that are new.

    Refused: an amount that is not positive.
    """
    rows = json.dumps([p.row() for p in payments])
    at = max((p.received_at for p in payments), default=None)
    made = fetch(POST_PAYMENTS, {"rows": rows, "at": at, "now": clock.now()})
    if not made:
        act.nothing_changed()
        return []
    for m in made:
        act.trace(
            "payment",
            m["payment_id"],
            links=(("lease", m["lease_id"]), *(("charge", charge_id) for charge_id in m["charges"])),
            amount=str(Money(m["amount"])),
            method=m["method"],
            settled=[(charge_id, str(amount)) for charge_id, amount in zip(m["charges"], m["settled"], strict=True)],
        )
    return [m["payment_id"] for m in made]


def record_payment(
    by: Actor,
    *,
    lease_id: int,
    amount: Money,
    method: str,
    received_at: datetime,
    source: str,
    payer_id: int | None = None,
) -> Payment:
    """Post one payment (:func:`record_payments`); a repeated source gives the payment that is there already.

    Raises:
        Refused: not positive; no such lease.
    """
    record_payments(by, payments=[NewPayment(lease_id, amount, method, received_at, source, payer_id)])
    made = Payment.objects.filter(source=source).first()
    if made is None:
        raise NOT_FOUND()
    return made


def _post(paid: Paid, lease_id: int) -> None:
    record_payment(
        Actor.system(),
        lease_id=lease_id,
        amount=paid.amount,
        method=paid.gateway,
        received_at=paid.at,
        source=f"order:{paid.order_id}",
    )


posted_by("lease", "billing_post_orders")
posted_by("bill", "billing_post_orders")


@on_paid("lease")
def lease_paid(paid: Paid) -> None:
    """A payment order for a lease's account (a bill, several bills, or ahead of time) was paid."""
    _post(paid, paid.subject_id)


@on_paid("bill")
def bill_paid(paid: Paid) -> None:
    """A payment order for one bill was paid."""
    _post(paid, Bill.objects.values_list("lease_id", flat=True).get(id=paid.subject_id))


PAY_OUT = """
WITH locked AS (SELECT id, lease_id, open FROM credit WHERE id = %(credit)s AND open >= %(amount)s FOR UPDATE),
taken AS (UPDATE credit SET open = credit.open - %(amount)s FROM locked WHERE credit.id = locked.id)
INSERT INTO payout (lease_id, kind, credit_id, amount, at, source, state)
SELECT lease_id, %(kind)s, id, %(amount)s, %(at)s, %(source)s, %(state)s FROM locked
RETURNING id, lease_id
"""


def pay_out(credit_id: int, amount: Money, kind: str, source: str, *, state: str = "done") -> dict[str, Any]:
    """Take money out of an open credit; refused when it holds less. ``state`` "asked": a gateway still has to act."""
    rows = fetch(
        PAY_OUT,
        {"credit": credit_id, "amount": amount.yuan, "kind": kind, "at": clock.now(), "source": source, "state": state},
    )
    if not rows:
        left = Credit.objects.filter(id=credit_id).values_list("open", flat=True).first()
        raise NOT_FOUND() if left is None else TOO_MUCH(left=Money(left), asked=amount)
    return rows[0]


@action("billing.payment.pay_back", needs=PAY_BACK)
def pay_back(act: Act, *, credit_id: int, amount: Money, source: str, reason: str) -> int:
    """Give back what a tenant paid ahead. ``source`` names the transfer or gateway refund, once.

    Returns the payout's id. Refused: more than the credit still holds.
    """
    if amount <= Money(0):
        raise NOT_POSITIVE()
    reached(list(Credit.objects.filter(id=credit_id).values_list("lease_id", flat=True)), act.by)
    made = pay_out(credit_id, amount, "refund", source)
    act.trace(
        "payout", made["id"], links=(("lease", made["lease_id"]),), credit=credit_id, amount=str(amount), reason=reason
    )
    return int(made["id"])
