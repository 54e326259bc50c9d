"""Who stays where, from when to when: planned per place, so that no two stays meet."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from anju.domain.leases.rules import Fee, FreeRent, LeaseTerms, Step
from anju.domain.portfolio.places import Place
from anju.kit.period import add_months

TERMS = ((12, 62), (6, 20), (24, 10), (3, 8))
EARLY_EXIT_A_YEAR = 0.18
RENEWS = 0.42
OWN_AFTER = timedelta(days=3)  # the demo's own tenant moved in on a 25th, so that a bill is due three days after today


@dataclass(frozen=True)
class Stay:
    """One lease to come: signed on ``signed_on``, in the company's hands until ``leaves_on`` (None: still running).

    ``tenant`` numbers the tenant within the demo; a renewal has the same one.
    """

    unit: str
    project: str
    tenant: int
    terms: LeaseTerms
    signed_on: date
    leaves_on: date | None
    early: bool


def plan_stays(seed: int, places: Sequence[Place], first: date, last: date) -> list[Stay]:
    """Plan every stay from the company's first day to its last, in order of signing.

    Places fill up over the first months; turnover peaks follow the terms. The place of the demo's own tenant is let all
    the time.

    Args:
        seed: makes it repeatable.
        places: all places; those with places inside are let only by their parts.
        first: the first day anybody moves in.
        last: the demo's today.
    """
    rng = random.Random(seed * 104729 + 3)
    parents = {p.parent for p in places if p.parent}
    leaves = [p for p in places if p.unit not in parents]
    numbers = iter(range(1, 10_000_000))
    stays: list[Stay] = []
    for place in leaves:
        demo_room = place.unit == "3-1-1208" and place.city == "杭州"
        stays += _stays_of(rng, place, first, last, numbers, 0 if demo_room else None)
    known = [stay for stay in stays if stay.signed_on <= last]
    return sorted(known, key=lambda s: (s.signed_on, s.project, s.unit))


def _stays_of(
    rng: random.Random, place: Place, first: date, last: date, numbers: Iterator[int], own: int | None
) -> Iterator[Stay]:
    start = first + (OWN_AFTER if own is not None else timedelta(days=int(rng.triangular(0, 210, 30))))
    tenant, renewal = own if own is not None else next(numbers), False
    while start <= last + timedelta(days=12):
        months = rng.choices([t for t, _ in TERMS], weights=[w for _, w in TERMS])[0]
        if own is not None:
            months = 24 if renewal else 12
        end = add_months(start, months)
        early = own is None and rng.random() < EARLY_EXIT_A_YEAR * months / 12
        leaves = start + timedelta(days=rng.randint(40, max(41, (end - start).days - 20))) if early else end
        overstays = not early and own is None and last - timedelta(days=9) <= leaves <= last and rng.random() < 0.12
        yield Stay(
            unit=place.unit,
            project=place.project,
            tenant=tenant,
            terms=_terms(rng, place, start, end, renewal=renewal, monthly=own is not None),
            signed_on=max(first, start - timedelta(days=rng.randint(1, 12))),
            leaves_on=None if leaves > last or overstays else leaves,
            early=early,
        )
        if overstays:
            return
        if not early and (own is not None or rng.random() < RENEWS):
            start, renewal = end, True
            continue
        tenant, renewal = next(numbers), False
        start = leaves + timedelta(days=int(rng.triangular(8, 95, 28)))


def reservation(rng: random.Random, place: Place, start: date, tenant: int, signed_on: date) -> Stay:
    """A year's stay that somebody asks for."""
    terms = _terms(rng, place, start, add_months(start, 12), renewal=False, monthly=False)
    return Stay(place.unit, place.project, tenant, terms, signed_on, None, early=False)


def _terms(rng: random.Random, place: Place, start: date, end: date, *, renewal: bool, monthly: bool) -> LeaseTerms:
    """Terms as operators agree them: 押一付一, 押一付三, offices by m² and day with a step each year.

    A renewal asks for no second deposit.
    """
    guide = place.guide_rent or Decimal(600)
    if place.kind == "office":
        area = place.area or Decimal(100)
        price = (guide * 12 / 365 / area).quantize(Decimal("0.1"))
        return LeaseTerms(
            start_on=start, end_on=end, cycle_months=3, anchor="calendar_month", price=price, price_unit="m2_day",
            area=area, proration="year365",
            deposit_months=Decimal(0 if renewal else 2), free_first_days=0 if renewal else 15,
            fees=(Fee(kind="property", name="物业费", amount=(area * 22).quantize(Decimal("1"))),),
            steps=(Step(from_month=13, percent=Decimal(4)),) if end > add_months(start, 12) else (),
        )  # fmt: skip
    price = (guide * Decimal(rng.randint(95, 104)) / 100).quantize(Decimal("1"))
    price -= price % 10
    quarterly = place.kind != "bed" and rng.random() < 0.45 and not monthly
    free = (FreeRent(from_on=start, to_on=start + timedelta(days=7)),) if rng.random() < 0.05 else ()
    fees = [Fee(kind="utility_prepay", name="水电预存", amount=Decimal(rng.choice((100, 120, 150, 180))))]
    if rng.random() < 0.4:
        fees.append(Fee(kind="internet", name="网络费", amount=Decimal(40)))
    return LeaseTerms(
        start_on=start, end_on=end, cycle_months=3 if quarterly else 1, price=price, free=free,
        deposit_months=Decimal(0 if renewal else 1), fees=() if place.kind == "bed" else tuple(fees),
    )  # fmt: skip
