"""What a supervisor may do with a case besides moving it: another class, a pause."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from anju.foundation.actions import Act, action
from anju.foundation.db import clock
from anju.foundation.flows import clocks, queries, who
from anju.foundation.flows.actions.staffing import can_assign
from anju.foundation.flows.actions.steps import SHORTEST_REASON
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.permissions import MANAGE
from anju.foundation.flows.refusals import NO_PAUSE_REASON, NOT_PAUSED, NOT_YOURS, PAUSED, REASON_MISSING
from anju.foundation.flows.standing import in_motion
from anju.kit import Actor


@action("flows.case.reclass", needs=MANAGE, check=can_assign)
def reclass(act: Act, *, case_id: int, priority: int, reason: str) -> None:
    """Give a case another class; its running limits get that class's minutes, counted from when they began (W-02).

    Args:
        case_id: which.
        priority: the new class, 0 the most urgent.
        reason: why; at least two characters.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise REASON_MISSING()
    case = queries.case(act.by, case_id, lock=True)
    in_motion(case)  # it may have ended before this had the lock
    flow = kept(case.flow, case.version_id)
    before, case.priority, case.rev = case.priority, priority, case.rev + 1
    clocks.reclassed(case, flow, clock.now())
    case.due_at, case.warn_at = clocks.pressing(case)
    case.save(update_fields=["priority", "rev", "due_at", "warn_at"])
    word = flow.class_name(priority)
    act.trace("flow_case", case.id, version_id=case.version_id, number=case.number, priority=priority,
              instead_of=before, class_word=word, reason=reason.strip())  # fmt: skip


def can_pause(by: Actor, *, case_id: int, **_: Any) -> None:
    """A supervisor, or who works on it; not while it is paused already."""
    case = queries.case(by, case_id)
    flow = kept(case.flow, case.version_id)
    _runs(case)
    if not who.may(by, case, (*flow.supervisors, "@assignee")):
        raise NOT_YOURS(step=gettext("暂停计时"), who=who.words((*flow.supervisors, "@assignee")))


def _runs(case: FlowCase) -> None:
    in_motion(case)
    if case.paused_at is not None:
        raise PAUSED(number=case.number)


@action("flows.case.pause", needs=MANAGE, check=can_pause)
def pause(act: Act, *, case_id: int, reason: str) -> None:
    """Stop a case's clocks for one of the reasons its flow knows.

    Args:
        case_id: which.
        reason: the reason's key.
    """
    case = queries.case(act.by, case_id, lock=True)
    _runs(case)  # two may have pressed at once
    flow = kept(case.flow, case.version_id)
    known = next((p for p in flow.pauses if p.key == reason), None)
    if known is None:
        raise NO_PAUSE_REASON(reason=reason)
    now = clock.now()
    clocks.put_aside(case, flow, now)
    case.paused_at, case.pause_reason, case.rev = now, reason, case.rev + 1
    case.due_at, case.warn_at = None, None
    case.save(update_fields=["paused_at", "pause_reason", "rev", "due_at", "warn_at"])
    act.trace(
        "flow_case", case.id, version_id=case.version_id, number=case.number, why=[known.zh, known.en or known.zh]
    )


def can_go_on(by: Actor, *, case_id: int, **_: Any) -> None:
    """A paused case, by those who may pause it; one that was merged waits until it is parted."""
    case = queries.case(by, case_id)
    flow = kept(case.flow, case.version_id)
    _rests(case)
    if not who.may(by, case, (*flow.supervisors, "@assignee")):
        raise NOT_YOURS(step=gettext("继续计时"), who=who.words((*flow.supervisors, "@assignee")))


def _rests(case: FlowCase) -> None:
    in_motion(case)
    if case.paused_at is None:
        raise NOT_PAUSED(number=case.number)


@action("flows.case.go_on", needs=MANAGE, check=can_go_on)
def go_on(act: Act, *, case_id: int) -> None:
    """Let a paused case's clocks run on with what they had left."""
    case = queries.case(act.by, case_id, lock=True)
    _rests(case)  # two may have pressed at once
    flow = kept(case.flow, case.version_id)
    resumed(case, flow)
    case.save(update_fields=["paused_at", "pause_reason", "rev", "due_at", "warn_at"])
    act.trace("flow_case", case.id, version_id=case.version_id, number=case.number)


def resumed(case: FlowCase, flow: Any) -> None:
    """Bring a paused case's clocks back; the caller saves."""
    clocks.taken_up(case, flow, clock.now())
    case.paused_at, case.pause_reason, case.rev = None, "", case.rev + 1
    case.due_at, case.warn_at = clocks.pressing(case)
