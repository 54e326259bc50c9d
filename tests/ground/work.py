"""A piece of work for the worker's tests: it leaves a row behind."""

from __future__ import annotations

from anju.foundation.db import run_sql
from anju.foundation.jobs import job


@job("test.leave_a_row")
def leave_a_row(*, name: str) -> None:
    run_sql("INSERT INTO job_tick (name, done_at, wall_at) VALUES (%(name)s, now(), now())", {"name": name})
