"""Reading places, always within the viewer's projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.domain.portfolio.status import status_counts, status_params, status_sql, unit_status
from anju.foundation.access import in_scopes, scope_params, scopes, view
from anju.foundation.db import fetch
from anju.foundation.ui.kept import MANY, kept
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

PAGE = 20

PROJECTS = """
SELECT p.id, p.name, p.code, p.kind, r.name AS region, s.name AS store, p.city, p.district, p.block, p.address, p.lon,
       p.lat, p.position_precision,
       (SELECT count(*) FROM building b WHERE b.project_id = p.id) AS buildings,
       (SELECT count(*) FROM unit u WHERE u.scope_id = p.id AND u.leaf) AS units
FROM project p JOIN store s ON s.id = p.store_id JOIN region r ON r.id = s.region_id
WHERE {conditions}
ORDER BY p.id LIMIT %(limit)s
"""
UNITS = """
SELECT u.id, u.code, u.kind, u.scope_id, p.name AS project, p.city, u.building_id, b.name AS building, u.parent_id,
       u.entrance, u.floor, u.line, u.layout, u.bedrooms, u.orientation, u.area, u.guide_rent, u.leaf, u.state,
       u.state_since, u.ready_on
FROM (SELECT * FROM unit u WHERE {conditions} ORDER BY {order} LIMIT %(limit)s) u  -- the page is cut first
JOIN building b ON b.id = u.building_id JOIN project p ON p.id = u.scope_id
ORDER BY {order}
"""
BY_ID = "u.scope_id, u.id"


@dataclass(frozen=True)
class Page:
    """Rows with the key of the next page, None on the last one."""

    rows: list[dict[str, Any]]
    after: tuple[Any, ...] | None


def _where(conditions: dict[str, bool]) -> str:
    return " AND ".join(text for text, wanted in conditions.items() if wanted)


def projects(
    viewer: Actor,
    *,
    city: str = "",
    name: str = "",
    without_position: bool = False,
    ids: Sequence[int] = (),
    after: int = 0,
    limit: int = PAGE,
) -> Page:
    """Projects the viewer reaches, with how many buildings and leaf units they have.

    Args:
        viewer: who looks.
        city: only this city.
        name: a part of the name.
        without_position: only those whose position nobody knows yet.
        ids: only these.
        after: the last id of the page before.
        limit: rows in a page.
    """
    conditions = {
        in_scopes("p.id"): True,
        "p.id > %(after)s": True,
        "p.city = %(city)s": bool(city),
        "strpos(p.name, %(name)s) > 0": bool(name),
        "p.lon IS NULL": without_position,
        "p.id = ANY(%(ids)s)": bool(ids),
    }
    params = {"ids": list(ids), "after": after, "city": city, "name": name, "limit": limit + 1, **scope_params(viewer)}
    rows = fetch(PROJECTS.format(conditions=_where(conditions)), params)
    more, rows = len(rows) > limit, rows[:limit]
    return Page(view(viewer, "project", rows), (rows[-1]["id"],) if more else None)


def buildings(viewer: Actor, project_id: int) -> list[dict[str, Any]]:
    """The buildings of a project: ``id``, ``name``, ``code``, ``units`` (leaves)."""
    sql = (
        "SELECT b.id, b.name, b.code, count(u.id) AS units FROM building b LEFT JOIN unit u ON u.building_id = b.id"
        f" AND u.leaf WHERE b.project_id = %(project)s AND {in_scopes('b.scope_id')}"
        " GROUP BY b.id, b.name, b.code ORDER BY length(b.code), b.code"
    )
    return fetch(sql, {"project": project_id, **scope_params(viewer)})


def units(
    viewer: Actor,
    as_of: date,
    *,
    project_id: int | None = None,
    building_id: int | None = None,
    kind: str = "",
    code: str = "",
    statuses: Sequence[str] = (),
    leaves: bool = False,
    after: tuple[int, int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Units the viewer reaches, with what they are on a day.

    Args:
        viewer: who looks.
        as_of: the day their status is asked for.
        project_id: only this project.
        building_id: only this building.
        kind: a ``Unit.Kind``.
        code: a beginning of the code.
        statuses: only leaf units with one of these (:data:`anju.domain.portfolio.status.STATUSES`).
        leaves: only what is let in its smallest parts.
        after: ``(scope_id, id)`` of the last row of the page before.
        limit: rows in a page.
    """
    own = scopes(viewer)
    reached = own if project_id is None else [project_id] if own is None or project_id in own else []
    conditions = {
        in_scopes("u.scope_id"): True,
        "u.building_id = %(building)s": building_id is not None,
        "u.kind = %(kind)s": bool(kind),
        "u.code ^@ %(code)s": bool(code),
        "u.leaf": leaves,
        "(u.scope_id, u.id) > (%(after_scope)s, %(after_id)s)": after is not None,
        "u.id IN (SELECT unit_id FROM state WHERE status = ANY(%(statuses)s))": bool(statuses),
    }
    scope, last = after or (0, 0)
    params = {"building": building_id, "kind": kind, "code": code, "statuses": list(statuses), "limit": limit + 1}
    params |= {"after_scope": scope, "after_id": last, **status_params(as_of, scopes=reached)}
    # Made once and then joined: as a plain subquery it may be run for every unit.
    state = f"WITH state AS MATERIALIZED ({status_sql()})" if statuses else ""
    rows = fetch(state + UNITS.format(conditions=_where(conditions), order=BY_ID), params)
    more, rows = len(rows) > limit, rows[:limit]
    key = (rows[-1]["scope_id"], rows[-1]["id"]) if more else None
    return Page(view(viewer, "unit", with_status(rows, as_of)), key)


