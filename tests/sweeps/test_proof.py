"""A decision is proved by leaf and path, and refused after one bit is changed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from anju.foundation.db import clock, org_scope
from anju.foundation.db.migrate import as_owner
from anju.foundation.sweeps.explain import prove
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.trace.cli import verify
from anju.kit import Actor
from tests.builders import house, let, terms

SYSTEM = Actor.system()


@pytest.mark.req("R-10")
def test_one_changed_decision_is_found_by_verify_and_its_proof_fails(committed: str) -> None:
    from django.db import connection

    from anju.foundation.staffing.actions import create_organization

    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        where = house()
        leases = [let(where, f"3-1-12{n:02}", terms()) for n in range(5)]
        run = run_sweep(SYSTEM, org, "billing", date(2026, 1, 7))
        assert prove(run.id, leases[2].id).holds
    said: list[str] = []
    assert verify([(org, "禾里公寓")], said.append), said
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE decision SET code = 'nothing_due' WHERE org_id = %s AND subject_id = %s", [org, leases[2].id]
        )
    with org_scope(org):
        assert not prove(run.id, leases[2].id).holds
        assert not prove(run.id, leases[1].id).holds, "its siblings' paths lead elsewhere, too"
    said.clear()
    assert not verify([(org, "禾里公寓")], said.append)
    assert any("根不符" in line for line in said)
