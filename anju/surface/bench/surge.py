"""A week with three times the usual repairs and the usual crew: by urgency, as the board has it, or as they came.

A pure simulation with a fixed seed; the same orders and the same working times for both.
"""

from __future__ import annotations

import heapq
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from anju.domain.workorders.flow import LIMITS

SEED = 20261129
CREW = 3
USUAL_A_DAY = 40  # what three can do, with a third of their time to spare
TIMES = 3
WEEK = 7 * 24 * 60  # minutes
MIX = (0.05, 0.25, 0.40, 0.30)  # of P0 to P3
WORK = (45.0, 60.0, 60.0, 75.0)  # minutes an order takes, in the mean, the way there included
RESPOND, ON_SITE = LIMITS[0].minutes, LIMITS[1].minutes


@dataclass(frozen=True)
class Order:
    """An order: when it came (minute), its class, when it must be answered (minute), how long it takes."""

    n: int
    at: float
    priority: int
    due: float
    takes: float


@dataclass(frozen=True)
class Outcome:
    """How a week went: breaches of being on site in time by class, mean minutes until mended by class and of all."""

    breaches: tuple[int, ...]
    minutes: tuple[float, ...]
    mean: float


Order_of = Callable[[Order], tuple[float, ...]]


def by_urgency(order: Order) -> tuple[float, ...]:
    """The product's own: the board is sorted by class, then by what is due first, then by number."""
    return order.priority, order.due, order.n


def as_they_came(order: Order) -> tuple[float, ...]:
    """First come, first served."""
    return order.at, order.n


def week(times: float = TIMES, seed: int = SEED) -> list[Order]:
    """The orders of a week, in the order they come; ``times`` the usual number."""
    drawn = random.Random(seed)  # noqa: S311 — a draw that can be repeated
    orders: list[Order] = []
    at = 0.0
    while True:
        at += drawn.expovariate(USUAL_A_DAY * times / (24 * 60))
        if at >= WEEK:
            return orders
        priority = drawn.choices(range(4), MIX)[0]
        takes = drawn.uniform(0.5, 1.5) * WORK[priority]
        orders.append(Order(len(orders), at, priority, at + RESPOND[priority], takes))


def worked(orders: list[Order], rule: Order_of, crew: int = CREW) -> Outcome:
    """Let a crew work all orders to the last, each technician taking what the rule puts first.

    Args:
        orders: as they come.
        rule: sorts what waits.
        crew: how many technicians, day and night.
    """
    free = [0.0] * crew
    waiting: list[tuple[tuple[float, ...], Order]] = []
    done: list[tuple[Order, float, float]] = []
    coming = iter([*orders, None])
    following = next(coming)
    while waiting or following is not None:
        now = heapq.heappop(free)
        if not waiting and following is not None:
            now = max(now, following.at)
        while following is not None and following.at <= now:
            heapq.heappush(waiting, (rule(following), following))
            following = next(coming)
        order = heapq.heappop(waiting)[1]
        done.append((order, now, now + order.takes))
        heapq.heappush(free, now + order.takes)
    return _outcome(done)


def _outcome(done: list[tuple[Order, float, float]]) -> Outcome:
    breaches, minutes = [0] * len(MIX), [0.0] * len(MIX)
    ranked = sorted(done, key=lambda d: d[0].priority)
    for priority, group in groupby(ranked, key=lambda d: d[0].priority):
        of_class = list(group)
        breaches[priority] = sum(arrived - o.at > ON_SITE[priority] for o, arrived, _ in of_class)
        minutes[priority] = round(statistics.mean(end - o.at for o, _, end in of_class), 1)
    mean = round(statistics.mean(end - o.at for o, _, end in done), 1)
    return Outcome(tuple(breaches), tuple(minutes), mean)
