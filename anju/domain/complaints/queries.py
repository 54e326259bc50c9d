"""Reading complaints: the ledger, a tenant's own, how many there are and how many were answered in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from anju.domain.billing.models import Bill
from anju.domain.complaints.models import Complaint, ComplaintReply
from anju.domain.leases.models import Lease, LeaseUnit
from anju.domain.workorders.models import WorkOrder, WorkOrderReport
from anju.foundation.access import in_scopes, restrict, scope_params
from anju.foundation.db import clock, fetch
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

RATED_DAYS = 30
AGAIN_WITHIN = timedelta(minutes=10)
VIEWS = ("open", "overdue", "all")


@dataclass(frozen=True)
class Filter:
    """What a ledger is narrowed to; empty: everything. ``view`` is one of :data:`VIEWS`."""

    view: str = "open"
    cause: str = ""
    source: str = ""
    project_id: int | None = None


def complaints(viewer: Actor, wanted: Filter) -> QuerySet[Complaint]:
    """Complaints within the viewer's projects: open ones by deadline, otherwise the newest first."""
    rows = restrict(Complaint.objects.select_related("case"), viewer)
    if wanted.view != "all":
        rows = rows.filter(case__closed_at__isnull=True)
    if wanted.view == "overdue":
        rows = rows.filter(case__due_at__lt=clock.now()).exclude(case__stage="replied")
    if wanted.cause:
        rows = rows.filter(cause=wanted.cause)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.project_id is not None:
        rows = rows.filter(scope_id=wanted.project_id)
    return rows.order_by("-id") if wanted.view == "all" else rows.order_by("case__due_at", "case__priority", "id")


def own(tenant: Actor, complaint_id: int) -> Complaint:
    """A complaint that this tenant made; otherwise refused as not found."""
    found = Complaint.objects.select_related("case").filter(id=complaint_id, person_id=tenant.id).first()
    if tenant.kind != "tenant" or found is None:
        raise NOT_FOUND()
    return found


def sent_already(tenant: Actor, *, lease_id: int, cause: str, said: str) -> Complaint | None:
    """What this tenant has just complained of in the same words and is still open: a second tap, or a page sent again.

    Args:
        tenant: who complains; another request of the same person that is just doing so is waited for.
        lease_id: about which lease.
        cause: which field.
        said: in which words.
    """
    fetch("SELECT pg_advisory_xact_lock(hashtext(%(lock)s))", {"lock": f"complain:{tenant}"})
    same = Complaint.objects.filter(person_id=tenant.id, lease_id=lease_id, cause=cause, said=" ".join(said.split()))
    recent = same.filter(source="portal", opened_at__gt=clock.now() - AGAIN_WITHIN, case__closed_at=None)
    return recent.order_by("-id").first()


def own_complaints(tenant: Actor, *, limit: int = 30) -> list[Complaint]:
    """The tenant's complaints, open ones first, newest first."""
    if tenant.kind != "tenant":
        return []
    rows = Complaint.objects.select_related("case").filter(person_id=tenant.id).order_by("-id")[:limit]
    return sorted(rows, key=lambda c: c.case.closed_at is not None)


def own_orders(tenant: Actor, lease_id: int, *, limit: int) -> list[WorkOrder]:
    """The repairs that this tenant reported from a lease, newest first: what a complaint may be about."""
    reported = WorkOrderReport.objects.filter(person_id=tenant.id, lease_id=lease_id).order_by("-id")
    ids = list(reported.values_list("order_id", flat=True)[:limit]) if tenant.kind == "tenant" else []
    return list(WorkOrder.objects.select_related("case").filter(id__in=ids).order_by("-id"))


def replies(complaint_id: int) -> list[ComplaintReply]:
    """What was replied, from first to last."""
    return list(ComplaintReply.objects.filter(complaint_id=complaint_id).order_by("id"))


def last_replies(ids: Sequence[int]) -> dict[int, str]:
    """The last reply to each of some complaints."""
    rows = ComplaintReply.objects.filter(complaint_id__in=list(ids)).order_by("id")
    return dict(rows.values_list("complaint_id", "text"))


def rooms_of(lease_ids: Sequence[int]) -> dict[int, str]:
    """The room of each lease: the first of them where there are several."""
    rows = LeaseUnit.objects.filter(lease_id__in=list(lease_ids)).order_by("-unit__code")
    return dict(rows.values_list("lease_id", "unit__code"))


class Record(NamedTuple):
    """What a complaint is about, as people call it, and its page for staff."""

    text: str
    href: str


