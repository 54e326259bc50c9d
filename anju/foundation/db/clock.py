"""Two clocks: business time, which a drill organization moves, and wall time, which nobody does.

``now()`` serves business rules; ``wall()`` serves security, providers and link expiry. The trace stores both.

When the machine's clock is set back, wall time goes back; business time stands still until the clock has caught up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anju.foundation.db.scope import remembered, scoped_org
from anju.foundation.db.sql import fetch_prepared

if TYPE_CHECKING:  # the packages that re-export actions are imported before Django has its models
    from anju.foundation.db.models import OrgClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOCK, SEEN = "clock", "clock seen"
# Standing still longer than a wrong time zone would take is no help: such a clock was wrong before, not now.
STANDS_AT_MOST = timedelta(hours=25)
ASK = """
SELECT c.id, c.at, c.set_at, c.runs, ({seen}) AS seen FROM (SELECT 1) AS always LEFT JOIN org_clock c ON true
"""
_seen = "NULL::timestamptz"


def wall() -> datetime:
    """The real time, zone-aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Business time of the organization in scope, in Asia/Shanghai."""
    clock, real = drill_clock(), wall()
    if clock is None:
        seen: datetime | None = remembered()[SEEN]
        back = seen is not None and real < seen <= real + STANDS_AT_MOST
        return (seen if back and seen else real).astimezone(SHANGHAI)
    at = clock.at + max(real - clock.set_at, timedelta()) if clock.runs else clock.at
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
        row = fetch_prepared(ASK.format(seen=_seen))[0]
        kept[SEEN] = row.pop("seen")
        kept[CLOCK] = None if row["id"] is None else OrgClock(**row)
    found: OrgClock | None = kept[CLOCK]
    return found


def seen_by(sql: str) -> None:
    """Name where the latest wall time an organization has lived is kept: one value, read in its scope."""
    global _seen
    _seen = sql


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
