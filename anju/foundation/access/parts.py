"""What slices bring to a subject's page, as one viewer may see it: panels, figures of the head, columns of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anju.foundation.access.check import allows
from anju.foundation.ui import columns, panels
from anju.foundation.ui.panels import Fact, Panel


@dataclass(frozen=True, slots=True)
class Part:
    """A panel with what it draws; ``show`` is its template's context."""

    panel: Panel
    show: dict[str, Any]


def panels_for(request: Any, subject: str) -> list[Panel]:
    """The panels of a kind of subject that the viewer may open, in order."""
    return [p for p in panels.of(subject) if p.needs is None or allows(request.actor, p.needs)]


def parts(request: Any, subject: str, subject_id: int, *, only: str = "", side: bool = False) -> list[Part]:
    """The panels with something to show.

    Args:
        request: whose viewer reads.
        subject: the kind.
        subject_id: which.
        only: the key of the one panel asked for.
        side: only those of the side panel.
    """
    wanted = [p for p in panels_for(request, subject) if p.key == (only or p.key) and (p.side or not side)]
    read = [(p, p.read(request, subject_id)) for p in wanted]
    return [Part(p, show) for p, show in read if show is not None]


def facts_for(request: Any, subject: str, subject_id: int) -> list[Fact]:
    """The figures of the head that the viewer may see."""
    brought = [f for f in panels.facts_of(subject) if f.needs is None or allows(request.actor, f.needs)]
    return [fact for f in brought for fact in f.read(request, subject_id)]


@dataclass(frozen=True, slots=True)
class Filled:
    """A column with its cells by subject id."""

    column: columns.Column
    cells: dict[int, columns.Cell]


def columns_for(request: Any, subject: str, ids: Sequence[int]) -> list[Filled]:
    """The columns that the viewer may see, filled for one page of rows; one read per column."""
    return [
        Filled(c, c.read(request, list(ids)))
        for c in columns.of(subject)
        if c.needs is None or allows(request.actor, c.needs)
    ]
