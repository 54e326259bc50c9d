"""A definition drawn: stages in columns by how far they are from the start, steps as lines. Pure.

A card holds so many columns beside each other; further ones go on in a band below, so nothing scrolls sideways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from anju.foundation.flows.definition import Flow, Stage

WIDE, HIGH = 120, 48
GAP_X, GAP_Y = 36, 28
MARGIN = 8
LETTERS = 16  # Latin ones a box holds; a Chinese one takes two
BESIDE = 5  # columns: what fits the card of a case at 1440 pixels in the size of its letters


@dataclass(frozen=True, slots=True)
class Box:
    """A stage with its place. ``state``: done, now, next, later. ``limit``: the shortest that begins there."""

    key: str
    word: str
    state: str
    ends: bool
    x: int
    y: int
    limit: timedelta | None = None

    @property
    def long(self) -> bool:
        """Whether its word must be drawn narrower to stay inside."""
        return sum(1 if c.isascii() else 2 for c in self.word) > LETTERS


@dataclass(frozen=True, slots=True)
class Line:
    """A step between two stages as an SVG path; ``on`` where the case may take it now."""

    path: str
    word: str
    on: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it, with the size it needs."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def drawn(flow: Flow, *, stage: str = "", visited: Sequence[str] = (), priority: int = 0) -> Drawing:
    """Lay a definition out.

    Args:
        flow: the definition.
        stage: where a case stands; empty for a definition alone.
        visited: stages the case was in.
        priority: the case's class, for its time limits.
    """
    ahead = {t.to for t in flow.transitions if stage in t.sources}
    places = _places(flow)
    tops = _tops(places)
    boxes = tuple(
        Box(
            s.key, s.word, _state(s, stage, visited, ahead), s.ends, *_corner(places[s.key], tops),
            _limit(flow, s.key, priority),
        )
        for s in flow.stages
    )  # fmt: skip
    at = {b.key: b for b in boxes}
    lines = tuple(
        Line(
            _path(at[source], at[t.to], below=places[t.to][0] // BESIDE - places[source][0] // BESIDE),
            t.word, source == stage,
        )
        for t in flow.transitions
        for source in t.sources
        if t.to in at and source in at and t.to != source
    )  # fmt: skip
    columns = min(BESIDE, 1 + max(column for column, _row in places.values()))
    low = max(b.y for b in boxes) + HIGH + GAP_Y
    return Drawing(boxes, lines, 2 * MARGIN + columns * (WIDE + GAP_X) - GAP_X, low + MARGIN)


def _state(stage: Stage, now: str, visited: Sequence[str], ahead: set[str]) -> str:
    if stage.key == now:
        return "now"
    if stage.key in ahead:
        return "next"
    return "done" if stage.key in visited else "later"


def _limit(flow: Flow, stage: str, priority: int) -> timedelta | None:
    minutes = [m for x in flow.limits if stage in x.starts and (m := x.minutes_of(priority))]
    return timedelta(minutes=min(minutes)) if minutes else None


def _places(flow: Flow) -> dict[str, tuple[int, int]]:
    """Column and row of each stage: columns by the fewest steps from the start, rows in the order of the definition."""
    far = {flow.start.key: 0}
    reached = [flow.start.key]
    for key in reached:
        for t in flow.transitions:
            if key in t.sources and t.to and t.to not in far and flow.stage(t.to):
                far[t.to] = far[key] + 1
                reached.append(t.to)
    last = max(far.values())
    rows: dict[int, int] = {}
    places = {}
    for s in flow.stages:
        column = far.get(s.key, last + 1)
        rows[column] = rows.get(column, -1) + 1
        places[s.key] = (column, rows[column])
    return places


def _tops(places: dict[str, tuple[int, int]]) -> list[int]:
    """Where each band begins: below the lowest box of the one above."""
    rows: dict[int, int] = {}
    for column, row in places.values():
        rows[column // BESIDE] = max(rows.get(column // BESIDE, 0), row + 1)
    tops = [MARGIN + GAP_Y]
    for band in range(max(rows)):
        tops.append(tops[-1] + rows.get(band, 0) * (HIGH + GAP_Y) + GAP_Y)
    return tops


def _corner(place: tuple[int, int], tops: list[int]) -> tuple[int, int]:
    column, row = place
    return MARGIN + column % BESIDE * (WIDE + GAP_X), tops[column // BESIDE] + row * (HIGH + GAP_Y)


def _path(a: Box, b: Box, *, below: int) -> str:
    """From one box to another.

    Forward through the gap, backward in an arc below, within a column at the side, to another band from edge to edge.

    Args:
        a: where it begins.
        b: where it ends.
        below: how many bands b lies below a; negative above it.
    """
    ay, by = a.y + HIGH // 2, b.y + HIGH // 2
    ax, bx = a.x + WIDE // 2, b.x + WIDE // 2
    if below:
        start, end = (a.y + HIGH, b.y - 2) if below > 0 else (a.y, b.y + HIGH + 2)
        half = (start + end) // 2
        return f"M{ax} {start} C{ax} {half} {bx} {half} {bx} {end}"
    if b.x > a.x:
        start, end = a.x + WIDE, b.x - 2
        bend = min(GAP_X, (end - start) // 2)
        return f"M{start} {ay} C{start + bend} {ay} {end - bend} {by} {end} {by}"
    if b.x == a.x:
        side = a.x + WIDE
        return f"M{side} {ay} C{side + GAP_X // 2} {ay} {side + GAP_X // 2} {by} {side + 2} {by}"
    low = max(a.y, b.y) + HIGH
    return f"M{ax} {a.y + HIGH} C{ax} {low + GAP_Y} {bx} {low + GAP_Y} {bx} {b.y + HIGH + 2}"
