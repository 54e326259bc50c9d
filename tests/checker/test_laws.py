# ruff: noqa: E501 — statements read better whole
"""The checker finds nothing in honest books, and each mistake that is planted into them, under the law it breaks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from anju.domain.billing import actions
from anju.domain.leases.models import Lease
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import Person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.db import clock, run_sql
from anju.foundation.db.migrate import as_owner
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.trace.proof import merkle_root
from anju.kit import Actor, Money
from anju.surface.checker import proofs
from anju.surface.checker.check import check, check_org
from anju.surface.checker.laws import LAWS
from tests.builders import house, let, terms

SYSTEM = Actor.system()


@pytest.fixture
def lease(company: int) -> Lease:
    """January's rent and deposit billed and reminded of, partly paid; another lease next door."""
    where = house()
    made = register_people(SYSTEM, rows=[NewPerson(name="何雨桐", phone="13800137730")])
    lease = let(
        where, "3-1-1208", terms(deposit_amount=Money("2280")), person=Person.objects.get(id=made.person_ids[0])
    )
    let(where, "3-1-1209", terms())
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    clock.move_to(datetime(2026, 1, 17, 7, tzinfo=clock.SHANGHAI))
    run_sweep(SYSTEM, company, "reminders", date(2026, 1, 17))
    actions.record_payment(
        SYSTEM, lease_id=lease.id, amount=Money("1000"), method="bank", received_at=clock.now(), source="bank:1"
    )
    return lease


@contextmanager
def owner() -> Iterator[None]:
    """What no part of the product can do: write as the owner of the tables."""
    with as_owner():
        yield


def broken(org: int) -> set[str]:
    return {v.law.key for v in check_org(org) if not v.holds}


def test_honest_books_break_no_law(company: int, lease: Lease) -> None:
    said: list[str] = []
    assert broken(company) == set()
    assert all(v.holds for v in check(said.append) if v.org_id == company)
    assert sum(line.startswith("  ✓") for line in said) >= len(LAWS) + 3


AGAIN = """
INSERT INTO charge (org_id, lease_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on, issued_on,
                    amount, open, source, revision)
SELECT org_id, lease_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on, issued_on, amount,
       amount, source, 7 FROM charge WHERE kind = 'rent' ORDER BY id LIMIT 1
"""
NO_UNIQUE = "ALTER TABLE message DROP CONSTRAINT one_message_per_dedupe_key"
MESSAGE_AGAIN = """
INSERT INTO message (org_id, dedupe, to_person, channel, kind, template, version_id, vars, subject_kind, subject_id, run_id,
                     created_at, due_at)
SELECT org_id, 'x' || dedupe, to_person, channel, kind, template, version_id, vars, subject_kind, subject_id, run_id,
       created_at, due_at FROM message WHERE run_id IS NOT NULL LIMIT 1
"""
SENT_TWICE = """
INSERT INTO message_attempt (org_id, message_id, n, batch_id, channel, out_id, outcome, started_at)
SELECT org_id, id, n, 1, channel, 'o' || n, 'accepted', now() FROM (SELECT * FROM message LIMIT 1) m, generate_series(1, 2) n
"""
LET_TWICE = """
INSERT INTO lease_unit (org_id, lease_id, unit_id, leaf_unit_id, occupied)
SELECT org_id, lease_id, unit_id, (SELECT max(leaf_unit_id) FROM lease_unit), occupied FROM lease_unit ORDER BY id LIMIT 1
"""
PLANTED = {
    "charge_once": [AGAIN],
    "bill_whole": ["UPDATE charge SET bill_id = NULL"],
    "charge_settled": ["UPDATE charge SET open = open - 1 WHERE id = (SELECT min(id) FROM charge WHERE open > 1)"],
    "credit_used": [
        "ALTER TABLE credit DROP CONSTRAINT a_credit_is_open_within_its_amount",
        "UPDATE credit SET open = open + 1",
    ],
    "money_kept": ["UPDATE payment SET amount = amount + 0.01"],
    "deposit_held": [
        "INSERT INTO credit (org_id, lease_id, kind, amount, open, at)"
        " SELECT org_id, lease_id, 'deposit_release', 99999, 99999, now() FROM charge WHERE kind = 'deposit' LIMIT 1"
    ],
    "payment_once": ["UPDATE payment SET source = 'order:12345'"],
    "message_once": [NO_UNIQUE, MESSAGE_AGAIN],
    "sent_once": [SENT_TWICE],
    "accounted": ["DELETE FROM decision WHERE ctid = (SELECT min(ctid) FROM decision)"],
    "rolled_up": ["UPDATE billing_month SET settled = settled + 1"],
    "told_in_full": ["UPDATE trace_event SET body = replace(body, '[', '[,') WHERE action = 'billing.payment.record'"],
    "let_once": ["ALTER TABLE lease_unit DROP CONSTRAINT a_unit_is_let_once_at_a_time", LET_TWICE],
    "chains": ["UPDATE trace_event SET body = replace(body, '1000', '1001') WHERE action = 'billing.payment.record'"],
    "roots": ["UPDATE decision SET code = 'later' WHERE ctid = (SELECT min(ctid) FROM decision)"],
}


def test_a_mistake_is_planted_for_every_law() -> None:
    assert set(PLANTED) == {law.key for law in LAWS} | {"chains", "told_in_full", "roots"}


@pytest.mark.parametrize("law", PLANTED)
def test_the_checker_finds_the_planted_mistake(company: int, lease: Lease, law: str) -> None:
    with owner():
        for statement in PLANTED[law]:
            assert run_sql(statement) != 0, statement
    assert law in broken(company)


def test_one_bit_of_one_decision_is_noticed(company: int, lease: Lease) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE decision SET effect_id = effect_id # 1 WHERE ctid = (SELECT min(ctid) FROM decision)")
    assert "roots" in broken(company)


@given(st.integers(0, 70))
def test_the_checkers_tree_is_the_trees_of_the_batches(n: int) -> None:
    leaves = [hashlib.sha256(bytes([i])).digest() for i in range(n)]
    assert proofs.tree(iter(leaves)) == merkle_root(leaves)
