"""Plain SQL with named parameters, kept in files beside the slice that owns it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import connection

Params = dict[str, Any]


@dataclass(frozen=True)
class SqlFile:
    """A ``.sql`` file beside a slice, read once: ``SqlFile(__file__, "plans/billing.sql")``."""

    beside: str
    name: str

    @cached_property
    def text(self) -> str:
        return (Path(self.beside).parent / self.name).read_text(encoding="utf-8")

    def __str__(self) -> str:
        return self.text


def fetch(sql: str | SqlFile, params: Params | None = None) -> list[dict[str, Any]]:
    """All rows as dicts."""
    with connection.cursor() as cursor:
        cursor.execute(str(sql), params or {})
        return _rows(cursor)


def fetch_prepared(sql: str, params: Params | None = None) -> list[dict[str, Any]]:
    """All rows of a statement that pages ask all day: prepared on its connection, so that it is planned once.

    Only for statements whose good plan is the same for every value: found by a key, a page cut by a fixed ``LIMIT``.
    Their parameters need types (``%(id)s::bigint``), because the server binds them. The text must come from a small
    set: a connection keeps a hundred of them.
    """
    own: Any = connection  # its type is Django's; the backend is ours
    with own.prepared_cursor() as cursor:
        cursor.execute(sql, params or {})
        return _rows(cursor)


def so_many(rows: str, n: int) -> str:
    """A set of ``n`` rows given as arrays, for a prepared statement.

    The server guesses a hundred rows for an array it does not know yet, finds the plan for every value too dear, and
    plans anew each time; a limit tells it. Each ``n`` is a text of its own: only for small ones.

    Args:
        rows: what gives them, ``unnest(%(ids)s::bigint[]) AS u(id)``.
        n: how many there are at most.
    """
    return f"(SELECT * FROM {rows} LIMIT {n})"


def _rows(cursor: Any) -> list[dict[str, Any]]:
    result = cursor.pgresult  # ``description`` would make an object of every column
    names = [result.fname(n).decode() for n in range(result.nfields)] if result else []
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def fetch_one(sql: str | SqlFile, params: Params | None = None) -> dict[str, Any] | None:
    """The first row as a dict, or None."""
    rows = fetch(sql, params)
    return rows[0] if rows else None


def fetch_value(sql: str | SqlFile, params: Params | None = None) -> Any:
    """The first column of the first row, or None."""
    with connection.cursor() as cursor:
        cursor.execute(str(sql), params or {})
        row = cursor.fetchone()
        return row[0] if row else None


def run_sql(sql: str | SqlFile, params: Params | None = None) -> int:
    """Run a statement; returns the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(str(sql), params or {})
        return int(cursor.rowcount)
