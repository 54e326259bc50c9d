"""``anju up`` and ``anju demo``: everything on one machine, started in order, stopped in order."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from types import FrameType

from anju.config import database, environment
from anju.config.cli import ready
from anju.config.cli.children import Child, stop_all
from anju.config.cli.exits import NO_RIGHT_TO_PORT, PORT_IN_USE
from anju.config.cli.external import exists
from anju.config.cli.steps import Report, console, step
from anju.config.cli.words import t
from anju.kit.refusal import Refused

ANSWER_WITHIN_S = 60.0
LOOK_EVERY_S = 0.3
STANDINS_URL = "ANJU_STANDINS_URL"


class Stopped(BaseException):
    """Ctrl-C or a request to end."""


def supervise(load: Callable[[Report], None] | None = None, announce: Callable[[], list[str]] | None = None) -> None:
    """Run the product until it is told to stop.

    Args:
        load: brings data before the web opens; called with a progress report.
        announce: lines that say what the addresses do not.
    """
    with _stoppable():
        port = environment.port()
        check_port(port)
        with ready.product_up():
            ready.migrate_and_check_key()
            ready.collect_static()
            if load is not None:
                with step(
                    t("准备演示数据（首次约需几分钟）", "Preparing demo data (some minutes the first time)")
                ) as report:
                    load(report)
            told = announce() if announce is not None else []
            ready.disconnect()
            _run(_children(port), told)


def check_port(port: int) -> None:
    """Refuse a port that somebody else uses."""
    with socket.socket() as probe:
        # As the web server does: connections of a run that just ended are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("ANJU_ADDRESS", "127.0.0.1"), port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise NO_RIGHT_TO_PORT(port=port) from None
            raise PORT_IN_USE(port=port, other=port + 1 if port < 65535 else 8080) from None


def _children(port: int) -> list[Child]:
    logs = environment.home() / "logs"
    shared: dict[str, str] = {}
    children = []
    if exists("standins"):
        standins = _free_port(port + 1)
        shared = {STANDINS_URL: f"http://127.0.0.1:{standins}"}
        children.append(Child("standins", ["standins", "--port", str(standins)], logs, shared))
    web = Child("web", ["web", "--port", str(port)], logs, shared)
    return [*children, web, Child("worker", ["worker"], logs, shared)]


def _free_port(wanted: int) -> int:
    with contextlib.suppress(Refused, OverflowError):
        check_port(wanted)
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(children: list[Child], told: list[str]) -> None:
    try:
        with step(t("启动服务", "Starting services")):
            for child in children:
                child.start()
            _wait_for_web(children)
        _print_addresses(told)
        while True:
            time.sleep(LOOK_EVERY_S)
            look_after(children)
    finally:
        _ignore_signals()
        with step(t("正在停止", "Stopping")):
            stop_all(children)


def look_after(children: list[Child]) -> None:
    """Start again what ended; what ended because the database is away waits until it is back, however long."""
    ended = [child for child in children if child.ended]
    if ended and not database.answers(environment.home()):
        for child in ended:
            child.deaths.clear()
        return
    for child in ended:
        child.revive()


def _wait_for_web(children: list[Child]) -> None:
    """Until the web answers at all; what is not well yet it says itself at /healthz."""
    deadline = time.monotonic() + ANSWER_WITHIN_S
    while time.monotonic() < deadline:
        for child in children:
            child.revive()
        if _health() is not None:
            return
        time.sleep(0.1)


def _health() -> dict[str, object] | None:
    url = f"http://127.0.0.1:{environment.port()}/healthz"
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as answered:
        return {"status": answered.code}
    except (OSError, ValueError):
        return None


def _print_addresses(told: list[str]) -> None:
    base = environment.base_url()
    console.print()
    console.print(t(f"  安居已启动：{base}/", f"  Anju is up: {base}/"), style="bold")
    for line in told:
        console.print(f"  {line}", markup=False)
    home = environment.home()
    console.print(t(f"  数据与日志：{home}　·　按 Ctrl-C 停止", f"  Data and logs: {home} · Ctrl-C stops it"))
    console.print()


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP end the block in order, also where the shell had them ignored."""

    def stop(number: int, frame: FrameType | None) -> None:
        _ignore_signals()
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        yield
    except Stopped:
        console.print(t("已停止。", "Stopped."))


def _ignore_signals() -> None:
    """Stopping is under way: a second Ctrl-C must not leave anything behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
