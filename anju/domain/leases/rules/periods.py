"""Billing periods and the months inside them.

Both are counted from one anchor day by whole months, never from the previous period, so that 31 January does not
drift to 28.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anju.kit import Period
from anju.kit.period import add_months, months_between


@dataclass(frozen=True, slots=True)
class MonthPart:
    """The part of one anchor month that a period covers."""

    period: Period
    month: Period

    @property
    def days(self) -> int:
        """Days covered."""
        return self.period.days

    @property
    def length(self) -> int:
        """Days of the full anchor month."""
        return self.month.days

    @property
    def whole(self) -> bool:
        """Whether the full month is covered, so that no proration applies."""
        return self.period == self.month


def first_anchor(start_on: date, anchor: Literal["start", "calendar_month"]) -> date:
    """The first day of the first full billing period: the lease's start, or the first of a month on or after it."""
    if anchor == "start" or start_on.day == 1:
        return start_on
    return add_months(start_on.replace(day=1), 1)


def billing_periods(start_on: date, end_on: date, anchor_on: date, cycle_months: int) -> Iterator[Period]:
    """The periods rent is billed for, in order, without gap or overlap, covering exactly ``[start_on, end_on)``.

    Args:
        start_on: the lease's first day.
        end_on: the day after its last day.
        anchor_on: where the first full period begins; the days before it are a period of their own.
        cycle_months: months a full period has; the last one is cut at ``end_on``.
    """
    if cycle_months < 1:
        raise ValueError("a cycle has at least one month")
    lease = Period(start_on, end_on)
    if start_on < anchor_on:
        yield Period(start_on, min(anchor_on, end_on))
    k = 0
    if anchor_on < start_on:
        k = max(0, (months_between(anchor_on, start_on) - 1) // cycle_months)
    while (begins := add_months(anchor_on, k * cycle_months)) < end_on:
        k += 1
        inside = Period(begins, add_months(anchor_on, k * cycle_months)).overlap(lease)
        if inside is not None:
            yield inside


def months_in(period: Period, anchor_on: date) -> list[MonthPart]:
    """The anchor months a period touches, each with the part inside; together exactly the period's days."""
    k = months_between(anchor_on, period.start)
    if add_months(anchor_on, k) > period.start:
        k -= 1
    parts = []
    while (begins := add_months(anchor_on, k)) < period.end:
        k += 1
        month = Period(begins, add_months(anchor_on, k))
        inside = month.overlap(period)
        if inside is not None:
            parts.append(MonthPart(inside, month))
    return parts
