"""Writing places: registering them in bulk, changing one, saying what state it is in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from anju.domain.portfolio import places, rules
from anju.domain.portfolio.models import Unit
from anju.domain.portfolio.permissions import CHANGE_UNIT, REGISTER_PLACES, SET_STATE
from anju.domain.portfolio.places import Place
from anju.domain.portfolio.searching import index_units
from anju.foundation.access import in_scopes, restrict, scope_params
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, run_sql
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND, sentence

PARENT_MISSING = sentence(
    "unit.parent_missing",
    "房源“{unit}”所属的“{parent}”不存在，请先登记它，或核对编号。",
    "{unit} is said to be inside {parent}, which does not exist.",
)
NOTHING_TO_CHANGE = sentence("unit.nothing_to_change", "没有需要修改的内容。", "There is nothing to change.")

Guard = Callable[[list[int]], None]
_guards: list[Guard] = []


def guards_splitting(guard: Guard) -> Guard:
    """Register who may object when leaf units are about to be split into parts: called with their ids, raises Refused.

    The units' rows are locked, so that what the guard saw stays true until the split is done.
    """
    _guards.append(guard)
    return guard


@dataclass(frozen=True)
class Registered:
    """What became of places: ``unit_ids`` in the order given, None where refused; ``refused`` by index; ``new``
    units."""

    unit_ids: list[int | None]
    refused: dict[int, Refused]
    new: int


@action("portfolio.place.register", needs=REGISTER_PLACES)
def register_places(act: Act, *, rows: Sequence[Place]) -> Registered:
    """Make the regions, stores, projects, buildings and units that are missing; what exists is left as it is.

    Set-based: a fixed number of statements per 5,000 rows. Bad rows are handed back with their reason, good ones go in.

    Refused per row: spaces not for living (住房租赁条例 §7) and units inside a unit that does not exist.
    """
    refused = _unlettable(rows)
    good = [p for n, p in enumerate(rows) if n not in refused]
    grounds = places.write_grounds(good)
    new: list[int] = []
    for level in places.levels(good):
        _open_parents(level)
        new += [made["id"] for made in places.write_units(level)]
    found = {row["n"]: row["id"] for row in places.find_units(rows)}
    ids = [None if n in refused else found.get(n) for n in range(len(rows))]
    for n, unit_id in enumerate(ids):
        if unit_id is None and n not in refused:
            refused[n] = PARENT_MISSING(unit=rows[n].unit, parent=rows[n].parent)
    index_units(new)
    _trace_registered(act, grounds, new, found, rows)
    return Registered(ids, refused, len(new))


def _unlettable(rows: Sequence[Place]) -> dict[int, Refused]:
    refused: dict[int, Refused] = {}
    for n, place in enumerate(rows):
        try:
            rules.check_lettable(place.project_kind, place.unit, place.layout)
        except Refused as refusal:
            refused[n] = refusal
    return refused


def _open_parents(level: Sequence[Place]) -> None:
    """Turn leaves that get parts into wholes, unless somebody objects."""
    parents = [Place(p.region, p.store, p.city, p.project, p.building, p.parent) for p in level if p.parent]
    leaves = {row["id"] for row in places.find_units(parents) if row["leaf"]}
    if not leaves:
        return
    ids = sorted(leaves)
    fetch("SELECT id FROM unit WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE", {"ids": ids})
    for guard in _guards:
        guard(ids)
    run_sql("UPDATE unit SET leaf = false WHERE id = ANY(%(ids)s)", {"ids": ids})


def _trace_registered(
    act: Act, grounds: list[dict[str, Any]], new: list[int], found: dict[int, int], rows: Sequence[Place]
) -> None:
    if not grounds and not new:
        act.nothing_changed()
        return
    made = {kind: sum(g["kind"] == kind for g in grounds) for kind in ("region", "store", "project", "building")}
    first = new[0] if new else next(iter(found.values()), 0)
    act.trace("place_batch", first, links=tuple(("unit", u) for u in new), units=len(new), rows=len(rows), **made)


@action("portfolio.unit.change", needs=CHANGE_UNIT)
def change_unit(
    act: Act,
    *,
    unit_id: int,
    layout: str | None = None,
    orientation: str | None = None,
    area: Decimal | None = None,
    guide_rent: Decimal | None = None,
) -> Unit:
    """Correct a unit's description; arguments left out stay. ``area`` m², ``guide_rent`` ¥ a month.

    Refused: an unknown unit; nothing to change; a layout that is not for living.
    """
    units = Unit.objects.select_for_update(of=("self",)).select_related("building__project").filter(id=unit_id)
    unit = restrict(units, act.by).first()
    if unit is None:
        raise NOT_FOUND()
    wanted = {"layout": layout, "orientation": orientation, "area": area, "guide_rent": guide_rent}
    changes = {k: v for k, v in wanted.items() if v is not None and v != getattr(unit, k)}
    if not changes:
        raise NOTHING_TO_CHANGE()
    rules.check_lettable(unit.building.project.kind, unit.code, layout or unit.layout)
    before = {k: str(getattr(unit, k)) for k in changes}
    for field, value in changes.items():
        setattr(unit, field, value)
    if layout:
        unit.bedrooms = rules.bedrooms_of(layout)
    unit.save(update_fields=[*changes, "bedrooms"])
    index_units([unit.id])
    act.trace("unit", unit.id, before=before, after={k: str(v) for k, v in changes.items()})
    return unit


@action("portfolio.unit.set_state", needs=SET_STATE)
def set_unit_state(
    act: Act, *, unit_ids: Sequence[int], state: Unit.State, ready_on: date | None = None, reason: str = ""
) -> int:
    """Say that units can be let, are being prepared, under repair or offline, from today.

    Args:
        unit_ids: which; one event each.
        state: what is true from today.
        ready_on: when they can be let again, if known.
        reason: a code or short remark without personal data.

    Refused: a ready day in the past; an unknown unit.
    """
    today = clock.today()
    rules.check_ready_on(today, ready_on)
    done = fetch(
        "UPDATE unit SET state = %(state)s, state_since = %(today)s, ready_on = %(ready)s"
        f" WHERE id = ANY(%(ids)s) AND {in_scopes('scope_id')} RETURNING id",
        {"state": state.value, "today": today, "ready": ready_on, "ids": list(unit_ids), **scope_params(act.by)},
    )
    if len(done) != len(set(unit_ids)):
        raise NOT_FOUND()
    for row in done:
        act.trace("unit", row["id"], state=state.value, ready_on=str(ready_on or ""), reason=reason)
    return len(done)
