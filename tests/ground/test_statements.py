"""Statements planned once, and transactions that begin and end in one message each."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from django.db import DatabaseError, DataError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from anju.foundation.db import Planned, clock, fetch, fetch_all, fetch_value, org_scope, planned, run_sql
from anju.foundation.db.rows import read, write
from anju.foundation.flows.models import FlowCase
from anju.foundation.staffing.actions import create_organization

SCOPE = "SELECT current_setting('anju.org', true)"


def test_a_planned_statement_answers_like_any_other(in_org: int) -> None:
    twice = Planned("SELECT %(n)s + %(n)s AS sum, 7 %% 4 AS rest, %(words)s AS words", n="int", words="text[]")
    asked = {"n": 2, "words": ["甲", "it's"]}
    assert fetch(twice, asked) == [{"sum": 4, "rest": 3, "words": ["甲", "it's"]}]
    assert fetch(twice, {"n": None, "words": None}) == [{"sum": None, "rest": 3, "words": None}]


def test_it_stays_through_a_rollback_and_counts_as_one_statement(in_org: int) -> None:
    one = Planned("SELECT 1 + %(n)s", n="int")
    with pytest.raises(RuntimeError), transaction.atomic():
        with CaptureQueriesContext(connection) as first:
            assert fetch_value(one, {"n": 1}) == 2
        raise RuntimeError
    with CaptureQueriesContext(connection) as again:
        assert fetch_value(one, {"n": 2}) == 3
    assert len(first) == len(again) == 1


def test_inside_a_transaction_it_is_asked_without_a_cursor_and_says_the_same(in_org: int) -> None:
    one = Planned("SELECT %(id)s AS id, %(at)s AS at, %(said)s AS said", id="bigint", at="timestamptz", said="jsonb")
    asked = {"id": 7, "at": clock.now(), "said": '{"用": [1]}'}
    names, rows, _touched = one.ask(asked) or ([], [], 0)
    with CaptureQueriesContext(connection):  # somebody listens: by the cursor
        assert one.ask(asked) is None
        assert fetch(one, asked) == [dict(zip(names, row, strict=True)) for row in rows]


def test_what_fails_without_a_cursor_fails_as_it_does_with_one(in_org: int) -> None:
    one = Planned("SELECT 1 / %(n)s", n="int")
    with pytest.raises(DataError, match="division by zero"), transaction.atomic():
        fetch_value(one, {"n": 0})
    assert fetch_value(one, {"n": 1}) == 1


def test_every_parameter_has_its_type() -> None:
    with pytest.raises(ValueError, match="every parameter"):
        Planned("SELECT %(a)s, %(b)s", a="int")
    with pytest.raises(ValueError, match="every parameter"):
        Planned("SELECT %(a)s", a="int", b="int")


def test_a_company_is_named_for_its_transaction_only(committed: str) -> None:
    org = create_organization(name="禾里公寓").id
    with org_scope(org):
        assert fetch_value(SCOPE) == str(org)
    assert fetch_value(SCOPE) in (None, "")
    with pytest.raises(RuntimeError), org_scope(org):
        raise RuntimeError
    assert fetch_value(SCOPE) in (None, "")


def test_what_was_done_within_is_taken_back_alone(committed: str) -> None:
    org = create_organization(name="禾里公寓").id
    change = "UPDATE policy_mark SET mark = %(to)s"
    first, second = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
    with org_scope(org):
        run_sql(change, {"to": first})
        with pytest.raises(RuntimeError), transaction.atomic():
            run_sql(change, {"to": second})
            raise RuntimeError
        with pytest.raises(Exception, match="nowhere"), transaction.atomic():
            fetch("SELECT * FROM nowhere")
    with org_scope(org):
        assert str(fetch_value("SELECT mark FROM policy_mark")) == first


def state() -> TransactionStatus:
    """How the server's end of the connection stands, without a question that would begin something."""
    own: Any = connections["default"]
    return TransactionStatus(own.driver.pgconn.transaction_status)


def test_a_company_that_is_asked_nothing_costs_nothing(committed: str) -> None:
    org = create_organization(name="禾里公寓").id
    with org_scope(org):
        assert state() == TransactionStatus.IDLE
    with pytest.raises(RuntimeError), org_scope(org):
        raise RuntimeError
    assert state() == TransactionStatus.IDLE


