"""Paying ahead: how much may be put in, and which amounts are offered.

Money put in settles what is owed first; so the debt comes on top of every amount, and the limit is counted without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anju.domain.billing.policies import Billing
from anju.foundation.policy.store import in_force
from anju.foundation.ui.formats import money
from anju.kit import ZERO, Money
from anju.kit.refusal import sentence
from anju.surface.portal import words
from anju.surface.portal.due import TOO_LITTLE, read_amount

MONTHS = (1, 3, 6)
TOO_MUCH_AHEAD = sentence(
    "portal.too_much_ahead", "一次最多预存 ¥{most}。", "At most ¥{most} can be paid ahead at a time."
)
Row = dict[str, Any]


def most_ahead(lease: Row, owed: Money = ZERO) -> Money:
    """How much may be put in: what is owed, and months of today's rent by policy; zero: not offered."""
    months = in_force(Billing).value.ahead_months
    running = lease["status"] in ("active", "awaiting")
    most = Money.round((lease["monthly"] or Decimal(0)) * months) if running else ZERO
    return most + owed if most else ZERO


def least_ahead(most: Money) -> Money:
    """How little may be put in."""
    return min(Money(in_force(Billing).value.least_part), most)


def ahead_of(lease: Row, owed: Money, text: str) -> Money:
    """An amount to put in. Refused: ``portal.*``."""
    asked, most = read_amount(text), most_ahead(lease, owed)
    if asked > most:
        raise TOO_MUCH_AHEAD(most=most)
    if asked < (least := least_ahead(most)):
        raise TOO_LITTLE(least=least)
    return asked


def offers(lease: Row, owed: Money, month: Sequence[Row]) -> list[dict[str, str]]:
    """What is owed, then one, three and six months of bills on top of it, as far as the limit goes.

    Args:
        lease: the tenant's own, as a row.
        owed: what is open now.
        month: what one month is billed, line by line.
    """
    each, most = Money.sum(Money.round(row["amount"]) for row in month), most_ahead(lease, owed)
    settles = [(owed, _("付清现在欠的"))] if owed else []
    months = [(Money(each.yuan * n) + owed, _months(n, owed)) for n in MONTHS]
    wanted = [*settles, *months]
    return [{"value": str(yuan), "text": text, "note": money(yuan)} for yuan, text in wanted if yuan <= most]


def _months(n: int, owed: Money) -> str:
    if owed:
        return ngettext("付清后再存 %(n)s 个月", "付清后再存 %(n)s 个月", n) % {"n": n}
    return ngettext("%(n)s 个月账单", "%(n)s 个月账单", n) % {"n": n}


def month_words(month: Sequence[Row]) -> str:
    """What a month's bill consists of, where it is more than rent."""
    if len(month) < 2:
        return ""
    total = Money.sum(Money.round(row["amount"]) for row in month)
    parts = _("、").join(f"{words.charge_name(row)} {money(row['amount'])}" for row in month)
    return _("一个月的账单约 %(n)s：%(what)s。") % {"n": money(total), "what": parts}
