"""One of everything a company has."""

from __future__ import annotations

from datetime import datetime

from anju.domain.billing.models import Bill, Charge
from anju.domain.leases.models import Lease
from anju.domain.portfolio.models import Building
from anju.foundation.db import clock, org_scope
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from tests.openapi.caller import Caller, let


def belongings(org: int) -> dict[str, int]:
    """Ids by name: a lease with its tenant, project, building and unit, and what billing made of it."""
    lease_id = let(Caller.of(org))
    with org_scope(org):
        clock.move_to(datetime(2026, 1, 7, 9, tzinfo=clock.SHANGHAI))
        run_sweep(Actor.system(), org, "billing", clock.today())
        lease, building = Lease.objects.get(id=lease_id), Building.objects.get()
        return {
            "lease_id": lease_id,
            "tenant_id": lease.payer_id,
            "project_id": lease.scope_id,
            "building_id": building.id,
            "unit_id": lease.leaseunit_set.get().unit_id,
            "bill_id": Bill.objects.get().id,
            "charge_id": Charge.objects.order_by("id")[0].id,
            "run_id": SweepRun.objects.get().id,
        }
