"""Reading work orders: a tenant's own, those like a new report, the board of the dispatcher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from anju.domain.workorders.flow import NAME, TEAM
from anju.domain.workorders.models import WorkOrder, WorkOrderReport
from anju.domain.workorders.policies import WorkOrders
from anju.domain.workorders.words import Place, Read, likeness, nearness
from anju.foundation.access import in_scopes, restrict, scope_params
from anju.foundation.db import Planned, SqlFile, clock, fetch
from anju.foundation.flows.definitions import current
from anju.foundation.flows.models import FlowCase
from anju.foundation.policy.store import in_force
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

LOOKED_AT = 200  # reports of one building and day that a new one is compared with
SHOWN = 3
AGAIN_WITHIN = timedelta(minutes=10)
RECENT = Planned(
    """
SELECT o.id, o.unit_id, o.floor, o.line, u.entrance, o.kind, o.terms, o.spot, o.said, o.opened_at, c.number, c.stage,
       c.title, u.code
FROM work_order o JOIN flow_case c ON c.id = o.case_id LEFT JOIN unit u ON u.id = o.unit_id
WHERE o.building_id = %(building)s AND o.opened_at >= %(since)s AND c.closed_at IS NULL
ORDER BY o.opened_at DESC LIMIT %(most)s
""",
    building="bigint",
    since="timestamptz",
    most="bigint",
)


@dataclass(frozen=True)
class Like:
    """An open order that may be the same: how likely (0 to 1) and how near."""

    id: int
    number: str
    title: str
    said: str
    stage: str
    floor: int | None
    near: str
    opened_at: datetime
    score: float


def sent_already(tenant: Actor, place: Place, *, lease_id: int, spot: str, said: str) -> WorkOrder | None:
    """What this tenant has just reported in the same words and is still open: a second tap, or a page sent again.

    Args:
        tenant: who reports; another request of the same person that is just reporting is waited for.
        place: where; the same words about another room are another report.
        lease_id: from which lease.
        spot: where in the home.
        said: in which words.
    """
    fetch("SELECT pg_advisory_xact_lock(hashtext(%(lock)s))", {"lock": f"report:{tenant}"})
    same = WorkOrder.objects.filter(spot=spot, unit=place.unit, said=said, case__closed_at=None)
    mine = WorkOrderReport.objects.filter(person_id=tenant.id, lease_id=lease_id, at__gt=clock.now() - AGAIN_WITHIN)
    return same.filter(id__in=mine.values("order_id"), source="portal").order_by("-id").first()


def classes() -> tuple[str, ...]:
    """What the classes are called today in the reader's language, from the most urgent."""
    flow = current(NAME).value
    return tuple(flow.class_word(n) for n in range(len(flow.classes)))


def alike(place: Place, read: Read) -> list[Like]:
    """Open orders of the building in the last hours that are probably the same, likeliest first (W-07).

    Args:
        place: where the new report is from.
        read: what it says.
    """
    policy = in_force(WorkOrders).value
    since = clock.now() - timedelta(hours=policy.same_within_hours)
    rows = fetch(RECENT, {"building": place.building, "since": since, "most": LOOKED_AT})
    found = [_like(row, place, read) for row in rows]
    enough = [x for x in found if x.score * 100 >= policy.same_from]
    return sorted(enough, key=lambda x: (-x.score, x.opened_at))[:SHOWN]


def _like(row: dict[str, Any], place: Place, read: Read) -> Like:
    there = Place(place.building, row["unit_id"], row["floor"], row["line"], row["entrance"] or "")
    near = nearness(place, there)
    score = likeness(read.terms, row["terms"], same_kind=read.kind == row["kind"], near=near)
    return Like(
        row["id"], row["number"], row["title"], row["said"], row["stage"], row["floor"], near, row["opened_at"], score
    )


def own(tenant: Actor, order_id: int) -> WorkOrder:
    """An order that this tenant reported or joined; otherwise refused as not found."""
    reported = WorkOrderReport.objects.filter(person_id=tenant.id, order_id=order_id)
    found = WorkOrder.objects.select_related("case__follows", "unit").filter(id=order_id).first()
    if tenant.kind != "tenant" or found is None or not reported.exists():
        raise NOT_FOUND()
    return found


def follows(tenant: Actor, order_id: int) -> WorkOrder | None:
    """An open order that this tenant reported or joined."""
    return _open_with(WorkOrderReport.objects.filter(person_id=tenant.id, order_id=order_id))


def reported_by(lease_id: int, order_id: int) -> WorkOrder | None:
    """That order, if it is open and reported or joined from this lease."""
    return _open_with(WorkOrderReport.objects.filter(lease_id=lease_id, order_id=order_id))


def _open_with(reports: models.QuerySet[WorkOrderReport]) -> WorkOrder | None:
    return WorkOrder.objects.filter(case__closed_at=None, id__in=reports.values("order_id")).first()


