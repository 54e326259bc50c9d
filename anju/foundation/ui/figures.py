"""Figures of the day that slices bring to the workbench.

@figures.figure("leases.occupancy", roles=("manager",), order=10, needs=VIEW)
def occupancy(request): return Figure(_("出租率"), "94.2%", note=_("空置 32 间"), href=…)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the day; its address opens the list behind it. ``note_tone``: ``ok``, ``warn``, ``danger``."""

    label: Any
    value: str
    unit: str = ""
    note: str = ""
    note_tone: str = ""
    href: str = ""


Read = Callable[[Any], "Figure | None"]


@dataclass(frozen=True, slots=True)
class Source:
    """A registered figure. ``roles``: whose workbench shows it."""

    key: str
    roles: tuple[str, ...]
    order: int
    needs: Any
    read: Read


_sources: dict[str, Source] = {}


def figure(key: str, *, roles: tuple[str, ...], order: int, needs: Any = None) -> Callable[[Read], Read]:
    """Register ``read(request) -> Figure | None``.

    Args:
        key: ``slice.what``.
        roles: whose workbench shows it; a page for several roles shows it if one of them is named.
        order: place, small first.
        needs: the permission asked of the viewer.
    """

    def add(read: Read) -> Read:
        if key in _sources:
            raise ValueError(f"figure {key} is registered twice")
        _sources[key] = Source(key, roles, order, needs, read)
        return read

    return add


def figures() -> list[Source]:
    """Every figure, in order."""
    return sorted(_sources.values(), key=lambda s: (s.order, s.key))
