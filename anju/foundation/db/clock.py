"""Two clocks: business time, which a drill organization moves, and wall time, which nobody does.

``now()`` serves business rules; ``wall()`` serves security, providers and link expiry. The trace stores both.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anju.foundation.db.scope import remembered, scoped_org

if TYPE_CHECKING:  # the packages that re-export actions are imported before Django has its models
    from anju.foundation.db.models import OrgClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOCK = "clock"


def wall() -> datetime:
    """The real time, zone-aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Business time of the organization in scope, in Asia/Shanghai."""
    clock = drill_clock()
    if clock is None:
        return wall().astimezone(SHANGHAI)
    at = clock.at + (wall() - clock.set_at) if clock.runs else clock.at
    return at.astimezone(SHANGHAI)


def today() -> date:
    """Business date of the organization in scope."""
    return now().date()


def drill_clock() -> OrgClock | None:
    """The organization's own clock, if it is a drill organization; read once in a transaction."""
    from anju.foundation.db.models import OrgClock

    scoped_org()
    kept = remembered()
    if CLOCK not in kept:
        kept[CLOCK] = OrgClock.objects.order_by("id").first()
    found: OrgClock | None = kept[CLOCK]
    return found


def move_to(at: datetime, *, runs: bool = False) -> None:
    """Set the drill organization's clock. Callers go through the action that replays the days between.

    Args:
        at: the new business time, zone-aware; it may not go back.
        runs: whether it then runs on as the wall clock does.
    """
    if at.tzinfo is None:
        raise ValueError("the clock takes a zone-aware time")
    from anju.foundation.db.models import OrgClock

    is_there = drill_clock() is not None
    remembered().pop(CLOCK, None)
    if is_there:
        OrgClock.objects.update(at=at, set_at=wall(), runs=runs)
    else:
        OrgClock.objects.create(at=at, set_at=wall(), runs=runs)
