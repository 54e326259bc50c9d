"""Django's PostgreSQL backend, with fewer round trips: a look at a pooled connection, the beginning of a scope."""

from __future__ import annotations

import select
from collections.abc import Callable, Sequence
from datetime import UTC
from functools import cache
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError, errors, generators
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.pq import ConnStatus, Escaping, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.types.datetime import TimestamptzLoader
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


@cache
def moments_by_the_driver(django: AdaptersMap) -> AdaptersMap:
    """Django's adapters, with moments read by the driver's own loader.

    Django's is Python around it, 2.6 µs a moment: most of what reading a page's rows costs. The driver gives UTC, too,
    on a connection that speaks UTC, which all of Django's do.
    """
    own = AdaptersMap(django)
    own.register_loader("timestamptz", TimestamptzLoader)
    return own


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend; Django gives no other way to name the pool's check."""

    _begins = ""  # what a transaction that has yet to begin begins with
    _writes: Any = None  # the driver's transformer, which writes the values of this connection's statements

    def get_connection_params(self) -> dict[str, Any]:
        """Django's, with quicker moments."""
        params: dict[str, Any] = super().get_connection_params()
        if self.timezone is UTC:
            params["context"] = moments_by_the_driver(params["context"])
        return params

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor; Django's way to it asks each time for the zone of a loader that is not in use here."""
        if self.timezone is not UTC:
            return super().create_cursor(name)
        driver = self.connection
        if name:
            server_side: Any = base.ServerSideCursor  # the stubs know only the one for psycopg2
            return server_side(driver, name=name, scrollable=False, withhold=driver.autocommit)
        return driver.cursor()

    @property
    def pool(self) -> Any:
        """The process's pool, or None."""
        pool = super().pool
        if pool is not None and pool._check is not None:
            pool._check = check_if_told
        return pool

    @property
    def connection(self) -> Any:
        """The driver's connection, for whoever wants it: the transaction that waits for its first statement begins."""
        if self._begins:
            self.tell("")
        return self.driver

    @connection.setter
    def connection(self, driver: Any) -> None:
        self.driver, self._begins, self._writes = driver, "", None

    def begin_in(self, org_id: int) -> None:
        """Begin the transaction, unless it has begun, and name its organization until it ends.

        It begins in one message with the first statement. The driver would send a message for each.
        """
        name = f"SELECT set_config('anju.org', '{int(org_id)}', true)"
        if self.driver.pgconn.transaction_status != TransactionStatus.IDLE:
            with self.cursor() as cursor:
                cursor.execute(name)
            return
        self._begins = f"BEGIN; {name}; "

    def tell(self, sql: str) -> None:
        """Have something done that answers nothing: without a cursor, for what frames every statement of others."""
        self._done(lambda server: server.exec_((self._begins + sql).encode()))

    def takes_planned(self) -> bool:
        """Whether :meth:`ask_planned` can be asked, where nobody listens to statements: in an ordinary transaction, and
        outside of any for a statement that is its own."""
        if self.queries_logged or self.execute_wrappers or self.needs_rollback:
            return False
        if self.driver is None:
            self.ensure_connection()
        if self._begins:
            return True
        status = self.driver.pgconn.transaction_status
        alone = self.autocommit and not self.in_atomic_block and status == TransactionStatus.IDLE
        return alone or bool(status == TransactionStatus.INTRANS)

    def as_text(self, values: Sequence[Any]) -> Sequence[Any]:
        """Parameters as the server reads them."""
        if self._writes is None:
            self._writes = Transformer(self.driver)
        written: Sequence[Any] = self._writes.dump_sequence(values, [PyFormat.TEXT] * len(values))
        return written

    def ask_planned(self, name: str, values: Sequence[Any]) -> PGresult:
        """What the server answers to a statement that it plans once; without a cursor.

        Args:
            name: the statement's.
            values: of its parameters, as text.
        """
        if not self._begins:
            return self._done(lambda server: server.exec_prepared(name.encode(), values))
        return self._done(lambda server: server.exec_(_called(server, self._begins, name, values)))

    def ask_all_planned(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[PGresult]:
        """What the server answers to several statements that it plans once, sent together: they wait for it once.

        Args:
            asked: name and values of each, see :meth:`ask_planned`. Where one fails, those behind it are not done; its
                answer says so and is for the caller to look at, see :meth:`checked`.
        """
        if self._begins:
            self.tell("")
        with self.wrap_database_errors:
            driver, server = self.driver, self.driver.pgconn
            server.enter_pipeline_mode()
            try:
                for name, values in asked:
                    server.send_query_prepared(name.encode(), values)
                server.pipeline_sync()
                driver.wait(generators.send(server))
                answers = [driver.wait(generators.fetch_many(server)) for _ in range(len(asked) + 1)]
            finally:
                server.exit_pipeline_mode()
            return [answer for (answer,) in answers[:-1]]

    def checked(self, result: PGresult) -> PGresult:
        """A server's answer that is none of its refusals."""
        if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
            return result
        if self.driver.pgconn.status != ConnStatus.OK:  # the server is gone: it gave no code by which to tell
            raise OperationalError(result.get_error_message())
        raise errors.error_from_result(result)

    def validate_no_broken_transaction(self) -> None:
        """Asked by Django before each statement of a cursor: one made before the scope begins it here."""
        super().validate_no_broken_transaction()
        if self._begins:
            self.tell("")

    def close(self) -> None:
        """Give the connection up; what has not begun never does."""
        self._begins = ""
        super().close()

    def _done(self, ask: Callable[[PGconn], PGresult]) -> PGresult:
        with self.wrap_database_errors:
            server = self.driver.pgconn
            result = ask(server)
            if server.transaction_status != TransactionStatus.IDLE:  # of a message it cannot read nothing is done
                self._begins = ""
            return self.checked(result)

    def _commit(self) -> None:
        self._ended("COMMIT", super()._commit)  # type: ignore[misc]  # Django's own, private in its stubs

    def _rollback(self) -> None:
        self._ended("ROLLBACK", super()._rollback)  # type: ignore[misc]  # Django's own, private in its stubs

    def _ended(self, sql: str, otherwise: Callable[[], None]) -> None:
        # Whatever else the connection is in (nothing, a statement that was broken off, dead) the driver knows to end.
        self._begins = ""  # if it still waits, nothing was asked
        if self.driver is not None and self.driver.pgconn.transaction_status in BEGUN:
            self.tell(sql)
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
        if self._begins or (self.driver is not None and self.driver.pgconn.transaction_status in BEGUN):
            self.tell(sql)
        else:
            with self.cursor() as cursor:
                cursor.execute(sql)


def _called(server: PGconn, begins: str, name: str, values: Sequence[Any]) -> bytes:
    quote = Escaping(server).escape_literal
    given = b", ".join(b"NULL" if value is None else bytes(quote(value)) for value in values)
    call = f"EXECUTE {name}".encode()
    return begins.encode() + (call + b"(" + given + b")" if values else call)
