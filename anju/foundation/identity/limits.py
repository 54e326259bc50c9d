"""How often something may be tried, counted in PostgreSQL so that every web process sees the same number.

Counts must survive the refusal they lead to: call :func:`spend` outside a transaction that the refusal rolls back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from anju.foundation.db import clock, fetch_one, run_sql
from anju.kit.refusal import sentence

TOO_MANY = sentence(
    "too_many",
    "操作太频繁，请 {minutes} 分钟后再试。",
    "Too many attempts; try again in {minutes} min.",
)

# A count that begins in the future was begun by a clock that has been set back: it would block for as long.
COUNT = """
INSERT INTO attempt AS a (bucket, subject, since, count) VALUES (%(bucket)s, %(subject)s, %(now)s, 1)
ON CONFLICT (bucket, subject) DO UPDATE SET
    count = CASE WHEN a.since > %(start)s AND a.since <= %(now)s THEN a.count + 1 ELSE 1 END,
    since = CASE WHEN a.since > %(start)s AND a.since <= %(now)s THEN a.since ELSE %(now)s END
RETURNING count, since
"""


@dataclass(frozen=True)
class Limit:
    """At most ``times`` within ``per``, counted under ``bucket``."""

    bucket: str
    times: int
    per: timedelta


def spend(limit: Limit, subject: str) -> None:
    """Count one attempt.

    Args:
        limit: what is limited.
        subject: whose attempts are counted (a phone, a login, an IP address); stored as a keyed hash.

    Raises:
        Refused: ``too_many``, with how long to wait.
    """
    now = clock.wall()
    row = fetch_one(
        COUNT,
        {"bucket": limit.bucket, "subject": _hashed(subject), "now": now, "start": now - limit.per},
    )
    assert row is not None
    if row["count"] > limit.times:
        wait = row["since"] + limit.per - now
        raise TOO_MANY(minutes=max(1, math.ceil(wait.total_seconds() / 60)))


def forgive(limit: Limit, subject: str) -> None:
    """Start counting anew, after a success."""
    run_sql(
        "DELETE FROM attempt WHERE bucket = %(bucket)s AND subject = %(subject)s",
        {"bucket": limit.bucket, "subject": _hashed(subject)},
    )


def prune(older_than: timedelta = timedelta(days=2)) -> int:
    """Delete counters nobody asks any more; returns how many."""
    return run_sql("DELETE FROM attempt WHERE since < %(before)s", {"before": clock.wall() - older_than})


def client_ip(request: HttpRequest) -> str:
    """The caller's address; with ANJU_BEHIND_PROXY the one the nearest proxy saw."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        return forwarded.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _hashed(subject: str) -> str:
    return salted_hmac("anju.limits", subject, algorithm="sha256").hexdigest()
