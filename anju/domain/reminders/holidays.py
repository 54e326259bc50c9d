"""Days of rest in China: announced years from the calendar package, weekends beyond them."""

from __future__ import annotations

from datetime import date
from functools import cache

import chinese_calendar


@cache
def rests(day: date) -> bool:
    """Whether a day is a day of rest. Years not announced yet count their weekends only (china.md §8)."""
    try:
        return bool(chinese_calendar.is_holiday(day))
    except NotImplementedError:
        return day.weekday() >= 5
