"""The processes under the supervisor, and what a supervised process does about its supervisor."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from anju.config.cli.exits import CHILD_DIED

SUPERVISED = "ANJU_SUPERVISED"
LOG_KEPT = 8 * 1024 * 1024
STOP_WITHIN_S = 12.0
# Ending this often within this time is a fault that starting again does not cure.
DEATHS, DEATHS_WITHIN_S = 3, 30.0


@dataclass
class Child:
    """One supervised process: ``anju NAME`` in a session of its own, its output in a log file.

    It holds the reading end of a pipe from us and ends when we are gone, even if we were killed.
    """

    name: str
    arguments: list[str]
    logs: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.logs / f"{self.name}.log"

    @property
    def ended(self) -> bool:
        """Whether it was started and is gone."""
        return self.process is not None and self.process.poll() is not None

    def start(self) -> None:
        """Start it."""
        self.logs.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_KEPT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.log.chmod(0o600)
            self.process = subprocess.Popen(
                [sys.executable, "-m", "anju.config.cli", *self.arguments],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment, SUPERVISED: "1"},
                start_new_session=True,
            )

    def revive(self) -> None:
        """Start it again if it ended; refused with the end of its log when it keeps ending."""
        if not self.ended:
            return
        self._signal(signal.SIGKILL)  # what it may have left in its session
        now = time.monotonic()
        self.deaths = [d for d in self.deaths if now - d < DEATHS_WITHIN_S] + [now]
        if len(self.deaths) >= DEATHS:
            tail = "\n".join(self.log.read_text("utf-8", "replace").strip().splitlines()[-15:])
            raise CHILD_DIED(name=self.name, log=self.log, tail=tail)
        self.start()

    def ask_to_stop(self) -> None:
        """Ask it to finish what it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_until_stopped(self, deadline: float) -> None:
        """Wait until a moment of the monotonic clock, then kill it and all it started."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        self._signal(signal.SIGKILL)
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def stop_all(children: list[Child]) -> None:
    """Stop all at once; none outlives the deadline."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_WITHIN_S
    for child in children:
        child.wait_until_stopped(deadline)


def supervised() -> bool:
    """Whether this process was started by the supervisor."""
    return os.environ.get(SUPERVISED) == "1"


def end_with_supervisor() -> None:
    """In a supervised process: end in order when the pipe from the supervisor closes."""
    if not supervised():
        return

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
