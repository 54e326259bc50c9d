"""The pure reference of pricing and allocation; Hypothesis proves the SQL equal to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from anju.domain.leases.rules import Rate, months_in
from anju.kit import Money, Period

Proration = Literal["actual_days", "thirty", "year365"]
PART = Decimal("0.00000001")


def amount(rates: Sequence[Rate], period: Period, anchor_on: date, proration: Proration) -> Money:
    """What a period costs at given prices.

    A month wholly inside the period costs its price, weighted by days where prices change within it. A month that the
    period cuts costs by ``proration``: actual days of that month, thirtieths, or price × 12 / 365 a day. Parts are
    rounded to 1e-8 and the sum once, half up, to the fen.

    Args:
        rates: the schedule; days it does not cover cost nothing.
        period: the days to price.
        anchor_on: the day of month from which months are counted.
        proration: how a cut month is priced.
    """
    total = Decimal(0)
    for part in months_in(period, anchor_on):
        for rate in rates:
            days = rate.period.overlap(part.period)
            if days is None:
                continue
            if part.whole or proration == "actual_days":
                cost = rate.monthly * days.days / part.length
            elif proration == "thirty":
                cost = rate.monthly * days.days / 30
            else:
                cost = rate.monthly * days.days * 12 / 365
            total += cost.quantize(PART, rounding=ROUND_HALF_UP)
    return Money.round(total)


@dataclass(frozen=True)
class Owed:
    """An open charge, as allocation sees it."""

    id: int
    kind: str
    due_on: date
    open: Money


def allocate(
    credits: Sequence[tuple[int, Money]], charges: Sequence[Owed], kind_order: Sequence[str], *, kind_first: bool
) -> list[tuple[int, int, Money]]:
    """Which credit settles which charge with how much: (credit id, charge id, amount).

    Credits are used in order of id; charges are settled oldest due date first (or kind first), then by kind, then id.
    """

    def place(c: Owed) -> tuple[int, date, int, int]:
        kind = kind_order.index(c.kind)
        return (kind if kind_first else 0, c.due_on, kind, c.id)

    waiting = sorted(charges, key=place)
    still_open = {c.id: c.open for c in charges}
    out: list[tuple[int, int, Money]] = []
    for credit_id, left in sorted(credits):
        for charge in waiting:
            take = min(left, still_open[charge.id])
            if take:
                out.append((credit_id, charge.id, take))
                left -= take
                still_open[charge.id] -= take
    return out
