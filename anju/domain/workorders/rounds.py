"""What a technician has in hand, what is free, what was done today, what was mended here before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from anju.domain.workorders.flow import NAME, TEAM
from anju.domain.workorders.models import WorkOrder
from anju.foundation.access import in_scopes, scope_params
from anju.foundation.access.rights import rights_of
from anju.foundation.db import clock, fetch
from anju.foundation.identity.roles import ADMIN
from anju.kit import Actor

MOST, FREE = 60, 20
A_YEAR = timedelta(days=365)

ROUND = f"""
SELECT o.id, o.case_id, o.kind, o.spot, o.said, o.building_id, o.opened_at, b.name AS building, o.floor,
       coalesce(u.code, b.name) AS place, c.number, c.title, c.stage, c.priority, c.assignee, c.due_at, c.stage_at,
       c.version_id, l.key AS limit_key, p.city || p.district || p.address AS address, p.name AS project
FROM flow_case c JOIN work_order o ON o.case_id = c.id JOIN building b ON b.id = o.building_id
JOIN project p ON p.id = o.scope_id LEFT JOIN unit u ON u.id = o.unit_id
LEFT JOIN LATERAL (SELECT key FROM flow_limit WHERE case_id = c.id AND ended_at IS NULL ORDER BY due_at LIMIT 1) l
    ON true
WHERE c.flow = '{NAME}' AND c.closed_at IS NULL AND c.follows_id IS NULL AND {in_scopes("o.scope_id")}
"""
MINE = ROUND + " AND c.assignee = %(me)s AND c.stage IN ('new', 'accepted', 'onsite') ORDER BY c.id LIMIT %(most)s"
OPEN = ROUND + " AND c.assignee IS NULL AND c.stage = 'new' ORDER BY c.priority, c.due_at, c.id LIMIT %(most)s"
ONE = ROUND + " AND c.id = %(case)s"
DONE = f"""
SELECT o.id, o.case_id, c.number, c.title, coalesce(u.code, b.name) AS place, v.entered_at AS at
FROM flow_visit v JOIN flow_case c ON c.id = v.case_id JOIN work_order o ON o.case_id = c.id
JOIN building b ON b.id = o.building_id LEFT JOIN unit u ON u.id = o.unit_id
WHERE c.flow = '{NAME}' AND c.assignee = %(me)s AND v.stage = 'proof' AND v.entered_at >= %(since)s
ORDER BY v.entered_at DESC LIMIT %(most)s
"""
BEFORE = f"""
SELECT c.stage_at AS at, c.facts ->> 'result' AS result, c.facts ->> 'parts' AS parts, s.name AS who
FROM work_order o JOIN flow_case c ON c.id = o.case_id LEFT JOIN staff s ON s.id = c.assignee
WHERE o.unit_id = %(unit)s AND o.kind = %(kind)s AND o.opened_at >= %(since)s AND o.id <> %(id)s
  AND c.flow = '{NAME}' AND c.stage IN ('proof', 'done')
ORDER BY o.opened_at DESC LIMIT 5
"""


def works(by: Actor) -> bool:
    """Whether the actor is of the team that mends."""
    return not rights_of(by).roles.isdisjoint({TEAM, ADMIN})


def mine(by: Actor) -> list[dict[str, Any]]:
    """The technician's open orders: the urgent first; among equals those where one already is, then by building.

    Args:
        by: the technician.
    """
    rows = fetch(MINE, {"me": by.id, "most": MOST, **scope_params(by)})
    here = next((r["building_id"] for r in rows if r["stage"] == "onsite"), None)

    def pressing(row: dict[str, Any]) -> tuple[Any, ...]:
        late = row["due_at"] is not None and row["due_at"] < clock.now()
        far = row["building_id"] != here
        return (row["priority"], not late, far, row["building_id"], row["due_at"] or clock.now() + A_YEAR, row["id"])

    return sorted(rows, key=pressing)


def free(by: Actor) -> list[dict[str, Any]]:
    """Orders that nobody has yet, within reach, the urgent first; none for those who do not mend."""
    return fetch(OPEN, {"most": FREE, **scope_params(by)}) if works(by) else []


def one(by: Actor, case_id: int) -> dict[str, Any] | None:
    """One order as :func:`mine` shows it, or None."""
    rows = fetch(ONE, {"case": case_id, **scope_params(by)})
    return rows[0] if rows else None


def done_today(by: Actor) -> list[dict[str, Any]]:
    """What the technician mended since midnight, newest first."""
    midnight = datetime.combine(clock.today(), datetime.min.time(), clock.SHANGHAI)
    return fetch(DONE, {"me": by.id, "since": midnight, "most": MOST})


def before(order: WorkOrder) -> list[dict[str, Any]]:
    """Repairs of the same kind in the same home within a year, newest first: when, what was done, with what, by whom.

    Args:
        order: the order at hand; one without a room has no history.
    """
    if order.unit_id is None:
        return []
    since = order.opened_at - A_YEAR
    return fetch(BEFORE, {"unit": order.unit_id, "kind": order.kind, "since": since, "id": order.id})