def within(by: Actor, order_id: int, *, lock: bool = False) -> WorkOrder:
    """An order within a colleague's projects; otherwise refused as not found.

    Args:
        by: who asks; tenants reach none this way.
        order_id: which.
        lock: hold it until the transaction ends.
    """
    rows = WorkOrder.objects.select_related("case", "unit", "building", "equipment")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = None if by.kind == "tenant" else restrict(rows.filter(id=order_id), by).first()
    if found is None:
        raise NOT_FOUND()
    return found


def first_reporter(order_id: int) -> int | None:
    """Whose home it is: the person who reported it first. Those who joined later follow it, but do not look inside."""
    reports = WorkOrderReport.objects.filter(order_id=order_id).order_by("id")
    return reports.values_list("person_id", flat=True).first()


def first_lease(order_id: int) -> int | None:
    """The lease of whoever reported it first."""
    reports = WorkOrderReport.objects.filter(order_id=order_id).order_by("id")
    return reports.values_list("lease_id", flat=True).first()


def reporters(order_id: int) -> list[int]:
    """Who reported an order itself, first of all who reported it first; not those of what was merged into it."""
    return list(WorkOrderReport.objects.filter(order_id=order_id).order_by("id").values_list("person_id", flat=True))


def shared(order: WorkOrder) -> FlowCase:
    """The case whose progress counts for an order: its own, or the one it was merged into."""
    case: FlowCase = order.case
    return case if case.follows is None else case.follows


def own_orders(tenant: Actor, *, limit: int = 30) -> list[WorkOrder]:
    """The tenant's orders, open ones first, newest first."""
    if tenant.kind != "tenant":
        return []
    ids = WorkOrderReport.objects.filter(person_id=tenant.id).order_by("-id").values_list("order_id", flat=True)[:limit]
    rows = list(WorkOrder.objects.select_related("case__follows", "unit").filter(id__in=list(ids)).order_by("-id"))
    return sorted(rows, key=lambda o: o.case.closed_at is not None)


BOARD = f"""
SELECT o.id, o.case_id, o.kind, o.spot, o.unit_id, o.building_id, o.floor, o.line, o.terms, o.source, u.entrance,
       u.code, b.name AS building, c.number,
       c.title, c.stage, c.priority,
       c.assignee, s.name AS who, c.due_at, c.warn_at, c.paused_at, c.photos, c.stage_at, o.opened_at,
       cardinality(c.persons) AS reporters, o.scope_id, p.name AS project, p.lon, p.lat,
       o.visit_from, o.visit_until, o.visit_agreed
FROM flow_case c JOIN work_order o ON o.case_id = c.id JOIN building b ON b.id = o.building_id
JOIN project p ON p.id = o.scope_id
LEFT JOIN unit u ON u.id = o.unit_id LEFT JOIN staff s ON s.id = c.assignee
WHERE c.flow = '{NAME}' AND c.closed_at IS NULL AND c.follows_id IS NULL AND {in_scopes("o.scope_id")}
  AND (%(kinds)s::text[] IS NULL OR o.kind = ANY(%(kinds)s::text[]))
  AND (%(project)s::bigint IS NULL OR o.scope_id = %(project)s)
ORDER BY c.priority, c.due_at NULLS LAST, c.id LIMIT %(most)s
"""


def board(viewer: Actor, *, kinds: Sequence[str] = (), project_id: int | None = None, most: int = 300) -> list[Any]:
    """Open orders within the viewer's projects, most urgent first.

    Args:
        viewer: a member of staff.
        kinds: only these kinds of repair.
        project_id: only this project.
        most: no more than so many.
    """
    params = {"kinds": list(kinds) or None, "project": project_id, "most": most, **scope_params(viewer)}
    return fetch(BOARD, params)


CREW = SqlFile(__file__, "sql/crew.sql")
# A shift that covers a moment; one of yesterday may end today.
ON_SHIFT = """(h.day = %(today)s AND h.starts_at <= %(time)s AND (h.ends_at > %(time)s OR h.ends_at < h.starts_at)
    OR h.day = %(yesterday)s AND h.ends_at < h.starts_at AND h.ends_at > %(time)s)"""


def moment_params(at: datetime) -> dict[str, Any]:
    """The parameters of :data:`ON_SHIFT`."""
    local = at.astimezone(clock.SHANGHAI)
    return {"today": local.date(), "yesterday": local.date() - timedelta(days=1), "time": local.time()}


def crew(viewer: Actor) -> list[dict[str, Any]]:
    """The technicians of the viewer's projects, those with least in hand first: skills, whether they are on shift now,
    open orders in hand and in which buildings, where they are at work or usually are.
    """
    sql = CREW.text.format(now=ON_SHIFT)
    return fetch(sql, {"flow": NAME, "team": TEAM, **moment_params(clock.now()), **scope_params(viewer)})
