"""From the units of a building to the picture of it: entrances side by side, floors stacked, risers in line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.portfolio.pages.words import number_of

Row = dict[str, Any]
Cell = dict[str, Any]
WIDE, LOOSE_ROW = 40, 12


@dataclass
class Group:
    """A flat or room let in parts: its number, a word about it, its parts as cells; ``href`` is its own page."""

    number: str
    note: str
    href: str
    parts: list[Cell] = field(default_factory=list)


@dataclass
class Floor:
    """One floor: what stands on it, from left to right; None where the building has nothing."""

    name: str
    rooms: list[Cell | Group | None]


@dataclass
class Block:
    """What hangs on one staircase."""

    title: str
    floors: list[Floor]


def natural(text: str) -> list[tuple[int, str]]:
    """Sorts 2 before 10 and A before B."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]


def blocks_of(rows: Sequence[Row], cell: Callable[[Row, str], Cell], address: Callable[[int], str]) -> list[Block]:
    """The building as blocks.

    Args:
        rows: every unit of one building, wholes and parts.
        cell: draws a leaf from its row and its number.
        address: a unit's own page.
    """
    inside: dict[int, list[Row]] = defaultdict(list)
    known = {row["id"] for row in rows}
    for row in rows:
        if row["parent_id"] in known:
            inside[row["parent_id"]].append(row)
    tops = [row for row in rows if row["parent_id"] not in known]
    by_entrance: dict[str, list[Row]] = defaultdict(list)
    for row in tops:
        by_entrance[row["entrance"]].append(row)

    def drawn(row: Row) -> Cell | Group:
        if row["leaf"]:
            return cell(row, number_of(row["code"]))
        leaves = sorted(_leaves(row, inside), key=lambda r: natural(r["code"]))
        group = Group(number_of(row["code"]), _note(row, leaves), address(row["id"]))
        group.parts = [cell(leaf, number_of(leaf["code"], row["code"])) for leaf in leaves]
        return group

    kinds = {row["kind"] for row in rows if row["leaf"]}
    return [_block(name, by_entrance[name], drawn, kinds) for name in sorted(by_entrance, key=natural)]


def _leaves(row: Row, inside: dict[int, list[Row]]) -> list[Row]:
    found: list[Row] = []
    for child in inside[row["id"]]:
        found += [child] if child["leaf"] else _leaves(child, inside)
    return found


def _note(row: Row, leaves: Sequence[Row]) -> str:
    """整租 where one lease holds all parts; otherwise what it is."""
    held = {leaf["lease_id"] for leaf in leaves}
    if len(leaves) > 1 and len(held) == 1 and None not in held:
        return _("整租")
    return row["layout"] or _("按间出租")


def _block(entrance: str, tops: Sequence[Row], drawn: Callable[[Row], Cell | Group], kinds: Set[str]) -> Block:
    by_floor: dict[int | None, list[Row]] = defaultdict(list)
    for row in tops:
        by_floor[row["floor"]].append(row)
    lines = _lines(by_floor)
    floors: list[Floor] = []
    order = sorted((f for f in by_floor if f is not None), reverse=True)
    for floor in [*order, *([None] if None in by_floor else [])]:
        on_it = sorted(by_floor[floor], key=lambda r: natural(r["code"]))
        name = "" if floor is None else str(floor)
        if lines and floor is not None:
            at = {row["line"]: drawn(row) for row in on_it}
            floors.append(Floor(name, [at.get(line) for line in lines]))
            continue
        rows = [on_it[n : n + LOOSE_ROW] for n in range(0, len(on_it), LOOSE_ROW)]
        floors += [Floor("" if n else name, [drawn(row) for row in part]) for n, part in enumerate(rows)]
    return Block(_title(entrance, floors, tops, kinds), floors)


def _lines(by_floor: dict[int | None, list[Row]]) -> list[str]:
    """The risers from left to right; none where units do not say theirs, or two claim the same place."""
    found: set[str] = set()
    for floor, rows in by_floor.items():
        lines = [row["line"] for row in rows]
        if floor is not None and ("" in lines or len(set(lines)) < len(lines)):
            return []
        found |= set(lines) if floor is not None else set()
    return sorted(found, key=natural) if len(found) <= WIDE else []


def _title(entrance: str, floors: Sequence[Floor], tops: Sequence[Row], kinds: Set[str]) -> str:
    """1单元，每层 8 间; beds and desks by their own word."""
    counts = [sum(len(r.parts) if isinstance(r, Group) else 1 for r in floor.rooms if r) for floor in floors]
    every = any(row["floor"] is None for row in tops)
    words = {"n": sum(counts) if every else max(counts)}
    if kinds == {"bed"}:
        wide = (_("共 %(n)s 床") if every else _("每层 %(n)s 床")) % words
    elif kinds == {"desk"}:
        wide = (_("共 %(n)s 个工位") if every else _("每层 %(n)s 个工位")) % words
    else:
        wide = (_("共 %(n)s 间") if every else _("每层 %(n)s 间")) % words
    if not entrance:
        return wide
    name = _("%(n)s单元") % {"n": entrance} if entrance.isdigit() else entrance
    return _("%(name)s，%(wide)s") % {"name": name, "wide": wide}
