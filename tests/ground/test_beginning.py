"""A scope begins with its first statement: whatever that is, and whatever happens meanwhile, it is the company's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb

from anju.domain.portfolio.models import Region
from anju.foundation.db import Planned, fetch, fetch_all, fetch_value, org_scope, planned, run_sql, server, sql
from anju.foundation.db.away import AWAY, trouble
from anju.foundation.flows.clocks import RUNNING
from anju.foundation.flows.queries import HELD, ONE
from anju.foundation.messaging.queries import what_a_phone_received
from anju.foundation.staffing.actions import create_organization

SCOPE = "SELECT current_setting('anju.org', true)"
OWN = Planned("SELECT current_setting('anju.org', true) AS org")


@pytest.fixture
def mine(committed: str) -> int:
    """A company whose transactions really commit; no scope is open."""
    return create_organization(name="禾里公寓").id


@pytest.fixture
def superuser(committed: str, home: Path) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else at the same database: a migration, an administrator."""
    with psycopg.connect(**server.dsn(home, database=committed, user=server.SUPERUSER), autocommit=True) as somebody:
        yield somebody


def driver() -> Any:
    own: Any = connections["default"]
    return own.driver


def killed(superuser: psycopg.Connection[Any]) -> None:
    """End this process's connection as a restart of the server does."""
    pid = driver().pgconn.backend_pid
    superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def said_to_be_away(error: BaseException) -> bool:
    found = trouble(error)
    return found is not None and found.refusal.code == AWAY().code


def regions(org: int) -> list[str]:
    with org_scope(org):
        return list(Region.objects.order_by("name").values_list("name", flat=True))


def test_a_cursor_made_before_belongs_to_the_scope_it_is_used_in(mine: int) -> None:
    with connection.cursor() as before:
        with org_scope(mine):
            before.execute(SCOPE)
            assert before.fetchone() == (str(mine),)
        with org_scope(mine):
            before.execute("INSERT INTO region (name) VALUES ('华东')")
        with org_scope(mine):
            before.executemany("INSERT INTO region (name) VALUES (%s)", [["西南"], ["西北"]])
    assert connection.get_autocommit()
    assert regions(mine) == ["华东", "西北", "西南"]


def test_what_the_driver_began_by_itself_is_ended(mine: int) -> None:
    ensured = connection.connection
    with org_scope(mine):
        # behind Django's back, by a cursor of the driver's
        ensured.execute("SELECT 1")
    assert connection.get_autocommit()
    assert ensured.pgconn.transaction_status == TransactionStatus.IDLE


def streamed() -> Any:
    return [row.name for row in Region.objects.order_by("name").iterator(1)]


def copied() -> Any:
    with connection.cursor() as cursor, cursor.cursor.copy("COPY (SELECT name FROM region) TO STDOUT") as rows:
        return [bytes(row).decode().strip() for row in rows]


def held() -> Any:
    return [row.name for row in Region.objects.select_for_update()]


def nested() -> Any:
    with transaction.atomic(), transaction.atomic(savepoint=False):
        return fetch(planned("SELECT name FROM region"))[0]["name"].split()


@pytest.mark.parametrize("first", [streamed, copied, held, nested])
def test_whatever_kind_comes_first_sees_the_company_alone(mine: int, first: Callable[[], list[str]]) -> None:
    for org, name in ((mine, "华东"), (create_organization(name="隔壁公寓").id, "西南")):
        with org_scope(org):
            Region.objects.create(name=name)
        with org_scope(org):
            assert first() == [name]


def test_a_lasting_block_is_refused_inside_as_ever(mine: int) -> None:
    with org_scope(mine):
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic(durable=True):
            pass
        assert fetch_value(OWN) == str(mine)
    with transaction.atomic(durable=True), org_scope(mine):
        assert fetch_value(OWN) == str(mine)


def test_what_is_done_after_the_commit_may_open_the_company_again(mine: int) -> None:
    seen = []

    def after() -> None:
        with org_scope(mine):
            seen.append(fetch_value(OWN))
            Region.objects.create(name="华东")

    with org_scope(mine):
        transaction.on_commit(after)
    assert seen == [str(mine)]
    assert regions(mine) == ["华东"]


@pytest.mark.parametrize("ask", [lambda: fetch_value(OWN), lambda: fetch_value(SCOPE), nested])
def test_a_server_that_went_before_the_first_statement_is_said_to_be_away_and_the_next_one_works(
    mine: int, superuser: psycopg.Connection[Any], ask: Callable[[], Any]
) -> None:
    with pytest.raises(OperationalError) as raised, org_scope(mine):
        killed(superuser)
        ask()
    assert said_to_be_away(raised.value)
    with org_scope(mine):
        assert fetch_value(OWN) == str(mine)


