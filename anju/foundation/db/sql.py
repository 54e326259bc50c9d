"""Plain SQL with named parameters, kept in files beside the slice that owns it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from weakref import WeakKeyDictionary, WeakValueDictionary

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, OperationalError, connection, connections
from psycopg.adapt import Transformer

Params = dict[str, Any]
NAMED = re.compile(r"%\((\w+)\)s")
# A page's texts are few, but who calls the API chooses how many rows a page has, which is part of some: a connection
# that has planned so many begins anew.
MOST = 400
FOR_ALL = "SELECT set_config('plan_cache_mode', %(mode)s::text, true)"
TYPED = re.compile(r"%\((\w+)\)s::(\w+(?:\[\])?)")


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


class _Asked:
    """What a connection keeps of a statement it has planned: the names of its columns and how they are read."""

    __slots__ = ("_names", "_reads")

    def __init__(self) -> None:
        self._names: list[str] = []
        self._reads: Any = None  # a transformer of the driver

    def answer(self, driver: Any, result: Any) -> Answer:
        first = self._reads is None
        if first:
            # By the adapters alone: kept for a connection, it must not keep the connection.
            self._reads = Transformer(driver.adapters)
            self._names = [(result.fname(n) or b"").decode() for n in range(result.nfields)]
        self._reads.set_pgresult(result, set_loaders=first)
        rows = self._reads.load_rows(0, result.ntuples, tuple)
        self._reads.set_pgresult(None, set_loaders=False)  # what is kept keeps no rows
        return Answer(self._names, rows, result.command_tuples or 0)


class Answer(NamedTuple):
    """Names of the columns, the rows, how many rows the statement gave or changed."""

    names: list[str]
    rows: list[tuple[Any, ...]]
    touched: int

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by the names of their columns."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


class Planned:
    """A statement that the server plans once for a connection, not each time: for short ones that everybody asks.

    ``Planned("SELECT name FROM staff WHERE id = %(id)s", id="bigint")``: every parameter with its SQL type. It is
    prepared by the server in the session when a connection first asks it, and stays through rollbacks.
    """

    known: ClassVar[WeakValueDictionary[str, Planned]] = WeakValueDictionary()  # by the name it is called by

    def __init__(self, sql: str, **types: str) -> None:
        known = list(types)
        if set(NAMED.findall(sql)) != set(known):
            raise ValueError("every parameter has its type, and no other: " + ", ".join(known))
        self.name = "anju_" + sha256(f"{sql}{types}".encode()).hexdigest()[:24]
        text = NAMED.sub(lambda found: f"${known.index(found[1]) + 1}", sql).replace("%%", "%")
        wants = f" ({', '.join(types.values())})" if types else ""
        self.sql = sql
        self.known[self.name] = self
        self._prepare = f"PREPARE {self.name}{wants} AS {text}"
        gives = f"({', '.join(f'%({key})s' for key in known)})" if types else ""
        self._call = f"EXECUTE {self.name}{gives}"
        self._names = known

    def __str__(self) -> str:
        """The call; the connection in use knows the statement from here on."""
        connection.ensure_connection()
        # By the driver: how many statements a page makes is not for the first visitor to say.
        with connection.wrap_database_errors:
            self._prepared(connection.connection, connection.connection.execute)
        return self._call

    def _prepared(self, driver: Any, tell: Callable[[str], Any]) -> _Asked:
        known = _planned.get(driver)
        if known is None:
            known = _planned[driver] = {}
        asked = known.get(self.name)
        if asked is None:
            if self.name in known:
                tell(f"DEALLOCATE {self.name}")
            elif len(known) >= MOST:
                tell("DEALLOCATE ALL")
                known.clear()
            known.pop(self.name, None)
            tell(self._prepare)
            asked = known[self.name] = _Asked()
        return asked

    def outdated(self, error: NotSupportedError) -> Exception:
        """A table has changed since the statement was planned: it is planned anew when it is asked again.

        Returns:
            what to raise: the transaction is lost, the next one works.
        """
        known = _planned.get(connections[DEFAULT_DB_ALIAS].driver)  # type: ignore[attr-defined]  # of our backend
        if known is not None and self.name in known:
            known[self.name] = None
        return OperationalError("planned before a table changed") if "cached plan" in str(error) else error

    def ask(self, params: Params) -> Answer | None:
        """The server's answer, asked for without a cursor; None where that cannot be done.

        What a cursor does for a statement takes longer than the server for one like these. It is done all the same
        where somebody listens to statements, and where a transaction is not in order.
        """
        own: Any = connections[DEFAULT_DB_ALIAS]  # its type is Django's; the backend is ours
        if not own.takes_planned():
            return None
        asked = self._prepared(own.driver, own.tell)
        with own.wrap_database_errors:
            values = own.as_text([params[name] for name in self._names])
        return self._read(own, asked, partial(own.ask_planned, self.name, values))

    @staticmethod
    def ask_all(asks: Sequence[tuple[Planned, Params]]) -> list[Answer] | None:
        """The answers to several, sent together; None where that cannot be done."""
        own: Any = connections[DEFAULT_DB_ALIAS]
        if not own.takes_planned():
            return None

        def prepared() -> list[_Asked]:
            return [sql._prepared(own.driver, own.tell) for sql, _ in asks]

        prepared()
        known = prepared()  # planning one may have made the connection forget all it had planned
        with own.wrap_database_errors:
            named = [(sql.name, own.as_text([params[name] for name in sql._names])) for sql, params in asks]
        results = own.ask_all_planned(named)
        return [
            sql._read(own, asked, partial(own.checked, result))
            for (sql, _), asked, result in zip(asks, known, results, strict=True)
        ]

    def _read(self, own: Any, asked: _Asked, result: Callable[[], Any]) -> Answer:
        try:
            with own.wrap_database_errors:
                return asked.answer(own.driver, result())
        except NotSupportedError as error:
            raise self.outdated(error) from error.__cause__


# What a connection has planned, by its name; None: it fits no more.
_planned: WeakKeyDictionary[Any, dict[str, _Asked | None]] = WeakKeyDictionary()


@lru_cache(maxsize=512)
def planned(sql: str) -> Planned:
    """A statement asked all day, planned once; its parameters have their types behind them: ``%(id)s::bigint``.

    Where there is none, the server takes the type from what the parameter is compared with. Only for statements whose
    good plan is the same for every value: found by a key, a page cut by a fixed ``LIMIT``. The text must come from a
    small set, because a connection keeps each.
    """
    types = dict(TYPED.findall(sql))
    return Planned(sql, **{name: types.get(name, "unknown") for name in NAMED.findall(sql)})


@contextmanager
def planned_for_all() -> Iterator[None]:
    """Planned statements asked inside take the plan that fits every value, without asking what it may cost.

    For those about one row by its key whose other rows the server cannot guess (``generate_series``): it takes such a
    plan for dear and plans anew each time, which for a large statement takes ten times as long as running it.
    """
    run_sql(planned(FOR_ALL), {"mode": "force_generic_plan"})
    yield
    run_sql(planned(FOR_ALL), {"mode": "auto"})  # behind an error the transaction ends, and this with it


def fetch(sql: str | SqlFile | Planned, params: Params | None = None) -> list[dict[str, Any]]:
    """All rows as dicts."""
    if isinstance(sql, Planned) and (found := sql.ask(params or {})) is not None:
        return found.dicts()
    with connection.cursor() as cursor:
        _execute(cursor, sql, params)
        return _rows(cursor)


def fetch_all(*asks: tuple[Planned, Params]) -> list[list[dict[str, Any]]]:
    """All rows of each of several planned statements that only read, sent together.

    They wait for the server once, which is most of what small ones cost, and more where it is another machine.
    """
    found = Planned.ask_all(asks)
    return [fetch(*ask) for ask in asks] if found is None else [answer.dicts() for answer in found]


def so_many(rows: str, n: int) -> str:
    """A set of ``n`` rows given as arrays, for a prepared statement.

    The server guesses a hundred rows for an array it does not know yet, finds the plan for every value too dear, and
    plans anew each time; a limit tells it about how many. Twice as many are a text of their own: only for small sets.

    Args:
        rows: what gives them, ``unnest(%(ids)s::bigint[]) AS u(id)``.
        n: how many there are at most.
    """
    return f"(SELECT * FROM {rows} LIMIT {1 << max(0, n - 1).bit_length()})"


def _execute(cursor: Any, sql: str | SqlFile | Planned, params: Params | None) -> None:
    try:
        cursor.execute(str(sql), params or {})
    except NotSupportedError as error:
        raise (sql.outdated(error) if isinstance(sql, Planned) else error) from error.__cause__


def _rows(cursor: Any) -> list[dict[str, Any]]:
    result = cursor.pgresult  # ``description`` would make an object of every column
    names = [result.fname(n).decode() for n in range(result.nfields)] if result else []
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def fetch_one(sql: str | SqlFile | Planned, params: Params | None = None) -> dict[str, Any] | None:
    """The first row as a dict, or None."""
    rows = fetch(sql, params)
    return rows[0] if rows else None


def fetch_value(sql: str | SqlFile | Planned, params: Params | None = None) -> Any:
    """The first column of the first row, or None."""
    if isinstance(sql, Planned) and (found := sql.ask(params or {})) is not None:
        return found.rows[0][0] if found.rows else None
    with connection.cursor() as cursor:
        _execute(cursor, sql, params)
        row = cursor.fetchone()
        return row[0] if row else None


def run_sql(sql: str | SqlFile | Planned, params: Params | None = None) -> int:
    """Run a statement; returns the number of rows it touched."""
    if isinstance(sql, Planned) and (found := sql.ask(params or {})) is not None:
        return found.touched
    with connection.cursor() as cursor:
        _execute(cursor, sql, params)
        return int(cursor.rowcount)
