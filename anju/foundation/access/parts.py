"""What slices bring to a subject's page, as one viewer may see it: panels, head, figures, columns of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from anju.foundation.access.check import allows
from anju.foundation.ui import columns, heads, panels
from anju.foundation.ui.heads import Head
from anju.foundation.ui.page import render_text
from anju.foundation.ui.panels import Fact, Panel


@dataclass(frozen=True, slots=True)
class Part:
    """A panel with what it draws. ``show`` is its template's context; ``note``, ``links`` ([(text, href)]), ``count``
    and ``title`` in it are drawn by the page, in the card's head and in the tab; ``tab_only`` keeps it off the
    overview, ``whole`` gives it the full width, ``flush`` no padding."""

    panel: Panel
    show: dict[str, Any]

    @property
    def title(self) -> str:
        """The card's title."""
        return str(self.show.get("title") or self.panel.label)

    @property
    def note(self) -> str | Markup | None:
        """The card's second words."""
        note = self.show.get("note")
        # A lazy sentence is looked up each time somebody looks at it, and a card looks thrice.
        return note if note is None or isinstance(note, str) else str(note)

    @property
    def links(self) -> list[tuple[Any, str]]:
        """The card's links."""
        return self.show.get("links") or []

    @property
    def across(self) -> bool:
        """Whether it takes the full width of the overview."""
        return bool(self.show.get("whole"))

    @property
    def count(self) -> int | None:
        """The tab's number."""
        return self.show.get("count")


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


def drawn_parts(request: Any, subject: str, subject_id: int) -> list[tuple[Any, Markup]]:
    """The panels with something to show on an overview, drawn: label and HTML."""
    found = [p for p in parts(request, subject, subject_id) if not p.show.get("tab_only")]
    # Their templates escape; what they give is HTML already.
    return [(p.title, Markup(render_text(p.panel.template, p.show, request))) for p in found]  # noqa: S704


def facts_for(request: Any, subject: str, subject_id: int) -> list[Fact]:
    """The figures of the head that the viewer may see."""
    brought = [f for f in panels.facts_of(subject) if f.needs is None or allows(request.actor, f.needs)]
    return [fact for f in brought for fact in f.read(request, subject_id)]


def head_for(request: Any, subject: str, subject_id: int) -> Head:
    """What the slices say in the head, put together; the most urgent next step wins."""
    asked = [s for s in heads.of(subject) if s.needs is None or allows(request.actor, s.needs)]
    said = [found for s in asked if (found := s.read(request, subject_id)) is not None]
    steps = sorted((h.step for h in said if h.step is not None), key=lambda step: step.rank)
    return Head(
        handle=next((h.handle for h in said if h.handle), ""),
        badges=[b for h in said for b in h.badges],
        line=[text for h in said for text in h.line],
        buttons=[b for h in said for b in h.buttons],
        step=steps[0] if steps else None,
    )


def shown_on(found: Sequence[Part], tab: str) -> list[Part]:
    """The parts of a tab, or of the overview."""
    return [p for p in found if (p.panel.key == tab if tab else not p.show.get("tab_only"))]


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
