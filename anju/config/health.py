"""``/healthz``: is everything up? For supervisors, load balancers and people; tells nothing about any organization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from anju import __version__
from anju.config import environment
from anju.config.load import figures, ground
from anju.foundation.db import fetch_one, fetch_value, migrate
from anju.foundation.jobs.queue import queue_state

WORKER_SILENT_S = 45.0
DISK_LOW = 256 * 1024 * 1024


class HealthMiddleware:
    """Answers ``/healthz`` before sessions and sign-in, so that it works when they do not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path != "/healthz":
            return self.get_response(request)
        found = report()
        response = JsonResponse(found, status=200 if found["ok"] else 503)
        response.headers["Cache-Control"] = "no-store"
        return response


def report() -> dict[str, Any]:
    """State of database, migrations, worker, queue, outbox, load and disk; ``ok`` is their sum.

    Long queues do not make it unwell: a load balancer that took the machine away would make them longer.
    """
    parts: dict[str, dict[str, Any]] = {}
    try:
        parts["database"] = _database()
        parts["migrations"] = _migrations()
        if parts["migrations"]["ok"]:
            parts |= _jobs()
        if environment.wal_archive() is not None:
            parts["archive"] = _archive()
    except Error:  # away, or gone between two questions
        parts["database"] = {"ok": False}
    finally:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
    parts["load"] = _load()
    parts["disk"] = _disk()
    return {"ok": all(part["ok"] for part in parts.values()), "version": __version__, **parts}


def _database() -> dict[str, Any]:
    version = fetch_value("SELECT current_setting('server_version')")
    return {"ok": True, "version": str(version).split(" ")[0]}


_up_to_date = False


def _migrations() -> dict[str, Any]:
    """Once up to date, this process stays so: a newer code is a newer process."""
    global _up_to_date
    missing = 0 if _up_to_date else migrate.pending()
    _up_to_date = missing == 0
    return {"ok": missing == 0, "missing": missing}


def _jobs() -> dict[str, dict[str, Any]]:
    state, outbox = queue_state(), ground.outbox()
    alive = state.silent_s is not None and state.silent_s < WORKER_SILENT_S
    silent = None if state.silent_s is None else round(state.silent_s, 1)
    queue = {"ok": True, "waiting": state.waiting, "oldest_s": round(state.oldest_s, 1), "planned": state.planned}
    oldest = max((channel.oldest_s for channel in outbox), default=0.0)
    return {
        "worker": {"ok": alive, "silent_s": silent},
        "queue": queue | {"running": state.running, "failed": state.failed},
        "outbox": {"ok": True, "waiting": sum(c.waiting for c in outbox), "oldest_s": round(oldest, 1)},
    }


ARCHIVE = """
SELECT current_setting('archive_mode') <> 'off' AS running,
       coalesce(last_failed_time > coalesce(last_archived_time, 'epoch'), false) AS stuck,
       coalesce(extract(epoch FROM now() - last_archived_time), -1)::float AS since
FROM pg_stat_archiver
"""


def _archive() -> dict[str, Any]:
    """The log's archive: whether the last piece went there, and how long ago (None: none yet)."""
    row = fetch_one(ARCHIVE)
    assert row is not None
    since = None if row["since"] < 0 else round(row["since"], 1)
    return {"ok": row["running"] and not row["stuck"], "last_s": since}


def _load() -> dict[str, Any]:
    """This machine's web: what is at work, what waits, what may, and how many were told to come back later."""
    n = figures.total(settings.HOME)
    away = n["turned_away_full"] + n["turned_away_late"]
    return {
        "ok": True, "in_flight": n["in_flight"], "limit": n["at_once"], "waiting": n["waiting"], "queue": n["queue"],
        "turned_away": away,
    }  # fmt: skip


def _disk() -> dict[str, Any]:
    free = ground.disk_free()
    return {"ok": free > DISK_LOW, "free_mb": free >> 20}
