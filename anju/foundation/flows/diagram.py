"""A definition drawn: stages in columns by how far they are from the start, steps as lines. Pure.

The same drawing serves a running case (what is done, where it stands, where it can go) and a draft (nothing is done).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from anju.foundation.flows.definition import Flow, Stage

WIDE, HIGH = 132, 48
GAP_X, GAP_Y = 64, 28
MARGIN = 16


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
    boxes = tuple(
        Box(
            s.key, s.word, _state(s, stage, visited, ahead), s.ends, *_corner(places[s.key]),
            _limit(flow, s.key, priority),
        )
        for s in flow.stages
    )  # fmt: skip
    at = {b.key: b for b in boxes}
    lines = tuple(
        Line(_path(at[source], at[t.to]), t.word, source == stage)
        for t in flow.transitions
        for source in t.sources
        if t.to in at and source in at and t.to != source
    )
    columns = 1 + max(column for column, _row in places.values())
    rows = 1 + max(row for _column, row in places.values())
    return Drawing(
        boxes, lines, 2 * MARGIN + columns * (WIDE + GAP_X) - GAP_X, 2 * MARGIN + rows * (HIGH + GAP_Y) + GAP_Y
    )


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


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    column, row = place
    return MARGIN + column * (WIDE + GAP_X), MARGIN + GAP_Y + row * (HIGH + GAP_Y)


def _path(a: Box, b: Box) -> str:
    """From one box to another: forward through the gap, backward in an arc below, within a column at the side."""
    ay, by = a.y + HIGH // 2, b.y + HIGH // 2
    if b.x > a.x:
        start, end = a.x + WIDE, b.x - 2
        bend = min(GAP_X, (end - start) // 2)
        return f"M{start} {ay} C{start + bend} {ay} {end - bend} {by} {end} {by}"
    if b.x == a.x:
        side = a.x + WIDE
        return f"M{side} {ay} C{side + GAP_X // 2} {ay} {side + GAP_X // 2} {by} {side + 2} {by}"
    low = max(a.y, b.y) + HIGH
    ax, bx = a.x + WIDE // 2, b.x + WIDE // 2
    return f"M{ax} {a.y + HIGH} C{ax} {low + GAP_Y} {bx} {low + GAP_Y} {bx} {b.y + HIGH + 2}"
