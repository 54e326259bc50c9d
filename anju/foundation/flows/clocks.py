"""The time limits of one case: started, met, stopped, put aside and taken up again as the case moves.

The timer sweep (``timers.py``) works on many at once; here a person's step changes the few of one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from anju.foundation.db import Planned, planned, run_sql, so_many
from anju.foundation.db.rows import columns, read
from anju.foundation.flows.definition import Flow, Limit
from anju.foundation.flows.hours import Hours, after, before, between
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.foundation.policy.store import Pinned, in_force, pinned

# Held: the timer, which holds no case, does not find a breach between reading them here and writing them.
RUNNING = Planned(
    f"SELECT {columns(FlowLimit)} FROM flow_limit WHERE case_id = %(case)s AND ended_at IS NULL ORDER BY id FOR UPDATE",
    case="bigint",
)
THEM = (
    "unnest(%(ids)s::bigint[], %(states)s::text[], %(breached)s::timestamptz[], %(pending)s::text[])"
    " AS u(id, state, breached_at, pending)"
)
ENDED = """
UPDATE flow_limit AS l
SET ended_at = %(now)s::timestamptz, next_at = NULL, state = e.state, breached_at = e.breached_at, pending = e.pending
FROM {them} AS e WHERE l.id = e.id
"""


def entered(case: FlowCase, flow: Flow, now: datetime) -> list[FlowLimit]:
    """End the limits that this stage meets and start those that begin here. The case's stage is already the new one.

    Returns:
        those that run now.
    """
    stage = flow.stage(case.stage)
    over = stage is None or stage.ends
    running = _running(case)
    for kept in running:
        limit = flow.limit(kept.key)
        if limit is None or case.stage in limit.ends:
            _end(kept, FlowLimit.State.MET, now)
        elif stage is not None and stage.ends:
            _end(kept, FlowLimit.State.STOPPED, now)
    _write([kept for kept in running if kept.ended_at], now)
    still = {kept.key: kept for kept in running if kept.ended_at is None}
    begun = [] if over else [limit for limit in starting(case, flow, now) if limit.key not in still]
    if begun:
        start(case, begun)
    return [*still.values(), *begun]


def starting(case: FlowCase, flow: Flow, now: datetime) -> list[FlowLimit]:
    """The limits that begin at the case's stage, not saved; the case itself need not be saved either."""
    due = [(x, x.minutes_of(case.priority)) for x in flow.limits if case.stage in x.starts]
    return [_begun(limit, minutes, now) for limit, minutes in due if minutes]


def start(case: FlowCase, limits: Sequence[FlowLimit]) -> None:
    """Save limits of a saved case, all at once."""
    for limit in limits:
        limit.case = case
    FlowLimit.objects.bulk_create(limits)


def reclassed(case: FlowCase, flow: Flow, now: datetime) -> None:
    """Give running limits the minutes of the case's new class, counted from when they started."""
    for kept in _running(case):
        limit = flow.limit(kept.key)
        minutes = limit.minutes_of(case.priority) if limit else 0
        if limit is None or not minutes:
            _end(kept, FlowLimit.State.STOPPED, now)
            _write([kept], now)
            continue
        hours = _kept_hours(kept)
        kept.due_at = after(kept.started_at, minutes, hours)
        kept.warn_at = warning(limit, kept.due_at, kept.started_at, hours)
        if case.paused_at is None and kept.breached_at is None:
            kept.next_at = kept.due_at if kept.warned_at or kept.warn_at is None else kept.warn_at
        kept.save(update_fields=["due_at", "warn_at", "next_at"])


def put_aside(case: FlowCase, flow: Flow, now: datetime) -> None:
    """Stop the running limits' clocks and keep what was left of them."""
    for kept in _running(case):
        limit = flow.limit(kept.key)
        if kept.breached_at is None and limit is not None:
            kept.left_minutes = between(now, kept.due_at, _kept_hours(kept))
            kept.next_at = None
            kept.save(update_fields=["left_minutes", "next_at"])


