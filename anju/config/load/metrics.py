"""``/metrics`` in Prometheus' text format: this machine's web, the database's queues.

For this machine only (a request that comes from loopback and through no proxy), or for whoever knows
``ANJU_METRICS_TOKEN``; to everybody else the address does not exist.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from ipaddress import ip_address

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase

from anju import __version__
from anju.config.load import figures, ground

PATH = "/metrics"
FORMAT = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip", "Via")
Labels = dict[str, str]
Sample = tuple[Labels, float]


class MetricsMiddleware:
    """Answers ``/metrics`` before sessions, sign-in and the gate, so that it answers under load."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path != PATH:
            return self.get_response(request)
        if not allowed(request):
            return HttpResponseNotFound("not found\n", content_type="text/plain")
        response = HttpResponse(text(), content_type=FORMAT)
        response.headers["Cache-Control"] = "no-store"
        return response


def allowed(request: HttpRequest) -> bool:
    """Whether the caller may read the numbers."""
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        return hmac.compare_digest(sent, settings.METRICS_TOKEN.encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def text() -> str:
    """All numbers; what the database would say is left out while it is away, and ``anju_database_up`` is 0."""
    return "".join(_of_this_machine()) + "".join(_of_the_database())


def _of_this_machine() -> Iterator[str]:
    n = figures.total(settings.HOME)
    yield _family("anju_info", "gauge", "Version of the product", [({"version": __version__}, 1)])
    yield _family("anju_disk_free_bytes", "gauge", "Free where ANJU_HOME is", [({}, ground.disk_free())])
    gauges: dict[str, tuple[str, float]] = {
        "anju_web_processes": ("Web processes of this machine", n["processes"]),
        "anju_web_requests_in_flight": ("Requests at work", n["in_flight"]),
        "anju_web_requests_waiting": ("Requests waiting for a place", n["waiting"]),
        "anju_web_requests_limit": ("Requests that may work at once", n["at_once"]),
        "anju_web_queue_limit": ("Requests that may wait", n["queue"]),
        "anju_db_pool_connections": ("Connections kept by the web", n["pool_size"]),
        "anju_db_pool_waiting": ("Requests waiting for a connection", n["pool_waiting"]),
    }
    for name, (what, value) in gauges.items():
        yield _family(name, "gauge", what, [({}, value)])
    answers: list[Sample] = [({"status": s}, n[f"answers_{s}"]) for s in ("2xx", "3xx", "4xx", "5xx")]
    yield _family("anju_web_requests_total", "counter", "Requests answered behind the gate", answers)
    away: list[Sample] = [({"why": why}, n[f"turned_away_{why}"]) for why in ("full", "late")]
    yield _family("anju_web_turned_away_total", "counter", "Requests answered 503 at the gate", away)
    counters: dict[str, tuple[str, float]] = {
        "anju_web_waits_total": ("Requests that waited for a place", n["waits"]),
        "anju_web_wait_seconds_total": ("Seconds they waited", n["wait_us"] / 1e6),
        "anju_web_busy_seconds_total": ("Seconds requests were at work", n["busy_us"] / 1e6),
        "anju_db_pool_waits_total": ("Times a connection was waited for", n["pool_waits"]),
        "anju_db_pool_wait_seconds_total": ("Seconds waited for connections", n["pool_wait_ms"] / 1e3),
    }
    for name, (what, value) in counters.items():
        yield _family(name, "counter", what, [({}, value)])


def _of_the_database() -> Iterator[str]:
    try:
        seen = ground.look()
    except Error:
        yield _family("anju_database_up", "gauge", "Whether the database answers", [({}, 0)])
        return
    yield _family("anju_database_up", "gauge", "Whether the database answers", [({}, 1)])
    queue = seen.queue
    gauges: dict[str, tuple[str, float]] = {
        "anju_db_connections": ("Connections to the database server", seen.connections),
        "anju_db_connections_limit": ("Connections it allows", seen.connections_limit),
        "anju_jobs_waiting": ("Jobs that could run now", queue.waiting),
        "anju_jobs_oldest_seconds": ("For how long the oldest of them could have run", queue.oldest_s),
        "anju_jobs_planned": ("Jobs for later", queue.planned),
        "anju_jobs_running": ("Jobs at work", queue.running),
        "anju_jobs_failed": ("Jobs that were given up", queue.failed),
        "anju_worker_silent_seconds": (
            "Since a worker last reported; -1: never", -1 if queue.silent_s is None else queue.silent_s,
        ),
    }  # fmt: skip
    for name, (what, value) in gauges.items():
        yield _family(name, "gauge", what, [({}, value)])
    depth: list[Sample] = [({"channel": o.channel}, o.waiting) for o in seen.outbox]
    age: list[Sample] = [({"channel": o.channel}, o.oldest_s) for o in seen.outbox]
    yield _family("anju_outbox_waiting", "gauge", "Messages that could go now", depth)
    yield _family("anju_outbox_oldest_seconds", "gauge", "For how long the oldest could have gone", age)


def _family(name: str, kind: str, what: str, samples: list[Sample]) -> str:
    lines = [f"# HELP {name} {what}", f"# TYPE {name} {kind}"]
    for labels, value in samples:
        said = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(f"{name}{{{said}}} {_number(value)}" if said else f"{name} {_number(value)}")
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.6f}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
