"""The door of the web: so many requests work, so many wait, the rest is told to come back.

Without it requests would queue unseen in front of a database that is busy already, each keeping a connection, until
browsers give up on answers nobody reads any more. A request that is turned away has read and written nothing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Literal

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from anju.config.load import figures
from anju.foundation.db.away import Trouble
from anju.foundation.ui import errors
from anju.kit.refusal import sentence

BUSY = sentence(
    "unavailable.busy",
    "现在使用的人太多，这一步没有做。请稍等几秒再试。",
    "Too many requests at once: this step was not done; try again in a few seconds.",
)
RETRY_AFTER_S = 3
WAIT_AT_MOST_S = 5.0
POOL_EVERY_S = 1.0
MACHINES = ("/api/", "/pay/notify/")


class Gate:
    """``at_once`` may be inside, ``queue`` may wait ``patience`` seconds each; not strictly in order."""

    def __init__(self, seen: figures.Figures, *, at_once: int, queue: int, patience: float = WAIT_AT_MOST_S) -> None:
        self.seen, self.queue, self.patience = seen, queue, patience
        self._free = at_once
        self._turn = threading.Condition()
        seen["at_once"], seen["queue"] = at_once, queue

    def enter(self) -> Literal["inside", "full", "late"]:
        """Take a place, waiting for one if need be."""
        with self._turn:
            if self._free == 0:
                if self.seen["waiting"] >= self.queue:
                    self.seen.add("turned_away_full")
                    return "full"
                if not self._wait():
                    self.seen.add("turned_away_late")
                    return "late"
            self._free -= 1
            self.seen.add("in_flight")
        return "inside"

    def leave(self, status: int, busy_s: float) -> None:
        """Give the place to the next."""
        with self._turn:
            self._free += 1
            self.seen.add("in_flight", -1)
            self._count(status, busy_s)
            self._turn.notify()

    def count(self, status: int, busy_s: float) -> None:
        """Count an answer that took no place here."""
        with self._turn:
            self._count(status, busy_s)

    def count_away(self) -> None:
        """Count somebody who was turned away elsewhere."""
        with self._turn:
            self.seen.add("turned_away_full")

    def _count(self, status: int, busy_s: float) -> None:
        self.seen.add("busy_us", int(busy_s * 1_000_000))
        self.seen.add(f"answers_{min(5, max(2, status // 100))}xx")

    def _wait(self) -> bool:
        began = time.monotonic()
        self.seen.add("waiting")
        free = self._turn.wait_for(lambda: self._free > 0, self.patience)
        self.seen.add("waiting", -1)
        self.seen.add("waits")
        self.seen.add("wait_us", int((time.monotonic() - began) * 1_000_000))
        return free


_making = threading.Lock()
_gates: dict[int, Gate] = {}


def process_gate() -> Gate:
    """This process's gate, made with its first request: the server may fork after the application is loaded."""
    pid = os.getpid()
    with _making:
        if pid not in _gates:
            seen = figures.Figures(figures.folder(settings.HOME))
            _gates[pid] = Gate(seen, at_once=settings.WEB_AT_ONCE, queue=settings.WEB_QUEUE)
        return _gates[pid]


class AdmissionMiddleware:
    """Stands behind static files, health and metrics, which answer whatever the load is, and before everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._pool_seen = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        gate = process_gate()
        entered = gate.enter()
        if entered != "inside":
            return turned_away(request)
        began, status = time.monotonic(), 500
        try:
            response = self.get_response(request)
            status = response.status_code
            return response
        finally:
            self._look_at_pool(gate, began)
            gate.leave(status, time.monotonic() - began)

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
