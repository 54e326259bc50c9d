"""Which rows of a sheet are its header: titles stand above it, its cells may be merged over two or three rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from anju.surface.imports.reading.cells import Cell, Merge, is_blank, plain

Knows = Callable[[str], bool]
_NUMERIC = re.compile(r"^[¥￥]?[\d,.\-/: ]+[%元年月日号]?$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table. ``parts`` are the titles from the top row of the header down, without repeats."""

    index: int
    parts: tuple[str, ...]

    @property
    def title(self) -> str:
        """What people see: 租客 电话."""
        return " ".join(self.parts) or f"第 {letter(self.index)} 列"


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is (0-based, inclusive) and its columns."""

    top: int
    bottom: int
    columns: tuple[Column, ...]


def letter(index: int) -> str:
    """The spreadsheet's letter of a 0-based column: 0 → A, 27 → AB."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def find_header(rows: list[list[Cell]], merges: list[Merge], knows: Knows) -> Header | None:
    """The header among a sheet's first rows, or None.

    Args:
        rows: the first rows as they are.
        merges: merged ranges of the sheet.
        knows: whether a text is a known column title; a table without any is found by its shape.
    """
    scores = [_score(row, knows) for row in rows]
    best = max(range(len(rows)), key=lambda i: (scores[i], -i), default=None)
    if best is None or scores[best] <= 0:
        return None
    top, bottom = _upwards(rows, merges, best, knows), _downwards(rows, merges, best, knows)
    return Header(top, bottom, _columns(rows, merges, top, bottom))


def _texts(row: list[Cell]) -> list[str]:
    return [plain(c) for c in row if isinstance(c, str) and plain(c)]


def _numeric(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_NUMERIC.match(plain(cell)))
    return isinstance(cell, int | float | date)


def _score(row: list[Cell], knows: Knows) -> float:
    texts = _texts(row)
    distinct = {t for t in texts if not _NUMERIC.match(t)}
    numbers = sum(1 for c in row if _numeric(c))
    known = sum(1 for t in distinct if knows(t))
    if len(distinct) < 2:
        return 0
    if known >= 2:
        return 3 * known + len(distinct) - 3 * numbers
    if numbers or len(distinct) < len(texts) or any(len(t) > 16 for t in texts):
        return 0
    return len(distinct) / 100  # by shape alone: only when nothing is known


def _width(row: list[Cell]) -> int:
    return max((i + 1 for i, c in enumerate(row) if not is_blank(c)), default=0)


def _upwards(rows: list[list[Cell]], merges: list[Merge], best: int, knows: Knows) -> int:
    top = best
    width = _width(rows[best])
    while top > 0 and best - top < 2:
        above = rows[top - 1]
        texts = set(_texts(above))
        spans = [m for m in merges if m[0] == top - 1 and m[3] > m[1]]
        titled = any(m[3] - m[1] + 1 >= width * 0.8 for m in spans)
        if len(texts) < 2 or titled or any(_numeric(c) for c in above):
            break
        if not spans and not any(m[0] < top <= m[2] for m in merges) and not _complements(above, rows[top]):
            break
        top -= 1
    return top


def _downwards(rows: list[list[Cell]], merges: list[Merge], best: int, knows: Knows) -> int:
    bottom = best
    while bottom + 1 < len(rows) and bottom - best < 2:
        below = rows[bottom + 1]
        texts = set(_texts(below))
        if not texts or any(_numeric(c) for c in below) or any(len(t) > 12 for t in texts):
            break
        tall = any(m[0] <= bottom < m[2] and m[2] - m[0] < 3 for m in merges)
        wide = any(m[0] == bottom and m[3] > m[1] for m in merges)
        words = sum(1 for t in texts if knows(t))
        if not (((tall or wide) and len(texts) >= 2) or (_complements(rows[bottom], below) and words >= 2)):
            break
        bottom += 1
    return bottom


def _complements(above: list[Cell], below: list[Cell]) -> bool:
    """A group title above with blanks to its right, over sub-titles: the merged header of a text table."""
    pairs = list(zip(above, below, strict=False))
    gaps = sum(1 for a, b in pairs if is_blank(a) and not is_blank(b))
    return gaps >= 1 and gaps + sum(1 for a in above if not is_blank(a)) >= 3


def _columns(rows: list[list[Cell]], merges: list[Merge], top: int, bottom: int) -> tuple[Column, ...]:
    width = max((_width(r) for r in rows[top:]), default=0)
    grid = [[plain(c) if isinstance(c, str | int | float) else "" for c in row] for row in rows[top : bottom + 1]]
    grid = [row + [""] * (width - len(row)) for row in grid]
    covered = False
    for t, left, b, right in merges:
        if t < top or b > bottom:
            continue
        covered = True
        for r in range(t, b + 1):
            for c in range(left, min(right, width - 1) + 1):
                grid[r - top][c] = grid[t - top][left]
    if not covered:
        _spread(grid)
    used = [c for c in range(width) if any(g[c] for g in grid) or any(_has(r, c) for r in rows[bottom + 1 :])]
    return tuple(Column(c, tuple(dict.fromkeys(g[c] for g in grid if g[c]))) for c in used)


def _has(row: list[Cell], column: int) -> bool:
    return column < len(row) and not is_blank(row[column])


def _spread(grid: list[list[str]]) -> None:
    """Text tables lose their merges: a group title also stands over the blanks to its right."""
    for upper, lower in pairwise(grid):
        for c in range(1, len(upper)):
            if not upper[c] and lower[c] and upper[c - 1] and lower[c - 1]:
                upper[c] = upper[c - 1]
