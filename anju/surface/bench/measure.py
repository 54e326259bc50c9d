"""Timing work and floor in turn, so that a machine that slows down slows both; medians, percentiles, peak memory."""

from __future__ import annotations

import math
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

ROUNDS = 3


@dataclass(frozen=True)
class Figures:
    """What one bench measured.

    ``ratio`` is the work's speed over its floor's (1: as fast as the floor), ``reach`` what is asked of it.
    """

    bench: str
    what: str
    rows: int
    seconds: float
    floor_seconds: float | None = None
    reach: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How near the floor: floor's seconds over the work's."""
        return None if self.floor_seconds is None else self.floor_seconds / self.seconds

    def as_json(self) -> dict[str, Any]:
        """As ``anju bench … --json`` prints it."""
        return {
            "bench": self.bench,
            "what": self.what,
            "rows": self.rows,
            "rows_per_s": round(self.rows / self.seconds, 1) if self.seconds else None,
            "seconds": round(self.seconds, 4),
            "floor_seconds": None if self.floor_seconds is None else round(self.floor_seconds, 4),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "reach": self.reach,
            **self.more,
        }


def timed(run: Callable[[], Any]) -> float:
    """Seconds that a call took."""
    before = time.perf_counter()
    run()
    return time.perf_counter() - before


def in_turn(work: Callable[[int], float], floor: Callable[[int], float], rounds: int = ROUNDS) -> tuple[float, float]:
    """The medians of work and floor, run in turn; each is given the round's number and returns its own seconds."""
    pairs = [(work(n), floor(n)) for n in range(rounds)]
    return statistics.median(w for w, _ in pairs), statistics.median(f for _, f in pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def latencies(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds."""
    return {f"p{int(s * 100)}_ms": round(percentile(seconds, s) * 1000, 2) for s in (0.5, 0.95, 0.99)}


def medians(rounds: Iterable[Sequence[float]]) -> dict[str, float]:
    """The median over some rounds of each of :func:`latencies`."""
    told = [latencies(seconds) for seconds in rounds]
    return {key: statistics.median(each[key] for each in told) for key in told[0]}


def peak_mb() -> float:
    """The most memory this process ever held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)
