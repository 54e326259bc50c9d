"""Figures over very many rows, counted at most once a minute by each process."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import TypeVar

from anju.foundation.db import scoped_org

T = TypeVar("T")
FOR_S = 60.0
MOST = 256  # figures of all organizations together
_figures: dict[tuple[Hashable, ...], tuple[float, object]] = {}


def counted(key: tuple[Hashable, ...], count: Callable[[], int], *, most: int) -> int:
    """A number that is shown as "999+" from some size on: once it is there, it is counted once a minute.

    Args:
        key: as for :func:`kept`.
        count: counts it now.
        most: beyond it the number is shown as "more".
    """
    return kept(key, count, worth=lambda n: n > most)


def kept(key: tuple[Hashable, ...], count: Callable[[], T], *, worth: Callable[[T], bool]) -> T:
    """A figure of the running organization, or the one counted less than a minute ago.

    Args:
        key: what it is and whatever narrows it (scopes, day).
        count: counts it now.
        worth: whether so much was counted that it is kept; small organizations always see the moment.
    """
    whole = (scoped_org(), *key)
    at, figure = _figures.get(whole, (0.0, None))
    if at and time.monotonic() - at < FOR_S:
        return figure  # type: ignore[return-value]
    counted = count()
    if worth(counted):
        if len(_figures) >= MOST:
            _figures.clear()
        _figures[whole] = (time.monotonic(), counted)
    return counted
