"""A process's gate: one short request after the other, a long one lets the next begin, and so many may wait.

Threads that work side by side in one interpreter take turns at its lock, each after each statement it asked the
database: eight at once finish a quarter fewer pages in a second than one after the other, and each page is late. But
who waits for something slow (a gateway, a large export, a lock) must not stop the rest (ADR 0028).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Final, Literal

from anju.config.load.figures import Figures, Neighbours

WAIT_AT_MOST_S: Final = 5.0
SHORT_S: Final = 0.03
"""A page takes 4 to 10 ms of a quiet machine. What takes longer than this does not hold up the next one."""
MORE: Final = 2
"""So many requests more than a neighbour: with one fewer here and one more there nobody is slower."""
ENDS: Final = "anju.ends_connection"
"""In a request's environment: the connection ends with this answer. :mod:`anju.config.wsgi` tells the server."""

Turned = Literal["full", "late"]


class Gate:
    """``active`` short requests are inside, ``at_once`` of any; ``queue`` more wait, ``patience`` seconds at most."""

    def __init__(
        self, seen: Figures, *, active: int, at_once: int, queue: int, patience: float = WAIT_AT_MOST_S
    ) -> None:
        self.seen, self.patience = seen, patience
        self.active, self.at_once, self.room = min(active, at_once), at_once, at_once + queue
        self._lock = threading.Lock()
        self._begun: list[float] = []  # of those inside, in order
        self._line: deque[threading.Condition] = deque()
        self._neighbours = Neighbours(seen)
        seen["at_once"], seen["queue"] = at_once, queue

    def enter(self) -> float | Turned:
        """Take a place, in order of arrival; returns when it began, for ``leave``."""
        with self._lock:
            if self._line or self._opens_at() > time.monotonic():
                if len(self._begun) + len(self._line) >= self.room:
                    self.seen.add("turned_away_full")
                    return "full"
                if not self._wait():
                    self.seen.add("turned_away_late")
                    return "late"
            began = time.monotonic()
            self._begun.append(began)
            self.seen.add("in_flight")
        return began

    def leave(self, began: float, status: int) -> None:
        """Give the place to the next."""
        with self._lock:
            self._begun.remove(began)
            self.seen.add("in_flight", -1)
            self._count(status, time.monotonic() - began)
            self._call()

    def crowded(self, now: float) -> bool:
        """Whether a process beside this one has so much less to do that a connection had better be there."""
        least = self._neighbours.least_busy(now)
        return least is not None and self.seen.load() - least >= MORE

    def count(self, status: int, busy_s: float) -> None:
        """Count an answer that took no place here."""
        with self._lock:
            self._count(status, busy_s)

    def count_away(self) -> None:
        """Count somebody who was turned away elsewhere."""
        with self._lock:
            self.seen.add("turned_away_full")

    def _count(self, status: int, busy_s: float) -> None:
        self.seen.add("busy_us", int(busy_s * 1_000_000))
        self.seen.add(f"answers_{min(5, max(2, status // 100))}xx")

    def _opens_at(self) -> float:
        """When the next may begin, if nobody leaves before."""
        if len(self._begun) >= self.at_once:
            return float("inf")
        return self._begun[-self.active] + SHORT_S if len(self._begun) >= self.active else 0.0

    def _wait(self) -> bool:
        """Wait in line; the first one looks again when somebody leaves or has been inside for long."""
        turn, began = threading.Condition(self._lock), time.monotonic()
        self._line.append(turn)
        self.seen.add("waiting")
        try:
            return self._my_turn(turn, began + self.patience)
        finally:
            self._line.remove(turn)
            self._call()
            self.seen.add("waiting", -1)
            self.seen.add("waits")
            self.seen.add("wait_us", int((time.monotonic() - began) * 1_000_000))

    def _my_turn(self, turn: threading.Condition, until: float) -> bool:
        while (now := time.monotonic()) < until:
            first = self._line[0] is turn
            opens = self._opens_at() if first else until
            if first and opens <= now:
                return True
            turn.wait(min(opens, until) - now)
        return False

    def _call(self) -> None:
        if self._line:
            self._line[0].notify()