SLEEP = Planned("SELECT pg_sleep(%(s)s) IS NULL AS woken", s="float8")
SLEEPS = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'"


def killed_asleep(superuser: psycopg.Connection[Any], pid: int) -> None:
    while superuser.execute(SLEEPS, [pid]).fetchone() is None:
        pass
    superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.parametrize("asleep", [False, True])
def test_a_server_that_went_before_or_while_several_were_asked_is_away_and_the_next_one_works(
    mine: int, superuser: psycopg.Connection[Any], asleep: bool
) -> None:
    with pytest.raises(OperationalError) as raised, org_scope(mine), ThreadPoolExecutor(1) as somebody:
        assert fetch_all((OWN, {}), (SLEEP, {"s": 0}), (OWN, {}))[2] == [{"org": str(mine)}]
        if asleep:
            somebody.submit(killed_asleep, superuser, driver().pgconn.backend_pid)
        else:
            killed(superuser)
        fetch_all((OWN, {}), (SLEEP, {"s": 60}), (OWN, {}))
    assert said_to_be_away(raised.value)
    with org_scope(mine):
        assert fetch_all((OWN, {}), (OWN, {})) == [[{"org": str(mine)}]] * 2


def test_a_server_that_went_before_the_commit_is_said_to_be_away_and_nothing_stands(
    mine: int, superuser: psycopg.Connection[Any]
) -> None:
    with pytest.raises(OperationalError) as raised, org_scope(mine):
        Region.objects.create(name="华东")
        killed(superuser)
    assert said_to_be_away(raised.value)
    assert regions(mine) == []


def test_a_scope_that_asks_nothing_of_a_server_that_went_ends_well(
    mine: int, superuser: psycopg.Connection[Any]
) -> None:
    with org_scope(mine):
        killed(superuser)
    connection.close()
    assert regions(mine) == []


def test_a_connection_can_be_given_up_before_anything_was_asked(mine: int, superuser: psycopg.Connection[Any]) -> None:
    with org_scope(mine):
        connection.close()
    with org_scope(mine):
        killed(superuser)
        connection.close()
    assert regions(mine) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_whoever_is_stopped_leaves_nothing_for_the_next(mine: int, stop: type[BaseException]) -> None:
    for asked in (False, True):
        with pytest.raises(stop), org_scope(mine):
            if asked:
                Region.objects.create(name="华东")
            raise stop
        assert fetch_value(SCOPE) in (None, "")
    assert regions(mine) == []


def test_a_statement_that_cannot_be_read_does_not_lose_the_company(mine: int) -> None:
    wrong = Planned("SELECT nothing FRO nowhere")
    with org_scope(mine):
        with pytest.raises(DatabaseError, match="syntax"):
            fetch(wrong)
        assert fetch_value(SCOPE) == str(mine)
    with org_scope(mine):
        with pytest.raises(DatabaseError, match="syntax"), transaction.atomic():
            fetch(wrong)
        assert fetch_value(OWN) == str(mine)


NASTY = ["\\", "\\'", "E'\\x'", "'; DROP TABLE region; --", "$$", "%s %(n)s", "\x01\x7f\u2028", "𠮷🏠", "x" * 3_000_000]


def test_values_come_as_they_went_first_or_later(mine: int) -> None:
    asks = (
        "SELECT %(text)s AS text, %(texts)s AS texts, %(raw)s AS raw, %(said)s AS said, %(much)s AS much,"
        " %(real)s AS real, %(yes)s AS yes"
    )
    one = Planned(
        asks,
        text="text",
        texts="text[]",
        raw="bytea",
        said="jsonb",
        much="numeric",
        real="float8",
        yes="boolean",
    )
    for text in NASTY:
        for much in (Decimal("Infinity"), Decimal("-1e40"), None):
            asked = {
                "text": text, "texts": [text, None, ""], "raw": text.encode() + b"\x00\xff", "much": much,
                "said": Jsonb({text[:9]: [text[:9], "\u0001"]}), "real": float("-inf"), "yes": True,
            }  # fmt: skip
            with org_scope(mine):
                first = fetch(one, asked)
                later = fetch(one, asked)
                with connection.cursor() as cursor:
                    cursor.execute(str(one), asked)
                    usual = [dict(zip([c.name for c in cursor.description], row, strict=True)) for row in cursor]
            assert first == later == usual
            assert (first[0]["text"], bytes(first[0]["raw"])) == (text, asked["raw"])


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800"])
def test_a_value_that_cannot_be_sent_is_refused_before_anything_is(mine: int, bad: str) -> None:
    one = Planned("SELECT %(text)s", text="text")
    with org_scope(mine):
        with pytest.raises((DatabaseError, ValueError)):
            fetch_value(one, {"text": bad})
        assert fetch_value(OWN) == str(mine)


