"""The request a page is being rendered for, and the moment it is rendered at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.http import HttpRequest

from anju.foundation.db import clock, scope_is_open

_request: ContextVar[HttpRequest | None] = ContextVar("anju_ui_request", default=None)
_now: ContextVar[datetime | None] = ContextVar("anju_ui_now", default=None)
_holding: ContextVar[bool] = ContextVar("anju_ui_holding", default=False)


@contextmanager
def rendering(request: HttpRequest | None) -> Iterator[None]:
    """Make ``request`` the current one; the moment is asked once and stays the same for the whole page."""
    before = _request.set(request)
    try:
        with holding():
            yield
    finally:
        _request.reset(before)


@contextmanager
def holding() -> Iterator[None]:
    """Ask the organization's clock once inside; doors open it for the length of a request."""
    moment, before = _now.set(None), _holding.set(True)
    try:
        yield
    finally:
        _now.reset(moment)
        _holding.reset(before)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Render as if it were ``at`` (zone-aware): galleries and documents with a date of their own."""
    token = _now.set(at)
    try:
        yield
    finally:
        _now.reset(token)


def request() -> HttpRequest:
    """The request being rendered.

    Raises:
        RuntimeError: nothing is being rendered for a request.
    """
    current = _request.get()
    if current is None:
        raise RuntimeError("this template needs a request: render(request, …)")
    return current


def now() -> datetime:
    """Business time of the page, in Asia/Shanghai: the organization's clock, or the wall clock outside a scope."""
    at = _now.get()
    if at is None:
        at = clock.now() if scope_is_open() else clock.wall().astimezone(clock.SHANGHAI)
        if _holding.get():  # outside a page nobody would take it back: the thread's next request would read it
            _now.set(at)
    return at
