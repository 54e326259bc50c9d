"""`anju up`: one command brings everything up; whatever ends it, nothing stays behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

PATIENCE_S = 180.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """A product of its own, started as a person would."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()

    def start(self) -> None:
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb"}
        self.log = (self.home / "up.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anju.config.cli", "up"],
            env={**environment, "ANJU_HOME": str(self.home), "PORT": str(self.port), "ANJU_WEB_WORKERS": "1"},
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        until(lambda: self.health().get("ok") is True, self.said)
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def health(self) -> dict[str, Any]:
        assert self.process.poll() is None, self.said()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as response:
                return dict(json.load(response))
        except urllib.error.HTTPError as answered:
            return dict(json.load(answered))
        except OSError:
            return {}

    def said(self) -> str:
        logs = [self.home / "up.log", *(self.home / "logs").glob("*.log")]
        return "\n".join(log.read_text("utf-8", "replace")[-2000:] for log in logs)

    def left(self) -> list[str]:
        return [" ".join(p.cmdline()) for p in self.family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def until(true: Any, said: Any = str) -> None:
    """Wait for something that must come to be, with the patience a busy machine needs."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, said()
        time.sleep(0.1)


@pytest.fixture
def product() -> Iterator[Product]:
    home = Path(tempfile.mkdtemp(prefix="anju-up-"))
    home.chmod(0o711)
    started = Product(home)
    try:
        started.start()
        yield started
    finally:
        if started.process.poll() is None:
            started.process.send_signal(signal.SIGINT)
            started.process.wait(60)
        started.log.close()
        shutil.rmtree(home, ignore_errors=True)


def test_it_says_what_is_up_and_ctrl_c_leaves_nothing(product: Product) -> None:
    health = product.health()
    assert all(health[part]["ok"] for part in ("database", "migrations", "worker", "queue", "disk"))
    assert len(product.family) >= 4
    product.process.send_signal(signal.SIGINT)
    assert product.process.wait(60) == 0, product.said()
    assert product.left() == []
    assert "已停止" in product.said()


def test_a_killed_part_comes_back_and_a_killed_whole_leaves_nothing(product: Product) -> None:
    worker = next(p for p in product.family if p.cmdline()[-1:] == ["worker"])
    worker.kill()
    until(lambda: any("worker" in p.cmdline()[-1:] for p in fresh(product, worker.pid)), product.said)
    product.family = psutil.Process(product.process.pid).children(recursive=True)
    product.process.kill()
    product.process.wait()
    until(lambda: product.left() == [], product.left)


def fresh(product: Product, old: int) -> list[psutil.Process]:
    return [p for p in psutil.Process(product.process.pid).children() if p.pid != old and p.status() != "zombie"]