def records_of(rows: Iterable[Complaint]) -> dict[tuple[str, int], Record]:
    """The linked records of some complaints by kind and id, each kind asked once."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        ids.setdefault(row.record_kind, set()).add(row.record_id)
    orders = WorkOrder.objects.filter(id__in=ids.get(Complaint.Record.ORDER, ())).select_related("case")
    bills = Bill.objects.filter(id__in=ids.get(Complaint.Record.BILL, ()))
    leases = Lease.objects.filter(id__in=ids.get(Complaint.Record.LEASE, ()))
    return {
        **{("workorder", o.id): Record(o.case.number, reverse("flows:case", args=[o.case_id])) for o in orders},
        **{("bill", b.id): Record(b.number, reverse("billing:bill", args=[b.id])) for b in bills},
        **{("lease", x.id): Record(x.number, reverse("leases:lease", args=[x.id])) for x in leases},
    }


def find_record(lease_id: int, text: str) -> tuple[str, int] | None:
    """The work order, bill or lease of that number, if it is this lease's.

    Args:
        lease_id: whose complaint it is.
        text: a number as people write it, ``W26-0841``.
    """
    reported = WorkOrderReport.objects.filter(lease_id=lease_id).values("order_id")
    orders = WorkOrder.objects.filter(case__number__iexact=text, id__in=reported)
    kinds: tuple[tuple[str, QuerySet[Any]], ...] = (
        ("workorder", orders),
        ("bill", Bill.objects.filter(number__iexact=text, lease_id=lease_id)),
        ("lease", Lease.objects.filter(number__iexact=text, id=lease_id)),
    )
    for kind, rows in kinds:
        if (found := rows.values_list("id", flat=True).first()) is not None:
            return kind, found
    return None


@dataclass(frozen=True)
class Rate:
    """A project's complaints of the last days: how many, on how many leases, how many were answered in time."""

    project_id: int
    name: str
    filed: int
    leases: int
    decided: int
    in_time: int

    @property
    def per_hundred(self) -> Decimal | None:
        """Complaints per hundred leases in force; None where there are none."""
        return Decimal(self.filed * 100) / self.leases if self.leases else None

    @property
    def share(self) -> Decimal | None:
        """How many of those whose deadline is decided were answered in time, 0 to 1."""
        return Decimal(self.in_time) / self.decided if self.decided else None


# A reply's deadline is decided once it was met or passed; a reopened complaint counts as answered in time only if
# every round was.
RATES = f"""
WITH recent AS (
    SELECT k.id, k.scope_id, coalesce(bool_or(l.state = 'met'), false) AS met,
           coalesce(bool_or(l.breached_at IS NOT NULL
                            OR (l.state = 'running' AND l.left_minutes IS NULL AND l.due_at < %(now)s)), false) AS late
    FROM complaint k LEFT JOIN flow_limit l ON l.case_id = k.case_id AND l.key = 'reply'
    WHERE k.opened_at > %(since)s AND {in_scopes("k.scope_id")}
    GROUP BY k.id, k.scope_id),
filed AS (
    SELECT scope_id, count(*) AS filed, count(*) FILTER (WHERE met OR late) AS decided,
           count(*) FILTER (WHERE met AND NOT late) AS in_time
    FROM recent GROUP BY scope_id),
held AS (
    SELECT l.scope_id, count(*) AS leases FROM lease l
    WHERE l.status = 'active' AND {in_scopes("l.scope_id")} GROUP BY l.scope_id)
SELECT p.id AS project_id, p.name, coalesce(f.filed, 0) AS filed, coalesce(h.leases, 0) AS leases,
       coalesce(f.decided, 0) AS decided, coalesce(f.in_time, 0) AS in_time
FROM project p LEFT JOIN filed f ON f.scope_id = p.id LEFT JOIN held h ON h.scope_id = p.id
WHERE (f.filed > 0 OR h.leases > 0) AND (%(project)s::bigint IS NULL OR p.id = %(project)s)
ORDER BY coalesce(f.filed, 0)::numeric / greatest(1, coalesce(h.leases, 0)) DESC, p.name
"""


def rates(viewer: Actor, *, project_id: int | None = None, days: int = RATED_DAYS) -> list[Rate]:
    """Complaints of the last days by project, those with the most per lease first.

    Args:
        viewer: decides which projects are counted.
        project_id: only this project.
        days: how far back, business days.
    """
    now = clock.now()
    asked = {"now": now, "since": now - timedelta(days=days), "project": project_id, **scope_params(viewer)}
    return [Rate(**row) for row in fetch(RATES, asked)]


def together(found: Sequence[Rate]) -> Rate:
    """Several projects as one."""
    return Rate(
        0, "", sum(r.filed for r in found), sum(r.leases for r in found), sum(r.decided for r in found),
        sum(r.in_time for r in found),
    )  # fmt: skip
