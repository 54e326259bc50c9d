"""What is due now, what waits for me, what waits for my approval: lines that slices bring to the workbench.

@worklist.source("billing.overdue", group="due", area="rent", needs=VIEW_BILLS)
def overdue(request: HttpRequest, limit: int) -> list[Line]: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest

Group = Literal["due", "mine", "approval"]
Area = Literal["rent", "orders", "leases", "other"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the workbench; it ends in one button that does it.

    ``title`` and ``handle`` say who (name · room; lease number · phone tail), ``what`` and ``why`` what to do;
    ``due_at`` counts down, ``due_words`` replaces the count-down; ``href`` is the button's page, ``button`` its word.
    ``badge`` is a short mark (``P0``). ``tone`` colours the count-down: ``""``, ``warn``, ``danger``.
    """

    icon: str
    title: str
    handle: str
    what: str
    why: str
    button: str
    href: str
    due_at: datetime | None = None
    due_words: str = ""
    badge: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where lines come from. ``count`` tells how many there are in all."""

    key: str
    group: Group
    area: Area
    needs: Any
    read: Callable[[HttpRequest, int], list[Line]]
    count: Callable[[Any], int] | None


_sources: dict[str, Source] = {}
Reader = Callable[[HttpRequest, int], list[Line]]


def source(
    key: str, *, group: Group, area: Area, needs: Any = None, count: Callable[[Any], int] | None = None
) -> Callable[[Reader], Reader]:
    """Register a source of lines.

    Args:
        key: ``slice.what``.
        group: ``due`` (about to be due), ``mine`` (waits for me), ``approval`` (waits for my approval).
        area: the filter it falls under.
        needs: the permission asked of the viewer.
        count: how many lines there are in all; the length of what ``read`` gives if left out.
    """

    def add(read: Reader) -> Reader:
        if key in _sources:
            raise ValueError(f"work list source {key} is registered twice")
        _sources[key] = Source(key, group, area, needs, read, count)
        return read

    return add


def sources() -> list[Source]:
    """Every source by key; the workbench asks the permissions."""
    return [_sources[k] for k in sorted(_sources)]
