"""The list of units: filters, orders and pages over any number of them, and the tree of places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from anju.domain.portfolio.queries import UNITS, many, occupancy, with_status
from anju.domain.portfolio.status import status_params, status_sql
from anju.foundation.access import in_scopes, scope_params, scopes, view
from anju.foundation.db import fetch, fetch_value
from anju.foundation.ui.kept import kept
from anju.kit import Actor

COUNTED = 10_000
MARGIN = 100  # units that may have changed since they were counted
SORTS = {
    "code": "u.scope_id, u.building_id, u.floor NULLS FIRST, u.code, u.id",
    "rent": "u.guide_rent DESC NULLS LAST, u.id",
    "area": "u.area DESC NULLS LAST, u.id",
    "since": "(SELECT since FROM state WHERE unit_id = u.id) NULLS FIRST, u.id",
}


@dataclass(frozen=True)
class UnitFilter:
    """What units are asked for; what is left out does not count. Rents in ¥ a month; ``code`` is a part of it."""

    project_id: int | None = None
    building_id: int | None = None
    status: str = ""
    layout: str = ""
    kind: str = ""
    code: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    sort: str = "code"

    def conditions(self) -> str:
        """As SQL."""
        wanted = {
            "u.leaf": True,
            in_scopes("u.scope_id"): True,
            "u.scope_id = %(project_id)s": self.project_id is not None,
            "u.building_id = %(building_id)s": self.building_id is not None,
            "u.layout = %(layout)s": bool(self.layout),
            "u.kind = %(kind)s": bool(self.kind),
            "strpos(upper(u.code), upper(%(code)s)) > 0": bool(self.code),
            "u.guide_rent >= %(low)s": self.low is not None,
            "u.guide_rent <= %(high)s": self.high is not None,
            "u.id IN (SELECT unit_id FROM state WHERE status = %(status)s)": bool(self.status),
        }
        return " AND ".join(text for text, asked in wanted.items() if asked)

    def narrow(self) -> bool:
        """Whether it keeps to one project or building, so that days of every unit in it may be computed."""
        return self.project_id is not None or self.building_id is not None


def _asked(viewer: Actor, as_of: date, wanted: UnitFilter, rows: int = 0) -> tuple[str, dict[str, Any]]:
    """The common table of states, if it is needed, and the parameters; ``rows``: only so many are wanted, 0: all."""
    params = {**vars(wanted), **scope_params(viewer)}
    if not wanted.status and wanted.sort != "since":
        return "", params
    near = _near(wanted) if wanted.narrow() else None
    if near is None and rows and (enough := _enough(viewer, as_of, wanted, rows)) is not None:
        found = fetch("SELECT id FROM unit WHERE leaf AND scope_id = ANY(%(projects)s)", {"projects": enough})
        near = [row["id"] for row in found]
    params |= status_params(as_of, units=near, scopes=scopes(viewer))
    # Made once and then joined: as a plain subquery it may be run for every unit.
    return f"WITH state AS MATERIALIZED ({status_sql()})", params


def _near(wanted: UnitFilter) -> list[int]:
    column = "building_id" if wanted.building_id is not None else "scope_id"
    key = wanted.building_id if wanted.building_id is not None else wanted.project_id
    return [row["id"] for row in fetch(f"SELECT id FROM unit WHERE leaf AND {column} = %(key)s", {"key": key})]


def browse(viewer: Actor, as_of: date, wanted: UnitFilter, *, offset: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    """Leaf units with their status; one row more than ``limit`` says that there is another page.

    Args:
        viewer: who looks; decides rows and fields.
        as_of: the business day.
        wanted: filters and order; ``since`` (longest first) needs a project or building.
        offset: rows to pass over.
        limit: rows in a page.
    """
    state, params = _asked(viewer, as_of, wanted, offset + limit + 1)
    paged = UNITS.replace("LIMIT %(limit)s", "LIMIT %(limit)s OFFSET %(offset)s")
    sql = state + paged.format(conditions=wanted.conditions(), order=SORTS[wanted.sort])
    rows = fetch(sql, {**params, "limit": limit + 1, "offset": offset})
    return view(viewer, "unit", with_status(rows, as_of))


def _enough(viewer: Actor, as_of: date, wanted: UnitFilter, rows: int) -> list[int] | None:
    """Among very many units: the first projects that hold so many of the asked state; None: they must all be read.

    The list goes project by project, so those further on cannot be on the page. Counts may be some minutes old: more
    are asked for than are needed.
    """
    if wanted != UnitFilter(status=wanted.status, sort="code"):
        return None
    counts = occupancy(viewer, as_of)
    if not many(counts):
        return None
    held: Counter[int] = Counter()
    for row in counts:
        if row["status"] == wanted.status:
            held[row["scope_id"]] += row["units"]
    found: list[int] = []
    for project_id in sorted(held):
        found.append(project_id)
        rows -= held[project_id]
        if rows < -MARGIN:
            return found
    return None


def how_many(viewer: Actor, as_of: date, wanted: UnitFilter) -> int:
    """How many units a filter finds; counted up to ``COUNTED`` and one."""
    if wanted == UnitFilter(status=wanted.status, sort=wanted.sort) and many(counts := occupancy(viewer, as_of)):
        return sum(row["units"] for row in counts if wanted.status in ("", row["status"]))
    state, params = _asked(viewer, as_of, wanted)
    sql = f"{state} SELECT count(*) FROM (SELECT 1 FROM unit u WHERE {wanted.conditions()} LIMIT {COUNTED + 1}) found"
    return int(fetch_value(sql, params))


def layouts(viewer: Actor, project_id: int | None, *, keep: bool = False) -> list[str]:
    """The layouts there are, the most frequent first, at most twenty; ``keep``: of so many units that they are kept."""
    key = ("portfolio.layouts", project_id, str(scope_params(viewer)))
    return kept(key, lambda: _layouts(viewer, project_id), worth=lambda _found: keep)


def _layouts(viewer: Actor, project_id: int | None) -> list[str]:
    sql = (
        f"SELECT layout FROM unit u WHERE leaf AND layout <> '' AND {in_scopes('u.scope_id')}"
        " AND (%(project)s::bigint IS NULL OR u.scope_id = %(project)s)"
        " GROUP BY layout ORDER BY count(*) DESC, layout LIMIT 20"
    )
    return [row["layout"] for row in fetch(sql, {"project": project_id, **scope_params(viewer)})]


TREE = f"""
SELECT p.id, p.name, p.code, p.kind, r.name AS region, s.name AS store, p.city, p.district, p.block, p.address, p.lon,
       p.lat, p.position_precision
