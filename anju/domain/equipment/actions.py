"""Registering equipment, correcting it, taking it out of use."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from anju.domain.equipment import refusals
from anju.domain.equipment.models import Equipment
from anju.domain.equipment.permissions import EDIT
from anju.domain.portfolio.models import Building, Unit
from anju.foundation.access import restrict
from anju.foundation.actions import Act, action
from anju.foundation.db import clock
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

LONGEST = {"name": 60, "serial": 60, "note": 300}
KINDS = dict(Equipment.Kind.choices)


@dataclass(frozen=True, slots=True)
class About:
    """What is written down of an item.

    Args:
        kind: an ``Equipment.Kind``.
        name: brand and model; 1 to 60 characters.
        serial: as on its plate; at most 60 characters.
        installed_on: the day it was installed, if known.
        warranty_until: the last day of its warranty, if it has one; not before ``installed_on``.
        note: at most 300 characters.
    """

    kind: str
    name: str
    serial: str = ""
    installed_on: date | None = None
    warranty_until: date | None = None
    note: str = ""

    def checked(self) -> dict[str, Any]:
        """Its columns with the spaces taken out; refused where one says nothing or too much."""
        row = asdict(self)
        if self.kind not in KINDS:
            raise refusals.NO_KIND()
        for key, most in LONGEST.items():
            row[key] = " ".join(row[key].split())
            if len(row[key]) > most:
                raise refusals.TOO_LONG(n=most, is_=len(row[key]))
        if not row["name"]:
            raise refusals.NO_NAME()
        if self.installed_on and self.warranty_until and self.warranty_until < self.installed_on:
            raise refusals.WARRANTY_FIRST()
        return row


@action("equipment.item.add", needs=EDIT)
def add_item(act: Act, *, about: About, unit_id: int | None = None, building_id: int | None = None) -> Equipment:
    """Register an item in a room, or in a building for what everybody there shares (P-04).

    Args:
        about: what it is.
        unit_id: the room it is in.
        building_id: the building, where it is in no room; a room brings its own.

    Raises:
        Refused: ``not_found`` for a place outside the colleague's projects, ``equipment.no_kind``,
            ``equipment.no_name``, ``equipment.too_long``, ``equipment.warranty_first``.
    """
    row = about.checked()
    unit = None
    if unit_id is not None:
        unit = restrict(Unit.objects.filter(id=unit_id), act.by).first()
        if unit is None:
            raise NOT_FOUND()
        building_id = unit.building_id
    building = restrict(Building.objects.filter(id=building_id or 0), act.by).first()
    if building is None:
        raise NOT_FOUND()
    made = Equipment.objects.create(unit=unit, building=building, scope_id=building.scope_id, at=clock.now(), **row)
    act.trace("equipment", made.id, links=links(made), kind=made.kind)
    return made


def links(item: Equipment) -> tuple[tuple[str, int], ...]:
    """The place whose timeline shows what happens to it."""
    return (("unit", item.unit_id),) if item.unit_id else (("building", item.building_id),)


def in_use(by: Actor, item_id: int, *, lock: bool = False) -> Equipment:
    """An item within the actor's projects that is in use.

    Raises:
        Refused: ``not_found``, ``equipment.retired``.
    """
    rows = Equipment.objects.select_for_update() if lock else Equipment.objects
    found = restrict(rows.filter(id=item_id), by).first()
    if found is None:
        raise NOT_FOUND()
    if found.retired_on is not None:
        raise refusals.RETIRED(day=found.retired_on.isoformat())
    return found


def can_change(by: Actor, *, item_id: int, **_: Any) -> None:
    """Only what is in use."""
    in_use(by, item_id)


@action("equipment.item.change", needs=EDIT, check=can_change)
def change_item(act: Act, *, item_id: int, about: About) -> Equipment:
    """Correct what is written down of an item; its place stays.

    Args:
        item_id: which.
        about: all of it, as it is now.
    """
    found, row = in_use(act.by, item_id, lock=True), about.checked()
    changed = [key for key, value in row.items() if getattr(found, key) != value]
    if not changed:
        act.nothing_changed()
        return found
    for key in changed:
        setattr(found, key, row[key])
    found.save(update_fields=changed)
    act.trace("equipment", found.id, links=links(found), kind=found.kind, fields=changed)
    return found


@action("equipment.item.retire", needs=EDIT, check=can_change)
def retire_item(act: Act, *, item_id: int, on: date | None = None) -> Equipment:
    """Take an item out of use; its history stays, orders no longer offer it.

    Args:
        item_id: which.
        on: the last day it was used; today if left out.

    Raises:
        Refused: ``equipment.retired``, ``equipment.retired_when``.
    """
    found = in_use(act.by, item_id, lock=True)
    today = clock.today()
    day = on or today
    if day > today or (found.installed_on is not None and day < found.installed_on):
        raise refusals.RETIRED_WHEN()
    found.retired_on = day
    found.save(update_fields=["retired_on"])
    act.trace("equipment", found.id, links=links(found), kind=found.kind, on=day.isoformat())
    return found
