"""Reading the register: a page of it, one item, what a room has, where a text points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.db.models import Q

from anju.domain.equipment import refusals
from anju.domain.equipment.models import Equipment
from anju.domain.portfolio.models import Building, Unit
from anju.foundation.access import in_scopes, restrict, scope_params, view
from anju.foundation.db import clock, fetch, fetch_value, planned
from anju.foundation.db.rows import columns, read
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

MOST_COUNTED = 10_000
SOON = 30  # days before its end in which a warranty is worth a look
Warranty = Literal["in", "soon", "over", "none"]
WARRANTY = """
CASE WHEN e.warranty_until IS NULL THEN 'none' WHEN e.warranty_until < %(today)s THEN 'over'
     WHEN e.warranty_until <= %(soon)s THEN 'soon' ELSE 'in' END
"""
ROWS = f"""
SELECT e.id, e.kind, e.name, e.serial, e.unit_id, u.code, b.name AS building, p.name AS project, e.installed_on,
       e.warranty_until, {WARRANTY} AS warranty, e.note, e.retired_on
FROM equipment e JOIN building b ON b.id = e.building_id JOIN project p ON p.id = e.scope_id
LEFT JOIN unit u ON u.id = e.unit_id
WHERE {in_scopes("e.scope_id")} AND {{conditions}}
ORDER BY {{order}} LIMIT %(limit)s OFFSET %(offset)s
"""
# What is about to run out belongs on top of its own list; otherwise the newest entry.
ORDERS = {"soon": "e.warranty_until, e.id", "over": "e.warranty_until DESC, e.id"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of equipment is narrowed to. ``room`` is a part of a room's code; ``retired``: only those."""

    kind: str = ""
    warranty: str = ""
    room: str = ""
    project_id: int | None = None
    retired: bool = False

    @property
    def conditions(self) -> str:
        """Its plain SQL."""
        parts = ["e.retired_on IS NOT NULL" if self.retired else "e.retired_on IS NULL"]
        if self.kind:
            parts.append("e.kind = %(kind)s")
        if self.room:
            parts.append("strpos(upper(u.code), upper(%(room)s)) > 0")
        if self.project_id is not None:
            parts.append("e.scope_id = %(project)s")
        if self.warranty in ("in", "soon"):
            parts.append("e.warranty_until >= %(today)s")
        if self.warranty == "soon":
            parts.append("e.warranty_until <= %(soon)s")
        if self.warranty == "over":
            parts.append("e.warranty_until < %(today)s")
        return " AND ".join(parts)


def _days() -> dict[str, Any]:
    today = clock.today()
    return {"today": today, "soon": today + timedelta(days=SOON)}


def items(viewer: Actor, wanted: Wanted, *, offset: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    """Equipment within the viewer's projects, newest entry first; where warranties end, the nearest end first.

    Args:
        viewer: a member of staff.
        wanted: the filters.
        offset: rows to pass over.
        limit: no more rows than so many.
    """
    params = {
        "kind": wanted.kind, "room": wanted.room, "project": wanted.project_id, "offset": offset, "limit": limit,
        **_days(), **scope_params(viewer),
    }  # fmt: skip
    sql = ROWS.format(conditions=wanted.conditions, order=ORDERS.get(wanted.warranty, "e.id DESC"))
    return view(viewer, "equipment", fetch(sql, params))


COUNT = f"""
SELECT count(*) AS n FROM (
    SELECT FROM equipment e LEFT JOIN unit u ON u.id = e.unit_id
    WHERE {in_scopes("e.scope_id")} AND {{conditions}} LIMIT {MOST_COUNTED + 1}) counted
"""


def item_count(viewer: Actor, wanted: Wanted) -> int:
    """How many items fit; one more than :data:`MOST_COUNTED` for more than that."""
    params = {
        "kind": wanted.kind, "room": wanted.room, "project": wanted.project_id, **_days(), **scope_params(viewer)
    }  # fmt: skip
    return int(fetch_value(COUNT.format(conditions=wanted.conditions), params))


def item(viewer: Actor, item_id: int) -> dict[str, Any]:
    """One item, retired ones too.

    Raises:
        Refused: ``not_found`` outside the viewer's projects.
    """
    params = {"id": item_id, "offset": 0, "limit": 1, **_days(), **scope_params(viewer)}
    rows = view(viewer, "equipment", fetch(ROWS.format(conditions="e.id = %(id)s", order="e.id"), params))
    if not rows:
        raise NOT_FOUND()
    return rows[0]


def of_unit(viewer: Actor, unit_id: int) -> list[dict[str, Any]]:
    """What a room has: its own and, for a room inside a flat, the flat's; in use first."""
    condition = "e.unit_id IN (SELECT unnest(ARRAY[x.id, x.parent_id]) FROM unit x WHERE x.id = %(unit)s)"
    params = {"unit": unit_id, "offset": 0, "limit": 50, **_days(), **scope_params(viewer)}
    order = "e.retired_on NULLS FIRST, e.kind, e.id"
    return view(viewer, "equipment", fetch(ROWS.format(conditions=condition, order=order), params))


THERE = f"""
SELECT {columns(Equipment)} FROM equipment
WHERE {{place}} AND scope_id = %(scope)s AND retired_on IS NULL AND %(kind)s::text IN ('', kind)
ORDER BY kind, id
"""
# the room's own and its flat's
ROOM = "unit_id = ANY (ARRAY(SELECT unnest(ARRAY[id, parent_id]) FROM unit WHERE id = %(unit)s::bigint))"
INSIDE = planned(THERE.format(place=ROOM))
OUTSIDE = planned(THERE.format(place="unit_id IS NULL AND building_id = %(building)s"))


def at_place(scope_id: int, building_id: int, unit_id: int | None, kind: str = "") -> list[Equipment]:
    """What is in use where something broke: the room's and its flat's, or the building's own outside the rooms.

    Args:
        scope_id: the project.
        building_id: the building.
        unit_id: the room; None for stairs and lift.
        kind: only this kind.
    """
    asked = {"scope": scope_id, "building": building_id, "unit": unit_id, "kind": kind}
    return read(Equipment, OUTSIDE if unit_id is None else INSIDE, asked)


def place_called(by: Actor, *, room: str, building: str, project_id: int | None) -> tuple[int | None, int]:
    """The place a person typed: a room's code, or a building's name or code; (unit or None, building).

    Args:
        by: only within this actor's projects.
        room: the room's code; the building is then its own.
        building: the building, for what stands in no room.
        project_id: the project, where several have such a place.

    Raises:
        Refused: ``equipment.no_place``, ``equipment.which_project``.
    """
    text = room or building
    rows: Any = Unit.objects.filter(code__iexact=room) if room else Building.objects.filter(_named(building))
    rows = restrict(rows, by)
    if project_id is not None:
        rows = rows.filter(scope_id=project_id)
    found = list(rows.order_by("id")[:2]) if text else []
    if not found:
        raise refusals.NO_PLACE(place=text or "—")
    if len(found) > 1:
        raise refusals.WHICH_PROJECT(place=text)
    return (found[0].id, found[0].building_id) if room else (None, found[0].id)


def _named(text: str) -> Q:
    return Q(name__iexact=text) | Q(code__iexact=text)
