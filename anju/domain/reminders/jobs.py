"""Reminders by the clock, after the day's bills are out."""

from __future__ import annotations

from datetime import date, datetime

from anju.domain.reminders.call_actions import close_settled, settled
from anju.foundation.db import org_scope
from anju.foundation.jobs import daily, every
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor


@daily("reminders.run", at="07:00")
def run_reminders(org: int, day: date) -> None:
    """Put the day's reminders into the outbox."""
    run_sweep(Actor.system(), org, "reminders", day)


@daily("reminders.calls", at="07:10")
def run_calls(org: int, day: date) -> None:
    """Calls that are no longer needed are closed, the day's are opened."""
    close_calls(org)
    run_sweep(Actor.system(), org, "call_tasks", day)


@every("reminders.paid", minutes=5)
def look(org: int, at: datetime) -> None:
    """Whoever has paid meanwhile is not called."""
    close_calls(org)


def close_calls(org: int) -> None:
    """Each in a transaction of its own, as its flow's step and listeners want it."""
    with org_scope(org):
        ids = settled()
    for case_id in ids:
        with org_scope(org):
            close_settled(case_id)
