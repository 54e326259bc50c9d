"""Two clocks: business time, which a drill organization moves, and wall time, which nobody does.

``now()`` serves business rules; ``wall()`` serves security, providers and link expiry. The trace stores both.

When the machine's clock is set back, wall time goes back; business time stands still until the clock has caught up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from anju.foundation.db.scope import remembered, scoped_org
from anju.foundation.db.sql import Planned, fetch_one

if TYPE_CHECKING:  # the packages that re-export actions are imported before Django has its models
    from anju.foundation.db.models import OrgClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOCK, SEEN = "clock", "clock seen"
CLOCKS = ("clock_id", "clock_at", "clock_set_at", "clock_runs")
# Standing still longer than a wrong time zone would take is no help: such a clock was wrong before, not now.
STANDS_AT_MOST = timedelta(hours=25)
# What nearly every transaction wants to know is asked along: one question, planned once for a connection.
ASK = """
SELECT c.id AS clock_id, c.at AS clock_at, c.set_at AS clock_set_at, c.runs AS clock_runs{along}
FROM (SELECT 1) AS always LEFT JOIN org_clock c ON true
"""
_along: dict[str, str] = {SEEN: "NULL::timestamptz"}
_asked: dict[str, Planned] = {}  # the clock alone (""), or beside one row of a statement


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
    scoped_org()
    kept = remembered()
    if CLOCK not in kept:
        if "" not in _asked:
            _asked[""] = Planned(_clock_sql())
        row = fetch_one(_asked[""])
        assert row is not None
        _keep(row)
    found: OrgClock | None = kept[CLOCK]
    return found


def beside(sql: str, params: dict[str, Any], **types: str) -> dict[str, Any] | None:
    """One row of a statement that nearly every transaction begins with; the clock comes along unless it is known.

    Args:
        sql: gives at most one row.
        params: its parameters.
        types: their SQL types, as for :class:`Planned`.
    """
    asks = CLOCK not in remembered()
    key = sql if asks else f"alone {sql}"
    if key not in _asked:
        found = f"SELECT true AS found, x.* FROM ({sql}) x"
        both = f"SELECT k.*, w.* FROM ({_clock_sql()}) k LEFT JOIN ({found}) w ON true"
        _asked[key] = Planned(both if asks else sql, **types)
    row = fetch_one(_asked[key], params)
    if asks and row is not None:
        _keep({name: row.pop(name) for name in (*CLOCKS, *_along)})
        return row if row.pop("found") else None
    return row


def _clock_sql() -> str:
    return ASK.format(along="".join(f', ({sql}) AS "{key}"' for key, sql in _along.items()))


def _keep(row: dict[str, Any]) -> None:
    from anju.foundation.db.models import OrgClock

    kept = remembered()
    for key in _along:
        kept[key] = row[key]
    fields = {name.removeprefix("clock_"): row[name] for name in CLOCKS}
    kept[CLOCK] = None if fields["id"] is None else OrgClock(**fields)


def seen_by(sql: str) -> None:
    """Name where the latest wall time an organization has lived is kept: one value, read in its scope."""
    asked_along(SEEN, sql)


def asked_along(key: str, sql: str) -> None:
    """Ask for one more value whenever the clock is asked; slices say so at start, ``along`` gives it.

    Args:
        key: under which it is remembered.
        sql: one value, read in the organization's scope.
    """
    _along[key] = sql
    _asked.clear()


def along(key: str) -> Any:
    """What is asked along under this key; once in a transaction, and again after it was taken out of ``remembered``."""
    kept = remembered()
    if key not in kept:
        kept.pop(CLOCK, None)
        drill_clock()
    return kept[key]


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
