"""``/healthz``: is everything up? For supervisors, load balancers and people; tells nothing about any organization."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from anju import __version__
from anju.foundation.db import fetch_value, migrate
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
    """State of the database, migrations, worker, queue and disk; ``ok`` is their sum."""
    parts: dict[str, dict[str, Any]] = {"database": _database()}
    if parts["database"]["ok"]:
        parts |= {"migrations": _migrations()}
        if parts["migrations"]["ok"]:
            parts |= _jobs()
    parts["disk"] = _disk()
    return {"ok": all(part["ok"] for part in parts.values()), "version": __version__, **parts}


def _database() -> dict[str, Any]:
    try:
        version = fetch_value("SELECT current_setting('server_version')")
    except DatabaseError:
        return {"ok": False}
    finally:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
    return {"ok": True, "version": str(version).split(" ")[0]}


_up_to_date = False


def _migrations() -> dict[str, Any]:
    """Once up to date, this process stays so: a newer code is a newer process."""
    global _up_to_date
    missing = 0 if _up_to_date else migrate.pending()
    _up_to_date = missing == 0
    return {"ok": missing == 0, "missing": missing}


def _jobs() -> dict[str, dict[str, Any]]:
    state = queue_state()
    alive = state.silent_s is not None and state.silent_s < WORKER_SILENT_S
    silent = None if state.silent_s is None else round(state.silent_s, 1)
    queue = {"ok": True, "waiting": state.waiting, "planned": state.planned, "running": state.running}
    return {"worker": {"ok": alive, "silent_s": silent}, "queue": queue | {"failed": state.failed}}


def _disk() -> dict[str, Any]:
    free = shutil.disk_usage(settings.HOME).free
    return {"ok": free > DISK_LOW, "free_mb": free >> 20}