def test_whatever_is_asked_first_is_asked_of_the_company(committed: str) -> None:
    org = create_organization(name="禾里公寓").id
    planned_first = Planned(f"{SCOPE.replace(', true', '')} AS org, %(said)s AS said, %(none)s AS none",
                            said="text[]", none="text")  # fmt: skip
    said = ["it's", "a \\ b", '"引"', ""]
    for _known_to_the_server in range(2):
        with org_scope(org):
            assert fetch(planned_first, {"said": said, "none": None}) == [{"org": str(org), "said": said, "none": None}]
            assert state() == TransactionStatus.INTRANS
    with org_scope(org):
        assert fetch_value(SCOPE) == str(org)  # by a cursor
    with org_scope(org), transaction.atomic():
        assert fetch_value(SCOPE) == str(org)  # behind a savepoint
    with org_scope(org):
        assert connection.connection.execute(SCOPE).fetchone() == (str(org),)  # by the driver itself


def test_what_fails_first_is_taken_back_and_the_next_begins_anew(committed: str) -> None:
    org = create_organization(name="禾里公寓").id
    one = Planned("SELECT 1 / %(n)s", n="int")
    with pytest.raises(DataError, match="division by zero"), org_scope(org):
        fetch_value(one, {"n": 0})
    assert state() == TransactionStatus.IDLE
    with org_scope(org):
        assert fetch_value(one, {"n": 1}) == 1


HALF, WORD = Planned("SELECT 8 / %(n)s AS half", n="int"), Planned("SELECT %(said)s AS word, NULL AS no", said="text")


@pytest.mark.parametrize("listened", [False, True])
def test_several_asked_together_answer_as_one_by_one(committed: str, listened: bool) -> None:
    org = create_organization(name="禾里公寓").id
    asks = [(HALF, {"n": 2}), (WORD, {"said": "it's 甲"}), (HALF, {"n": 4}), (planned(f"{SCOPE} AS org"), {})]
    for _time in range(2):  # first of a transaction, and with everything planned
        with org_scope(org), CaptureQueriesContext(connection) if listened else nullcontext():
            together = fetch_all(*asks)
            assert together == [fetch(*ask) for ask in asks]
        assert together == [[{"half": 4}], [{"word": "it's 甲", "no": None}], [{"half": 2}], [{"org": str(org)}]]
    assert fetch_all() == []
    assert fetch_all((HALF, {"n": 1}), (HALF, {"n": 8})) == [[{"half": 8}], [{"half": 1}]]  # outside a transaction
    assert state() == TransactionStatus.IDLE


def test_one_of_several_that_fails_says_why_and_the_next_begins_anew(committed: str) -> None:
    org = create_organization(name="禾里公寓").id
    with pytest.raises(DataError, match="division by zero"), org_scope(org):
        fetch_all((WORD, {"said": "a"}), (HALF, {"n": 0}), (WORD, {"said": "b"}))
    with pytest.raises((DatabaseError, ValueError)), org_scope(org):
        fetch_all((WORD, {"said": "a"}), (WORD, {"said": "a\x00b"}))
    with org_scope(org):
        with pytest.raises(DataError, match="division by zero"), transaction.atomic():
            fetch_all((HALF, {"n": 0}), (WORD, {"said": "b"}))
        assert fetch_all((HALF, {"n": 8}), (WORD, {"said": "b"}))[0] == [{"half": 1}]


def test_rows_are_read_and_written_as_django_does(in_org: int) -> None:
    said = {"用": [1], "it's": None}
    made = FlowCase.objects.create(
        number="W26-0001", flow="repair", version_id=1, stage="new", persons=[3, 4], facts=said,
        opened_by="system", opened_at=clock.now(), stage_at=clock.now(),
    )  # fmt: skip
    one = planned("SELECT * FROM flow_case WHERE id = %(id)s")
    (case,) = read(FlowCase, one, {"id": made.id})
    usual = FlowCase.objects.get(id=made.id)
    values = [{f.attname: getattr(row, f.attname) for f in FlowCase._meta.concrete_fields} for row in (case, usual)]
    assert values[0] == values[1]
    assert case.facts == said

    case.facts, case.persons, case.closed_at = {"量": "2"}, [], clock.now()
    write(case, "facts", "persons", "closed_at")
    usual.refresh_from_db()
    assert (usual.facts, usual.persons, usual.closed_at) == ({"量": "2"}, [], case.closed_at)
    case.title = "整行写回"
    case.save()
    assert FlowCase.objects.get(id=made.id).title == "整行写回"
    case.id += 1
    with pytest.raises(DatabaseError, match="not there any more"):
        write(case, "stage")
