"""Leases come into force: what is written, what excludes what, and who is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anju.domain.leases.actions import activate_lease, activate_many, begin_leases, draft_lease
from anju.domain.leases.hooks import on_activated
from anju.domain.leases.models import Lease, LeaseFee, LeaseParty, LeaseRate, LeaseUnit, LeaseVersion
from anju.domain.leases.new import NewLease
from anju.domain.portfolio.actions import register_places
from anju.domain.portfolio.models import Unit
from anju.domain.portfolio.places import Place
from anju.domain.portfolio.status import unit_status
from anju.domain.tenants.actions import change_contact
from anju.domain.tenants.models import ContactPoint, Person
from anju.foundation.actions import Act
from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.search import search
from anju.foundation.staffing.actions import add_staff
from anju.kit import Actor, Refused
from tests.leases.builders import SYSTEM, let, new, tenant, terms, unit


@pytest.mark.req("C-11")
def test_a_draft_comes_into_force_with_everything_it_says(company: int) -> None:
    room, fang, lei = unit("3-1-1208"), tenant(), tenant("李雷", "13900005678")
    agreed = terms(
        steps=[{"from_month": 7, "percent": 5}],
        free_first_days=15,
        fees=[{"kind": "cleaning", "name": "保洁费", "amount": 80}],
        due_offset_days=-5,
    )
    draft = draft_lease(SYSTEM, new=new(room, fang, agreed, occupant_ids=(lei,)))
    assert (draft.number, draft.status, LeaseUnit.objects.count()) == ("HZ26-0001", "draft", 0)
    lease = activate_lease(SYSTEM, lease_id=draft.id)
    assert (lease.status, lease.bill_day, lease.due_offset_days, lease.draft) == ("active", 17, -5, None)
    version = LeaseVersion.objects.get()
    assert (lease.current_version_id, version.n, version.deposit) == (version.id, 1, Decimal("2280.00"))
    assert list(LeaseRate.objects.order_by("from_on").values_list("from_on", "to_on", "continues_on", "monthly")) == [
        (date(2026, 1, 17), date(2026, 2, 1), None, Decimal(0)),
        (date(2026, 2, 1), date(2026, 7, 17), date(2026, 2, 1), Decimal(2280)),
        (date(2026, 7, 17), date(2027, 1, 17), date(2026, 7, 17), Decimal(2394)),
    ]
    assert LeaseFee.objects.get().amount == Decimal(80)
    roles = LeaseParty.objects.order_by("id").values_list("role", "person_id")
    assert list(roles) == [("payer", fang), ("tenant", fang), ("occupant", lei)]
    assert Person.objects.get(id=lei).scope_id == lease.scope_id


def test_the_slices_above_are_told_in_the_same_transaction(company: int) -> None:
    told: list[int] = []

    @on_activated
    def listen(act: Act, lease_ids: list[int]) -> None:
        told.extend(lease_ids)

    try:
        lease = let(unit("3-1-1208"), tenant())
    finally:
        on_activated._handlers.remove(listen)
    assert told == [lease.id]


@pytest.mark.req("P-01")
def test_a_lease_of_the_whole_excludes_leases_of_its_parts_and_the_other_way_round(company: int) -> None:
    flat, fang = unit("3-1-1208"), tenant()
    rooms = [unit(f"3-1-1208{x}", parent="3-1-1208", kind="room") for x in "AB"]
    let(flat, fang, number="HZ26-0412")
    assert LeaseUnit.objects.filter(leaf_unit_id__in=rooms).count() == 2
    refused = activate_many(SYSTEM, leases=[new(rooms[0], fang)]).refused[0]
    assert refused.code == "lease.overlap"
    assert "HZ26-0412" in refused.text()
    assert "2027-01-16" in refused.text()
    other, part = unit("3-1-1209"), unit("3-1-1209A", parent="3-1-1209", kind="room")
    let(part, fang)
    assert activate_many(SYSTEM, leases=[new(other, fang)]).refused[0].code == "lease.overlap"


@pytest.mark.req("P-01")
def test_the_database_itself_refuses_two_leases_on_one_day(company: int) -> None:
    lease = let(unit("3-1-1208"), tenant())
    held = LeaseUnit.objects.get()
    with pytest.raises(IntegrityError, match="a_unit_is_let_once_at_a_time"), transaction.atomic():
        LeaseUnit.objects.create(
            lease=lease, unit=held.unit, leaf_unit=held.leaf_unit, occupied=(date(2027, 1, 16), date(2027, 2, 1))
        )
    LeaseUnit.objects.create(
        lease=lease, unit=held.unit, leaf_unit=held.leaf_unit, occupied=(date(2027, 1, 17), date(2027, 2, 1))
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"from_on": date(2027, 2, 1), "to_on": date(2027, 3, 1), "continues_on": date(2027, 2, 1)},
        {"from_on": date(2026, 12, 1), "to_on": date(2027, 3, 1), "continues_on": date(2026, 12, 1)},
        {"from_on": date(2027, 2, 1), "to_on": date(2027, 3, 1), "continues_on": None},
        {"from_on": date(2027, 2, 1), "to_on": date(2027, 3, 1), "continues_on": date(2027, 1, 17)},
    ],
)
def test_the_database_allows_no_gap_and_no_overlap_in_a_schedule(company: int, broken: dict[str, date]) -> None:
    lease = let(unit("3-1-1208"), tenant())
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaseRate.objects.create(lease=lease, version=lease.current_version, monthly=1, **broken)


def test_one_contract_covers_many_units_and_a_company(company: int) -> None:
    rooms = tuple(unit(f"3-1-{n}") for n in range(1201, 1206))
    done = activate_many(SYSTEM, leases=[NewLease(payer_id=tenant("星河科技"), unit_ids=rooms, terms=terms())])
    assert LeaseUnit.objects.filter(lease_id=done.new_ids[0]).count() == 5


def test_good_leases_go_in_and_bad_ones_come_back_with_reasons(company: int) -> None:
    room, free, fang = unit("3-1-1208"), unit("3-1-1209"), tenant()
    elsewhere = unit("A1", project="云岫大厦")
    let(room, fang, terms(end_on=date(2026, 6, 17)), number="A-1")
    rows = [
        new(room, fang, terms(start_on=date(2026, 6, 17), end_on=date(2026, 9, 1))),
        new(room, fang, terms(start_on=date(2026, 6, 16), end_on=date(2026, 9, 1))),
        new(room, fang, terms(start_on=date(2026, 8, 31), end_on=date(2026, 10, 1))),
        new(free, fang, number="A-1"),
        new(free, 999_999),
        new(999_999, fang),
        new(free, fang, terms(end_on=date(2047, 1, 1))),
        NewLease(payer_id=fang, unit_ids=(free, elsewhere), terms=terms()),
        NewLease(payer_id=fang, unit_ids=(), terms=terms()),
        new(free, fang, ended_on=date(2026, 12, 24)),
        new(free, fang, number="A-2"),
        new(free, fang, terms(start_on=date(2027, 1, 17), end_on=date(2028, 1, 1)), number="A-2"),
    ]
    done = activate_many(SYSTEM, leases=rows)
    assert [done.refused[n].code if n in done.refused else "" for n in range(len(rows))] == [
        "",
        "lease.overlap",
        "lease.overlap",
        "lease.number_taken",
        "not_found",
        "not_found",
        "lease.too_long",
        "lease.two_projects",
        "lease.no_unit",
        "lease.ended_in_future",
        "",
        "lease.number_taken",
    ]
    assert len(done.new_ids) == 2


def test_spaces_not_for_living_can_not_be_let(company: int) -> None:
    fang, room = tenant(), unit("3-1-1208")
    Unit.objects.filter(id=room).update(code="3-1-1208阳台")
    assert activate_many(SYSTEM, leases=[new(room, fang)]).refused[0].code == "unit.not_lettable"


def test_numbers_go_on_after_imported_ones(company: int) -> None:
    fang = tenant()
    let(unit("1"), fang, number="HZ26-0412")
    assert let(unit("2"), fang).number == "HZ26-0413"
    assert let(unit("3"), fang, terms(start_on=date(2025, 2, 1), end_on=date(2027, 1, 1))).number == "HZ25-0001"


def test_history_comes_in_with_its_real_end(company: int) -> None:
    room, fang = unit("3-1-1208"), tenant()
    agreed = terms(start_on=date(2025, 1, 17), end_on=date(2026, 1, 17))
    left_late = let(room, fang, agreed, ended_on=date(2026, 2, 3))
    assert (left_late.status, left_late.holds_until) == ("ended", date(2026, 2, 3))
    assert LeaseRate.objects.get(lease=left_late).to_on == date(2026, 2, 3)
    assert let(room, fang, terms(start_on=date(2026, 2, 3))).status == "active"


def test_awaited_leases_begin_on_their_day(company: int) -> None:
    lease = let(unit("3-1-1208"), tenant(), terms(start_on=date(2026, 12, 1), end_on=date(2027, 12, 1)))
    assert lease.status == "awaiting"
    assert begin_leases(SYSTEM, on=date(2026, 11, 30)) == []
    assert begin_leases(SYSTEM, on=date(2026, 12, 1)) == [lease.id]
    assert Lease.objects.get().status == "active"


@pytest.mark.req("P-01")
def test_the_status_of_a_unit_follows_its_leases(company: int) -> None:
    fang = tenant()
    cases = {
        "occupied": {"end_on": date(2027, 1, 17)},
        "ending": {"end_on": date(2026, 12, 10)},
        "expired": {"end_on": date(2026, 11, 1)},
        "awaiting": {"start_on": date(2026, 12, 1), "end_on": date(2027, 12, 1)},
    }
    units = {status: unit(f"3-1-{n}") for n, status in enumerate(cases)}
    for status, days in cases.items():
        let(units[status], fang, terms(**days))
    units["reserved"], units["vacant"] = unit("3-1-8"), unit("3-1-9")
    draft_lease(SYSTEM, new=new(units["reserved"], fang))
    let(units["vacant"], fang, terms(end_on=date(2026, 10, 1)), ended_on=date(2026, 10, 1))
    today = unit_status(clock.today(), units=list(units.values()))
    assert {today[u]["status"]: status for status, u in units.items()} == {s: s for s in units}
    assert today[units["vacant"]]["since"] == date(2026, 10, 1)
    whole = {row["status"] for row in unit_status(clock.today()).values()}
    assert whole == set(units)


def test_a_let_leaf_is_not_split(company: int) -> None:
    unit("3-1-1208")
    let(Unit.objects.get().id, tenant())
    room = Place("华东", "滨江店", "杭州", "禾里公寓·杭州滨江店", "3", "3-1-1208A", "3-1-1208", kind="room")
    with pytest.raises(Refused) as refused:
        register_places(SYSTEM, rows=[room])
    assert refused.value.code == "unit.let_cannot_split"


@pytest.mark.req("T-02")
def test_namesakes_are_found_with_their_handles(company: int) -> None:
    let(unit("3-1-1208"), tenant(), number="HZ26-0412")
    let(unit("3-1-1209"), tenant("王芳", "13900005678"), number="HZ26-0413")
    assert {h.handle for h in search(SYSTEM, "王芳") if h.kind.kind == "person"} == {
        "HZ26-0412 · 1234",
        "HZ26-0413 · 5678",
    }
    assert {(h.kind.kind, h.handle) for h in search(SYSTEM, "王芳 5678")} == {
        ("person", "HZ26-0413 · 5678"),
        ("lease", "HZ26-0413 · 5678"),
    }
    assert {h.kind.kind for h in search(SYSTEM, "1209")} == {"lease", "unit"}


@pytest.mark.req("T-02")
def test_the_handle_follows_a_new_phone(company: int) -> None:
    fang = tenant()
    assert [(h.title, h.handle) for h in search(SYSTEM, "1234")] == [("王芳", "1234")]
    let(unit("3-1-1208"), fang, number="HZ26-0412")
    change_contact(SYSTEM, person_id=fang, kind=ContactPoint.Kind.PHONE, value="13911112222")
    assert {h.handle for h in search(SYSTEM, "13911112222")} == {"HZ26-0412 · 2222"}


def test_a_batch_is_proved_by_one_event_linked_to_every_lease(company: int) -> None:
    fang = tenant()
    done = activate_many(SYSTEM, leases=[new(unit(f"3-1-{n}"), fang) for n in range(3)])
    (event,) = fetch("SELECT id, body FROM trace_event WHERE action = 'leases.lease.import'")
    assert '"leases":3' in event["body"]
    links = fetch("SELECT subject_id FROM trace_link WHERE event_id = %(id)s AND subject_kind = 'lease'", event)
    assert sorted(row["subject_id"] for row in links) == sorted(done.new_ids)


def test_activating_twice_is_refused(company: int) -> None:
    draft = draft_lease(SYSTEM, new=new(unit("3-1-1208"), tenant()))
    activate_lease(SYSTEM, lease_id=draft.id)
    with pytest.raises(Refused) as refused:
        activate_lease(SYSTEM, lease_id=draft.id)
    assert refused.value.code == "lease.not_a_draft"


def test_another_companys_people_and_places_are_not_found(org: int, other_org: int) -> None:
    with org_scope(org):
        room, fang = unit("3-1-1208"), tenant()
        draft = draft_lease(SYSTEM, new=new(room, fang))
    with org_scope(other_org):
        assert activate_many(SYSTEM, leases=[new(room, fang)]).refused[0].code == "not_found"
        with pytest.raises(Refused) as refused:
            activate_lease(SYSTEM, lease_id=draft.id)
        assert refused.value.code == "not_found"


def test_many_leases_cost_no_more_statements_than_a_few(company: int) -> None:
    fang = tenant()
    staff = Actor.staff(add_staff(SYSTEM, login="li", name="李管", roles=["admin"], password="correct horse 7").id)

    def statements(rooms: range) -> int:
        leases = [new(unit(f"8-{n}"), fang) for n in rooms]
        with CaptureQueriesContext(connection) as asked:
            assert len(activate_many(staff, leases=leases).new_ids) == len(rooms)
        return len(asked)

    assert statements(range(2, 30)) == statements(range(2))
