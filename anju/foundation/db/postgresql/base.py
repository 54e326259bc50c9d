"""Django's PostgreSQL backend, with fewer round trips: a look at a pooled connection, the beginning of a scope."""

from __future__ import annotations

import select
from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError, errors
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg_pool import ConnectionPool

BEGUN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)


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


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend; Django gives no other way to name the pool's check."""

    @property
    def pool(self) -> Any:
        """The process's pool, or None."""
        pool = super().pool
        if pool is not None and pool._check is not None:
            pool._check = check_if_told
        return pool

    def begin_in(self, org_id: int) -> None:
        """Begin the transaction, unless it has begun, and name its organization until it ends: one message.

        The driver would begin by itself, in a message of its own, with the first statement.
        """
        name = f"SELECT set_config('anju.org', '{int(org_id)}', true)"
        server = self.connection.pgconn
        if server.transaction_status != TransactionStatus.IDLE:
            with self.cursor() as cursor:
                cursor.execute(name)
            return
        self._told(f"BEGIN; {name}")

    def _told(self, sql: str) -> None:
        """Have something done that answers nothing: without a cursor, for what frames every statement of others."""
        self._done(lambda server: server.exec_(sql.encode()))

    def ask_planned(self, name: bytes, values: Sequence[Any]) -> PGresult:
        """What the server answers to a statement it has planned; without a cursor.

        Args:
            name: the statement's.
            values: of its parameters, as text.
        """
        return self._done(lambda server: server.exec_prepared(name, values))

    def _done(self, ask: Callable[[PGconn], PGresult]) -> PGresult:
        with self.wrap_database_errors:
            server = self.connection.pgconn
            result = ask(server)
            if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
                if server.status != ConnStatus.OK:  # the server is gone: it gave no code by which to tell
                    raise OperationalError(result.get_error_message())
                raise errors.error_from_result(result)
            return result

    def _commit(self) -> None:
        self._ended("COMMIT", super()._commit)  # type: ignore[misc]  # Django's own, private in its stubs

    def _rollback(self) -> None:
        self._ended("ROLLBACK", super()._rollback)  # type: ignore[misc]  # Django's own, private in its stubs

    def _ended(self, sql: str, otherwise: Callable[[], None]) -> None:
        # Whatever else the connection is in (nothing, a statement that was broken off, dead) the driver knows to end.
        if self.connection is not None and self.connection.pgconn.transaction_status in BEGUN:
            self._told(sql)
        else:
            otherwise()

    def _savepoint(self, sid: str) -> None:
        self._framed(self.ops.savepoint_create_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        self._framed(self.ops.savepoint_rollback_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self._framed(self.ops.savepoint_commit_sql(sid))

    def _framed(self, sql: str) -> None:
        # Where the driver has still to begin, it does so with a statement of its own.
        if self.connection is not None and self.connection.pgconn.transaction_status in BEGUN:
            self._told(sql)
        else:
            with self.cursor() as cursor:
                cursor.execute(sql)
