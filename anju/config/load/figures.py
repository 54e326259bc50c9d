"""Each web process's numbers, in a small file that its neighbours can read while it writes.

One file a process, ``ANJU_HOME/run/web-<server>-<pid>``, of signed 64-bit numbers in shared memory; only the process
itself writes to it. Files of processes that are gone are removed by whoever reads. Counters begin anew with a process.
"""

from __future__ import annotations

import atexit
import contextlib
import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

NAMES: Final = (
    "at_once", "queue", "in_flight", "waiting", "turned_away_full", "turned_away_late", "waits", "wait_us", "busy_us",
    "answers_2xx", "answers_3xx", "answers_4xx", "answers_5xx", "pool_size", "pool_waiting", "pool_waits",
    "pool_wait_ms",
)  # fmt: skip
BYTES: Final = 8 * len(NAMES)
PLACE: Final = {name: i for i, name in enumerate(NAMES)}


class Figures:
    """This process's numbers, by name. Writing is one store of a machine word; the caller orders its writers.

    ``server``: the process above those that share one port; else the parent.
    """

    def __init__(self, folder: Path, server: int | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = folder / f"web-{server or os.getppid()}-{os.getpid()}"
        self.path.unlink(missing_ok=True)  # of an earlier process with our number
        with self.path.open("x+b") as file:
            file.truncate(BYTES)
            self._memory = mmap.mmap(file.fileno(), BYTES)
        self._words = memoryview(self._memory).cast("q")
        atexit.register(self.close)

    def __getitem__(self, name: str) -> int:
        return self._words[PLACE[name]]

    def __setitem__(self, name: str, value: int) -> None:
        self._words[PLACE[name]] = value

    def add(self, name: str, by: int = 1) -> None:
        """Count."""
        self._words[PLACE[name]] += by

    def load(self) -> int:
        """How many requests this process has, working and waiting."""
        return load(self._words)

    def close(self) -> None:
        """Leave no file behind; forked children have one of their own."""
        if self.path.name.endswith(f"-{os.getpid()}"):
            self.path.unlink(missing_ok=True)


class Neighbours:
    """The other processes of the same server: they share its port, so each could have been given any connection."""

    LOOK_EVERY_S: Final = 1.0

    def __init__(self, mine: Figures) -> None:
        self._mine = mine
        self._words: list[memoryview] = []
        self._look_at = 0.0

    def least_busy(self, now: float) -> int | None:
        """How many requests the least busy of them has, working and waiting; None: there is no other."""
        if now >= self._look_at:
            self._look_at = now + self.LOOK_EVERY_S
            self._words = list(self._found())
        return min(map(load, self._words), default=None)

    def _found(self) -> Iterator[memoryview]:
        server = self._mine.path.name.rpartition("-")[0]
        for path in living(self._mine.path.parent, f"{server}-*"):
            with contextlib.suppress(OSError, ValueError):
                if path != self._mine.path and path.stat().st_size == BYTES:
                    with path.open("rb") as file:
                        yield memoryview(mmap.mmap(file.fileno(), BYTES, access=mmap.ACCESS_READ)).cast("q")


def load(words: memoryview) -> int:
    """How many requests a process has, working and waiting."""
    return words[PLACE["in_flight"]] + words[PLACE["waiting"]]


def folder(home: Path) -> Path:
    """Where the files are."""
    return home / "run"


def living(folder: Path, pattern: str = "web-*") -> Iterator[Path]:
    """The files of processes that live; those of others are removed."""
    for path in folder.glob(pattern):
        if _lives(path.name.rpartition("-")[2]):
            yield path
        else:
            path.unlink(missing_ok=True)


def total(home: Path) -> dict[str, int]:
    """The numbers of all living web processes of this machine, added up; ``processes`` says how many there are."""
    sums = dict.fromkeys(NAMES, 0) | {"processes": 0}
    for path in living(folder(home)):
        with contextlib.suppress(OSError, ValueError):
            words = memoryview(path.read_bytes()).cast("q")
            if len(words) == len(NAMES):
                sums["processes"] += 1
                for name, value in zip(NAMES, words, strict=True):
                    sums[name] += value
    return sums


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
