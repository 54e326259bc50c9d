"""The ticker: once a minute every organization is asked what is due; what a killed worker left is taken up again.

``beat`` queues both; ``timestamp`` is what earlier versions queued them with.
"""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from anju.foundation.db import org_scope
from anju.foundation.jobs import ticks
from anju.foundation.jobs.job import job

# A worker reports every 10 s; after three silent reports it is dead.
DEAD_AFTER_S = 30


@job("jobs.daily", queue="ticks", attempts=1, scoped=False)
def run_days(*, org: int) -> None:
    """The organization's daily work that is due by its own clock."""
    ticks.run_due(org)


@job("jobs.often", queue="ticks", attempts=1, scoped=False)
def run_often(*, org: int, name: str) -> None:
    """One piece of the organization's frequent work."""
    ticks.run_often(org, name)


@app.task(name="jobs.tick", queue="ticks", queueing_lock="jobs.tick")
def tick(timestamp: int = 0) -> None:
    """Queue each organization's due work; nothing is queued twice while it waits."""
    for org in ticks.organizations():
        with org_scope(org):
            run_days.schedule({}, once="", alone="daily")
            for name in ticks.often_names():
                run_often.schedule({"name": name}, once=name, alone=f"often:{name}")


@app.task(name="jobs.take_up", queue="ticks", queueing_lock="jobs.take_up", pass_context=True)
async def take_up(context: Any, timestamp: int = 0) -> None:
    """Queue again what a killed worker had begun: jobs may run twice, and none is lost."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_S):
        try:
            await manager.retry_job(stalled)
        except UniqueViolation:
            # The same work waits already, and would wait for ever for the lock that the dead one holds.
            await manager.finish_job(stalled, status=Status.ABORTED, delete_job=False)
