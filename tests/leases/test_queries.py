"""What people see of leases and units: filters, pages, details, and only their own projects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.domain.leases.actions import draft_lease
from anju.domain.leases.models import Lease
from anju.domain.leases.queries import (
    Filter,
    lease,
    lease_count,
    lease_timeline,
    leases,
    people_on,
    versions,
)
from anju.domain.portfolio.queries import buildings, occupancy, projects, rooms, units
from anju.domain.portfolio.queries import unit as one_unit
from anju.foundation.db import clock
from anju.foundation.identity.models import Staff, StaffScope, User
from anju.kit import Actor, Refused
from tests.leases.builders import SYSTEM, let, new, tenant, terms, unit


def clerk(*scopes: int) -> Actor:
    user = User.objects.create(login=f"clerk{scopes}@example.com")
    member = Staff.objects.create(user=user, name="前台", roles=["service"], all_projects=False)
    for scope in scopes:
        StaffScope.objects.create(staff=member, scope_id=scope)
    return Actor.staff(member.id)


@pytest.fixture
def house(company: int) -> dict[str, int]:
    fang, lei = tenant(), tenant("李雷", "13900005678")
    rooms = {code: unit(code, floor=12) for code in ("3-1-1208", "3-1-1209", "3-1-1210")}
    office = unit("A1203", project="云岫大厦", area=Decimal(120), floor=12)
    let(rooms["3-1-1208"], fang, number="HZ26-0412")
    let(rooms["3-1-1209"], lei, terms(end_on=date(2026, 12, 1)), number="HZ26-0413")
    let(office, lei, terms(price="5.5", price_unit="m2_day", area=120), number="SH26-1", occupant_ids=(fang,))
    draft_lease(SYSTEM, new=new(rooms["3-1-1210"], fang))
    return {"fang": fang, "lei": lei, **rooms, "office": office}


def numbers(page: object) -> list[str]:
    return [row["number"] for row in page.rows]  # type: ignore[attr-defined]


def test_leases_are_filtered_and_paged(house: dict[str, int]) -> None:
    assert numbers(leases(SYSTEM)) == ["HZ26-0414", "SH26-1", "HZ26-0413", "HZ26-0412"]
    assert numbers(leases(SYSTEM, Filter(statuses=["active"], number="HZ26"))) == ["HZ26-0413", "HZ26-0412"]
    assert numbers(leases(SYSTEM, Filter(unit_id=house["office"]))) == ["SH26-1"]
    assert numbers(leases(SYSTEM, Filter(person_id=house["fang"]))) == ["SH26-1", "HZ26-0412"]
    assert numbers(leases(SYSTEM, Filter(payer_id=house["fang"]))) == ["HZ26-0414", "HZ26-0412"]
    assert numbers(leases(SYSTEM, Filter(ending_until=date(2026, 12, 31)))) == ["HZ26-0413"]
    first = leases(SYSTEM, limit=3)
    assert first.after is not None
    rest = leases(SYSTEM, limit=3, after=first.after)
    assert (numbers(rest), rest.after) == (["HZ26-0412"], None)


@pytest.mark.req("T-02")
def test_a_row_says_who_where_and_how_much(house: dict[str, int]) -> None:
    row = next(r for r in leases(SYSTEM).rows if r["number"] == "SH26-1")
    assert (row["handle"], row["units"], row["monthly"]) == ("SH26-1 · 5678", ["A1203"], Decimal("20075.0000"))


def test_a_list_costs_the_same_few_queries_however_long(house: dict[str, int]) -> None:
    with CaptureQueriesContext(connection) as few:
        leases(SYSTEM, limit=1)
    with CaptureQueriesContext(connection) as many:
        leases(SYSTEM, limit=50)
    assert len(few) == len(many)
    units(SYSTEM, clock.today(), limit=1)  # what a process reads once is read
    with CaptureQueriesContext(connection) as few:
        units(SYSTEM, clock.today(), limit=1)
    with CaptureQueriesContext(connection) as many:
        units(SYSTEM, clock.today(), limit=50)
    assert len(few) == len(many)


@pytest.mark.req("P-01")
def test_a_clerk_reaches_the_leases_and_units_of_own_projects_only(house: dict[str, int]) -> None:
    scope = Lease.objects.get(number="SH26-1").scope_id
    own = clerk(scope)
    assert numbers(leases(own)) == ["SH26-1"]
    assert [lease_count(who, Filter(statuses=["active"])) for who in (own, clerk(scope + 999), SYSTEM)] == [1, 0, 3]
    assert [row["code"] for row in units(own, clock.today()).rows] == ["A1203"]
    assert [row["name"] for row in projects(own).rows] == ["云岫大厦"]
    assert units(own, clock.today(), project_id=scope + 999).rows == []
    assert {row["scope_id"] for row in occupancy(own, clock.today())} == {scope}
    foreign = Lease.objects.get(number="HZ26-0412")
    for call in (
        lambda: lease(own, number="HZ26-0412"),
        lambda: versions(own, foreign.id),
        lambda: lease_timeline(own, foreign.id),
        lambda: one_unit(own, house["3-1-1208"], clock.today()),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.code == "not_found"
    assert buildings(own, foreign.scope_id) == []
    assert numbers(leases(clerk())) == []


def test_one_lease_with_all_it_says(house: dict[str, int]) -> None:
    found = lease(SYSTEM, number="SH26-1")
    assert [(p["role"], p["name"], p["handle"]) for p in found["parties"]] == [
        ("tenant", "李雷", "SH26-1 · 5678"),
        ("payer", "李雷", "SH26-1 · 5678"),
        ("occupant", "王芳", "SH26-1 · 1234"),
    ]
    assert found["terms"]["price_unit"] == "m2_day"
    assert [(u["code"], u["from_on"]) for u in found["units"]] == [("A1203", date(2026, 1, 17))]
    assert found["rates"][0]["monthly"] == Decimal("20075.0000")
    assert [v["n"] for v in versions(SYSTEM, found["id"])] == [1]
    assert [e["action"] for e in lease_timeline(SYSTEM, found["id"])] == ["leases.lease.import"]


def test_who_has_a_part_on_a_day(house: dict[str, int]) -> None:
    ids = list(Lease.objects.exclude(status="draft").values_list("id", flat=True))
    assert {p["role"] for p in people_on(ids, clock.today())[ids[-1]]} == {"payer", "tenant", "occupant"}
    assert people_on(ids, date(2025, 1, 1)) == {}


def test_the_room_map_says_what_each_room_is(house: dict[str, int]) -> None:
    (building,) = buildings(SYSTEM, Lease.objects.get(number="HZ26-0412").scope_id)
    assert building["units"] == 3
    assert [(r["code"], r["status"]) for r in rooms(SYSTEM, building["id"], clock.today())] == [
        ("3-1-1208", "occupied"),
        ("3-1-1209", "ending"),
        ("3-1-1210", "reserved"),
    ]
    found = units(SYSTEM, clock.today(), statuses=["ending", "vacant"])
    assert [(r["code"], r["until_on"]) for r in found.rows] == [("3-1-1209", date(2026, 12, 1))]
