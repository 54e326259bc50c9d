"""When messages go: every minute, and in the business day of an organization whose clock jumps."""

from __future__ import annotations

from datetime import date, datetime

from anju.foundation.jobs import daily, every, job
from anju.foundation.messaging import links
from anju.foundation.messaging.dispatch import dispatch_all


@every("messaging.outbox", minutes=1)
def drain(org: int, now: datetime) -> None:
    """Send what is due."""
    dispatch_all(org)


@daily("messaging.outbox.morning", at="09:30")
def drain_morning(org: int, day: date) -> None:
    """Send the day's notices in that day, also when the clock jumps over it."""
    dispatch_all(org)


@daily("messaging.outbox.evening", at="18:00")
def drain_evening(org: int, day: date) -> None:
    """Let the next channel take over what the morning's did not deliver."""
    dispatch_all(org)


@job("messaging.send_now", attempts=3, scoped=False)
def send_now(*, org: int) -> None:
    """Send what is due without waiting for the minute (codes)."""
    dispatch_all(org)


@every("messaging.links.forget", minutes=24 * 60)
def forget_links(org: int, now: datetime) -> None:
    """Remove links long expired; they belong to no organization's scope, so any organization's turn does it for all."""
    links.forget_old_links()
