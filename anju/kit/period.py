"""Half-open runs of days, ``[start, end)``, and calendar month arithmetic."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """``day`` moved by whole months, clamped to the month's last day (31 Jan + 1 = 28/29 Feb), as PostgreSQL does."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def months_between(start: date, end: date) -> int:
    """Calendar months from start's month to end's month, ignoring days."""
    return (end.year - start.year) * 12 + end.month - start.month


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``start`` up to but not including ``end``; never empty."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period must hold at least one day: {self.start}..{self.end}")

    @classmethod
    def of_days(cls, start: date, days: int) -> Period:
        """``days`` days from ``start``."""
        return cls(start, start + timedelta(days=days))

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day inside, as people write it (…至 2026-12-16)."""
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlap(self, other: Period) -> Period | None:
        """The days in both, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def minus(self, other: Period) -> list[Period]:
        """The days here but not in ``other``, as zero, one or two periods."""
        cut = self.overlap(other)
        if cut is None:
            return [self]
        parts = []
        if self.start < cut.start:
            parts.append(Period(self.start, cut.start))
        if cut.end < self.end:
            parts.append(Period(cut.end, self.end))
        return parts

    def __iter__(self) -> Iterator[date]:
        day = self.start
        while day < self.end:
            yield day
            day += timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.start.isoformat()}..{self.last_day.isoformat()}"
