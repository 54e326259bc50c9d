"""Where the backlog is: projects by their position, drawn without a map of anybody else's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anju.domain.workorders.flow import NAME
from anju.foundation.access import scope_params
from anju.foundation.db import SqlFile, clock, fetch
from anju.kit import Actor

PLACES = SqlFile(__file__, "sql/places.sql")
MOST = 300
WIDE, HIGH, EDGE = 640, 400, 40  # the drawing's units
SMALL, LARGE = 6, 26
FLAT = 0.002  # degrees: places closer together than this are drawn as one neighbourhood


@dataclass(frozen=True)
class Dot:
    """A project: open orders, how many are late; where it is drawn, None without a position."""

    id: int
    name: str
    area: str
    waiting: int
    late: int
    x: int | None
    y: int | None
    r: int


def dots(viewer: Actor, project: int | None = None) -> list[Dot]:
    """Projects within the viewer's reach with open orders, most first; north is up, distances keep their proportion.

    Args:
        viewer: a member of staff.
        project: only this one.
    """
    rows = fetch(PLACES, {"flow": NAME, "now": clock.now(), "project": project, "most": MOST, **scope_params(viewer)})
    known = [r for r in rows if r["lon"] is not None and r["lat"] is not None]
    if not known:
        return [_dot(r, (None, None), r["waiting"]) for r in rows]
    top = max(r["waiting"] for r in rows)
    lons, lats = [float(r["lon"]) for r in known], [float(r["lat"]) for r in known]
    shrunk = math.cos(math.radians((min(lats) + max(lats)) / 2)) or 1.0  # a degree of longitude is shorter up north
    across, up = max((max(lons) - min(lons)) * shrunk, FLAT), max(max(lats) - min(lats), FLAT)
    unit = min((WIDE - 2 * EDGE) / across, (HIGH - 2 * EDGE) / up)
    mid = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)

    def at(lon: Decimal | None, lat: Decimal | None) -> tuple[int | None, int | None]:
        if lon is None or lat is None:
            return None, None
        x = WIDE / 2 + (float(lon) - mid[0]) * shrunk * unit
        return round(x), round(HIGH / 2 - (float(lat) - mid[1]) * unit)

    return [_dot(r, at(r["lon"], r["lat"]), top) for r in rows]


def _dot(row: dict[str, Any], at: tuple[int | None, int | None], top: int) -> Dot:
    # The area says how many: twice the orders are a circle of twice the area.
    r = max(SMALL, round(LARGE * math.sqrt(row["waiting"] / top)))
    area = " ".join(part for part in (row["city"], row["district"]) if part)
    return Dot(row["id"], row["name"], area, row["waiting"], row["late"], *at, min(r, LARGE))
