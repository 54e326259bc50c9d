"""Merging cases that are one thing: one goes on, the others follow it and come back whole if it was a mistake."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext

from anju.foundation.actions import Act, action
from anju.foundation.db import clock
from anju.foundation.flows import clocks, queries, who
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.effects import FOLLOW, PART, Done, run_effects
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.permissions import JOIN
from anju.foundation.flows.refusals import NOT_FOLLOWING, NOT_TOGETHER, NOT_YOURS
from anju.foundation.flows.standing import in_motion
from anju.foundation.flows.subjects import subject_of
from anju.kit import Actor


def can_follow(by: Actor, *, case_id: int, master_id: int) -> None:
    """Two cases in motion of one flow, by a supervisor of both."""
    case, master = queries.case(by, case_id), queries.case(by, master_id)
    in_motion(case)
    in_motion(master)
    if case.id == master.id or case.flow != master.flow:
        raise NOT_TOGETHER(number=case.number, master=master.number)
    for one in (case, master):
        flow = kept(one.flow, one.version_id)
        if not who.supervises(by, one, flow):
            raise NOT_YOURS(step=gettext("合并"), who=who.words(flow.supervisors))


@action("flows.case.follow", needs=JOIN, check=can_follow)
def follow(act: Act, *, case_id: int, master_id: int) -> FlowCase:
    """Merge a case into another: the other's progress and limits count for both, its class becomes the more urgent one.

    Args:
        case_id: which; what follows it comes along.
        master_id: the case that goes on. Returned.

    Raises:
        Refused: ``flow.closed``, ``flow.follows``, ``flow.not_together``, ``flow.not_yours``, ``not_found``.
    """
    held = _held(case_id, master_id)
    case, master = held[case_id], held[master_id]
    in_motion(case)
    in_motion(master)
    now = clock.now()
    if case.paused_at is None:
        clocks.put_aside(case, kept(case.flow, case.version_id), now)
    case.follows, case.due_at, case.warn_at, case.rev = master, None, None, case.rev + 1
    case.save(update_fields=["follows", "due_at", "warn_at", "rev"])
    FlowCase.objects.filter(follows=case).update(follows=master)
    master.persons = sorted({*master.persons, *case.persons})
    if case.priority < master.priority:
        master.priority = case.priority
        clocks.reclassed(master, kept(master.flow, master.version_id), now)
        master.due_at, master.warn_at = clocks.pressing(master)
    master.rev += 1
    master.save(update_fields=["persons", "priority", "due_at", "warn_at", "rev"])
    _told(act, case, master, FOLLOW)
    return master


def can_part(by: Actor, *, case_id: int) -> None:
    """A case that follows another, while both are in motion, by a supervisor."""
    case = queries.case(by, case_id)
    if case.follows is None:
        raise NOT_FOLLOWING(number=case.number)
    in_motion(case.follows)
    flow = kept(case.flow, case.version_id)
    if not who.supervises(by, case, flow):
        raise NOT_YOURS(step=gettext("拆分"), who=who.words(flow.supervisors))


@action("flows.case.part", needs=JOIN, check=can_part)
def part(act: Act, *, case_id: int) -> FlowCase:
    """Take a merged case out again: it stands where it stood, its limits run on with what they had left.

    Args:
        case_id: which. Returned.

    Raises:
        Refused: ``flow.not_following``, ``flow.closed``, ``flow.not_yours``, ``not_found``.
    """
    case = queries.case(act.by, case_id)
    held = _held(case_id, case.follows_id or case_id)
    case = held[case_id]
    if case.follows_id is None or case.follows_id not in held:
        raise NOT_FOLLOWING(number=case.number)
    master = held[case.follows_id]
    in_motion(master)  # it may have ended before this had the lock
    case.follows, case.rev = None, case.rev + 1
    if case.paused_at is None:
        clocks.taken_up(case, kept(case.flow, case.version_id), clock.now())
    case.due_at, case.warn_at = clocks.pressing(case)
    case.save(update_fields=["follows", "due_at", "warn_at", "rev"])
    master.persons, master.rev = _persons(master, case), master.rev + 1
    master.save(update_fields=["persons", "rev"])
    _told(act, case, master, PART)
    return case


def _held(*ids: int) -> dict[int, FlowCase]:
    """Cases by their ids, held as a step holds them: first the one that is followed, then what ends with it."""
    rows = FlowCase.objects.select_for_update(no_key=True).filter(id__in=ids)
    return {case.id: case for case in rows.order_by(F("follows_id").asc(nulls_first=True), "id")}


def followers(case: FlowCase) -> list[FlowCase]:
    """The cases that were merged into it, oldest first."""
    return list(FlowCase.objects.filter(follows_id=case.id).order_by("id"))


def _persons(master: FlowCase, parted: FlowCase) -> list[int]:
    """Whom a case concerns once another has left it: its own tenants and those of what still follows."""
    about = subject_of(master.subject_kind)
    own = set(about.tenants(master.subject_id)) if about else set(master.persons) - set(parted.persons)
    return sorted(own.union(*(c.persons for c in followers(master))))


def _told(act: Act, case: FlowCase, master: FlowCase, step: str) -> None:
    links: tuple[tuple[str, int], ...] = (("flow_case", master.id),)
    for one in (case, master):
        if one.subject_kind:
            links += ((one.subject_kind, one.subject_id),)
    act.trace("flow_case", case.id, links=links, version_id=case.version_id, number=case.number, master=master.number)
    flow = kept(case.flow, case.version_id)
    run_effects((), Done(act, case, flow, step, case.stage, dict(case.facts)))


def closed_with(case: FlowCase) -> None:
    """Let what follows a case end or begin again with it."""
    rows: Any = FlowCase.objects.filter(follows_id=case.id)
    if case.closed_at is None:
        rows.update(closed_at=None)
        return
    rows.update(closed_at=case.closed_at, paused_at=None, pause_reason="")
    for one in followers(case):
        clocks.stopped(one, case.closed_at)
