"""From terms to the complete schedule: rent per month for every day of the lease, fees, the deposit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from anju.domain.leases.rules.periods import first_anchor, months_in
from anju.domain.leases.rules.terms import LeaseTerms
from anju.kit import Money, Period
from anju.kit.period import add_months

FOUR = Decimal("0.0001")
NOTHING = Decimal("0.0000")


@dataclass(frozen=True, slots=True)
class Rate:
    """Rent per month (¥, four decimals) over a run of days; 0 is free rent."""

    period: Period
    monthly: Decimal


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A fee over a run of days: ``amount`` each month, or once on the first day."""

    kind: str
    name: str
    per: str
    amount: Decimal
    period: Period

    def until(self, day: date) -> FeeLine:
        """The same fee running until another day (exclusive)."""
        return replace(self, period=Period(self.period.start, day))


def _four(value: Decimal) -> Decimal:
    return value.quantize(FOUR, rounding=ROUND_HALF_UP)


def rates(terms: LeaseTerms) -> list[Rate]:
    """The complete schedule: contiguous, from the lease's first day to its last, neighbours differing.

    A price per m² and day becomes a month by × area × 365 ÷ 12, as office leases are written; a yearly price by ÷ 12;
    a nightly price by the nights of each month. Rounded half up to four decimals.
    """
    lease = Period(terms.start_on, terms.end_on)
    edges = sorted(_edges(terms, lease))
    free = [Period(f.from_on, f.to_on) for f in terms.free]
    if terms.free_first_days:
        free.append(Period.of_days(terms.start_on, terms.free_first_days))
    out = []
    for start, end in pairwise(edges):
        waived = any(start in days for days in free)
        out.append(Rate(Period(start, end), NOTHING if waived else _monthly(terms, start)))
    return _merged(out)


def _edges(terms: LeaseTerms, lease: Period) -> set[date]:
    """Every day on which the rate may change, with both ends of the lease."""
    days = {add_months(terms.start_on, s.from_month - 1) for s in terms.steps}
    days |= {d for f in terms.free for d in (f.from_on, f.to_on)}
    days.add(terms.start_on + timedelta(days=terms.free_first_days))
    if terms.price_unit == "night":
        days |= {p.period.start for p in months_in(lease, first_anchor(terms.start_on, terms.anchor))}
    return {d for d in days if d in lease} | {lease.start, lease.end}


def _monthly(terms: LeaseTerms, day: date) -> Decimal:
    price = terms.price
    for step in terms.steps:
        if day >= add_months(terms.start_on, step.from_month - 1):
            price = step.price if step.price is not None else _four(price * (100 + (step.percent or 0)) / 100)
    area = terms.area or Decimal(0)
    match terms.price_unit:
        case "month":
            return _four(price)
        case "m2_month":
            return _four(price * area)
        case "m2_day":
            return _four(price * area * 365 / 12)
        case "year":
            return _four(price / 12)
        case "night":
            anchor = first_anchor(terms.start_on, terms.anchor)
            return _four(price * months_in(Period.of_days(day, 1), anchor)[0].length)


def _merged(run: Iterable[Rate]) -> list[Rate]:
    out: list[Rate] = []
    for rate in run:
        if out and out[-1].monthly == rate.monthly:
            out[-1] = Rate(Period(out[-1].period.start, rate.period.end), rate.monthly)
        else:
            out.append(rate)
    return out


def splice(before: Sequence[Rate], after: Sequence[Rate], effective_from: date) -> list[Rate]:
    """An amended lease's schedule: the old one up to ``effective_from``, the new one from that day on.

    Where the old one ends before that day, the new one takes over at its end, so that no day is left without a rate.
    """
    effective_from = min(effective_from, before[-1].period.end)
    kept = [replace(r, period=cut) for r in before if (cut := _until(r.period, effective_from))]
    new = [replace(r, period=cut) for r in after if (cut := _from(r.period, effective_from))]
    return _merged([*kept, *new])


def extend(run: Sequence[Rate], until: date) -> list[Rate]:
    """A schedule that goes on at its last rate until ``until``; unchanged if it reaches that day (民法典 734)."""
    last = run[-1]
    if until <= last.period.end:
        return list(run)
    return [*run[:-1], Rate(Period(last.period.start, until), last.monthly)]


def fee_lines(terms: LeaseTerms) -> list[FeeLine]:
    """The fees with their days filled in."""
    return [
        FeeLine(f.kind, f.name, f.per, _four(f.amount), Period(f.from_on or terms.start_on, f.to_on or terms.end_on))
        for f in terms.fees
    ]


def splice_fees(before: Iterable[FeeLine], after: Iterable[FeeLine], effective_from: date) -> list[FeeLine]:
    """Fees of an amended lease. A one-off fee whose day has passed stays; one of the new terms counts from then on."""
    kept = [replace(f, period=cut) for f in before if (cut := _until(f.period, effective_from))]
    new = [
        replace(f, period=cut)
        for f in after
        if (cut := _from(f.period, effective_from)) and not (f.per == "once" and f.period.start < effective_from)
    ]
    return [*kept, *new]


def deposit(terms: LeaseTerms, schedule: Sequence[Rate]) -> Money:
    """The agreed deposit: the amount, or months × the first rent that is not free; rounded to the fen."""
    if terms.deposit_amount is not None:
        return terms.deposit_amount
    first = next((r.monthly for r in schedule if r.monthly), NOTHING)
    return Money.round((terms.deposit_months or Decimal(0)) * first)


def _until(period: Period, day: date) -> Period | None:
    return Period(period.start, min(period.end, day)) if period.start < day else None


def _from(period: Period, day: date) -> Period | None:
    return Period(max(period.start, day), period.end) if period.end > day else None
