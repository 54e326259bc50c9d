"""Places, people and terms for the tests of leases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from anju.domain.leases.actions import activate_many
from anju.domain.leases.models import Lease
from anju.domain.leases.new import NewLease
from anju.domain.leases.rules import LeaseTerms
from anju.domain.portfolio.actions import register_places
from anju.domain.portfolio.places import Place
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.rules import NewPerson
from anju.kit import Actor

SYSTEM = Actor.system()


def unit(code: str, *, parent: str = "", project: str = "禾里公寓·杭州滨江店", **more: Any) -> int:
    place = Place("华东", "滨江店", "杭州", project, "3", code, parent, **more)
    (made,) = register_places(SYSTEM, rows=[place]).unit_ids
    assert made
    return made


def tenant(name: str = "王芳", phone: str = "13800001234") -> int:
    (made,) = register_people(SYSTEM, rows=[NewPerson(name, phone=phone)]).person_ids
    assert made
    return made


def terms(**more: Any) -> LeaseTerms:
    base: dict[str, Any] = {
        "start_on": date(2026, 1, 17),
        "end_on": date(2027, 1, 17),
        "price": Decimal(2280),
        "deposit_months": 1,
    }
    return LeaseTerms.model_validate(base | more)


def new(unit_id: int, payer_id: int, agreed: LeaseTerms | None = None, **more: Any) -> NewLease:
    return NewLease(payer_id=payer_id, unit_ids=(unit_id,), terms=agreed or terms(), **more)


def let(unit_id: int, payer_id: int, agreed: LeaseTerms | None = None, **more: Any) -> Lease:
    done = activate_many(SYSTEM, leases=[new(unit_id, payer_id, agreed, **more)])
    assert done.refused == {}
    return Lease.objects.get(id=done.new_ids[0])
