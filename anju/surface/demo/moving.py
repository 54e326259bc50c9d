"""Moving a drill organization's clock: asked for once, replayed day by day by the worker, safe to leave alone.

While it moves the clock stands at the piece of work being done; a worker that is killed is followed by another, which
goes on from there. Tenants of the demo do not pay by themselves on these days: the visitor does, with the wallet.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch_one, org_scope
from anju.foundation.jobs.ticks import run_due
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND, sentence
from anju.surface.demo.models import ClockMove
from anju.surface.demo.permissions import END_MOVE, MOVE_CLOCK

SYSTEM = Actor.system()
LONGEST = timedelta(days=366)
log = logging.getLogger("anju.demo")

BACKWARDS = sentence(
    "demo.clock_backwards",
    "演练时钟只能往前走，现在是 {now}，请选更晚的日期。",
    "A drill clock only goes forward; it is {now}, choose a later day.",
)
TOO_FAR = sentence(
    "demo.clock_too_far",
    "一次最多前进 366 天，请选 {last} 或更早的日期。",
    "The clock moves 366 days at most; choose {last} or an earlier day.",
)
MOVING = sentence(
    "demo.clock_moving",
    "时钟正在走向 {to}，走完后才能再拨。",
    "The clock is on its way to {to}; it can be moved again when it is there.",
)

# What a move brought: bills with their sum, messages by channel, tenants who stayed, what is overdue now.
SAID = """
SELECT (SELECT count(*) FROM bill WHERE issued_on > %(from)s AND issued_on <= %(to)s) AS bills,
       (SELECT coalesce(sum(amount), 0)::text FROM charge
        WHERE issued_on > %(from)s AND issued_on <= %(to)s) AS billed,
       (SELECT count(DISTINCT to_person) FROM message
        WHERE kind = 'reminder' AND created_at > %(begin)s AND created_at <= %(end)s) AS reminded,
       (SELECT count(*) FROM message WHERE sent_at > %(begin)s AND sent_at <= %(end)s) AS messages,
       (SELECT count(*) FROM message
        WHERE sent_at > %(begin)s AND sent_at <= %(end)s AND channel = 'sms') AS sms,
       (SELECT count(DISTINCT bill_id) FROM charge
        WHERE open > 0 AND due_on >= %(from)s AND due_on < %(to)s) AS overdue
"""


def running() -> ClockMove | None:
    """The move that is under way in the organization in scope."""
    return ClockMove.objects.filter(state=ClockMove.State.RUNNING).first()


def latest(limit: int = 6) -> list[ClockMove]:
    """Moves that have ended, newest first."""
    return list(ClockMove.objects.exclude(state=ClockMove.State.RUNNING).order_by("-id")[:limit])


def can_move(by: Actor, *, to: datetime | None = None) -> None:
    """Refuse in an organization without a clock of its own, while it moves, backwards, and too far.

    Without ``to``: whether it may be moved at all.
    """
    if clock.drill_clock() is None:
        raise NOT_FOUND()
    move = running()
    if move is not None:
        raise MOVING(to=f"{move.to_at.astimezone(clock.SHANGHAI):%Y-%m-%d}")
    now = clock.now()
    if to is not None and to <= now:
        raise BACKWARDS(now=f"{now:%Y-%m-%d}")
    if to is not None and to > now + LONGEST:
        raise TOO_FAR(last=f"{now + LONGEST:%Y-%m-%d}")


@action("demo.clock.move", needs=MOVE_CLOCK, check=can_move)
def move_clock(act: Act, *, to: datetime) -> ClockMove:
    """Ask for a move to a business moment; the worker carries it out.

    Refused: an organization that is no drill; a move under way; a moment that has passed or lies 366 days ahead.
    """
    from anju.surface.demo.jobs import carry_out  # the job calls this module

    stood, now = clock.drill_clock(), clock.now()
    try:
        with transaction.atomic():
            move = ClockMove.objects.create(
                from_at=now,
                to_at=to,
                ran=bool(stood and stood.runs),
                by=str(act.by),
                days_total=max(1, (to.astimezone(clock.SHANGHAI).date() - now.date()).days),
                started_at=clock.wall(),
            )
    except IntegrityError:  # a second click, a moment later
        raise MOVING(to=f"{to.astimezone(clock.SHANGHAI):%Y-%m-%d}") from None
    carry_out.schedule({"move_id": move.id}, once=str(move.id), alone="daily")
    act.trace("clock_move", move.id, start=now.isoformat(), to=to.isoformat())
    return move


@action("demo.clock.end", needs=END_MOVE)
def end_move(act: Act, *, move_id: int, arrived: bool) -> ClockMove:
    """Write down how a move ended and what it brought; the clock runs on if it ran before."""
    move = ClockMove.objects.select_for_update().get(id=move_id)
    if move.state != ClockMove.State.RUNNING:
        act.nothing_changed()
        return move
    end = clock.now()
    move.said = _said(move, end)
    move.state = ClockMove.State.DONE if arrived else ClockMove.State.FAILED
    move.days_done = move.days_total if arrived else move.days_done
    move.ended_at = clock.wall()
    move.save(update_fields=["said", "state", "days_done", "ended_at"])
    clock.move_to(end, runs=move.ran)
    act.trace("clock_move", move.id, arrived=arrived, at=end.isoformat(), said=move.said)
    return move


def _said(move: ClockMove, end: datetime) -> dict[str, Any]:
    begin = move.from_at.astimezone(clock.SHANGHAI)
    span = {"begin": begin, "end": end, "from": begin.date(), "to": end.date()}
    return fetch_one(SAID, span) or {}


def carry(org: int, move_id: int) -> None:
    """Replay a move's days in order; call it outside any scope. A move that has ended is left alone."""
    with org_scope(org):
        move = ClockMove.objects.filter(id=move_id, state=ClockMove.State.RUNNING).first()
    if move is None:
        return
    begin = move.from_at.astimezone(clock.SHANGHAI).date()

    def progress(at: datetime, name: str) -> None:
        done = (at.astimezone(clock.SHANGHAI).date() - begin).days
        if done > move.days_done:
            move.days_done = done
            with org_scope(org):
                ClockMove.objects.filter(id=move_id, state=ClockMove.State.RUNNING).update(days_done=done)

    try:
        run_due(org, move.to_at, progress, move=True)
    except Exception:
        log.exception("a move of the drill clock stopped on its way (organization %s, move %s)", org, move_id)
        with org_scope(org):
            end_move(SYSTEM, move_id=move_id, arrived=False)
        return
    with org_scope(org):
        end_move(SYSTEM, move_id=move_id, arrived=True)