def taken_up(case: FlowCase, flow: Flow, now: datetime) -> None:
    """Let put-aside limits run on with the minutes they had left."""
    for kept in _running(case):
        limit = flow.limit(kept.key)
        if kept.left_minutes is None or limit is None:
            continue
        hours = _kept_hours(kept)
        kept.due_at = after(now, kept.left_minutes, hours)
        kept.warn_at = warning(limit, kept.due_at, now, hours)
        kept.next_at = kept.due_at if kept.warned_at or kept.warn_at is None else kept.warn_at
        kept.left_minutes = None
        kept.save(update_fields=["due_at", "warn_at", "next_at", "left_minutes"])


def stopped(case: FlowCase, now: datetime) -> None:
    """End all running limits of a case that is over because the one it follows is."""
    running = _running(case)
    for kept in running:
        _end(kept, FlowLimit.State.STOPPED, now)
    _write(running, now)


def pressing(case: FlowCase) -> tuple[datetime | None, datetime | None]:
    """When the most pressing running limit is due, and when it warns."""
    if case.paused_at is not None:
        return None, None
    return first_of(_running(case))


def first_of(limits: Iterable[FlowLimit]) -> tuple[datetime | None, datetime | None]:
    """When the first of some limits is due, and when it warns."""
    first = min(limits, key=lambda x: x.due_at, default=None)
    return (first.due_at, first.warn_at) if first else (None, None)


def limits_of(case: FlowCase) -> list[FlowLimit]:
    """Every limit the case had, in the order they started."""
    return list(FlowLimit.objects.filter(case_id=case.id).order_by("id"))


def _running(case: FlowCase) -> list[FlowLimit]:
    return read(FlowLimit, RUNNING, {"case": case.id})


def _begun(limit: Limit, minutes: int, now: datetime) -> FlowLimit:
    return FlowLimit(**new_limit(limit, minutes, now))


def new_limit(limit: Limit, minutes: int, now: datetime) -> dict[str, Any]:
    """The columns of a limit that begins: its end, its warning, the working hours it keeps.

    Args:
        limit: as the definition says.
        minutes: for the case's class.
        now: when it begins.
    """
    kept = hours_of(limit)
    hours = kept.value if kept else None
    due = after(now, minutes, hours)
    warn = warning(limit, due, now, hours)
    return {
        "key": limit.key, "started_at": now, "due_at": due, "warn_at": warn, "next_at": warn or due,
        "hours_id": kept.version_id if kept else None,
    }  # fmt: skip


def _end(kept: FlowLimit, state: str, now: datetime) -> None:
    kept.state = FlowLimit.State.BREACHED if kept.breached_at else state
    # Nobody looked in time: a limit met after its moment was broken all the same.
    if kept.breached_at is None and state == FlowLimit.State.MET and kept.left_minutes is None and now > kept.due_at:
        kept.state, kept.breached_at, kept.pending = FlowLimit.State.BREACHED, kept.due_at, "breach"
    kept.ended_at, kept.next_at = now, None


def _write(ended: Sequence[FlowLimit], now: datetime) -> None:
    if not ended:
        return
    run_sql(planned(ENDED.replace("{them}", so_many(THEM, len(ended)))), {
        "now": now, "ids": [x.id for x in ended], "states": [str(x.state) for x in ended],
        "breached": [x.breached_at for x in ended], "pending": [x.pending for x in ended],
    })  # fmt: skip


def warning(limit: Limit, due: datetime, start: datetime, hours: Hours | None) -> datetime | None:
    """When a limit warns: so long before its end, counted as the limit counts, never before it begins."""
    return max(start, before(due, limit.warn_before, hours)) if limit.warn_before else None


def hours_of(limit: Limit) -> Pinned[Hours] | None:
    """The working hours in force for a limit that begins now; None where it counts day and night."""
    return in_force(Hours) if limit.counts == "working" else None


def _kept_hours(kept: FlowLimit) -> Hours | None:
    """The working hours a limit began with."""
    return pinned(Hours, kept.hours_id).value if kept.hours_id else None
