"""Figures over very many rows, counted at most once a minute by each process.

An old figure is shown while the new one is counted beside the request, so that nobody waits for it but the first.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable
from threading import Thread
from typing import TypeVar, cast

from django.db import connection

from anju.foundation.db import org_scope, scoped_org

log = logging.getLogger(__name__)
T = TypeVar("T")
Key = tuple[Hashable, ...]
FOR_S = 60.0
SHOWN_S = 900.0  # an older one is counted again before anything is shown
MOST = 256  # figures of all organizations together
MANY = 100_000  # rows from which counting them is felt
_figures: dict[Key, tuple[float, object]] = {}
_counting: set[Key] = set()


def counted(key: Key, count: Callable[[], int], *, most: int) -> int:
    """A number that is shown as "999+" from some size on: once it is there, it is counted once a minute.

    Args:
        key: as for :func:`kept`.
        count: counts it now.
        most: beyond it the number is shown as "more".
    """
    return kept(key, count, worth=lambda n: n > most)


def kept(key: Key, count: Callable[[], T], *, worth: Callable[[T], bool]) -> T:
    """A figure of the running organization, or the one counted lately.

    Args:
        key: what it is and whatever narrows it (scopes, day).
        count: counts it now; it needs nothing of the request but what it holds.
        worth: whether so much was counted that it is kept; small organizations always see the moment.
    """
    org = scoped_org()
    whole: Key = (org, *key)
    at, figure = _figures.get(whole, (0.0, None))
    age = time.monotonic() - at
    if at and age < FOR_S:
        return cast(T, figure)
    if at and age < SHOWN_S:
        if whole not in _counting:
            _counting.add(whole)
            Thread(target=_again, args=(org, whole, count, worth), daemon=True).start()
        return cast(T, figure)
    return _keep(whole, count(), worth)


def forget() -> None:
    """Count everything anew: a bench looks at what the first visitor waits for."""
    _figures.clear()


def _keep(whole: Key, counted: T, worth: Callable[[T], bool]) -> T:
    if worth(counted):
        if len(_figures) >= MOST:
            _figures.clear()
        _figures[whole] = (time.monotonic(), counted)
    else:
        _figures.pop(whole, None)
    return counted


def _again(org: int, whole: Key, count: Callable[[], T], worth: Callable[[T], bool]) -> None:
    try:
        with org_scope(org):
            _keep(whole, count(), worth)
    except Exception as error:  # the old figure is shown a while longer, then somebody waits and sees what is wrong
        log.warning("counting %s again failed: %s", whole[1], type(error).__name__)
    finally:
        _counting.discard(whole)
        connection.close()
