"""The direct loader gives what the sweeps would have made, and may be run again."""

from __future__ import annotations

from datetime import timedelta

from anju.domain.leases.actions import activate_many, begin_leases
from anju.domain.leases.new import NewLease
from anju.domain.portfolio.actions import register_places
from anju.domain.tenants.actions import register_people
from anju.foundation.db import fetch_value, org_scope
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.trace.verify import broken_chains
from anju.kit import Actor
from anju.surface.demo.load import TODAY, load
from anju.surface.demo.world.scale import HISTORY_DAYS, blocks
from tests.demo.conftest import opened, rows, small_plan

SYSTEM = Actor.system()
UNITS = 50
CHARGES = """
SELECT l.number, c.kind, c.name, c.source, c.period_from, c.period_to, c.amount, c.due_on, c.issued_on, b.number AS bill
FROM charge c JOIN lease l ON l.id = c.lease_id JOIN bill b ON b.id = c.bill_id
"""
SUMS = "SELECT month, sum(due) FROM billing_month GROUP BY month"


def lived_by_sweeps() -> int:
    """The loader's company, its leases signed on their days and billed by a run each day."""
    org = opened("每天出账公寓", small_plan())
    (block,) = blocks(UNITS, 7, TODAY)
    with org_scope(org):
        places = register_places(SYSTEM, rows=block.places)
        people = register_people(SYSTEM, rows=block.people)
    units = {p.unit: unit_id for p, unit_id in zip(block.places, places.unit_ids, strict=True)}
    for back in range(HISTORY_DAYS + 12, -1, -1):
        day = TODAY - timedelta(days=back)
        signed = [
            NewLease(payer_id=people.person_ids[n] or 0, unit_ids=(units[s.unit] or 0,), terms=s.terms,
                     number=block.number(n), signed_on=s.signed_on)
            for n, s in enumerate(block.stays) if s.signed_on == day
        ]  # fmt: skip
        with org_scope(org):
            activate_many(SYSTEM, leases=signed)
            begin_leases(SYSTEM, on=day)
            run_sweep(SYSTEM, org, "billing", day)
    return org


def test_the_loader_makes_the_charges_that_the_sweeps_make(committed: str) -> None:
    loaded, by_sweeps = load(units=UNITS, seed=7, progress=lambda *_: None).org_id, lived_by_sweeps()
    made = rows(loaded, CHARGES)
    assert len(made) > 150
    assert made == rows(by_sweeps, CHARGES)
    assert rows(loaded, SUMS) == rows(by_sweeps, SUMS)


def test_loaded_money_adds_up_and_a_second_load_changes_nothing(committed: str) -> None:
    org = load(units=UNITS, seed=7, progress=lambda *_: None).org_id
    with org_scope(org):
        assert fetch_value("SELECT sum(amount - open) FROM charge") == fetch_value("SELECT sum(amount) FROM payment")
        assert fetch_value("SELECT sum(settled) FROM billing_month") == fetch_value(
            "SELECT sum(amount - open) FROM charge WHERE kind <> 'deposit'"
        )
        assert fetch_value("SELECT sum(amount) FROM allocation") == fetch_value("SELECT sum(amount) FROM payment")
        assert list(broken_chains()) == []
    before = rows(org, "SELECT count(*), max(id) FROM trace_event")
    assert load(units=UNITS, seed=7, progress=lambda *_: None).org_id == org
    assert rows(org, "SELECT count(*), max(id) FROM trace_event") == before
