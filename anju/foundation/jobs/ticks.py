"""Recurring work: each organization is asked what is due by its own clock.

Daily work runs in business time, one organization's days in order, missed days included; the ticker, a clock that jumps
and a simulation of years call the same :func:`run_due`. Frequent work runs in wall time and skips what it missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from anju.foundation.db import clock, fetch, fetch_value, org_scope, run_sql

DailyBody = Callable[[int, date], None]
OftenBody = Callable[[int, datetime], None]
Progress = Callable[[datetime, str], None]

LOCK = 0x7469636B  # advisory locks of ours: (LOCK, organization)


@dataclass(frozen=True)
class Daily:
    """Work done once per business day at a time of day in Asia/Shanghai."""

    name: str
    at: time
    body: DailyBody


@dataclass(frozen=True)
class Often:
    """Work done every so often in wall time."""

    name: str
    period: timedelta
    body: OftenBody


@dataclass(frozen=True)
class Occurrence:
    """One due piece of daily work, at its business time."""

    at: datetime
    tick: Daily


_daily: dict[str, Daily] = {}
_often: dict[str, Often] = {}


def daily(name: str, *, at: str) -> Callable[[DailyBody], DailyBody]:
    """Run ``body(org, day)`` once per business day.

    It opens its own scopes, may run twice for the same day after a crash, and must not mind.

    Args:
        name: ``slice.verb``.
        at: time of day, ``"02:00"``; work of the same day runs in this order, then in the order of declaration.
    """

    def register(body: DailyBody) -> DailyBody:
        _new(name)
        _daily[name] = Daily(name, time.fromisoformat(at), body)
        return body

    return register


def every(name: str, *, minutes: int) -> Callable[[OftenBody], OftenBody]:
    """Run ``body(org, now)`` about every so many minutes of wall time, for each organization."""

    def register(body: OftenBody) -> OftenBody:
        _new(name)
        _often[name] = Often(name, timedelta(minutes=minutes), body)
        return body

    return register


def declared() -> list[Daily | Often]:
    """All recurring work."""
    return [*_daily.values(), *_often.values()]


def organizations() -> list[int]:
    """The ids of the organizations that are active; settings name the function, for identity lies above this floor."""
    source: Callable[[], list[int]] = import_string(settings.ACTIVE_ORGANIZATIONS)
    return list(source())


def run_due(org: int, until: datetime | None = None, progress: Progress | None = None, *, move: bool = False) -> int:
    """Run the organization's daily work up to a moment, in order; returns how many pieces ran.

    Call it outside any scope: the work commits as it goes.

    Args:
        org: whose.
        until: business time, zone-aware; the organization's now when left out.
        progress: called with (business time, name) before each piece.
        move: set the drill organization's clock to each piece's time before it runs, and to ``until`` at the end.
    """
    ran = 0
    with _alone(org):
        with org_scope(org):
            now = clock.now()
            end = until or now
            done = {row["name"]: row["done_at"] for row in fetch("SELECT name, done_at FROM job_tick")}
            piece = _next(done, now.date(), end)
            _begin(piece, end, move=move)
        while piece is not None:
            if progress is not None:
                progress(piece.at, piece.tick.name)
            piece.tick.body(org, piece.at.date())
            done[piece.tick.name] = piece.at
            with org_scope(org):
                _done(piece.tick.name, piece.at)
                piece = _next(done, now.date(), end)
                _begin(piece, end, move=move)
            ran += 1
    return ran


def run_often(org: int, name: str) -> bool:
    """Run one piece of frequent work if its time has come; returns whether it ran."""
    tick = _often[name]
    with org_scope(org):
        last = fetch_value("SELECT done_at FROM job_tick WHERE name = %(name)s", {"name": name})
    now = clock.wall()
    # The ticker comes once a minute, not to the second: a little early is on time. A last time that is still to come
    # was told by a clock that has been set back.
    if last is not None and last <= now < last + tick.period - timedelta(seconds=20):
        return False
    tick.body(org, now)
    with org_scope(org):
        _done(name, now)
    return True


def often_names() -> list[str]:
    """The frequent work, by name."""
    return list(_often)


def _new(name: str) -> None:
    if name in _daily or name in _often:
        raise ValueError(f"tick {name} is declared twice")


def _next(done: dict[str, datetime], today: date, until: datetime) -> Occurrence | None:
    """The earliest daily piece that is due and not done."""
    due = [_following(tick, done.get(tick.name), today) for tick in _daily.values()]
    return min((piece for piece in due if piece.at <= until), key=lambda piece: piece.at, default=None)


def _following(tick: Daily, last: datetime | None, today: date) -> Occurrence:
    # New work begins today: an organization made this morning, or a sweep added by an upgrade, has no missed days.
    day = today if last is None else last.astimezone(clock.SHANGHAI).date() + timedelta(days=1)
    return Occurrence(datetime.combine(day, tick.at, clock.SHANGHAI), tick)


def _done(name: str, at: datetime) -> None:
    """Note how far a tick has come; the latest wall time stays the latest when the machine's clock is set back."""
    run_sql(
        "INSERT INTO job_tick (name, done_at, wall_at) VALUES (%(name)s, %(at)s, %(wall)s)"
        " ON CONFLICT (org_id, name) DO UPDATE SET done_at = excluded.done_at, wall_at ="
        " CASE WHEN job_tick.wall_at - excluded.wall_at <= %(most)s"
        " THEN greatest(job_tick.wall_at, excluded.wall_at) ELSE excluded.wall_at END",
        {"name": name, "at": at, "wall": clock.wall(), "most": clock.STANDS_AT_MOST},
    )


def _begin(piece: Occurrence | None, end: datetime, *, move: bool) -> None:
    """Bring a clock that jumps to the next piece, or to the end when there is none."""
    at = piece.at if piece is not None else end
    if move and at > clock.now():
        clock.move_to(at)


@contextmanager
def _alone(org: int) -> Iterator[None]:
    """One process at a time runs an organization's days; others wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, org])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, org])
