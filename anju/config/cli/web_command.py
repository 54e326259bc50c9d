"""``anju web``: only the web server; as many machines may run it as you like."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from anju.config import environment
from anju.config.cli import ready
from anju.config.cli.children import end_with_supervisor, supervised

ZH = "只启动网页服务（多台机器部署时用）。"
EN = "Only the web server (for several machines)."
# Besides the threads that work and those that wait at the gate: 32 for callbacks, which have a door of their own, and 8
# that tell the rest to come back, and answer /healthz.
ANSWERING = 32 + 8


def run(port: Annotated[int, typer.Option()] = 0) -> None:
    end_with_supervisor()
    workers = int(os.environ.get("ANJU_WEB_WORKERS") or max(1, min(4, os.cpu_count() or 1)))
    os.environ["PORT"] = str(port or environment.port())
    with ready.database_up():
        # A supervisor has done so; each server process loads the apps itself.
        if not supervised():
            ready.set_up_django()
            ready.collect_static()
            ready.disconnect()
        serve(int(os.environ["PORT"]), workers)


def serve(port: int, workers: int) -> None:
    """Serve until told to stop."""
    from granian import Granian
    from granian.constants import Interfaces

    _, at_once, queue = environment.web_limits()
    Granian(
        os.environ.get("ANJU_WSGI") or "anju.config.wsgi:application",
        address=os.environ.get("ANJU_ADDRESS", "127.0.0.1"),
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=at_once + queue + ANSWERING,
        backlog=1024,
        websockets=False,
        log_access=False,  # addresses hold short links, which are secrets
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve()
