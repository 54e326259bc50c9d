"""Columns that slices bring to a list: the list of tenants shows arrears through a column that billing registered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows: one or two lines. ``tone`` colours the first; ``plain`` is what an export writes."""

    text: str
    note: str = ""
    tone: str = ""
    plain: Any = None


Read = Callable[[HttpRequest, list[int]], dict[int, Cell]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list of a kind of subject. ``needs`` is a ``foundation.access.Permission`` or None."""

    subject: str
    key: str
    label: Any
    order: int
    needs: Any
    num: bool
    kind: str
    read: Read


_columns: dict[tuple[str, str], Column] = {}


def column(
    subject: str, key: str, label: Any, *, order: int, needs: Any = None, num: bool = False, kind: str = "text"
) -> Callable[[Read], Read]:
    """Register ``read(request, ids) -> {id: Cell}``: one query for a page of rows.

    Args:
        subject: whose list.
        key: stable name within the list.
        label: the heading, a ``gettext_lazy`` string.
        order: place, small first.
        needs: the permission asked of the viewer.
        num: right-aligned.
        kind: how an export writes ``Cell.plain``: ``text``, ``money``, ``day``.
    """

    def add(read: Read) -> Read:
        if (subject, key) in _columns:
            raise ValueError(f"column {subject}/{key} is registered twice")
        _columns[subject, key] = Column(subject, key, label, order, needs, num, kind, read)
        return read

    return add


def of(subject: str) -> Sequence[Column]:
    """The columns of a list, in order."""
    return sorted((c for c in _columns.values() if c.subject == subject), key=lambda c: (c.order, c.key))
