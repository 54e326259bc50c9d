"""What breaks in the demo's rooms, when, how urgent it is and how long it takes: one table of figures, drawn by a seed.

The figures are those of the project's notes on demo data; what is marked * there is published, the rest an operator's
estimates. Pure: nothing here knows rooms or people.
"""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from math import exp, log
from typing import NamedTuple

from anju.foundation.db import clock
from anju.surface.demo.world import sayings
from anju.surface.demo.world.sayings import Saying

PER_ROOM, PER_BED = 2.6, 1.2  # reports a year, repeated ones among them


class Kind(NamedTuple):
    """Of 1,000 orders a year so many of class P0, P1, P2, P3; in some months so many times as many as in the others."""

    orders: tuple[int, int, int, int]
    season: dict[int, float]


MOVING_IN = dict.fromkeys((2, 3, 6, 7, 8, 9), 1.3)
KINDS = {
    "water": Kind((10, 72, 118, 40), {12: 2, 1: 2}),
    "air": Kind((0, 18, 109, 33), {7: 3, 8: 3}),
    "lock": Kind((0, 13, 72, 45), MOVING_IN),
    "power": Kind((15, 10, 54, 41), {7: 1.5, 8: 1.5}),
    "heat": Kind((0, 22, 72, 6), {11: 2.5, 12: 2.5, 1: 2.5}),
    "appliance": Kind((3, 2, 70, 15), {}),
    "network": Kind((0, 0, 60, 0), {}),
    "wall": Kind((0, 0, 6, 54), {6: 2}),
    "other": Kind((2, 3, 19, 16), {}),
}
# Of 100 reports in each hour of the day, from midnight on; the first is left to the work of the night.
HOURS = (0, 1.5, 0.5, 0.5, 0.5, 1, 2, 4, 5, 4, 3, 3, 4, 3, 2, 3, 3, 4, 5, 13, 15, 14, 7, 2)


class Span(NamedTuple):
    """Minutes from the report on, log-normally: half of them within ``median``, nine of ten within ``p90``."""

    median: float
    p90: float


# By class: until somebody accepts, until the bell rings, until it is mended. P0's first two and the medians of P1 to P3
# until mended are the notes'; the rest is chosen to fit between.
RESPOND = (Span(14, 34), Span(38, 95), Span(150, 600), Span(300, 1200))
ON_SITE = (Span(70, 135), Span(190, 420), Span(1100, 2300), Span(2800, 5000))
MENDED = (Span(180, 330), Span(9 * 60, 18 * 60), Span(30 * 60, 58 * 60), Span(72 * 60, 130 * 60))
# Nobody rings at night for what can wait: the hours in which a class is worked on. Those on call get up for P0.
AWAKE = (None, (time(6), time(23, 45)), (time(8, 15), time(20, 30)), (time(8, 30), time(19, 30)))
TOGETHER = 0.85  # what is answered late is mended late: the spans of one order go together so much

REPEATED, REPEATED_IN_OUTAGE = 0.09, 0.25  # of the reports of a day
OUTAGE_KINDS, OUTAGE = ("water", "power"), 0.2  # so many of their P0 orders are a whole floor's
SECOND_VISIT, REOPENED = 0.10, 0.06  # neither: mended at the first visit, 84 %
CONFIRMED, RATED = 0.55, 0.35
STARS = ((5, 74), (4, 18), (3, 4), (2, 2), (1, 2))
WITH_PHOTO, BY_PHONE = 0.7, 0.2
P90 = 1.2816  # of a standard normal
DAYS = 365


@dataclass(frozen=True)
class Visit:
    """Somebody came: ``mended``, or left with a reason."""

    accepted: datetime
    arrived: datetime
    left: datetime
    mended: bool
    words: str
    minutes: int


