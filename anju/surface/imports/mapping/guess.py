"""A first guess of the mapping, from the titles and from what the cells look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anju.kit import Refused
from anju.surface.imports.mapping.fields import PARSERS, Field, fold, unkept
from anju.surface.imports.reading.cells import Cell, is_blank
from anju.surface.imports.reading.header import Column

ENOUGH = 0.45
DISTINCT = {"phone": 0.6, "id_number": 0.6, "pay_terms": 0.6, "period": 0.55}  # recognised by contents alone
SAMPLE = 60


@dataclass(frozen=True, slots=True)
class Guess:
    """A column's likely field (key, "" when it is not imported) and how sure: 0 to 1."""

    column: int
    field: str
    sure: float


def guess(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], fields: Sequence[Field]) -> list[Guess]:
    """One guess for each column; no field is given twice.

    Args:
        columns: the table's columns.
        rows: some rows, cells aligned with the columns.
        fields: the target's fields.
    """
    samples = [[row[i] for row in rows[:SAMPLE] if not is_blank(row[i])] for i in range(len(columns))]
    scored = sorted(
        ((_score(c, samples[i], f), -i, -k, i, f.key) for i, c in enumerate(columns) for k, f in enumerate(fields)),
        reverse=True,
    )
    taken: dict[int, Guess] = {}
    used: set[str] = set()
    for score, _, _, i, key in scored:
        if score < ENOUGH:
            break
        if i not in taken and key not in used:
            taken[i] = Guess(columns[i].index, key, min(round(score, 2), 1.0))
            used.add(key)
    return [taken.get(i) or Guess(c.index, "", 1.0 if unkept(c.parts) else 0.0) for i, c in enumerate(columns)]


def _score(column: Column, sample: list[Cell], field: Field) -> float:
    named = name_score(column.parts, field)
    if unkept(column.parts) and named < 1:
        return 0.0
    fits = _fits(sample, field)
    if named:
        return named * (0.75 + 0.25 * (fits if fits is not None else 0.6)) - (0.5 if fits == 0 and sample else 0.0)
    return DISTINCT.get(field.kind, 0.0) * (fits if fits is not None and fits > 0.7 else 0.0)


def name_score(parts: Sequence[str], field: Field) -> float:
    """How well titles name a field: the lowest title counts most, then the titles above it, then likeness."""
    if not parts:
        return 0.0
    words = field.known_as
    whole, last = fold("".join(parts)), fold(parts[-1])
    if last in words or whole in words:
        return 1.0
    if any(fold(p) in words for p in parts):
        return 0.8
    inside = max((len(w) / len(last) for w in words if len(w) >= 2 and w in last), default=0.0)
    return max(0.75 * min(inside * 1.3, 1.0) if inside else 0.0, max(_like(last, w) for w in words))


def _like(one: str, other: str) -> float:
    """Dice's likeness of bigrams, when it is high enough to mean anything."""
    a = {one[i : i + 2] for i in range(len(one) - 1)}
    b = {other[i : i + 2] for i in range(len(other) - 1)}
    if not a or not b:
        return 0.0
    likeness = 2 * len(a & b) / (len(a) + len(b))
    return 0.7 * likeness if likeness >= 0.65 else 0.0


def _fits(sample: list[Cell], field: Field) -> float | None:
    parse = PARSERS.get(field.kind)
    if parse is None or not sample:
        return None
    good = 0
    for cell in sample:
        try:
            parse(cell)
            good += 1
        except Refused as refused:
            good += refused.code in ("import.cell.damaged", "import.cell.room_date", "import.cell.date_no_year")
    return good / len(sample)
