"""Several workers on one run, and workers that die."""

from __future__ import annotations

import threading
from datetime import date, datetime

import pytest
from django.db import connection

from anju.domain.billing.models import Bill, Charge
from anju.foundation.db import clock, org_scope
from anju.foundation.sweeps import sweep as registry
from anju.foundation.sweeps.models import SweepBatch, SweepRun
from anju.foundation.sweeps.run import apply_batch, run_sweep, start_run
from anju.foundation.trace.verify import broken_chains
from anju.kit import Actor
from tests.builders import house, let, terms

SYSTEM = Actor.system()
DAY = date(2026, 1, 7)


@pytest.fixture
def company_of_twelve(committed: None, monkeypatch: pytest.MonkeyPatch) -> int:
    """Twelve leases due, batches of two, everything committed."""
    from anju.foundation.staffing.actions import create_organization

    small = registry.sweep("billing")
    monkeypatch.setitem(registry._sweeps, "billing", type(small)(**{**small.__dict__, "batch": 2}))
    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        where = house()
        for n in range(12):
            let(where, f"3-1-12{n:02}", terms())
    return org


def test_two_workers_on_one_run_share_it(company_of_twelve: int) -> None:
    org, ids, errors = company_of_twelve, [], []
    ready = threading.Barrier(2)

    def work() -> None:
        try:
            ready.wait()
            ids.append(run_sweep(SYSTEM, org, "billing", DAY).id)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    assert errors == []
    with org_scope(org):
        run = run_sweep(SYSTEM, org, "billing", DAY)
        assert set(ids) == {run.id}
        assert (run.state, run.tally, SweepRun.objects.count()) == ("done", {"billed": 12}, 1)
        assert Charge.objects.count() == Bill.objects.count() == 12
        assert list(broken_chains()) == []


def test_a_run_that_died_after_two_batches_goes_on_where_it_stood(company_of_twelve: int) -> None:
    org = company_of_twelve
    with org_scope(org):
        run = start_run("billing", DAY)
    for _ in range(2):
        with org_scope(org):
            apply_batch(SYSTEM, run_id=run.id)
    with pytest.raises(RuntimeError), org_scope(org):
        apply_batch(SYSTEM, run_id=run.id)
        raise RuntimeError("the worker dies before it commits")
    with org_scope(org):
        assert Charge.objects.count() == 4
        assert SweepBatch.objects.filter(state="done").count() == 2
    done = run_sweep(SYSTEM, org, "billing", DAY)
    assert (done.id, done.state, done.tally) == (run.id, "done", {"billed": 12})
    with org_scope(org):
        assert Charge.objects.count() == 12