@dataclass(frozen=True)
class Breakage:
    """A report and all that becomes of it.

    Args:
        key: its own in the company.
        of: the key of the report it repeats, if it does.
        outage: a whole floor is without; what repeats comes from the neighbours.
        visits: in their order; a second one where parts were missing, another after ``reopened_at``.
        confirmed_at: when the tenant confirmed; None: left to silence.
    """

    key: str
    at: datetime
    kind: str
    priority: int
    saying: Saying
    said: str
    of: str | None
    outage: bool
    photo: bool
    by_phone: bool
    visits: tuple[Visit, ...]
    reopened_at: datetime | None
    why: str
    confirmed_at: datetime | None
    stars: int | None
    remark: str

    @property
    def first_mended(self) -> datetime:
        """When it was mended for the first time."""
        return next(v.left for v in self.visits if v.mended)

    @property
    def fixed_at_once(self) -> bool:
        """Mended at the first visit, and stayed so."""
        return len(self.visits) == 1


def factor(kind: str, month: int) -> float:
    """How many times its yearly average a kind has in a month."""
    season = KINDS[kind].season
    return season.get(month, 1.0) / _average(kind)


@cache
def _average(kind: str) -> float:
    season = KINDS[kind].season
    return sum(season.get(m, 1.0) * monthrange(2026, m)[1] for m in range(1, 13)) / DAYS


def expected(day: date, rooms: int, beds: int) -> float:
    """How many reports to expect on a day."""
    weight = sum(sum(row.orders) * factor(kind, day.month) for kind, row in KINDS.items()) / 1000
    return (rooms * PER_ROOM + beds * PER_BED) / DAYS * weight


def draw(seed: str, day: date, rooms: int, beds: int) -> list[Breakage]:
    """The reports of a day in the order of time; the same seed and day give the same.

    Args:
        seed: the company's.
        day: which.
        rooms: how many places to let are rooms or flats.
        beds: how many are beds.
    """
    rng = random.Random(f"{seed}:breakages:{day}")
    firsts = [_first(rng, day, f"{day}:{n}") for n in range(_poisson(rng, expected(day, rooms, beds) * (1 - REPEATED)))]
    outage = next((b for b in firsts if b.outage), None)
    share = REPEATED if outage is None else REPEATED_IN_OUTAGE
    again = [_again(rng, outage or b) for b in firsts if rng.random() < share / (1 - share)]
    unlike = {b.key: b for b in again} if outage is None else {f"{b.key}:{n}": b for n, b in enumerate(again)}
    return sorted([*firsts, *unlike.values()], key=lambda b: (b.at, b.key))


def moment(rng: random.Random, day: date) -> datetime:
    """When on a day something is reported."""
    hour = rng.choices(range(24), weights=HOURS)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), clock.SHANGHAI)


def breakage(
    rng: random.Random, key: str, at: datetime, saying: Saying, *, of: str | None = None, outage: bool = False
) -> Breakage:
    """All that becomes of a report that is made at a moment."""
    visits, reopened_at = _visits(rng, at, saying)
    confirms = rng.random()
    mended = visits[-1].left
    confirmed_at = _awake(rng, mended + timedelta(minutes=rng.lognormvariate(log(200), 0.9)), 1, mended)
    silent = confirms >= CONFIRMED or confirmed_at > mended + timedelta(hours=44)
    stars = rng.choices([s for s, _ in STARS], weights=[w for _, w in STARS])[0] if confirms < RATED else None
    if stars is not None and silent:
        silent, confirmed_at = False, mended + timedelta(minutes=rng.randint(20, 300))
    return Breakage(
        key, at, saying.kind, saying.priority, saying, sayings.as_said(rng, saying), of, outage,
        photo=rng.random() < WITH_PHOTO, by_phone=8 <= at.hour < 21 and rng.random() < BY_PHONE, visits=visits,
        reopened_at=reopened_at, why=rng.choice(sayings.NOT_MENDED) if reopened_at else "",
        confirmed_at=None if silent else confirmed_at, stars=stars,
        remark=rng.choice(sayings.REMARKS[stars]) if stars else "",
    )  # fmt: skip


def _first(rng: random.Random, day: date, key: str) -> Breakage:
    kind = rng.choices(list(KINDS), weights=[sum(r.orders) * factor(k, day.month) for k, r in KINDS.items()])[0]
    priority = rng.choices(range(4), weights=KINDS[kind].orders)[0]
    outage = kind in OUTAGE_KINDS and priority == 0 and rng.random() < OUTAGE
    saying = sayings.some_saying(rng, kind, priority, day.month)
    return breakage(rng, key, moment(rng, day), saying, outage=outage)


