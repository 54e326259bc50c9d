"""Pages made of parts that slices bring: a tenant's page shows billing through a panel that billing registered.

    panels.register("person", "bills", _("账单"), order=10, template="billing/person_panel.html", read=read)

``read(request, subject_id)`` gives the template's context, or None where the slice has nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Read = Callable[[HttpRequest, int], "dict[str, Any] | None"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a subject's page.

    ``needs`` is a ``foundation.access.Permission`` or None; the page asks it. ``tab`` True makes it a tab of its own as
    well as a card of the overview; ``side`` puts it into the side panel too.
    """

    subject: str
    key: str
    label: Any
    order: int
    needs: Any
    template: str
    read: Read
    tab: bool = True
    side: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure in the head of a subject's page (欠款, 押金在管…). ``tone`` is ``""``, ``warn`` or ``danger``."""

    label: Any
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Figures a slice brings to the head; ``read`` may give none."""

    subject: str
    order: int
    needs: Any
    read: Callable[[HttpRequest, int], list[Fact]]


_panels: dict[tuple[str, str], Panel] = {}
_facts: list[Facts] = []


def register(
    subject: str,
    key: str,
    label: Any,
    *,
    order: int,
    template: str,
    read: Read,
    needs: Any = None,
    tab: bool = True,
    side: bool = False,
) -> Panel:
    """Bring a panel to the pages of a kind of subject (``person``, ``lease``, ``unit``, ``bill``).

    Args:
        subject: the kind.
        key: stable name within the kind; also the tab's address.
        label: what the tab says, a ``gettext_lazy`` string.
        order: place, small first.
        template: what draws it, from the context that ``read`` gives.
        read: reads as the request's viewer.
        needs: the permission asked of the viewer; None opens it to all staff.
        tab: whether it has a tab of its own.
        side: whether the side panel shows it.
    """
    if (subject, key) in _panels:
        raise ValueError(f"panel {subject}/{key} is registered twice")
    _panels[subject, key] = Panel(subject, key, label, order, needs, template, read, tab, side)
    return _panels[subject, key]


def facts(subject: str, *, order: int, needs: Any = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``read(request, subject_id) -> list[Fact]`` for the head of a subject's page."""

    def add(read: Callable[[HttpRequest, int], list[Fact]]) -> Callable[[HttpRequest, int], list[Fact]]:
        _facts.append(Facts(subject, order, needs, read))
        return read

    return add


def of(subject: str) -> list[Panel]:
    """The panels of a kind of subject, in order. The page leaves out what the viewer may not open."""
    return sorted((p for p in _panels.values() if p.subject == subject), key=lambda p: (p.order, p.key))


def facts_of(subject: str) -> list[Facts]:
    """The heads' figures of a kind of subject, in order."""
    return sorted((f for f in _facts if f.subject == subject), key=lambda f: f.order)
