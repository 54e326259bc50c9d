"""What a technician has in hand, what is free, what was done today, what was mended here before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.workorders import windows
from anju.domain.workorders.dispatching import (
    FARTHEST_METRES,
    PROJECT,
    Spot,
    metres_between,
    nearness,
    spot_of,
    way_words,
)
from anju.domain.workorders.flow import NAME, TEAM
from anju.domain.workorders.models import WorkOrder
from anju.foundation.access import in_scopes, scope_params
from anju.foundation.access.rights import rights_of
from anju.foundation.db import clock, fetch, fetch_one
from anju.foundation.identity.roles import ADMIN
from anju.kit import Actor

MOST, FREE = 60, 20
A_YEAR = timedelta(days=365)

# As a map finds it: many addresses are written with their city already, or begin with the district.
ADDRESS = """CASE WHEN starts_with(p.address, nullif(p.city, '')) THEN p.address
    WHEN starts_with(p.address, p.district) THEN p.city || p.address ELSE p.city || p.district || p.address END"""
ORDERS = f"""
SELECT o.id, o.case_id, o.kind, o.spot, o.said, o.building_id, o.opened_at, b.name AS building, o.floor,
       coalesce(u.code, b.name) AS place, c.number, c.title, c.stage, c.priority, c.assignee, c.due_at, c.stage_at,
       c.version_id, l.key AS limit_key, {ADDRESS} AS address, p.name AS project,
       o.scope_id, p.lon, p.lat, o.visit_from, o.visit_until, o.visit_agreed
FROM flow_case c JOIN work_order o ON o.case_id = c.id JOIN building b ON b.id = o.building_id
JOIN project p ON p.id = o.scope_id LEFT JOIN unit u ON u.id = o.unit_id
LEFT JOIN LATERAL (SELECT key FROM flow_limit WHERE case_id = c.id AND ended_at IS NULL ORDER BY due_at LIMIT 1) l
    ON true
WHERE c.flow = '{NAME}' AND c.follows_id IS NULL AND {in_scopes("o.scope_id")}
"""
ROUND = ORDERS + " AND c.closed_at IS NULL"
MINE = ROUND + " AND c.assignee = %(me)s AND c.stage IN ('new', 'accepted', 'onsite') ORDER BY c.id LIMIT %(most)s"
OPEN = ROUND + " AND c.assignee IS NULL AND c.stage = 'new' ORDER BY c.priority, c.due_at, c.id LIMIT %(most)s"
# What a technician mended stays theirs to look at once the tenant has confirmed it.
ONE = ORDERS + " AND c.id = %(case)s AND (c.closed_at IS NULL OR (c.assignee = %(me)s AND c.stage = 'done'))"
GONE = f"""
SELECT c.number, m.number AS master FROM flow_case c JOIN work_order o ON o.case_id = c.id
LEFT JOIN flow_case m ON m.id = c.follows_id
WHERE c.id = %(case)s AND c.flow = '{NAME}' AND (c.closed_at IS NOT NULL OR c.follows_id IS NOT NULL)
  AND {in_scopes("o.scope_id")}
"""
DONE = f"""
SELECT o.id, o.case_id, c.number, c.title, coalesce(u.code, b.name) AS place, v.entered_at AS at
FROM flow_visit v JOIN flow_case c ON c.id = v.case_id JOIN work_order o ON o.case_id = c.id
JOIN building b ON b.id = o.building_id LEFT JOIN unit u ON u.id = o.unit_id
WHERE c.flow = '{NAME}' AND c.assignee = %(me)s AND v.stage = 'proof' AND v.entered_at >= %(since)s
ORDER BY v.entered_at DESC LIMIT %(most)s
"""
# Where the technician is at work, else usually is; of positions only those of projects are known.
HERE = f"""
SELECT b.scope_id, b.id AS building_id, p.lon, p.lat FROM building b JOIN project p ON p.id = b.scope_id
WHERE b.id = coalesce(
    (SELECT o.building_id FROM flow_case c JOIN work_order o ON o.case_id = c.id
     WHERE c.assignee = %(me)s AND c.flow = '{NAME}' AND c.closed_at IS NULL AND c.follows_id IS NULL
       AND c.stage = 'onsite' ORDER BY c.stage_at DESC LIMIT 1),
    (SELECT home_id FROM technician WHERE staff_id = %(me)s))
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
    """The technician's open orders: the urgent first; among equals what is appointed within the hour, then those
    where one already is, then by building.

    Args:
        by: the technician.
    """
    rows = fetch(MINE, {"me": by.id, "most": MOST, **scope_params(by)})
    here = next((r["building_id"] for r in rows if r["stage"] == "onsite"), None)

    def pressing(row: dict[str, Any]) -> tuple[Any, ...]:
        late = row["due_at"] is not None and row["due_at"] < clock.now()
        far = row["building_id"] != here
        visit = windows.of_row(row)
        soon = visit is not None and visit.soon and row["stage"] != "onsite"
        due = row["due_at"] or clock.now() + A_YEAR
        return (row["priority"], not soon, not late, far, row["building_id"], due, row["id"])

    return sorted(rows, key=pressing)


def free(by: Actor) -> list[dict[str, Any]]:
    """Orders that nobody has yet, within reach, the urgent first; none in another town, none for who does not mend."""
    if not works(by):
        return []
    start = here(by)
    return [r for r in fetch(OPEN, {"most": MOST, **scope_params(by)}) if not _in_another_town(r, start)][:FREE]


def _in_another_town(row: dict[str, Any], start: Spot | None) -> bool:
    there = spot_of(row).position
    if start is None or start.position is None or there is None:
        return False
    return metres_between(start.position, there) > FARTHEST_METRES


def one(by: Actor, case_id: int) -> dict[str, Any] | None:
    """One order as :func:`mine` shows it, also one that the technician mended and that is done; or None."""
    rows = fetch(ONE, {"case": case_id, "me": by.id, **scope_params(by)})
    return rows[0] if rows else None


def gone(by: Actor, case_id: int) -> dict[str, Any] | None:
    """An order that :func:`one` no longer gives: its ``number``, and the ``master`` it was merged into, if it was.

    Args:
        by: the technician; for who does not mend nothing is found.
        case_id: which.
    """
    return fetch_one(GONE, {"case": case_id, **scope_params(by)}) if works(by) else None


def here(by: Actor) -> Spot | None:
    """Where the technician is at work, or else usually is; None if nobody knows.

    Args:
        by: the technician.
    """
    row = fetch_one(HERE, {"me": by.id})
    return spot_of(row) if row else None


def way_to(row: dict[str, Any], start: Spot | None) -> str:
    """How far an order is: ``120 米，走 2 分钟`` between projects, in words within one; empty if nobody knows.

    Args:
        row: of the round.
        start: where the technician is.
    """
    if start is None or row["stage"] == "onsite":
        return ""
    there = spot_of(row)
    near = nearness(start, there)
    if near:
        return _("就在这个项目") if near == PROJECT else _("就在这栋楼")
    if start.position is None or there.position is None:
        return ""
    return way_words(metres_between(start.position, there.position))


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