def with_status(rows: Sequence[dict[str, Any]], as_of: date) -> list[dict[str, Any]]:
    """Unit rows with ``status``, ``since``, ``until_on``, ``lease_id`` and ``vacant_days``; one query for all."""
    found = unit_status(as_of, units=[row["id"] for row in rows])
    return [row | _status(found.get(row["id"]), as_of) for row in rows]


def _status(found: dict[str, Any] | None, as_of: date) -> dict[str, Any]:
    if found is None:
        return {"status": "", "since": None, "until_on": None, "lease_id": None, "vacant_days": None}
    empty = found["status"] == "vacant" and found["since"] is not None
    days = (as_of - found["since"]).days if empty else None
    return {key: found[key] for key in ("status", "since", "until_on", "lease_id")} | {"vacant_days": days}


def unit(viewer: Actor, unit_id: int, as_of: date) -> dict[str, Any]:
    """One unit with its status.

    Raises:
        Refused: ``not_found``, also outside the viewer's projects.
    """
    conditions = f"u.id = %(id)s AND {in_scopes('u.scope_id')}"
    rows = fetch(UNITS.format(conditions=conditions, order=BY_ID), {"id": unit_id, "limit": 1, **scope_params(viewer)})
    if not rows:
        raise NOT_FOUND()
    return view(viewer, "unit", with_status(rows, as_of))[0]


PARTS = """
WITH RECURSIVE part AS (
    SELECT id, leaf FROM unit WHERE parent_id = %(id)s
    UNION ALL
    SELECT u.id, u.leaf FROM part JOIN unit u ON u.parent_id = part.id
)
SELECT id FROM part WHERE leaf
"""


def parts_of(viewer: Actor, unit_id: int, as_of: date) -> list[dict[str, Any]]:
    """The leaf units inside a unit with their status, in order of their codes; none for a leaf."""
    conditions = f"u.id IN ({PARTS}) AND {in_scopes('u.scope_id')}"
    sql = UNITS.format(conditions=conditions, order="u.code")
    rows = fetch(sql, {"id": unit_id, "limit": 1000, **scope_params(viewer)})
    return view(viewer, "unit", with_status(rows, as_of))


def rooms(viewer: Actor, building_id: int, as_of: date) -> list[dict[str, Any]]:
    """Every unit of a building with its status, highest floor first: the room status map (房态图)."""
    conditions = f"u.building_id = %(building)s AND {in_scopes('u.scope_id')}"
    sql = UNITS.format(conditions=conditions, order="u.floor DESC NULLS LAST, u.code")
    rows = fetch(sql, {"building": building_id, "limit": 10_000, **scope_params(viewer)})
    return view(viewer, "unit", with_status(rows, as_of))


def occupancy(viewer: Actor, as_of: date) -> list[dict[str, Any]]:
    """Leaf units by project, building and status: ``scope_id``, ``building_id``, ``status``, ``units``."""
    own = scopes(viewer)
    key = ("portfolio.occupancy", as_of, None if own is None else tuple(own))
    return kept(key, lambda: status_counts(as_of, scopes=own), worth=many)


def many(counts: list[dict[str, Any]]) -> bool:
    """Whether so many units are counted that one looks at them once a minute."""
    return bool(sum(row["units"] for row in counts) > MANY)
