"""Reminders by the clock, after the day's bills are out."""

from __future__ import annotations

from datetime import date

from anju.foundation.jobs import daily
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor


@daily("reminders.run", at="07:00")
def run_reminders(org: int, day: date) -> None:
    """Put the day's reminders into the outbox."""
    run_sweep(Actor.system(), org, "reminders", day)
