"""A complaint as what a case is about: called by what was said; its tenant is who complained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.complaints.flow import NAME
from anju.domain.complaints.models import Complaint
from anju.domain.complaints.permissions import VIEW
from anju.domain.complaints.queries import records_of, rooms_of
from anju.domain.complaints.words import FROM_HOTLINE, TITLES
from anju.foundation.access import allows, restrict
from anju.foundation.flows.facts import fact
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.subjects import Shown, Subject, subject
from anju.foundation.flows.titles import Said, composed
from anju.kit import Actor

JOIN = "LEFT JOIN complaint k ON k.case_id = c.id"


def show(request: Any, ids: Sequence[int]) -> dict[int, Shown]:
    """Complaints within the reader's reach: what was said, where, how it came. Not for who may not see complaints."""
    if not allows(request.actor, VIEW):
        return {}
    rows = list(restrict(Complaint.objects.filter(id__in=list(ids)), request.actor))
    rooms, records = rooms_of([row.lease_id for row in rows]), records_of(rows)
    found = {}
    for row in rows:
        record = records.get((row.record_kind, row.record_id))
        handle = (
            rooms.get(row.lease_id, ""), str(row.get_cause_display()), str(row.get_source_display()),
            row.hotline_no, record.text if record else "",
        )  # fmt: skip
        found[row.id] = Shown(row.said, " · ".join(filter(None, handle)), record.href if record else "")
    return found


def scope(complaint_id: int) -> int | None:
    """Its project."""
    found: int | None = Complaint.objects.filter(id=complaint_id).values_list("scope_id", flat=True).first()
    return found


def tenants(complaint_id: int) -> list[int]:
    """Who complained."""
    return list(Complaint.objects.filter(id=complaint_id).values_list("person_id", flat=True))


def seen(by: Actor) -> bool:
    """Whether somebody may see what is complained about."""
    return allows(by, VIEW)


def say(case: FlowCase) -> Said | None:
    """Its title in the reader's language; None for somebody's own words."""
    matter = case.title.removeprefix(FROM_HOTLINE)
    cause = next((key for key, title in TITLES.items() if title == matter), None)
    if cause is None:
        return None
    source = FROM_HOTLINE if matter != case.title else ""
    return Said(source + _("投诉：{cause}").format(cause=Complaint.Cause(cause).label))


composed(NAME, say)
subject(Subject("complaint", "客诉", "Complaint", show, scope, tenants, begins="complaints:record", seen=seen))
fact("complaint.cause", "投诉原因", "Cause", sql="k.cause", join=JOIN, subject="complaint")
fact("complaint.source", "投诉来源", "Source", sql="k.source", join=JOIN, subject="complaint")
