"""What can be paid now: one bill, or everything a lease owes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anju.domain.billing.policies import Billing
from anju.domain.billing.queries.own import own_bill_and_open, own_bills, own_charges
from anju.domain.leases.own import own_leases
from anju.foundation.db import clock
from anju.foundation.policy.store import in_force
from anju.kit import ZERO, Actor, Money
from anju.kit.refusal import NOT_FOUND, sentence
from anju.surface.portal import words

UNCLEAR = sentence(
    "portal.amount_unclear",
    "请填写金额，最多两位小数，例如 500 或 1200.50。",
    "Enter an amount with at most two decimals, such as 500 or 1200.50.",
)
TOO_LITTLE = sentence("portal.too_little", "每次最少支付 ¥{least}。", "Pay at least ¥{least} at a time.")
MORE_THAN_OWED = sentence(
    "portal.more_than_owed",
    "只欠 ¥{owed}。想多付请用“提前预存”。",
    "Only ¥{owed} is owed. To pay more, use “pay ahead”.",
)
NO_PARTS = sentence(
    "portal.no_parts", "这里不能分次支付，请一次付清。", "Part payments are not offered here; pay the whole amount."
)
CHANGED = sentence(
    "portal.amount_changed",
    "金额刚刚更新为 ¥{owed}，没有扣款。请核对后再支付。",
    "The amount has just changed to ¥{owed}; nothing was charged. Check it and pay again.",
)


@dataclass(frozen=True)
class Due:
    """What a pay page is about. ``older``: what fell due before this bill and is settled first."""

    lease: dict[str, Any]
    title: str
    amount: Money
    due_on: date | None
    charges: list[dict[str, Any]]
    bill: dict[str, Any] | None = None
    older: Money = ZERO
    bills: list[dict[str, Any]] = field(default_factory=list)

    @property
    def room(self) -> str:
        """What was let."""
        return words.rooms(self.lease)


def lease_of(tenant: Actor, lease_id: int) -> dict[str, Any]:
    """The tenant's own lease as a row. Refused: ``not_found``."""
    for row in own_leases(tenant):
        if row["id"] == lease_id:
            return row
    raise NOT_FOUND()


def bill_due(tenant: Actor, bill_id: int) -> Due:
    """One bill. Refused: ``not_found`` for anything but the tenant's own."""
    today = clock.today()
    bill, others = own_bill_and_open(tenant, today, bill_id)
    lease = lease_of(tenant, bill["lease_id"])
    charges = own_charges(tenant, lease["id"], bill_id=bill_id)
    older = Money.sum(Money(b["open"]) for b in others if (b["due_on"], b["id"]) < (bill["due_on"], bill_id))
    return Due(lease, words.bill_title(bill), Money(bill["open"]), bill["due_on"], charges, bill=bill, older=older)


def lease_due(tenant: Actor, lease_id: int, lease: dict[str, Any] | None = None) -> Due:
    """Everything a lease owes; ``lease`` is its row where it is known already.

    Refused: ``not_found`` for anything but the tenant's own.
    """
    lease = lease or lease_of(tenant, lease_id)
    charges = own_charges(tenant, lease_id, only_open=True)
    bills = own_bills(tenant, clock.today(), lease_id, only_open=True) if charges else []
    loose = any(row["bill_id"] is None for row in charges)
    if len(bills) == 1 and not loose:
        title = words.bill_title(bills[0])
    else:
        n = len(bills) + loose
        title = ngettext("%(n)s 张账单", "%(n)s 张账单", n) % {"n": n} if bills else _("待付费用")
    due_on = min((row["due_on"] for row in charges), default=None)
    owed = Money.sum(Money(row["open"]) for row in charges)
    return Due(lease, title, owed, due_on, charges, bills=bills)


def read_amount(text: str) -> Money:
    """An amount as typed. Refused: ``portal.amount_unclear``."""
    try:
        typed = Decimal(unicodedata.normalize("NFKC", text).strip().strip("¥元 ").replace(",", ""))
        if not typed.is_finite() or not 0 < typed < 10**9:
            raise UNCLEAR()
        return Money(typed)
    except (InvalidOperation, ValueError) as error:
        raise UNCLEAR() from error


def part_of(owed: Money, text: str) -> Money:
    """A part of what is owed, as the policy allows. Refused: ``portal.*``."""
    terms, asked = in_force(Billing).value, read_amount(text)
    if asked == owed:
        return asked
    if not terms.part_payment:
        raise NO_PARTS()
    if asked > owed:
        raise MORE_THAN_OWED(owed=owed)
    if asked < min(Money(terms.least_part), owed):
        raise TOO_LITTLE(least=terms.least_part)
    return asked
