"""Reading cases: one, an inbox, a person's; always by a viewer."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import Q, QuerySet

from anju.foundation.access.rights import rights_of
from anju.foundation.db import Planned, clock
from anju.foundation.db.rows import columns, read
from anju.foundation.flows import who
from anju.foundation.flows.models import FlowCase, FlowVisit
from anju.foundation.flows.refusals import NO_NUMBER
from anju.foundation.identity.roles import ADMIN
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

Box = Literal["mine", "team", "unassigned", "overdue", "all"]
CASE = f"SELECT {columns(FlowCase)} FROM flow_case WHERE id = %(case)s"
# Not FOR UPDATE: what a phone sent refers to the case before its step takes it; two phones would wait for each other.
ONE, HELD = Planned(CASE, case="bigint"), Planned(f"{CASE} FOR NO KEY UPDATE", case="bigint")
BOXES: tuple[Box, ...] = ("mine", "team", "unassigned", "overdue", "all")


def case(by: Actor, case_id: int, *, lock: bool = False) -> FlowCase:
    """One case within the actor's reach; otherwise refused as not found.

    Args:
        by: who looks.
        case_id: which.
        lock: hold it until the transaction ends, for a step.
    """
    found = read(FlowCase, HELD if lock else ONE, {"case": case_id})
    if not found or not who.sees(by, found[0]):
        raise NOT_FOUND()
    return found[0]


def by_number(by: Actor, number: str) -> FlowCase:
    """One case within the actor's reach by its number, as people read it out; otherwise refused as not found."""
    found = FlowCase.objects.filter(number=number.upper()).first()
    if found is None or not who.sees(by, found):
        raise NO_NUMBER(number=number)
    return found


def reachable(by: Actor) -> QuerySet[FlowCase]:
    """The cases within the actor's reach."""
    if by.kind == "tenant":
        return FlowCase.objects.filter(persons__contains=[by.id])
    projects = rights_of(by).projects
    if projects is None:
        return FlowCase.objects.all()
    return FlowCase.objects.filter(Q(scope_id__isnull=True) | Q(scope_id__in=projects))


def inbox(by: Actor, box: Box, *, flow: str = "") -> QuerySet[FlowCase]:
    """Open cases of one box, most pressing first.

    Args:
        by: a member of staff.
        box: ``mine`` claimed by me, ``team`` waiting for my roles' teams or for nobody's in particular (claimed or
            not), ``unassigned`` those of them that nobody claimed, ``overdue`` past their limit, ``all`` everything
            within reach.
        flow: only of this flow.
    """
    rows = reachable(by).filter(closed_at__isnull=True, follows__isnull=True)
    roles = rights_of(by).roles
    mine = Q() if ADMIN in roles else Q(team__in=["", *sorted(roles)]) | Q(escalated__in=sorted(roles))
    match box:
        case "mine":
            rows = rows.filter(assignee=by.id)
        case "team":
            rows = rows.filter(mine)
        case "unassigned":
            rows = rows.filter(mine, assignee__isnull=True)
        case "overdue":
            rows = rows.filter(due_at__lt=clock.now())
    if flow:
        rows = rows.filter(flow=flow)
    return rows.order_by("due_at", "priority", "id")


def visits(case_id: int) -> list[FlowVisit]:
    """The stages a case was in, from first to last."""
    return list(FlowVisit.objects.filter(case_id=case_id).order_by("seq"))


def of_subject(by: Actor, kind: str, subject_id: int) -> QuerySet[FlowCase]:
    """The cases about a subject, newest first."""
    return reachable(by).filter(subject_kind=kind, subject_id=subject_id).order_by("-id")


def taken_by(staff_id: int) -> QuerySet[FlowCase]:
    """The open cases that a colleague holds."""
    return FlowCase.objects.filter(closed_at__isnull=True, assignee=staff_id)


def changed(row: FlowCase) -> dict[str, Any]:
    """What a second editor is told: where the case stands now and who holds it."""
    return {"stage": row.stage, "assignee": who.staff_name(row.assignee)}
