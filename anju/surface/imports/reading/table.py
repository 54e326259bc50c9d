"""A sheet as a table: header found, merged cells filled down, totals, repeated headers and notes set aside."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from anju.surface.imports.reading.cells import Cell, Merge, is_blank, plain
from anju.surface.imports.reading.header import Column, Header, Knows, find_header
from anju.surface.imports.reading.refusals import EMPTY, NO_HEADER, TOO_MANY_ROWS
from anju.surface.imports.reading.source import Source

MAX_SHEETS = 12  # looked at for the one with the data
WINDOW = 60  # the header lies within a sheet's first rows
MAX_ROWS = 500_000
MAX_ASIDE = 2_000  # set-aside rows that are remembered one by one
_TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计|共\s*计|汇总|累计|平均|total|subtotal|sum\b)", re.I)
_NOTE = re.compile(r"^(注|备注|说明|制表|填表|审核|打印|制单|单位负责人|note)", re.I)
_SECTION = re.compile(r"(号楼|栋|幢|座|区|苑|园|店|公寓|社区|小区|大厦|项目)\s*(\(.*\))?$")
_YEAR = re.compile(r"(20\d\d)\s*年?")

Aside = Literal["title", "header", "total", "note", "section"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of data. ``n`` is its row number in the sheet as people see it; ``section`` the group title above it."""

    n: int
    cells: list[Cell]
    section: str = ""


@dataclass
class Table:
    """A sheet's table. :meth:`rows` streams; ``aside`` fills while it does."""

    source: Source
    sheet: str
    header: Header
    titles: tuple[str, ...]
    merges: list[Merge]
    year: int | None
    head: list[list[Cell]] = field(repr=False)
    aside: list[tuple[int, Aside]] = field(default_factory=list)
    aside_count: int = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, from the left; blank ones are left out."""
        return self.header.columns

    @property
    def signature(self) -> str:
        """What a mapping is remembered by: the same titles in the same order."""
        titles = "\x1f".join(re.sub(r"[\s()]", "", c.title).lower() for c in self.columns)
        return hashlib.sha256(titles.encode()).hexdigest()

    def rows(self, limit: int | None = None) -> Iterator[Row]:
        """The rows of data, streamed: at most ``limit`` of them.

        Refused: more than 500,000 rows.
        """
        self.aside, self.aside_count = [], 0
        return islice(self._rows(self.source.rows(self.sheet)), limit)

    def sample(self) -> list[list[Cell]]:
        """Cells of the first rows, without reading the file again."""
        return [row.cells for row in self._rows(self.head)]

    def _rows(self, source: Iterable[list[Cell]]) -> Iterator[Row]:
        filler, section, count = _Filler(self.merges, self.header.bottom), "", 0
        indexes = [c.index for c in self.columns]
        for r, raw in enumerate(source):
            if r <= self.header.bottom:
                continue
            whole = filler.fill(r, raw)
            cells = [whole[i] if i < len(whole) else None for i in indexes]
            kind = self._kind(cells)
            if kind == "blank":
                continue
            if kind is not None:
                if kind == "section":
                    section = next(plain(c) for c in cells if not is_blank(c))
                self._set_aside(r + 1, kind)
                continue
            count += 1
            if count > MAX_ROWS:
                raise TOO_MANY_ROWS(limit=MAX_ROWS)
            yield Row(r + 1, cells, section)

    def _set_aside(self, n: int, kind: Aside) -> None:
        self.aside_count += 1
        if len(self.aside) < MAX_ASIDE:
            self.aside.append((n, kind))

    def _kind(self, cells: list[Cell]) -> Aside | Literal["blank"] | None:
        held = [c for c in cells if c is not None and c != "" and not (isinstance(c, str) and not c.strip())]
        if not held or all(is_blank(c) for c in held):
            return "blank"
        first = next((c for c in cells if isinstance(c, str) and plain(c)), "")
        text = plain(first)
        if _TOTAL.match(text) and len(text) <= 16:
            return "total"
        if self._repeats_header(cells):
            return "header"
        if len(held) == 1 and len(cells) >= 4 and isinstance(held[0], str):
            return "section" if _SECTION.search(text) and len(text) <= 30 and not _NOTE.match(text) else "note"
        return "note" if _NOTE.match(text) and len(held) <= 3 and len(cells) >= 4 else None

    def _repeats_header(self, cells: list[Cell]) -> bool:
        texts = [(plain(c), col.parts) for c, col in zip(cells, self.columns, strict=True) if isinstance(c, str)]
        texts = [(t, parts) for t, parts in texts if t]
        return len(texts) >= 2 and sum(t in parts for t, parts in texts) >= 0.7 * len(texts)


class _Filler:
    """Copies the value of a merged range into its rows as they stream by."""

    def __init__(self, merges: list[Merge], bottom: int) -> None:
        self.starts: dict[int, list[Merge]] = {}
        for merge in merges:
            if merge[2] > merge[0] and merge[2] > bottom and merge[0] > bottom:
                self.starts.setdefault(merge[0], []).append(merge)
        self.open: list[tuple[Merge, Cell]] = []

    def fill(self, r: int, row: list[Cell]) -> list[Cell]:
        self.open = [(m, v) for m, v in self.open if m[2] >= r]
        for (_, left, _, _), value in self.open:
            if left < len(row) and is_blank(row[left]):
                row[left] = value
        for merge in self.starts.pop(r, ()):
            value = row[merge[1]] if merge[1] < len(row) else None
            self.open.append((merge, value))
        return row


def read_table(source: Source, *, knows: Knows, sheet: str | None = None, name: str = "") -> Table:
    """Find the table in a sheet.

    Args:
        source: a checked file.
        knows: whether a text is a known column title.
        sheet: the sheet's name; without it, the sheet whose header is known best.
        name: the file's name; a year in it serves dates written without one.

    Refused: no data, no header.
    """
    candidates = [sheet] if sheet is not None else list(source.sheets[:MAX_SHEETS])
    found: list[tuple[int, Table]] = []
    empty = True
    for candidate in candidates:
        merges, head = source.look(candidate, WINDOW)
        if not any(not is_blank(c) for row in head for c in row):
            continue
        empty = False
        header = find_header(head, merges, knows)
        if header is not None:
            titles = tuple(plain(c) for row in head[: header.top] for c in row if not is_blank(c))
            year = _year(" ".join((*titles, name, candidate)))
            table = Table(source, candidate, header, titles, merges, year, head)
            found.append((sum(any(knows(p) for p in c.parts) for c in header.columns), table))
    if not found:
        raise EMPTY() if empty else NO_HEADER()
    return max(found, key=lambda f: f[0])[1]


def _year(text: str) -> int | None:
    years = {int(y) for y in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None
