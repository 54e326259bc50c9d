"""``anju worker``: only the jobs and the ticker; as many machines may run it as you like."""

from __future__ import annotations

import os
import threading

from anju.config.cli import ready
from anju.config.cli.children import end_with_supervisor

ZH = "只启动后台任务（多台机器部署时用）。"
EN = "Only the background worker (for several machines)."
FINISH_WITHIN_S = 8.0


def run() -> None:
    end_with_supervisor()
    with ready.product_up():
        work(int(os.environ.get("ANJU_JOBS") or max(2, os.cpu_count() or 1)))


def work(at_once: int) -> None:
    """Run jobs until told to stop; what is not finished in time is taken up after the next start."""
    from procrastinate.contrib.django import app

    from anju.foundation.jobs.beat import beat

    threading.Thread(target=beat, args=(threading.Event(),), daemon=True).start()
    # An app of the worker's own: tasks keep Django's connector, so that what the pulse or a job queues is queued in
    # its own transaction, and nobody meets the worker's pool while it is still opening in another loop.
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    workers = app.with_connector(connector)
    workers.run_worker(concurrency=at_once, shutdown_graceful_timeout=FINISH_WITHIN_S)
    # A thread that is still in a job would keep the process; the database undoes what was not committed.
    ready.disconnect()
    os._exit(0)
