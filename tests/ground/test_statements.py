"""Statements planned once, and transactions that begin and end in one message each."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anju.foundation.db import Planned, clock, fetch, fetch_value, org_scope, run_sql
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
    names, rows = one.ask(asked) or ([], [])
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
