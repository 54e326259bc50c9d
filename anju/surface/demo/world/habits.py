"""When a tenant pays a bill: before the company used good reminders, and after."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

# days from the due day (from, to), weight in % of bills; None: over 30 days late or never
BEFORE = (((-9, -1), 30.0), ((0, 0), 55.0), ((1, 3), 7.5), ((4, 7), 3.5), ((8, 30), 2.0), (None, 2.0))
AFTER = (((-9, -1), 80.0), ((0, 0), 14.0), ((1, 3), 4.0), ((4, 7), 1.2), ((8, 30), 0.5), (None, 0.3))
LATE_FROM = 2  # the first of the late classes
PARTIAL = 0.02
NEVER = 0.04  # of those who are more than 30 days late
METHODS = (("wechat", 58), ("alipay", 30), ("bank", 12))
# 8 % of tenants make 60 % of the late bills: their late classes weigh 60/8 times, the others' 40/92 times.
OFTEN, SELDOM = 60 / 8, 40 / 92
SPRING_FESTIVAL = ((date(2025, 1, 24), date(2025, 2, 8)), (date(2026, 2, 12), date(2026, 2, 26)))


@dataclass(frozen=True)
class PayHabit:
    """One payment to come: ``day``, share of the bill, method, minutes after midnight."""

    day: date
    share: float
    method: str
    minute: int


def pay_plan(rng: random.Random, due_on: date, *, late: bool, reminded: bool) -> list[PayHabit]:
    """How a bill will be paid: once, in two parts, or not at all.

    Args:
        rng: the demo's own.
        due_on: the bill's due day.
        late: whether the tenant is one of the often late.
        reminded: whether the company already runs its reminder ladder.
    """
    classes = AFTER if reminded else BEFORE
    festival = 1.6 if any(a <= due_on <= b for a, b in SPRING_FESTIVAL) else 1.0
    weights = [w * (1 if n < LATE_FROM else (OFTEN if late else SELDOM) * festival) for n, (_, w) in enumerate(classes)]
    span = rng.choices([days for days, _ in classes], weights=weights)[0]
    method = rng.choices([m for m, _ in METHODS], weights=[w for _, w in METHODS])[0]
    minute = int(rng.triangular(8 * 60, 23 * 60 + 30, 20 * 60 + 30))
    if span is None:
        if rng.random() < NEVER:
            return []
        return [PayHabit(due_on + timedelta(days=rng.randint(31, 75)), 1.0, method, minute)]
    day = due_on + timedelta(days=rng.randint(*span))
    if rng.random() < PARTIAL:
        rest = day + timedelta(days=rng.randint(2, 12))
        return [PayHabit(day, 0.5, method, minute), PayHabit(rest, 1.0, method, minute)]
    return [PayHabit(day, 1.0, method, minute)]