def _again(rng: random.Random, first: Breakage) -> Breakage:
    """The same said once more: by a neighbour in an outage, otherwise mostly from the same home in other words."""
    later = timedelta(minutes=min(600.0, rng.lognormvariate(log(12 if first.outage else 75), 0.9)))
    saying = sayings.some_saying(rng, first.kind, first.priority, first.at.month, unlike=first.saying)
    at = first.at + later
    return breakage(rng, f"{first.key}+", at + timedelta(hours=at.hour == 0), saying, of=first.key)


def _visits(rng: random.Random, at: datetime, saying: Saying) -> tuple[tuple[Visit, ...], datetime | None]:
    late, fate = rng.gauss(0, 1), rng.random()
    accepted, arrived, left = (
        _awake(rng, at + timedelta(minutes=_minutes(rng, span[saying.priority], late)), saying.priority, at)
        for span in (RESPOND, ON_SITE, MENDED)
    )
    arrived = max(arrived, accepted + timedelta(minutes=rng.randint(9, 25)))
    worked = rng.choice((15, 20, 25, 30, 40, 50, 70, 90))
    left = max(left, arrived + timedelta(minutes=worked))
    visits = [Visit(accepted, arrived, left, True, sayings.as_written(rng, saying), worked)]
    if fate < SECOND_VISIT:
        visits = _twice(rng, visits[0])
    elif fate < SECOND_VISIT + REOPENED:
        reopened = _awake(rng, left + timedelta(minutes=rng.lognormvariate(log(420), 0.6)), 2, left)
        reopened = min(reopened, left + timedelta(hours=40))
        found = _awake(rng, reopened + timedelta(minutes=rng.randint(10, 90)), 1, reopened)
        came = _awake(rng, found + timedelta(minutes=rng.randint(60, 900)), 2, found)
        came = max(came, found + timedelta(minutes=15))
        mended = came + timedelta(minutes=rng.randint(25, 80))
        words = f"返修：{sayings.as_written(rng, saying)}"
        return (*visits, Visit(found, came, mended, True, words, int((mended - came).total_seconds() // 60))), reopened
    return tuple(visits), None


def _twice(rng: random.Random, planned: Visit) -> list[Visit]:
    """The visit became two: first without the parts."""
    looked = planned.arrived + timedelta(minutes=rng.randint(10, 25))
    left = max(planned.left, looked + timedelta(minutes=70))
    came = left - timedelta(minutes=rng.randint(20, 35))
    accepted = came - timedelta(minutes=rng.randint(15, 30))
    first = Visit(planned.accepted, planned.arrived, looked, False, rng.choice(sayings.BACK_SOON), 15)
    return [first, Visit(accepted, came, left, True, planned.words, planned.minutes)]


def _minutes(rng: random.Random, span: Span, late: float) -> float:
    sigma = log(span.p90 / span.median) / P90
    return span.median * exp(sigma * (TOGETHER * late + (1 - TOGETHER**2) ** 0.5 * rng.gauss(0, 1)))


def _awake(rng: random.Random, at: datetime, priority: int, since: datetime) -> datetime:
    """The moment itself, or at night the nearer end of the day, so that the middle stays where it is; never before what
    it follows (``since``)."""
    hours = AWAKE[priority]
    if hours is None or hours[0] <= at.time() <= hours[1]:
        return at
    morning = at.date() + timedelta(days=at.time() > hours[1])
    opens = datetime.combine(morning, hours[0], clock.SHANGHAI)
    closed = datetime.combine(morning - timedelta(days=1), hours[1], clock.SHANGHAI)
    evening = closed - timedelta(minutes=rng.uniform(0, 60))
    if at - closed < opens - at and evening > since:
        return evening
    return opens + timedelta(minutes=rng.uniform(0, 60))


def _poisson(rng: random.Random, mean: float) -> int:
    """How many, where ``mean`` are expected (Knuth's product of uniforms)."""
    n, product, least = 0, rng.random(), exp(-mean)
    while product > least:
        n, product = n + 1, product * rng.random()
    return n
