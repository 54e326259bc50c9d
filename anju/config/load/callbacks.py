"""The door of payment gateways: past what only people need, and past the gate that people wait at."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from anju.config.load.admission import process_gate, turned_away
from anju.foundation.db.away import trouble
from anju.foundation.ui import errors
from anju.kit.turns import Turns

PATH = "/pay/notify/"
AT_ONCE = 32
"""Callbacks in one process. Most of them wait: one settles what all have brought."""
READING = 1
"""So many of them are read and verified at a time (ADR 0028)."""
READS_AT_LAST_S = 0.25
"""After so long a callback does not wait for those before it: they may be fetching a gateway's certificates."""


class CallbackDoor:
    """Gives a callback to its view at once: it has no session, no language and no person.

    More than ``AT_ONCE`` are told to come again, before anything is read; a gateway does so by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._straight: Callable[[HttpRequest], Any] = convert_exception_to_response(straight)
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._turns = Turns(READING, READS_AT_LAST_S)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PATH):
            return self.get_response(request)
        try:
            request.resolver_match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        gate = process_gate()
        if not self._places.acquire(blocking=False):
            gate.count_away()
            return turned_away(request)
        began, status = time.monotonic(), 500
        try:
            with self._turns.taken():
                response: HttpResponseBase = self._straight(request)
            status = response.status_code
            return response
        finally:
            self._places.release()
            gate.count(status, time.monotonic() - began)


def straight(request: HttpRequest) -> HttpResponseBase:
    """The view's answer; without the database the same 503 as everywhere."""
    match = request.resolver_match
    assert match is not None
    try:
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    except Exception as error:
        found = trouble(error)
        if found is None:
            raise
        return errors.unavailable(request, found)
    return answer
