"""A real worker: it takes jobs from the queue, and takes up what a killed worker had begun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from anju.foundation.db import fetch_value, org_scope, run_sql
from anju.foundation.jobs.queue import queue_state
from tests.conftest import make_organization
from tests.ground.work import leave_a_row

PATIENCE_S = 120.0
WORKER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from tests import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from anju.config.cli import ready, worker_command
ready.set_up_django()
import tests.ground.work
worker_command.work(2)
"""


@contextmanager
def worker(database: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on this test's database."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, database], cwd=Path(__file__).parents[2], env=dict(os.environ)
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def left(org: int, name: str) -> object:
    with org_scope(org):
        return fetch_value("SELECT 1 FROM job_tick WHERE name = %(name)s", {"name": name})


def test_a_worker_runs_what_was_queued_reports_and_ends_when_asked(own_database: str) -> None:
    org = make_organization("测试公寓")
    with org_scope(org):
        leave_a_row.defer(name="done")
    assert queue_state().waiting == 1
    with worker(own_database):
        until(lambda: left(org, "done"))
        assert queue_state().silent_s is not None
    assert queue_state().failed == 0


def test_what_a_killed_worker_had_begun_is_taken_up(own_database: str) -> None:
    """A worker that died an hour ago left a job half done; the next one does it again."""
    org = make_organization("测试公寓")
    with org_scope(org):
        job_id = leave_a_row.defer(name="again")
    dead = fetch_value(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
    )
    run_sql(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %(dead)s, attempts = 1 WHERE id = %(id)s",
        {"dead": dead, "id": job_id},
    )
    with worker(own_database):
        until(lambda: left(org, "again"))


def test_a_killed_workers_job_makes_way_for_the_same_work_that_waits(own_database: str) -> None:
    """Both want the same lock; the dead one held it, and could not be queued again beside the one that waits."""
    org = make_organization("测试公寓")
    with org_scope(org):
        first = leave_a_row.schedule({"name": "once"}, once="row", alone="row")
        dead = fetch_value(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        run_sql(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %(dead)s, attempts = 1 WHERE id = %(id)s",
            {"dead": dead, "id": first},
        )
        assert leave_a_row.schedule({"name": "once"}, once="row", alone="row") is not None
    with worker(own_database):
        until(lambda: left(org, "once"))
    assert fetch_value("SELECT status FROM procrastinate_jobs WHERE id = %(id)s", {"id": first}) == "aborted"
    assert queue_state().failed == 0
