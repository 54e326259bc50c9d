"""The door of the web: so many requests work, so many wait, the rest is told to come back.

Without it requests would queue unseen in front of a database that is busy already, each keeping a connection, until
browsers give up on answers nobody reads any more. A request that is turned away has read and written nothing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from anju.config.load import figures
from anju.config.load.gate import ENDS, Gate
from anju.foundation.db.away import Trouble
from anju.foundation.ui import errors
from anju.kit.refusal import sentence

BUSY = sentence(
    "unavailable.busy",
    "现在使用的人太多，这一步没有做。请稍等几秒再试。",
    "Too many requests at once: this step was not done; try again in a few seconds.",
)
RETRY_AFTER_S = 3
POOL_EVERY_S = 1.0
MACHINES = ("/api/", "/pay/notify/")

_making = threading.Lock()
_gates: dict[int, Gate] = {}


def process_gate() -> Gate:
    """This process's gate, made with its first request: the server may fork after the application is loaded."""
    pid = os.getpid()
    with _making:
        if pid not in _gates:
            seen = figures.Figures(figures.folder(settings.HOME))
            _gates[pid] = Gate(seen, active=settings.WEB_ACTIVE, at_once=settings.WEB_AT_ONCE, queue=settings.WEB_QUEUE)
        return _gates[pid]


class AdmissionMiddleware:
    """Stands behind static files, health and metrics, which answer whatever the load is, and before everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._pool_seen = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        gate = process_gate()
        began = gate.enter()
        if isinstance(began, str):
            return turned_away(request)
        status = 500
        try:
            response = self.get_response(request)
            status = response.status_code
            # The system deals connections out to the processes of one port by chance, and a browser keeps its own for
            # long: six of eight in one process are as slow as twelve. A connection that ends is dealt out anew.
            if gate.crowded(began):
                request.META[ENDS] = True
            return response
        finally:
            self._look_at_pool(gate, began)
            gate.leave(began, status)

    def _look_at_pool(self, gate: Gate, now: float) -> None:
        if now - self._pool_seen < POOL_EVERY_S:
            return
        self._pool_seen = now
        pool = getattr(connections["default"], "pool", None)
        if pool is not None:
            stats = pool.get_stats()
            gate.seen["pool_size"] = stats.get("pool_size", 0)
            gate.seen["pool_waiting"] = stats.get("requests_waiting", 0)
            gate.seen["pool_waits"] = stats.get("requests_queued", 0)
            gate.seen["pool_wait_ms"] = stats.get("requests_wait_ms", 0)


def turned_away(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After: a page for people, a problem for programs."""
    found = Trouble(BUSY(), RETRY_AFTER_S)
    if request.path.startswith(MACHINES):
        from anju.surface.openapi import problems  # its models need a ready Django

        return problems.unavailable(found)
    return errors.unavailable(request, found)