def test_a_column_added_meanwhile_disturbs_nobody(mine: int, superuser: psycopg.Connection[Any]) -> None:
    asks = [lambda one=one: fetch(one, {"case": 1}) for one in (ONE, HELD, RUNNING)]
    asks.append(lambda: what_a_phone_received(1))
    for ask in asks:
        with org_scope(mine):
            ask()
    for table in ("flow_case", "flow_limit", "message"):
        superuser.execute(f"ALTER TABLE {table} ADD COLUMN of_tomorrow int")
    for ask in asks:
        with org_scope(mine):
            assert ask() == []


CHANGED = Planned("SELECT * FROM changed")


def test_a_column_changed_meanwhile_is_maintenance_once_and_nothing_afterwards(
    mine: int, superuser: psycopg.Connection[Any]
) -> None:
    superuser.execute("CREATE TABLE changed AS SELECT 1::int AS a, 2::int AS b")
    superuser.execute("GRANT SELECT ON changed TO anju_app")
    for n, ask in enumerate((lambda: fetch(CHANGED), lambda: fetch_value(CHANGED), lambda: run_sql(CHANGED))):
        with org_scope(mine):
            ask()
        superuser.execute(f"ALTER TABLE changed ALTER COLUMN a TYPE {('bigint', 'text', 'varchar')[n]}")
        with pytest.raises(DatabaseError) as raised, org_scope(mine):
            fetch_value(SCOPE)
            ask()
        assert said_to_be_away(raised.value)
        with org_scope(mine):
            ask()
    superuser.execute("ALTER TABLE changed ALTER COLUMN b TYPE text")
    with pytest.raises(DatabaseError) as raised, org_scope(mine):
        fetch_all((OWN, {}), (CHANGED, {}))
    assert said_to_be_away(raised.value)
    with org_scope(mine):
        assert fetch_all((OWN, {}), (CHANGED, {})) == [[{"org": str(mine)}], [{"a": "1", "b": "2"}]]
    superuser.execute("ALTER TABLE changed ALTER COLUMN b TYPE int USING b::int")
    with pytest.raises(DatabaseError):
        fetch(CHANGED)
    ask_alone = fetch(CHANGED)  # outside a transaction
    assert ask_alone == [{"a": "1", "b": 2}]
    superuser.execute("ALTER TABLE changed ALTER COLUMN b TYPE bigint")
    with pytest.raises(DatabaseError):
        fetch(CHANGED)
    assert fetch(CHANGED) == ask_alone


def test_the_names_are_those_of_the_answer(mine: int, superuser: psycopg.Connection[Any]) -> None:
    superuser.execute("CREATE TABLE swapped AS SELECT 1 AS a, 2 AS b")
    superuser.execute("GRANT SELECT ON swapped TO anju_app")
    one = Planned("SELECT * FROM swapped")
    with org_scope(mine):
        assert fetch(one) == [{"a": 1, "b": 2}]
    superuser.execute("ALTER TABLE swapped DROP COLUMN a")
    superuser.execute("ALTER TABLE swapped ADD COLUMN c int DEFAULT 3")
    connection.close()
    with org_scope(mine):
        assert fetch(one) == [{"b": 2, "c": 3}]


def test_a_connection_does_not_keep_texts_without_end(mine: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "MOST", 5)
    kept = "SELECT count(*) FROM pg_prepared_statements"
    with org_scope(mine):
        for n in range(12):
            assert fetch_value(planned(f"SELECT {n} + %(n)s::int"), {"n": 1}) == n + 1
            assert fetch_value(kept) <= 5
        assert fetch_value(planned("SELECT 0 + %(n)s::int"), {"n": 1}) == 1
        for first in range(6):  # planning the third or fourth forgets those before
            asks = [(planned(f"SELECT {first + n} * %(n)s::int AS n"), {"n": 2}) for n in range(4)]
            assert [rows[0]["n"] for rows in fetch_all(*asks)] == [2 * (first + n) for n in range(4)]
            assert fetch_value(kept) <= 8
