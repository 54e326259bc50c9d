"""Figures that many look at, counted once for all of them.

Those over very many rows at most once a minute by each process: an old one is shown while the new one is counted
beside the request, so that nobody waits for it but the first. Those of every page at most once a second, and at once
for whoever has just done something.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable
from threading import Thread
from typing import TypeVar, cast

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from anju.foundation.db import org_scope, scoped_org

log = logging.getLogger(__name__)
T = TypeVar("T")
Key = tuple[Hashable, ...]
FOR_S = 60.0
MOMENT_S = 1.0
ACTED, ACTED_S = "anju_acted", 2  # a cookie of a browser that has just sent something, for longer than a moment
SHOWN_S = 900.0  # an older one is counted again before anything is shown
MOST = 256  # figures of all organizations together
MANY = 100_000  # rows from which counting them is felt
_figures: dict[Key, tuple[float, object]] = {}
_counting: set[Key] = set()
_moments: dict[Key, tuple[float, object]] = {}


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


def shared(key: Key, read: Callable[[], T], *, request: HttpRequest) -> T:
    """What every page shows, and shows alike to all who reach the same: read at most once a second.

    Whoever has just done something sees what came of it; the others see it within the second.

    Args:
        key: what it is and whatever narrows it; what one person alone may see is not for this.
        read: reads it now.
        request: of the browser that asks.
    """
    whole: Key = (scoped_org(), *key)
    at, found = _moments.get(whole, (0.0, None))
    if at and time.monotonic() - at < MOMENT_S and ACTED not in request.COOKIES:
        return cast(T, found)
    if len(_moments) >= MOST:
        _moments.clear()
    read_now = read()
    _moments[whole] = (time.monotonic(), read_now)
    return read_now


def note_act(request: HttpRequest, response: HttpResponseBase) -> None:
    """Remember in the browser that it has just sent something, so that its next pages are read anew."""
    if request.method not in ("GET", "HEAD"):
        response.set_cookie(ACTED, "1", max_age=ACTED_S, httponly=True, samesite="Lax", secure=request.is_secure())


def forget() -> None:
    """Count everything anew: a bench looks at what the first visitor waits for."""
    _figures.clear()
    _moments.clear()


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
