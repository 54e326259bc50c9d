"""On which day a reminder for a due day goes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

REST_DAYS_OF_A_HOLIDAY = 3  # an ordinary weekend is no reason to remind earlier


def reminder_day(due_on: date, offset_days: int, rests: Callable[[date], bool], *, earlier: bool) -> date:
    """The day a step reminds of a bill.

    When the due day lies inside a holiday (three or more days of rest in a row), reminders up to the due day that would
    fall into the same holiday go out on the last working day before it; reminders after the due day are not moved.

    Args:
        due_on: the bill's due day.
        offset_days: the step, in days from the due day.
        rests: whether a day is a day of rest in China (weekends and holidays, without make-up working days).
        earlier: the policy's switch.
    """
    day = due_on + timedelta(days=offset_days)
    if not earlier or offset_days > 0 or not rests(due_on):
        return day
    first = last = due_on
    while rests(first - timedelta(days=1)):
        first -= timedelta(days=1)
    while rests(last + timedelta(days=1)):
        last += timedelta(days=1)
    if (last - first).days + 1 < REST_DAYS_OF_A_HOLIDAY or day < first:
        return day
    return first - timedelta(days=1)