FROM project p JOIN store s ON s.id = p.store_id JOIN region r ON r.id = s.region_id
WHERE {in_scopes("p.id")} AND (NOT %(unplaced)s OR p.lon IS NULL)
  AND (%(name)s = '' OR strpos(p.name, %(name)s) > 0)
ORDER BY r.name, s.name, p.name, p.id LIMIT %(limit)s OFFSET %(offset)s
"""
TOTALS = f"""
SELECT count(*)::int AS projects, count(*) FILTER (WHERE p.lon IS NULL)::int AS unplaced FROM project p
WHERE {in_scopes("p.id")}
"""
BUILDINGS = """
SELECT b.id, b.project_id, b.name, b.code FROM building b WHERE b.project_id = ANY(%(projects)s)
ORDER BY b.project_id, length(b.code), b.code
"""


def tree(
    viewer: Actor, *, unplaced: bool = False, name: str = "", offset: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """Projects in order of region, store and name; one row more than ``limit`` says that there is another page.

    Args:
        viewer: who looks.
        unplaced: only those whose position nobody knows.
        name: a part of the name.
        offset: rows to pass over.
        limit: rows in a page.
    """
    params = {"unplaced": unplaced, "name": name, "limit": limit + 1, "offset": offset, **scope_params(viewer)}
    return view(viewer, "project", fetch(TREE, params))


def tree_totals(viewer: Actor) -> dict[str, int]:
    """How many ``projects`` the viewer reaches, and how many of them are ``unplaced``."""
    return fetch(TOTALS, scope_params(viewer))[0]


def buildings_of(project_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The buildings of projects the viewer was shown, by project id, in one query."""
    found: dict[int, list[dict[str, Any]]] = {i: [] for i in project_ids}
    for row in fetch(BUILDINGS, {"projects": list(project_ids)}):
        found[row["project_id"]].append(row)
    return found
