"""Homes to let: projects, units, rents and positions. A home without a position is kept and marked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from anju.domain.portfolio.actions import change_unit, register_places
from anju.domain.portfolio.permissions import CHANGE_UNIT, REGISTER_PLACES
from anju.domain.portfolio.places import Place
from anju.foundation.actions import Act
from anju.foundation.db import SqlFile, fetch, run_sql
from anju.surface.imports.mapping import Draft
from anju.surface.imports.targets import Asked, ImportTarget, Options, Outcome, StagedRow, register
from anju.surface.imports.targets.listings_fields import FIELDS

BUILDING = "未分楼栋"
PREFIX = "挂牌-"
DEGREE = Decimal("0.000001")
LAST_NUMBERS = """
SELECT p.city, p.name, max(substr(u.code, %(from)s)::int) AS last
FROM project p JOIN unit u ON u.scope_id = p.id AND u.code ~ %(pattern)s
WHERE (p.city, p.name) IN (SELECT c, n FROM unnest(%(cities)s::text[], %(names)s::text[]) AS x(c, n))
GROUP BY 1, 2
"""
LINK = """
INSERT INTO import_link (target, key, subject_kind, subject_id)
SELECT 'listings', k, 'unit', u FROM unnest(%(keys)s::text[], %(units)s::bigint[]) AS x(k, u)
ON CONFLICT (org_id, target, key) DO UPDATE SET subject_id = excluded.subject_id
"""


def complete(draft: Draft, options: Options) -> tuple[str, str]:
    """Whole or room, region and store, position or its absence; the key is what the home looks like."""
    values = draft.values
    for key, text in options.defaults.items():
        values.setdefault(key, text)
    values.setdefault("region", draft.text("city"))
    values.setdefault("store", draft.text("district") or draft.text("city"))
    values["kind"] = "room" if draft.text("title").startswith("合租") else "whole"
    values["layout"] = draft.text("layout") or draft.text("bedrooms")
    if "lon" in values and "lat" in values:
        values["lon"], values["lat"] = (values[k].quantize(DEGREE) for k in ("lon", "lat"))
    else:
        for key in ("lon", "lat", "precision"):
            values.pop(key, None)
        draft.notes.append("no_position")
    looks = [draft.text(k) for k in ("city", "project", "kind", "layout", "area", "orientation", "title", "address")]
    key = hashlib.sha256("\x1f".join(looks).encode()).hexdigest()
    return key, key


def apply(act: Act, rows: Sequence[StagedRow], options: Options) -> list[Outcome]:
    """Register new homes, correct known ones; each new home is remembered by what it looks like."""
    new = [r for r in rows if r.fate == "new"]
    outcomes = _register(act, new)
    for row in rows:
        if row.fate == "changes":
            wanted = {c["field"]: c["to"] for c in row.changes}
            unit = change_unit(
                act.by,
                unit_id=row.changes[0]["id"],
                layout=wanted.get("layout"),
                orientation=wanted.get("orientation"),
                area=Decimal(wanted["area"]) if "area" in wanted else None,
                guide_rent=Decimal(wanted["rent"]) if "rent" in wanted else None,
            )
            outcomes.append(Outcome(row.n, ("unit", unit.id)))
    return outcomes


def _register(act: Act, rows: Sequence[StagedRow]) -> list[Outcome]:
    if not rows:
        return []
    last = _last_numbers(rows)
    places = []
    for row in rows:
        at = (row.values["city"], row.values["project"])
        last[at] = last.get(at, 0) + 1
        places.append(_place(row.values, f"{PREFIX}{last[at]:03d}"))
    made = register_places(act.by, rows=places)
    found = [(r, u) for r, u in zip(rows, made.unit_ids, strict=True) if u is not None]
    run_sql(LINK, {"keys": [link_key(r.key) for r, _ in found], "units": [u for _, u in found]})
    bad = [Outcome(rows[i].n, refused=refused) for i, refused in made.refused.items()]
    return [Outcome(r.n, ("unit", u)) for r, u in found] + bad


def link_key(key: str) -> str:
    """A row's key as ``import_link`` keeps it; the plan computes the same in SQL."""
    return hashlib.sha256(key.encode()).hexdigest()


def _last_numbers(rows: Sequence[StagedRow]) -> dict[tuple[str, str], int]:
    projects = sorted({(r.values["city"], r.values["project"]) for r in rows})
    found = fetch(
        LAST_NUMBERS,
        {
            "from": len(PREFIX) + 1,
            "pattern": f"^{PREFIX}[0-9]{{1,6}}$",
            "cities": [c for c, _ in projects],
            "names": [n for _, n in projects],
        },
    )
    return {(r["city"], r["name"]): r["last"] for r in found}


def _place(values: dict[str, Any], code: str) -> Place:
    position = "lon" in values
    return Place(
        region=values["region"],
        store=values["store"],
        city=values["city"],
        district=values.get("district", ""),
        block=values.get("block", ""),
        project=values["project"],
        project_kind="residential",
        address=values.get("address", ""),
        lon=Decimal(values["lon"]) if position else None,
        lat=Decimal(values["lat"]) if position else None,
        position_precision=values.get("precision", "")[:20] if position else "",
        building=BUILDING,
        unit=code,
        kind=values["kind"],
        layout=values["layout"],
        orientation=values.get("orientation", ""),
        area=Decimal(values["area"]) if values.get("area") else None,
        guide_rent=Decimal(values["rent"]),
    )


LISTINGS = register(
    ImportTarget(
        key="listings",
        zh="房源清单",
        en="Listings",
        help=gettext_noop("项目、户型、租金和位置；没有坐标的房源照样保留并注明。"),
        fields=FIELDS,
        asked=(
            Asked("city", "城市", "City", gettext_noop("表里没有城市一列时，全部房源用这个城市。")),
            Asked("store", "门店", "Store", gettext_noop("留空时按区域建立门店。")),
        ),
        needs=(REGISTER_PLACES, CHANGE_UNIT),
        complete=complete,
        plan=SqlFile(__file__, "plans/listings.sql"),
        apply=apply,
        shown=(("project", "项目"), ("layout", "户型"), ("area", "面积"), ("rent", "租金"), ("district", "区域")),
        alike=True,
    )
)
