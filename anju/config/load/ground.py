"""What the database knows about waiting work, over all organizations: counts and seconds, nothing of anybody's."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from django.conf import settings

from anju.foundation.db import fetch, fetch_one
from anju.foundation.jobs.queue import QueueState, queue_state

CONNECTIONS = """
SELECT count(*)::int AS used, current_setting('max_connections')::int AS most
FROM pg_stat_activity WHERE backend_type = 'client backend'
"""


@dataclass(frozen=True)
class Outbox:
    """Messages of one channel that could go now, and for how many seconds the oldest could have gone."""

    channel: str
    waiting: int
    oldest_s: float


@dataclass(frozen=True)
class Ground:
    """The database's side of the load."""

    queue: QueueState
    outbox: list[Outbox]
    connections: int
    connections_limit: int


def look() -> Ground:
    """Read it; raises DatabaseError when the database is away."""
    row = fetch_one(CONNECTIONS)
    assert row is not None
    return Ground(queue_state(), outbox(), row["used"], row["most"])


def outbox() -> list[Outbox]:
    """Messages that are due and not taken, by channel."""
    rows = fetch("SELECT channel, waiting, oldest_s FROM outbox_state()")
    return [Outbox(r["channel"], r["waiting"], r["oldest_s"]) for r in rows]


def disk_free() -> int:
    """Bytes free where ANJU_HOME is."""
    return shutil.disk_usage(settings.HOME).free
