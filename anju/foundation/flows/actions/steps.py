"""Taking a step of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.db import Planned, clock, run_sql
from anju.foundation.db.rows import write
from anju.foundation.flows import clocks, queries, who
from anju.foundation.flows.actions.joining import closed_with
from anju.foundation.flows.actions.queueing import after_others
from anju.foundation.flows.definition import Flow, Transition
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.effects import Done, run_effects
from anju.foundation.flows.entered import read_fields
from anju.foundation.flows.facts import holds
from anju.foundation.flows.files import Upload, keep_photos
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.permissions import MOVE
from anju.foundation.flows.refusals import (
    CLOSED,
    GUARD,
    NOT_HERE,
    NOT_YOURS,
    PHOTOS_MISSING,
    REASON_MISSING,
    TAKEN,
)
from anju.foundation.flows.standing import goes_by_itself, stands
from anju.kit import Actor
from anju.kit.refusal import CHANGED, NOT_FOUND

SHORTEST_REASON = 2
MOVED = (
    "assignee", "stage", "team", "facts", "photos", "stage_at", "rev", "closed_at", "paused_at", "pause_reason",
    "due_at", "warn_at",
)  # fmt: skip
VISITED = Planned(
    """
WITH left_now AS (UPDATE flow_visit SET left_at = %(now)s WHERE case_id = %(case)s AND left_at IS NULL)
INSERT INTO flow_visit (case_id, seq, stage, step, by, reason, entered_at, photos)
SELECT %(case)s, coalesce(max(seq), 0) + 1, %(stage)s, %(step)s, %(by)s, %(reason)s, %(now)s, %(photos)s
FROM flow_visit WHERE case_id = %(case)s
""",
    case="bigint", stage="text", step="text", by="text", reason="text", now="timestamptz", photos="bigint[]",
)  # fmt: skip


def can_move(by: Actor, *, case_id: int, step: str, **_: Any) -> None:
    """The step leaves the case's stage, the actor is one of its actors, its condition holds."""
    case = queries.case(by, case_id)
    check_step(by, case, kept(case.flow, case.version_id), step)


def check_step(by: Actor, case: FlowCase, flow: Flow, step: str) -> Transition:
    """The transition, or a refusal: what decides whether its button is offered."""
    transition = flow.transition(step)
    if transition is None:
        raise NOT_FOUND()
    goes_by_itself(case)
    if transition.claims == "claim" and case.assignee not in (None, by.id):
        raise TAKEN(number=case.number, who=who.staff_name(case.assignee))
    if case.closed_at is not None and case.stage not in transition.sources:
        raise CLOSED(number=case.number)
    if case.stage not in transition.sources:
        stage = flow.stage(case.stage)
        raise NOT_HERE(number=case.number, stage=stage.word if stage else case.stage, step=transition.word)
    if not who.may(by, case, transition.actors):
        raise NOT_YOURS(step=transition.word, who=who.words(transition.actors))
    if not holds(transition.guard, case.id):
        raise GUARD(why=transition.guard.word or transition.word)
    return transition


@action("flows.case.move", needs=MOVE, check=can_move, queue=after_others)
def move(
    act: Act,
    *,
    case_id: int,
    step: str,
    rev: int | None = None,
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
    photos: tuple[Upload, ...] = (),
    at: datetime | None = None,
) -> FlowCase:
    """Take a step.

    Args:
        case_id: the case.
        step: the transition's key.
        rev: the revision the person saw; if the case moved meanwhile, the step is refused with what changed.
        facts: values of the step's fields.
        reason: why; required where the definition says so.
        photos: evidence taken with the step.
        at: when it was done, business time, for steps done without signal and sent later; now if left out. It may not
            lie before the stage began nor in the future: then it is set to the nearest moment that may be.

    Raises:
        Refused: ``not_found``, ``flow.not_here``, ``flow.not_yours``, ``flow.taken``, ``flow.guard``,
            ``flow.field_missing``, ``flow.field_wrong``, ``flow.photos_missing``, ``flow.reason_missing``,
            ``changed_meanwhile``.
    """
    case = queries.case(act.by, case_id, lock=True)
    flow = kept(case.flow, case.version_id)
    _unchanged(case, rev)
    transition = check_step(act.by, case, flow, step)
    given = _needed(flow, transition, facts or {}, reason, len(photos))
    taken = keep_photos(act, case.id, photos)
    before, now = case.stage, clock.now()
    done_at = max(case.stage_at, min(at or now, now))
    _apply(act, case, flow, transition, given, taken, done_at, reason)
    stage = flow.stage(case.stage)
    act.trace(
        "flow_case", case.id, links=_links(case), version_id=case.version_id, number=case.number,
        step=[transition.zh, transition.en or transition.zh],
        stage=[stage.zh, stage.en or stage.zh] if stage else case.stage, key=step, origin=before,
    )  # fmt: skip
    run_effects(transition.effects, Done(act, case, flow, step, before, given, reason))
    return case


def note(act: Act, case: FlowCase, *, suffix: str, **body: Any) -> None:
    """Trace something about a case inside a slice's own action."""
    act.trace(
        "flow_case", case.id, links=_links(case), version_id=case.version_id, suffix=suffix, number=case.number, **body
    )


def _links(case: FlowCase) -> tuple[tuple[str, int], ...]:
    return ((case.subject_kind, case.subject_id),) if case.subject_kind else ()


def _unchanged(case: FlowCase, rev: int | None) -> None:
    if rev is None or rev == case.rev:
        return
    raise CHANGED(changes=stands(case))


def _needed(flow: Flow, transition: Transition, facts: Mapping[str, Any], reason: str, photos: int) -> dict[str, Any]:
    given = read_fields(flow, transition.fields, transition.optional, facts)
    if photos < transition.photos:
        raise PHOTOS_MISSING(step=transition.word, left=transition.photos - photos)
    if transition.reason and len(reason.strip()) < SHORTEST_REASON:
        raise REASON_MISSING()
    return given


def _apply(
    act: Act,
    case: FlowCase,
    flow: Flow,
    transition: Transition,
    given: dict[str, Any],
    photos: list[int],
    now: datetime,
    reason: str,
) -> None:
    """Put the case into its new stage and bring visits and limits along."""
    stage = flow.stage(transition.to)
    if stage is None:
        raise NOT_FOUND()
    if transition.claims == "claim" and act.by.kind == "staff":
        case.assignee = act.by.id
    elif transition.claims == "release":
        case.assignee = None
    was_closed = case.closed_at is not None
    case.stage, case.team = stage.key, stage.team or case.team
    case.facts = {**case.facts, **given}
    case.photos, case.stage_at, case.rev = case.photos + len(photos), now, case.rev + 1
    case.closed_at = now if stage.ends else None
    if case.paused_at is not None:
        clocks.taken_up(case, flow, now)
        case.paused_at, case.pause_reason = None, ""
    visited(case, str(act.by), transition.key, reason.strip(), now, photos)
    case.due_at, case.warn_at = clocks.first_of(clocks.entered(case, flow, now))
    write(case, *MOVED)
    if was_closed or case.closed_at is not None:
        closed_with(case)


def visited(case: FlowCase, by: str, step: str, reason: str, now: datetime, photos: Sequence[int] = ()) -> None:
    """Close the visit of the stage left and begin that of the stage entered."""
    run_sql(VISITED, {
        "case": case.id, "stage": case.stage, "step": step, "by": by, "reason": reason, "now": now,
        "photos": list(photos) or None,
    })  # fmt: skip
