"""Who works on a case: claimed by one, given by a supervisor."""

from __future__ import annotations

from types import EllipsisType
from typing import Any

from django.utils.translation import gettext

from anju.foundation.actions import Act, action
from anju.foundation.db import Planned, fetch_one
from anju.foundation.flows import queries, who
from anju.foundation.flows.actions.queueing import after_others
from anju.foundation.flows.actions.steps import SHORTEST_REASON
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.effects import ASSIGN, Done, run_effects
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.permissions import MANAGE, MOVE
from anju.foundation.flows.refusals import NOT_IN_TEAM, NOT_YOURS, REASON_MISSING, TAKEN
from anju.foundation.flows.standing import in_motion, stands
from anju.foundation.identity.models import Staff
from anju.kit import Actor
from anju.kit.refusal import CHANGED, NOT_FOUND

# One winner whatever the concurrency: the row's own lock decides, and those who come later find it claimed.
CLAIM = Planned(
    """
UPDATE flow_case SET assignee = %(me)s, rev = rev + 1
WHERE id = %(case)s AND assignee IS NULL AND closed_at IS NULL AND follows_id IS NULL RETURNING id, number, version_id
""",
    me="bigint",
    case="bigint",
)


def can_claim(by: Actor, *, case_id: int) -> None:
    """A free case of one's own team, or one's own already."""
    case = queries.case(by, case_id)
    in_motion(case)
    if case.assignee not in (None, by.id):
        raise TAKEN(number=case.number, who=who.staff_name(case.assignee))
    if by.kind != "staff" or (case.team and not who.may(by, case, (case.team,))):
        raise NOT_YOURS(step=gettext("接单"), who=who.words((case.team,)))


@action("flows.case.claim", needs=MOVE, check=can_claim, queue=after_others)
def claim(act: Act, *, case_id: int) -> None:
    """Take a case for oneself: of all who try at once exactly one gets it, the others are told who."""
    mine = fetch_one(CLAIM, {"case": case_id, "me": act.by.id})
    if mine is None:
        can_claim(act.by, case_id=case_id)
        act.nothing_changed()  # mine already
        return
    act.trace("flow_case", case_id, version_id=mine["version_id"], number=mine["number"], staff=act.by.id)


def can_assign(by: Actor, *, case_id: int, **_: Any) -> None:
    """A supervisor of an open case."""
    case = queries.case(by, case_id)
    in_motion(case)
    flow = kept(case.flow, case.version_id)
    if not who.supervises(by, case, flow):
        raise NOT_YOURS(step=gettext("改派"), who=who.words(flow.supervisors))


@action("flows.case.assign", needs=MANAGE, check=can_assign)
def assign(
    act: Act, *, case_id: int, staff_id: int | None, reason: str = "", holds: int | EllipsisType | None = ...
) -> None:
    """Give a case to somebody, or back to its team.

    Args:
        case_id: which.
        staff_id: to whom; None: back to the team.
        reason: why; asked for where somebody else had claimed it.
        holds: who held it as the person saw it; refused if somebody else has it by now. Left out: whoever holds it.

    Raises:
        Refused: ``not_found``, ``flow.closed``, ``flow.follows``, ``flow.not_yours``, ``flow.reason_missing``,
            ``flow.not_in_team``, ``changed_meanwhile``.
    """
    case = queries.case(act.by, case_id, lock=True)
    in_motion(case)  # it may have ended before this had the lock
    if case.assignee == staff_id:  # pressed twice, or two meant the same
        act.nothing_changed()
        return
    if holds not in (..., case.assignee):
        raise CHANGED(changes=stands(case))
    if case.assignee is not None and len(reason.strip()) < SHORTEST_REASON:
        raise REASON_MISSING()
    if staff_id is not None:
        of_team(staff_id, case)
    before, case.assignee, case.rev = case.assignee, staff_id, case.rev + 1
    case.save(update_fields=["assignee", "rev"])
    act.trace("flow_case", case.id, version_id=case.version_id, number=case.number, staff=staff_id, instead_of=before,
              reason=reason.strip())  # fmt: skip
    if staff_id is not None:
        flow = kept(case.flow, case.version_id)
        run_effects((), Done(act, case, flow, ASSIGN, case.stage, {}, reason.strip()))


def of_team(staff_id: int, case: FlowCase) -> Staff:
    """The colleague, refused unless employed, in the case's team and within its row scope."""
    person = Staff.objects.filter(id=staff_id).first()
    if person is None:
        raise NOT_FOUND()
    actor = Actor.staff(staff_id)
    if person.frozen_at is not None or not who.may(actor, case, (case.team,) if case.team else tuple(person.roles)):
        raise NOT_IN_TEAM(who=person.name, team=who.words((case.team,)))
    return person
