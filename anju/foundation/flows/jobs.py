"""The timer by the clock."""

from __future__ import annotations

from datetime import date, datetime

from anju.foundation.flows.timers import run_timers
from anju.foundation.jobs import daily, every


@every("flows.timers", minutes=1)
def look(org: int, at: datetime) -> None:
    """Warnings and breaches of the minute."""
    run_timers(org)


@daily("flows.timers_of_day", at="23:55")
def look_at_day(org: int, day: date) -> None:
    """A clock that jumps over days looks once in each."""
    run_timers(org)
