"""Working time: limits that count only working hours end on a working day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

import chinese_calendar
from pydantic import Field

from anju.foundation.db import clock
from anju.foundation.policy import Finding, PolicyModel

Weekday = Literal["1", "2", "3", "4", "5", "6", "7"]
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
FARTHEST = 400  # days looked ahead before giving up


class Hours(PolicyModel):
    """When limits in working time run. It becomes a policy of its own with the first flow that the console shows:
    until then nothing counts working time, and a setting without effect is not offered."""

    opens: time = Field(time(9), title="上班")
    closes: time = Field(time(18), title="下班")
    weekdays: tuple[Weekday, ...] = Field(
        ("1", "2", "3", "4", "5", "6", "7"),
        min_length=1,
        title="每周",
        json_schema_extra={"ordered": False, "choices": dict(zip("1234567", WEEKDAYS, strict=True))},
    )
    holidays_rest: bool = Field(True, title="法定节假日休息", description="按国家公布的放假与调休安排。")

    def lint(self) -> list[Finding]:
        """A day that closes before it opens would never let a limit run out."""
        if self.opens < self.closes:
            return []
        return [Finding("hours.order", "error", "closes", "下班要晚于上班。", "Closing must come after opening.")]

    def works(self, day: date) -> bool:
        """Whether there is work on that day."""
        if self.holidays_rest and public_holiday(day):
            return False
        return str(day.isoweekday()) in self.weekdays


@lru_cache(maxsize=4096)
def public_holiday(day: date) -> bool:
    """Whether a day is a public holiday; years not announced yet have none beyond their weekends."""
    try:
        holiday, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return bool(holiday and name is not None)


def after(start: datetime, minutes: int, hours: Hours | None) -> datetime:
    """The moment so many minutes after another.

    Args:
        start: zone-aware.
        minutes: how many, not negative.
        hours: count only these working hours; None: day and night.
    """
    if hours is None:
        return start + timedelta(minutes=minutes)
    left, at = timedelta(minutes=minutes), start.astimezone(clock.SHANGHAI)
    for _ in range(FARTHEST):
        opens, closes = (datetime.combine(at.date(), t, clock.SHANGHAI) for t in (hours.opens, hours.closes))
        begin = max(at, opens)
        if hours.works(at.date()) and begin < closes:
            if left <= closes - begin:
                return begin + left
            left -= closes - begin
        at = datetime.combine(at.date() + timedelta(days=1), time(), clock.SHANGHAI)
    return at


def between(start: datetime, end: datetime, hours: Hours | None) -> int:
    """Whole minutes from one moment to another, counted as :func:`after` counts; 0 if ``end`` is earlier."""
    if end <= start:
        return 0
    if hours is None:
        return int((end - start).total_seconds() // 60)
    total, at, last = timedelta(), start.astimezone(clock.SHANGHAI), end.astimezone(clock.SHANGHAI)
    while at < last:
        opens, closes = (datetime.combine(at.date(), t, clock.SHANGHAI) for t in (hours.opens, hours.closes))
        if hours.works(at.date()):
            total += max(timedelta(), min(closes, last) - max(opens, at))
        at = datetime.combine(at.date() + timedelta(days=1), time(), clock.SHANGHAI)
    return int(total.total_seconds() // 60)
