"""Django's PostgreSQL backend, with a look at a pooled connection that costs no round trip."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg.abc import Params, Query
from psycopg_pool import ConnectionPool


def check_if_told(connection: Connection[Any]) -> None:
    """Ask the server only where something arrived that nobody asked for: its farewell, as a rule.

    A server that was killed or restarted has closed the socket, so what is handed out answers, as with the pool's own
    check, which asks each time.

    Raises:
        psycopg.OperationalError: the connection is dead.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        ConnectionPool.check_connection(connection)


class PreparedCursor(base.ServerBindingCursor):
    """A cursor whose statement is prepared on its connection and planned once, where the server finds that no worse."""

    def execute(self, query: Query, params: Params | None = None, **_how: Any) -> Any:
        """Run it, preparing it where this connection has not."""
        asked: Any = super()  # the stubs know Django with psycopg 2 only
        return asked.execute(query, params, prepare=True)


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend; Django gives no other way to name the pool's check."""

    def prepared_cursor(self) -> Any:
        """A cursor for one statement that is asked all day: as ``cursor()``, wrappers and all, but prepared."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            made: Any = PreparedCursor
            return self._prepare_cursor(made(self.connection))  # type: ignore[attr-defined]

    @property
    def pool(self) -> Any:
        """The process's pool, or None."""
        pool = super().pool
        if pool is not None and pool._check is not None:
            pool._check = check_if_told
        return pool
