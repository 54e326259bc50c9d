"""What bulk loading asks of the database: fresh statistics, and commits that do not wait for the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from anju.foundation.db.migrate import as_owner
from anju.foundation.db.scope import scope_is_open


def refresh_statistics() -> None:
    """Let the planner know how large the tables have become, without waiting for the server's own next look.

    Raises:
        RuntimeError: inside ``org_scope``; it would count what is not committed yet.
    """
    if scope_is_open():
        raise RuntimeError("refresh_statistics outside of org_scope")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE (SKIP_LOCKED)")


@contextmanager
def unhurried_commits() -> Iterator[None]:
    """Commits of this thread's connection return before they are on the disk.

    For work that can be done again from where it stands: after a power cut the latest transactions may be missing,
    and never one without all that came after it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
