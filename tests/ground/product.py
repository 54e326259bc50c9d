"""A product of the test's own, started the way a person would: ``anju up`` in a home of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from shutil import rmtree
from typing import Any

import psutil

PATIENCE_S = 180.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Any, said: Any = str) -> None:
    """Wait for something that must come to be, with the patience a busy machine needs."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, said()
        time.sleep(0.1)


class Product:
    """Started by ``start``; ``close`` ends it and removes its home."""

    def __init__(self, **variables: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="anju-up-"))
        self.home.chmod(0o711)
        self.port = free_port()
        self.environment = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb", "ANJU_HOME": str(self.home),
            "PORT": str(self.port), "ANJU_WEB_WORKERS": "1", **variables,
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.home / "up.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "anju.config.cli", "up"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(lambda: self.health().get("ok") is True, self.said)
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def run(self, *arguments: str, code: int = 0, **variables: str) -> str:
        """An ``anju`` command with the product's environment, but for ``variables``; what it printed."""
        return self._python("-m", "anju.config.cli", *arguments, code=code, **variables)

    def script(self, text: str, *arguments: str, **variables: str) -> str:
        """A script likewise."""
        return self._python("-c", text, *arguments, **variables)

    def _python(self, *arguments: str, code: int = 0, **variables: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == code, done.stdout + done.stderr + self.said()
        return done.stdout + done.stderr

    def health(self) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.poll() is None, self.said()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as response:
                return dict(json.load(response))
        except urllib.error.HTTPError as answered:
            return dict(json.load(answered))
        except OSError:
            return {}

    def said(self) -> str:
        logs = [self.home / "up.log", *(self.home / "logs").glob("*.log"), self.home / "postgres.log"]
        return "\n".join(log.read_text("utf-8", "replace")[-2000:] for log in logs if log.exists())

    def left(self) -> list[str]:
        return [" ".join(p.cmdline()) for p in self.family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]

    def database_pid(self) -> int:
        return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def close(self) -> None:
        self.stop()
        rmtree(self.home, ignore_errors=True)
