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


# A clock that jumps sends a day's notices in that day, at about the hours the standard template names.
@daily("messaging.outbox.nine", at="09:05")
@daily("messaging.outbox.ten", at="10:05")
@daily("messaging.outbox.evening", at="18:05")
def drain_day(org: int, day: date) -> None:
    """Send what is due by this hour of a business day; in the evening the next channel takes over."""
    dispatch_all(org)


@job("messaging.send_now", attempts=3, scoped=False)
def send_now(*, org: int) -> None:
    """Send what is due without waiting for the minute (codes)."""
    dispatch_all(org)


@every("messaging.links.forget", minutes=24 * 60)
def forget_links(org: int, now: datetime) -> None:
    """Remove links long expired; they belong to no organization's scope, so any organization's turn does it for all."""
    links.forget_old_links()
