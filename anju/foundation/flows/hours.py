"""Working time: limits that count only working hours end on a working day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

import chinese_calendar
from pydantic import Field

from anju.foundation.db import clock
from anju.foundation.policy import Finding, PolicyModel, policy

Weekday = Literal["1", "2", "3", "4", "5", "6", "7"]
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
FARTHEST = 400  # days looked ahead before giving up


@policy("hours", area="flows", zh="工作时间", en="Working time")
class Hours(PolicyModel):
    """When limits in working time run. A limit keeps the hours it began with; a change holds for those that begin
    later."""

    opens: time = Field(time(9), title="上班")
    closes: time = Field(time(18), title="下班")
    weekdays: tuple[Weekday, ...] = Field(
        ("1", "2", "3", "4", "5", "6", "7"),
        min_length=1,
        title="每周",
        json_schema_extra={"ordered": False, "choices": dict(zip("1234567", WEEKDAYS, strict=True))},
    )
    holidays_rest: bool = Field(
        True, title="法定节假日休息", description="按国家公布的放假与调休安排：放假日不算，调休上班的周末算。"
    )

    def lint(self) -> list[Finding]:
        """A day that closes before it opens would never let a limit run out."""
        if self.opens < self.closes:
            return []
        return [Finding("hours.order", "error", "closes", "下班要晚于上班。", "Closing must come after opening.")]

    def works(self, day: date) -> bool:
        """Whether there is work on that day."""
        if self.holidays_rest and (announced := calendar(day)) is not None:
            return announced == "work"
        return str(day.isoweekday()) in self.weekdays


@lru_cache(maxsize=4096)
def calendar(day: date) -> Literal["rest", "work"] | None:
    """What the State Council announced for a day: a public holiday, or a weekend worked in exchange for one.

    None: an ordinary day; years not announced yet have no others.
    """
    try:
        holiday, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    if name is None or (not holiday and day.isoweekday() <= 5):
        return None
    return "rest" if holiday else "work"


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


def before(end: datetime, minutes: int, hours: Hours | None) -> datetime:
    """The moment so many minutes before another, counted as :func:`after` counts.

    Args:
        end: zone-aware.
        minutes: how many, not negative.
        hours: count only these working hours; None: day and night.
    """
    if hours is None:
        return end - timedelta(minutes=minutes)
    left, at = timedelta(minutes=minutes), end.astimezone(clock.SHANGHAI)
    for _ in range(FARTHEST):
        opens, closes = (datetime.combine(at.date(), t, clock.SHANGHAI) for t in (hours.opens, hours.closes))
        finish = min(at, closes)
        if hours.works(at.date()) and finish > opens:
            if left <= finish - opens:
                return finish - left
            left -= finish - opens
        at = datetime.combine(at.date(), time(), clock.SHANGHAI) - timedelta(microseconds=1)
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
