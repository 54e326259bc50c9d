"""A row of cells becomes a draft: values by field, and every problem with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from anju.kit import Refused
from anju.surface.imports.mapping.fields import Field
from anju.surface.imports.reading import refusals, values
from anju.surface.imports.reading.cells import Cell, is_blank, is_error, is_formula, tidy


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is bad: a refusal's code, the field's key, and facts for the sentence (never personal values)."""

    code: str
    field: str
    facts: tuple[tuple[str, Any], ...] = ()


@dataclass
class Draft:
    """One row on its way in. ``n`` is its row number in the sheet."""

    n: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    section: str = ""

    def refuse(self, key: str, refused: Refused) -> None:
        """Add a problem with a field."""
        self.problems.append(Problem(refused.code, key, tuple(sorted(refused.facts.items()))))

    def text(self, key: str) -> str:
        """A text value, empty when absent."""
        return str(self.values.get(key) or "")


@dataclass
class Reader:
    """Reads rows one after another; remembers what stands above for the fields that mean "as above" when blank."""

    fields: dict[str, Field]
    places: dict[str, int]  # field → position in the row's cells
    year: int | None = None
    above: dict[str, Cell] = field(default_factory=dict)

    def read(self, n: int, cells: Sequence[Cell], section: str = "") -> Draft:
        """One row's draft."""
        draft = Draft(n, section=section)
        for key, place in self.places.items():
            cell = cells[place] if place < len(cells) else None
            if self.fields[key].downwards:
                cell = self.above.get(key) if cell is None else cell
                self.above[key] = cell
            read_row_value(draft, self.fields[key], cell, self.year)
        return draft


def read_row(fields: Sequence[Field], places: dict[str, int], n: int, cells: Sequence[Cell]) -> Draft:
    """One row by itself, for previews of the mapping."""
    return Reader({f.key: f for f in fields}, places).read(n, cells)


def read_row_value(draft: Draft, field_: Field, cell: Cell, year: int | None) -> None:
    """Parse a cell into the draft; a blank leaves the field absent."""
    if is_blank(cell):
        return
    try:
        if is_error(cell):
            raise refusals.CELL_ERROR()
        value = _parse(field_, cell, year)
    except Refused as refused:
        draft.refuse(field_.key, refused)
        return
    draft.values[field_.key] = value


def _parse(field_: Field, cell: Cell, year: int | None) -> Any:
    match field_.kind:
        case "text" | "name":
            return _text(field_, cell)
        case "phone":
            return values.parse_phones(cell)
        case "id_number":
            number, kind = values.parse_id_number(cell)
            return [kind, number]
        case "date":
            return values.parse_date(cell, year=year)
        case "period":
            return values.parse_dates(cell, year=year)
        case "money" | "number":
            number_value = values.parse_money(cell) if field_.kind == "money" else values.parse_number(cell)
            if not field_.low <= number_value <= field_.high:
                raise refusals.RANGE(low=field_.low, high=field_.high)
            return number_value
        case "room":
            return values.parse_room(cell)
        case "pay_terms":
            return values.parse_pay_terms(cell)
        case "term":
            return values.parse_term(cell)
        case "moment":
            return values.parse_moment(cell, year=year)


def _text(field_: Field, cell: Cell) -> str:
    if isinstance(cell, date):
        raise refusals.ROOM_DATE() if field_.downwards else refusals.CHOICE()
    if is_formula(cell):
        raise refusals.FORMULA()
    text = tidy(cell)
    if len(text) > field_.limit:
        raise refusals.TOO_LONG(limit=field_.limit)
    return text
