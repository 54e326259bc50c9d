"""Saying why a limit was passed: what everybody can be better at is counted by it."""

from __future__ import annotations

from django.utils.translation import gettext

from anju.foundation.actions import Act, action
from anju.foundation.flows import queries, who
from anju.foundation.flows.definition import ASSIGNEE
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.foundation.flows.permissions import MOVE
from anju.foundation.flows.refusals import NO_CAUSE, NOT_BREACHED, NOT_YOURS
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND


def _limit(by: Actor, limit_id: int) -> tuple[FlowLimit, FlowCase]:
    found = FlowLimit.objects.filter(id=limit_id).first()
    if found is None:
        raise NOT_FOUND()
    return found, queries.case(by, found.case_id)


def can_explain(by: Actor, *, limit_id: int, cause: str = "") -> None:
    """A passed limit, by who works on the case or supervises it."""
    limit, case = _limit(by, limit_id)
    if limit.breached_at is None:
        raise NOT_BREACHED()
    flow = kept(case.flow, case.version_id)
    if not who.may(by, case, (*flow.supervisors, ASSIGNEE)):
        raise NOT_YOURS(step=gettext("超时原因"), who=who.words((*flow.supervisors, ASSIGNEE)))


@action("flows.limit.explain", needs=MOVE, check=can_explain)
def explain(act: Act, *, limit_id: int, cause: str) -> None:
    """Say why a limit was passed (W-05); said again, the last word counts.

    Args:
        limit_id: the passed limit.
        cause: one of the causes that the case's flow knows.

    Raises:
        Refused: ``not_found``, ``flow.not_breached``, ``flow.not_yours``, ``flow.no_cause``.
    """
    limit, case = _limit(act.by, limit_id)
    flow = kept(case.flow, case.version_id)
    known = next((c for c in flow.causes if c.key == cause), None)
    if known is None:
        raise NO_CAUSE()
    if limit.cause == cause:
        act.nothing_changed()
        return
    limit.cause = cause
    limit.save(update_fields=["cause"])
    passed = flow.limit(limit.key)
    act.trace(
        "flow_case", case.id, version_id=case.version_id, number=case.number, why=[known.zh, known.en or known.zh],
        limit=[passed.zh, passed.en or passed.zh] if passed else limit.key,
    )  # fmt: skip
