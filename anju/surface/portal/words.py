"""How money and days are said to tenants: whole sentences, exact days, no codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.billing.models import Charge, Payment
from anju.domain.billing.queries.own import NextBill
from anju.domain.leases.models import Lease, LeaseParty
from anju.foundation.db import clock
from anju.foundation.ui.formats import long_day, money, month
from anju.kit import ZERO, Money

Row = Mapping[str, Any]
A_MONTH = 31


def short(day: date) -> str:
    """``11月25日``, with the year where it is not this one."""
    if day.year == clock.today().year:
        return _("%(m)s%(d)s日") % {"m": month(day.month), "d": day.day}
    return full(day)


def full(day: date) -> str:
    """``2026年11月25日``."""
    return _("%(y)s年%(m)s%(d)s日") % {"y": day.year, "m": month(day.month), "d": day.day}


def days(first: date | None, after: date | None) -> str:
    """``12月1日–12月31日`` for a half-open run of days; nothing for a single day."""
    if first is None or after is None or (after - first).days <= 1:
        return ""
    return f"{short(first)}–{short(after - timedelta(days=1))}"


def bill_title(bill: Row) -> str:
    """``12月账单``; ``12月至2月账单`` for longer cycles, as in messages (``bill_months`` of billing)."""
    first: date = bill["period_from"]
    last = bill["period_to"] - timedelta(days=1)
    if (bill["period_to"] - first).days <= A_MONTH:
        if first.year == clock.today().year or abs((first - clock.today()).days) < 120:
            return _("%(m)s账单") % {"m": month(first.month)}
        return _("%(y)s年%(m)s账单") % {"y": first.year, "m": month(first.month)}
    return _("%(a)s至%(b)s账单") % {"a": month(first.month), "b": month(last.month)}


def charge_name(row: Row) -> str:
    """``房租``, or the fee's own name."""
    return str(row["label"] or Charge.Kind(row["kind"]).label)


def charge_days(row: Row) -> str:
    """The days a charge is for; a deposit is for none."""
    return "" if row["kind"] == "deposit" else days(row["period_from"], row["period_to"])


def lines(charges: Sequence[Row], amount: str = "amount") -> list[tuple[str, str, Decimal]]:
    """Charges as ``p_lines`` shows them: what, which days, how much."""
    return [(charge_name(row), charge_days(row), row[amount]) for row in charges]


def sums(charges: Sequence[Row], most: int = 3) -> list[tuple[str, Decimal]]:
    """Open amounts by name, the first few; the rest together as other fees."""
    found: dict[str, Decimal] = {}
    for row in charges:
        found[charge_name(row)] = found.get(charge_name(row), Decimal(0)) + row["open"]
    items = list(found.items())
    if len(items) <= most:
        return items
    return [*items[: most - 1], (_("其他费用"), sum((v for _name, v in items[most - 1 :]), Decimal(0)))]


def coming(bill: NextBill, credit: Money) -> str:
    """What the next bill will cost, and what of it is left to pay after what was paid ahead."""
    left = max(bill.amount - credit, ZERO)
    facts = {"n": money(bill.amount), "day": long_day(bill.issue_on), "have": money(credit), "left": money(left)}
    if not credit:
        return _("约 %(n)s，%(day)s出账") % facts
    if not left:
        return _("约 %(n)s，%(day)s出账；已存 %(have)s，够付") % facts
    return _("约 %(n)s，%(day)s出账；已存 %(have)s，还需约 %(left)s") % facts


def method(code: str) -> str:
    """How something was paid."""
    return str(Payment.Method(code).label)


def status(code: str) -> str:
    """A lease's state."""
    return str(Lease.Status(code).label)


def part(code: str) -> str:
    """A person's part in a lease."""
    return str(LeaseParty.Role(code).label)


def rooms(lease: Row) -> str:
    """``3-1-1208``, several with a pause between."""
    return _("、").join(lease["units"])


def for_what(payment: Row) -> str:
    """What a payment was for, in a few words: ``12月房租、水电费``."""
    names = []
    for row in payment["lines"]:
        name = charge_name(row)
        if row["kind"] == "rent":
            name = _("%(m)s%(what)s") % {"m": month(row["period_from"].month), "what": name}
        names.append(name)
    if Money(payment["unused"] or 0):
        names.append(_("预存"))
    seen = list(dict.fromkeys(names))
    return _("、").join(seen[:4]) + (_("等") if len(seen) > 4 else "")
