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
# Most of a request is waiting for the database; more threads than this only queue at the interpreter's lock.
THREADS = 8


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

    Granian(
        "anju.config.wsgi:application",
        address=os.environ.get("ANJU_ADDRESS", "127.0.0.1"),
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backlog=1024,
        websockets=False,
        log_access=False,  # addresses hold short links, which are secrets
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve()
