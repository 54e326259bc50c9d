"""What a page that only looks has read need not be read again by its next part: the parts know nothing of each other.

    once(("own leases", tenant.id), lambda: fetch(…))

Only pages that a person opens remember (GET), for as long as they are made, and nothing any more once an action begins.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")
_seen: ContextVar[dict[Hashable, Any] | None] = ContextVar("anju_seen", default=None)


@contextmanager
def looking(*, only: bool) -> Iterator[None]:
    """A request. ``only``: it looks and does nothing else."""
    token = _seen.set({} if only else None)
    try:
        yield
    finally:
        _seen.reset(token)


def acting() -> None:
    """Something is about to be written: from here on this request reads everything anew."""
    if _seen.get() is not None:
        _seen.set(None)


def once(key: tuple[Hashable, ...], read: Callable[[], T]) -> T:
    """What was read; shared by the parts of a page, so that nobody may change it.

    Args:
        key: what it is and whatever narrows it, the viewer among it.
        read: reads it.
    """
    seen = _seen.get()
    if seen is None:
        return read()
    if key not in seen:
        seen[key] = read()
    return cast(T, seen[key])
