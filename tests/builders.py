"""Leases for billing's tests, made from terms the way the leases slice keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from anju.domain.billing import posting
from anju.domain.leases.models import Lease, LeaseFee, LeaseRate, LeaseUnit, LeaseVersion
from anju.domain.leases.rules import LeaseTerms, deposit, fee_lines, first_anchor, rates
from anju.domain.portfolio.models import Building, Project, Region, Store, Unit
from anju.domain.tenants.models import Person
from anju.foundation.db import clock

_n = count(1)


@dataclass
class House:
    """A building with rooms to let."""

    building: Building
    units: dict[str, Unit] = field(default_factory=dict)

    def unit(self, code: str) -> Unit:
        if code not in self.units:
            self.units[code] = Unit.objects.create(
                building=self.building, scope_id=self.building.scope_id, code=code, kind="room"
            )
        return self.units[code]


def house(name: str = "3号楼") -> House:
    n = next(_n)
    region = Region.objects.create(name=f"华东{n}")
    store = Store.objects.create(region=region, name=f"滨江店{n}")
    project = Project.objects.create(store=store, name=f"禾里公寓{n}", code="HZ", city="杭州")
    building = Building.objects.create(project=project, scope_id=project.id, name=name, code=name[0])
    return House(building)


def terms(**kwargs: Any) -> LeaseTerms:
    base: dict[str, Any] = {"start_on": date(2026, 1, 17), "end_on": date(2027, 1, 17), "price": Decimal("2280")}
    return LeaseTerms(**{**base, **kwargs})


def let(where: House, code: str, agreed: LeaseTerms, *, status: str = "active", person: Person | None = None) -> Lease:
    """A lease in force, with its account open, as activation leaves it."""
    n = next(_n)
    person = person or Person.objects.create(name=f"何雨桐{n}", sort_key=f"heyutong{n}", created_at=clock.wall())
    anchor = first_anchor(agreed.start_on, agreed.anchor)
    lease = Lease.objects.create(
        number=f"HZ26-{n:04}",
        scope_id=where.building.scope_id,
        payer=person,
        status=status,
        start_on=agreed.start_on,
        end_on=agreed.end_on,
        holds_until=agreed.end_on,
        cycle_months=agreed.cycle_months,
        anchor_on=anchor,
        bill_day=anchor.day,
        due_offset_days=agreed.due_offset_days,
        created_at=clock.wall(),
    )
    write_terms(lease, agreed)
    unit = where.unit(code)
    LeaseUnit.objects.create(lease=lease, unit=unit, leaf_unit=unit, occupied=(agreed.start_on, agreed.end_on))
    posting.open_accounts([lease.id])
    return lease


def write_terms(lease: Lease, agreed: LeaseTerms, n: int = 1) -> LeaseVersion:
    """A version of the terms with its complete schedule, made the lease's current one."""
    schedule = rates(agreed)
    version = LeaseVersion.objects.create(
        lease=lease,
        n=n,
        effective_from=agreed.start_on,
        terms=agreed.model_dump(mode="json"),
        proration=agreed.proration,
        deposit=deposit(agreed, schedule).yuan,
        made_at=clock.wall(),
    )
    for i, r in enumerate(schedule):
        LeaseRate.objects.create(
            version=version,
            lease=lease,
            from_on=r.period.start,
            to_on=r.period.end,
            monthly=r.monthly,
            continues_on=r.period.start if i else None,
        )
    for f in fee_lines(agreed):
        LeaseFee.objects.create(
            version=version,
            lease=lease,
            kind=f.kind,
            name=f.name,
            per=f.per,
            amount=f.amount,
            from_on=f.period.start,
            to_on=f.period.end,
        )
    lease.current_version = version
    lease.save(update_fields=["current_version"])
    return version
