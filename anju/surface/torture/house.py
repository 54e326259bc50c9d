"""The house that is tortured: a drill organization in a home of its own, and the processes that run it."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

START_WITHIN_S = 90.0


@dataclass
class Process:
    """One process of the house: started, killed, started again."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0

    def start(self) -> None:
        """Start it in a session of its own."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """Kill it and what it started, without warning, and start it again; of a client, only who does business."""
        self.kills += 1
        if self.name.startswith("client") and self.process is not None:
            kill_all(children(self.process.pid))
            return
        self.end(signal.SIGKILL)
        self.start()

    def end(self, how: int) -> None:
        """End its whole session."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=30)

    @property
    def dead(self) -> bool:
        """Whether it ended by itself."""
        return self.process is not None and self.process.poll() is not None


@dataclass
class House:
    """Web, worker, stand-ins and clients, and the database under them."""

    home: Path
    org: int
    port: int
    processes: list[Process] = field(default_factory=list)
    kills: int = 0

    def start(self, clients: int, seed: int) -> None:
        """Start everything."""
        logs = self.home / "logs"
        logs.mkdir(exist_ok=True)
        anju = [sys.executable, "-m", "anju.config.cli"]
        commands = {
            "standins": [*anju, "standins", "--port", str(self.port + 1)],
            "web": [*anju, "web", "--port", str(self.port)],
            "worker": [*anju, "worker"],
        }
        for n in range(clients):
            client = [sys.executable, "-m", "anju.surface.torture.client", str(self.org), str(seed), str(n)]
            commands[f"client {n}"] = client
        self.processes = [Process(n, c, logs / f"{n.replace(' ', '-')}.log") for n, c in commands.items()]
        for process in self.processes:
            process.start()

    def kill_one(self, rng: random.Random) -> str:
        """Kill something: the database's first process, one of its others, or a process of the house."""
        weights = {"database": 2, "backend": 5, "standins": 1, "web": 3, "worker": 3}
        names = ["database", "backend", *(p.name for p in self.processes)]
        choice = rng.choices(names, weights=[weights.get(name, 4) for name in names])[0]
        first = self._database()
        if first is None and choice in ("database", "backend"):
            choice = rng.choice(self.processes).name  # it is on its way up again: there is nothing to kill yet
        self.kills += 1
        if choice in ("database", "backend") and first is not None:
            pids = [first] if choice == "database" else children(first)
            kill_all(pids and [rng.choice(pids)])
            return choice
        next(p for p in self.processes if p.name == choice).kill()
        return choice

    def revive(self) -> None:
        """Start again whatever ended by itself, as a supervisor does."""
        for process in self.processes:
            if process.dead:
                process.start()

    def stop(self, names: str) -> None:
        """End the processes whose name begins so, and do not start them again."""
        for process in [p for p in self.processes if p.name.startswith(names)]:
            process.end(signal.SIGTERM)
            self.processes.remove(process)

    def _database(self) -> int | None:
        """The database's first process; None while it is being started."""
        try:
            return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return None


def kill_all(pids: list[int]) -> None:
    """Kill processes without warning; those that are gone already are."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def children(parent: int) -> list[int]:
    """The processes that another started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(entry.name))
    return found


def free_port() -> int:
    """A port whose successor is free, too."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


@contextlib.contextmanager
def patience(seconds: float = START_WITHIN_S) -> Iterator[float]:
    """A deadline for waiting."""
    yield time.monotonic() + seconds
