"""What the stand-in remembers: orders, refunds and callbacks on their way, in SQLite (a file, or memory for a test)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]
SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    merchant TEXT, number TEXT, prepay_id TEXT UNIQUE, method TEXT, description TEXT, total INTEGER, notify_url TEXT,
    expires REAL, asked TEXT, openid TEXT, state TEXT, transaction_id TEXT UNIQUE, paid_at TEXT,
    PRIMARY KEY (merchant, number));
CREATE TABLE IF NOT EXISTS refunds (
    merchant TEXT, number TEXT, order_number TEXT, refund_id TEXT UNIQUE, amount INTEGER, notify_url TEXT, reason TEXT,
    state TEXT, asked_at TEXT, done_at TEXT,
    PRIMARY KEY (merchant, number));
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, notice TEXT, number TEXT, url TEXT, event TEXT, inside TEXT, at TEXT, due REAL,
    attempts INTEGER DEFAULT 0, state TEXT DEFAULT 'waiting', answer INTEGER, damage TEXT DEFAULT '{}');
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
"""


class Books:
    """The stand-in's memory. One lock: it is a gateway for one machine."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._base = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._base.row_factory = sqlite3.Row
        with self._lock:
            self._base.executescript(("PRAGMA journal_mode=WAL;" if path else "") + SCHEMA)

    @contextmanager
    def change(self) -> Iterator[None]:
        """All or nothing, one at a time."""
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows as dicts."""
        with self._lock:
            return [dict(row) for row in self._base.execute(sql, values)]

    def row(self, sql: str, *values: Any) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement; returns the rows it touched."""
        with self._lock:
            return self._base.execute(sql, values).rowcount

    def insert(self, table: str, row: Row) -> None:
        """Add a row."""
        marks = ", ".join("?" * len(row))
        self.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    def order(self, merchant: str, number: str) -> Row | None:
        """An order of a merchant."""
        return self.row("SELECT * FROM orders WHERE merchant = ? AND number = ?", merchant, number)

    def refund(self, merchant: str, number: str) -> Row | None:
        """A refund of a merchant."""
        return self.row("SELECT * FROM refunds WHERE merchant = ? AND number = ?", merchant, number)

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._base.close()
