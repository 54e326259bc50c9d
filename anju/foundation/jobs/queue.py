"""Looking at the queue, and draining it in tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from procrastinate.contrib.django import app

from anju.foundation.db import fetch_one, run_sql

STATE = """
SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS waiting,
       count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS planned,
       count(*) FILTER (WHERE status = 'doing') AS running,
       count(*) FILTER (WHERE status = 'failed') AS failed,
       coalesce((SELECT extract(epoch FROM now() - coalesce(first.scheduled_at, max(e.at)))
            FROM (SELECT id, scheduled_at FROM procrastinate_jobs WHERE status = 'todo'
                      AND coalesce(scheduled_at, now()) <= now() ORDER BY id LIMIT 1) first
            JOIN procrastinate_events e ON e.job_id = first.id GROUP BY first.scheduled_at), 0)::float AS oldest,
       coalesce(extract(epoch FROM now() - (SELECT max(last_heartbeat) FROM procrastinate_workers)), -1)::float
           AS silent
FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')
"""


TAKE = """
UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (
    SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= clock_timestamp()
    ORDER BY priority DESC, id LIMIT 1)
RETURNING id, task_name, args::text
"""


@dataclass(frozen=True)
class QueueState:
    """Counts of jobs, the seconds the first waiting one could have run, and those since a worker last reported
    (None: no worker).
    """

    waiting: int
    planned: int
    running: int
    failed: int
    oldest_s: float
    silent_s: float | None


def queue_state() -> QueueState:
    """The queue as it is now, over all organizations."""
    row = fetch_one(STATE)
    assert row is not None
    silent = float(row["silent"])
    return QueueState(
        row["waiting"], row["planned"], row["running"], row["failed"], row["oldest"], None if silent < 0 else silent
    )


def run_waiting(*, limit: int = 1000) -> int:
    """Run waiting jobs here, in this connection and transaction, jobs they queue included; for tests and scripts.

    Exceptions are not caught. Returns how many ran.
    """
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    ran = 0
    while ran < limit:
        row = fetch_one(TAKE)
        if row is None:
            return ran
        task: Any = app.tasks[row["task_name"]]
        task.func(**json.loads(row["args"]))
        run_sql("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %(id)s", {"id": row["id"]})
        ran += 1
    raise RuntimeError(f"{limit} jobs ran and the queue is not empty")
