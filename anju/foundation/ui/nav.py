"""The console's rail: every slice registers its own entry.

    nav.entry("leases", gettext_lazy("合同"), icon="file-text", url_name="leases:list", order=40, permission=VIEW_LEASE)

The console shell asks which of them the role may open; this floor knows nothing of roles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Counter = Callable[[HttpRequest], "int | None"]

WORK, INSIGHT, SETUP = "work", "insight", "setup"
GROUPS = (WORK, INSIGHT, SETUP)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the rail. ``permission`` is a ``foundation.access.Permission``; None is open to all staff."""

    key: str
    label: Any
    icon: str
    url_name: str
    order: int
    permission: Any = None
    group: str = WORK
    count: Counter | None = None
    shared: bool = False


_entries: dict[str, Entry] = {}


def entry(
    key: str,
    zh: Any,
    icon: str,
    url_name: str,
    order: int,
    permission: Any = None,
    group: str = WORK,
    count: Counter | None = None,
    shared: bool = False,
) -> Entry:
    """Register an entry of the rail.

    Args:
        key: stable name; pages say ``{% set nav_key = "leases" %}`` or pass ``nav="leases"`` to light it.
        zh: the label, a ``gettext_lazy`` string.
        icon: Tabler's icon name.
        url_name: the URL name it opens; it takes no arguments.
        order: place within the group, small first.
        permission: who sees it; None means every member of staff.
        group: ``work``, ``insight`` or ``setup``; groups are parted by a line.
        count: asks how many wait there; None or 0 shows nothing. It runs on every full page: one indexed query at most.
        shared: the number is the same for all who reach the same projects, and is read once a second for all of them.
    """
    if group not in GROUPS:
        raise ValueError(f"navigation group {group!r} is none of {GROUPS}")
    if key in _entries:
        raise ValueError(f"navigation entry {key} is registered twice")
    _entries[key] = Entry(key, zh, icon, url_name, order, permission, group, count, shared)
    return _entries[key]


def entries() -> list[Entry]:
    """Every entry in the order of the rail."""
    return sorted(_entries.values(), key=lambda e: (GROUPS.index(e.group), e.order, e.key))
