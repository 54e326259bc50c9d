"""A place as importers, the API and the demo hand it in, and how many places become rows at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from pypinyin import Style, lazy_pinyin

from anju.domain.portfolio.models import Project, Unit
from anju.domain.portfolio.rules import bedrooms_of, line_of
from anju.foundation.db import SqlFile, fetch
from anju.kit.canonical import canonical

CHUNK = 5000
GROUNDS = SqlFile(__file__, "sql/register_grounds.sql")
UNITS = SqlFile(__file__, "sql/register_units.sql")
LOOKUP = SqlFile(__file__, "sql/find_units.sql")


@dataclass(frozen=True, slots=True)
class Place:
    """One unit with everything above it. Empty ``parent`` means the building itself holds it.

    ``unit`` and ``parent`` are unit codes, unique in the project; ``area`` in m², ``guide_rent`` in ¥ a month.
    """

    region: str
    store: str
    city: str
    project: str
    building: str
    unit: str
    parent: str = ""
    project_kind: str = Project.Kind.APARTMENT.value
    project_code: str = ""
    building_name: str = ""
    district: str = ""
    block: str = ""
    address: str = ""
    lon: Decimal | None = None
    lat: Decimal | None = None
    position_precision: str = ""
    kind: str = Unit.Kind.WHOLE.value
    entrance: str = ""
    floor: int | None = None
    line: str = ""
    layout: str = ""
    bedrooms: int | None = None
    orientation: str = ""
    area: Decimal | None = None
    guide_rent: Decimal | None = None

    def row(self, n: int) -> dict[str, Any]:
        """As the SQL reads it, with what can be derived filled in."""
        row = asdict(self)
        row["n"] = n
        row["project_code"] = self.project_code or city_code(self.city)
        row["building_name"] = self.building_name or (
            f"{self.building}号楼" if self.building.isdigit() else self.building
        )
        row["line"] = self.line or line_of(self.unit)
        row["bedrooms"] = self.bedrooms if self.bedrooms is not None else bedrooms_of(self.layout)
        return row


def city_code(city: str) -> str:
    """Two to four capital letters for a city, from its pinyin (杭州 → HZ); lease numbers begin with it."""
    letters = "".join(lazy_pinyin(city.removesuffix("市"), style=Style.FIRST_LETTER))
    return "".join(c for c in letters.upper() if c.isascii() and c.isalnum())[:4] or "FY"


def chunks(rows: Sequence[Place]) -> Iterator[list[dict[str, Any]]]:
    """Rows for the SQL, some thousand at a time; ``canonical`` writes numbers that must stay exact as strings."""
    numbered = (place.row(n) for n, place in enumerate(rows))
    while part := list(islice(numbered, CHUNK)):
        yield part


def write_grounds(rows: Sequence[Place]) -> list[dict[str, Any]]:
    """Make the regions, stores, projects and buildings that are missing; returns the new ones (``kind``, ``id``)."""
    return [made for part in chunks(rows) for made in fetch(GROUNDS, {"rows": canonical(part)})]


def write_units(rows: Sequence[Place]) -> list[dict[str, Any]]:
    """Make the units that are missing; parents must be there. Returns the new ones (``id``, ``parent_id``)."""
    return [made for part in chunks(rows) for made in fetch(UNITS, {"rows": canonical(part)})]


def find_units(rows: Sequence[Place]) -> list[dict[str, Any]]:
    """Unit rows (``n``, ``id``, ``leaf``, ``project_kind``) of the places that exist, in order of ``n``."""
    return [found for part in chunks(rows) for found in fetch(LOOKUP, {"rows": canonical(part)})]


def levels(rows: Sequence[Place]) -> Iterator[list[Place]]:
    """Places without a parent first, then those inside them, and so on; a parent outside the rows counts as there."""
    keys = {(p.city, p.project, p.unit) for p in rows}
    waiting = list(rows)
    done: set[tuple[str, str, str]] = set()
    while waiting:
        ready = [p for p in waiting if not p.parent or (p.city, p.project, p.parent) not in keys - done]
        if not ready:  # a circle of parents: the units can not exist, so they are left out and reported by the caller
            return
        yield ready
        done |= {(p.city, p.project, p.unit) for p in ready}
        waiting = [p for p in waiting if (p.city, p.project, p.unit) not in done]
