"""Each web process's numbers, in a small file that its neighbours can read while it writes.

One file a process, ``ANJU_HOME/run/web-<pid>``, of signed 64-bit numbers in shared memory; only the process itself
writes to it. Files of processes that are gone are removed by whoever reads. Counters begin anew with a process.
"""

from __future__ import annotations

import atexit
import contextlib
import mmap
import os
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
    """This process's numbers, by name. Writing is one store of a machine word; the caller orders its writers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = folder / f"web-{os.getpid()}"
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

    def close(self) -> None:
        """Leave no file behind; forked children have one of their own."""
        if self.path.name == f"web-{os.getpid()}":
            self.path.unlink(missing_ok=True)


def folder(home: Path) -> Path:
    """Where the files are."""
    return home / "run"


def total(home: Path) -> dict[str, int]:
    """The numbers of all living web processes of this machine, added up; ``processes`` says how many there are."""
    sums = dict.fromkeys(NAMES, 0) | {"processes": 0}
    for path in folder(home).glob("web-*"):
        if not _lives(path.name.removeprefix("web-")):
            path.unlink(missing_ok=True)
            continue
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
