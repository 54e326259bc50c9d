"""What slices say in the head of a subject's page: handle, badges, where, buttons, the next step.

@heads.head("person", order=20, needs=VIEW)
def owing(request, person_id): return Head(badges=[Badge(_("有欠款"), "warn", "clock-dollar")])
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Badge(NamedTuple):
    """A state as the badge component takes it."""

    text: Any
    kind: str = "neutral"
    icon: str | None = None


class Button(NamedTuple):
    """A button of the head."""

    text: Any
    href: str
    icon: str


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next about a subject. The smallest ``rank`` is shown. ``tone``: ``warn``, ``danger``, ``info``."""

    rank: int
    title: str
    text: str
    button: str
    href: str
    icon: str = "arrow-right"
    tone: str = "warn"
    why_href: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A slice's part of the head."""

    handle: str = ""
    badges: list[Badge] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    step: Step | None = None


Read = Callable[[Any, int], "Head | None"]


@dataclass(frozen=True, slots=True)
class Source:
    """A registered reader. ``needs`` is a ``foundation.access.Permission`` or None."""

    subject: str
    order: int
    needs: Any
    read: Read


_sources: list[Source] = []


def head(subject: str, *, order: int, needs: Any = None) -> Callable[[Read], Read]:
    """Register ``read(request, subject_id) -> Head | None``.

    Args:
        subject: the kind of subject.
        order: whose badges and buttons come first.
        needs: the permission asked of the viewer.
    """

    def add(read: Read) -> Read:
        _sources.append(Source(subject, order, needs, read))
        return read

    return add


def of(subject: str) -> list[Source]:
    """The readers of a kind of subject, in order."""
    return sorted((s for s in _sources if s.subject == subject), key=lambda s: s.order)
