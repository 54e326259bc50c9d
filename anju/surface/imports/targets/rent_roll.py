"""A rent roll: place, tenant and lease of each row, written as history through the domain's bulk actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_noop

from anju.domain.leases.actions import activate_many
from anju.domain.leases.new import NewLease
from anju.domain.leases.permissions import IMPORT
from anju.domain.leases.rules import Fee, LeaseTerms
from anju.domain.portfolio.actions import register_places
from anju.domain.portfolio.permissions import REGISTER_PLACES
from anju.domain.portfolio.places import Place
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.permissions import REGISTER_PEOPLE
from anju.domain.tenants.rules import NewPerson
from anju.foundation.actions import Act
from anju.foundation.db import SqlFile, clock
from anju.kit import Money, Refused
from anju.surface.imports.targets import Asked, ImportTarget, Options, Outcome, StagedRow, register
from anju.surface.imports.targets.rent_roll_fields import FIELDS
from anju.surface.imports.targets.rent_roll_rows import complete

ID_KINDS = {"resident": "id_card", "company": "uscc", "permit": "permit", "passport": "passport"}
FEES = (("property_fee", "property", "物业费"), ("internet_fee", "internet", "网络费"))


def apply(act: Act, rows: Sequence[StagedRow], options: Options) -> list[Outcome]:
    """Register places and people that are missing, then the leases; a lease's tenants go in together or not at all."""
    groups = [list(g) for _, g in groupby(sorted(rows, key=lambda r: (r.lead, r.n)), key=lambda r: r.lead)]
    places = [p for g in groups for p in _places(g[0].values)]
    made = register_places(act.by, rows=places)
    units = {(p.city, p.project, p.unit): made.unit_ids[i] for i, p in enumerate(places)}
    why = {(places[i].city, places[i].project, places[i].unit): refused for i, refused in made.refused.items()}
    people = register_people(act.by, rows=[_person(r) for g in groups for r in g])
    ids = iter(zip(people.person_ids, range(len(people.person_ids)), strict=True))
    ready: list[tuple[list[StagedRow], NewLease]] = []
    outcomes: list[Outcome] = []
    for group in groups:
        own = [next(ids) for _ in group]
        place = _key(group[0].values)
        refused = why.get(place) or next((people.refused[i] for _, i in own if i in people.refused), None)
        unit = units.get(place)
        if refused is None and unit is not None:
            try:
                ready.append((group, _lease(group, unit, [p for p, _ in own if p is not None])))
            except Refused as refusal:
                refused = refusal
        if refused is not None:
            outcomes += [Outcome(r.n, refused=refused) for r in group]
    return outcomes + list(_activate(act, ready))


def _activate(act: Act, ready: Sequence[tuple[list[StagedRow], NewLease]]) -> Iterator[Outcome]:
    if not ready:
        return
    done = activate_many(act.by, leases=[lease for _, lease in ready])
    for i, (group, _) in enumerate(ready):
        lease_id = done.lease_ids[i]
        for row in group:
            yield Outcome(row.n, ("lease", lease_id) if lease_id else None, done.refused.get(i))


def _key(values: dict[str, Any]) -> tuple[str, str, str]:
    return values["city"], values["project"], values["unit"]


def _places(values: dict[str, Any]) -> Iterator[Place]:
    """The unit, and the flat around it when it is a bed or a room of one."""
    common: dict[str, Any] = {
        "region": values["region"],
        "store": values["store"],
        "city": values["city"],
        "project": values["project"],
        "building": values["building"],
        "building_name": values["building_name"],
        "entrance": values.get("entrance", ""),
        "floor": values.get("floor"),
    }
    if values.get("parent"):
        yield Place(**common, unit=values["parent"], kind="whole", layout=values.get("layout", ""))
    yield Place(
        **common,
        unit=values["unit"],
        parent=values.get("parent", ""),
        kind=values["kind"],
        layout="" if values.get("parent") else values.get("layout", ""),
        area=Decimal(values["area"]) if values.get("area") else None,
        guide_rent=Decimal(values["rent"]),
    )


def _person(row: StagedRow) -> NewPerson:
    kind, number = row.document or ("", "")
    return NewPerson(
        name=row.values["name"],
        kind=row.values["person_kind"],
        phone=row.phones[0],
        id_kind=ID_KINDS.get(kind, ""),
        id_number=number,
    )


def _lease(group: Sequence[StagedRow], unit_id: int, person_ids: Sequence[int]) -> NewLease:
    values = group[0].values
    start, end_on = date.fromisoformat(values["start"]), date.fromisoformat(values["end_on"])
    people = tuple(dict.fromkeys(person_ids))
    deposit = values.get("deposit")
    return NewLease(
        payer_id=people[0],
        tenant_ids=people if len(people) > 1 else (),
        unit_ids=(unit_id,),
        number=values.get("lease_number", ""),
        terms=LeaseTerms(
            start_on=start,
            end_on=end_on,
            cycle_months=values["cycle"],
            price=Decimal(values["rent"]),
            deposit_amount=Money(deposit) if deposit is not None else None,
            deposit_months=Decimal(values["deposit_months"]) if values.get("deposit_months") is not None else None,
            fees=tuple(
                Fee(kind=kind, name=name, amount=Decimal(values[key]))
                for key, kind, name in FEES
                if values.get(key) and Decimal(values[key]) > 0
            ),
        ),
        ended_on=end_on if end_on <= clock.today() else None,
    )


RENT_ROLL = register(
    ImportTarget(
        key="rent_roll",
        zh="租户台账",
        en="Rent roll",
        help=gettext_noop("一行一份合同：房号、租客、电话、起止日期、租金。系统自动建立项目、楼栋和房源。"),
        fields=FIELDS,
        asked=(
            Asked("project", "项目", "Project", gettext_noop("表里没有项目一列时，全部房源归入这个项目。")),
            Asked("city", "城市", "City", gettext_noop("表里没有城市一列时使用；合同编号以城市拼音开头。")),
            Asked("store", "门店", "Store", gettext_noop("管理这些房源的门店。留空时与项目同名。")),
            Asked("region", "区域", "Region", gettext_noop("留空时与城市同名。")),
        ),
        needs=(REGISTER_PLACES, REGISTER_PEOPLE, IMPORT),
        complete=complete,
        plan=SqlFile(__file__, "plans/rent_roll.sql"),
        apply=apply,
        shown=(
            ("unit", "房号"),
            ("name", "租客"),
            ("phone_mask", "电话"),
            ("start", "起租日"),
            ("end", "到期日"),
            ("rent", "月租金"),
        ),
    )
)
