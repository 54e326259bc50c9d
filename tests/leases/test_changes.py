"""Leases change: new versions, two editors at once, hold-over, endings, other people, other rooms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from anju.domain.leases.actions import (
    Amendment,
    Ending,
    amend_lease,
    cancel_lease,
    change_occupants,
    draft_lease,
    end_lease,
    end_many,
    hold_over,
    move_lease,
    transfer_lease,
)
from anju.domain.leases.hooks import on_amended, on_ended
from anju.domain.leases.models import Lease, LeaseFee, LeaseParty, LeaseRate, LeaseUnit, LeaseVersion
from anju.domain.leases.rules import LeaseTerms
from anju.foundation.actions import Act
from anju.foundation.db import clock, org_scope
from anju.foundation.db.clock import SHANGHAI
from anju.kit import Refused
from tests.leases.builders import SYSTEM, let, new, tenant, terms, unit

JULY = date(2026, 7, 17)


@pytest.fixture
def told() -> Iterator[list[tuple[str, list[int]]]]:
    """What the slices above heard."""
    heard: list[tuple[str, list[int]]] = []

    def listen_amended(act: Act, ids: list[int]) -> None:
        heard.append(("amended", ids))

    def listen_ended(act: Act, ids: list[int]) -> None:
        heard.append(("ended", ids))

    on_amended(listen_amended)
    on_ended(listen_ended)
    yield heard
    on_amended._handlers.remove(listen_amended)
    on_ended._handlers.remove(listen_ended)


def amend(lease: Lease, agreed: LeaseTerms, effective_from: date = JULY) -> Lease:
    return amend_lease(SYSTEM, change=Amendment(lease.id, lease.rev, effective_from, agreed, "议价"))


def schedule(lease: Lease) -> list[tuple[date, date, Decimal]]:
    rows = LeaseRate.objects.filter(version=lease.current_version).order_by("from_on")
    return list(rows.values_list("from_on", "to_on", "monthly"))


def refusal(code: str, call: object) -> Refused:
    with pytest.raises(Refused) as refused:
        call()  # type: ignore[operator]
    assert refused.value.code == code
    return refused.value


@pytest.mark.req("C-11")
def test_an_amendment_is_a_new_version_and_leaves_the_past_alone(
    company: int, told: list[tuple[str, list[int]]]
) -> None:
    fees = [{"kind": "cleaning", "name": "保洁费", "amount": 80}]
    lease = let(unit("3-1-1208"), tenant(), terms(fees=fees))
    changed = amend(lease, terms(price=2500, due_offset_days=3, fees=[fees[0] | {"amount": 90}]))
    assert schedule(changed) == [
        (date(2026, 1, 17), JULY, Decimal(2280)),
        (JULY, date(2027, 1, 17), Decimal(2500)),
    ]
    assert list(LeaseVersion.objects.order_by("n").values_list("n", "effective_from", "reason")) == [
        (1, date(2026, 1, 17), ""),
        (2, JULY, "议价"),
    ]
    assert [f.amount for f in LeaseFee.objects.filter(version__n=2).order_by("from_on")] == [Decimal(80), Decimal(90)]
    assert (changed.due_offset_days, changed.rev) == (3, 2)
    assert told == [("amended", [lease.id])]


def test_the_second_of_two_editors_is_told_what_changed(company: int) -> None:
    lease = let(unit("3-1-1208"), tenant())
    amend(lease, terms(price=2500, end_on=date(2027, 3, 17)))
    refused = refusal("changed_meanwhile", lambda: amend(lease, terms(price=2400)))
    assert "租金" in refused.text()
    assert "到期日" in refused.text()
    refusal(
        "changed_meanwhile",
        lambda: end_lease(SYSTEM, lease_id=lease.id, rev=lease.rev, actual_end_on=date(2026, 11, 22)),
    )


def test_a_later_end_keeps_the_place_and_meets_the_next_lease(company: int) -> None:
    room = unit("3-1-1208")
    lease = let(room, tenant())
    renewed = amend(lease, terms(end_on=date(2027, 7, 17)))
    assert LeaseUnit.objects.get().occupied.upper == renewed.holds_until == date(2027, 7, 17)
    let(
        room,
        tenant("李雷", "13900005678"),
        terms(start_on=date(2027, 7, 17), end_on=date(2028, 7, 17)),
        number="HZ27-1",
    )
    refused = refusal("lease.overlap", lambda: amend(renewed, terms(end_on=date(2027, 8, 17))))
    assert "HZ27-1" in refused.text()
    shorter = amend(renewed, terms(end_on=date(2027, 2, 17)))
    assert LeaseUnit.objects.get(lease=lease).occupied.upper == date(2027, 2, 17)
    assert schedule(shorter)[-1][1] == date(2027, 2, 17)


@pytest.mark.parametrize(
    ("agreed", "effective", "code"),
    [
        (terms(), JULY, "lease.nothing_changes"),
        (terms(start_on=date(2026, 1, 18)), JULY, "lease.fixed_terms"),
        (terms(cycle_months=3), JULY, "lease.fixed_terms"),
        (terms(price=1), date(2025, 1, 1), "lease.effective_outside"),
        (terms(end_on=date(2026, 7, 1)), JULY, "lease.effective_outside"),
        (terms(end_on=date(2047, 7, 1)), JULY, "lease.too_long"),
    ],
)
def test_what_an_amendment_may_not_do(company: int, agreed: LeaseTerms, effective: date, code: str) -> None:
    lease = let(unit("3-1-1208"), tenant())
    refusal(code, lambda: amend(lease, agreed, effective))
    assert LeaseVersion.objects.count() == 1


def test_a_tenant_who_stays_goes_on_month_by_month(company: int, told: list[tuple[str, list[int]]]) -> None:
    agreed = terms(
        start_on=date(2025, 10, 31),
        end_on=date(2026, 10, 31),
        fees=[{"kind": "internet", "name": "网络费", "amount": 50}],
    )
    lease = let(unit("3-1-1208"), tenant(), agreed)
    assert hold_over(SYSTEM, lease_ids=[lease.id], months=1).lease_ids == [lease.id]
    lease.refresh_from_db()
    assert (lease.end_on, lease.holds_until) == (date(2026, 10, 31), date(2026, 11, 30))
    assert schedule(lease) == [(date(2025, 10, 31), date(2026, 11, 30), Decimal(2280))]
    assert LeaseFee.objects.get(version=lease.current_version).to_on == date(2026, 11, 30)
    assert LeaseUnit.objects.get().occupied.upper == date(2026, 11, 30)
    assert hold_over(SYSTEM, lease_ids=[lease.id], months=1).refused[lease.id].code == "lease.not_over_yet"
    clock.move_to(datetime(2026, 11, 30, 9, tzinfo=SHANGHAI))
    hold_over(SYSTEM, lease_ids=[lease.id], months=1)
    lease.refresh_from_db()
    assert lease.holds_until == date(2026, 12, 31)
    assert told == [("amended", [lease.id])] * 2


def test_hold_over_stops_at_the_next_lease_and_the_others_go_on(company: int) -> None:
    over = terms(end_on=date(2026, 11, 17))
    room, fang = unit("3-1-1208"), tenant()
    stuck, free = let(room, fang, over), let(unit("3-1-1209"), fang, over)
    let(room, fang, terms(start_on=date(2026, 12, 1), end_on=date(2027, 12, 1)))
    done = hold_over(SYSTEM, lease_ids=[stuck.id, free.id, 999], months=1)
    assert done.lease_ids == [free.id]
    assert {i: r.code for i, r in done.refused.items()} == {stuck.id: "lease.overlap", 999: "not_found"}


def test_an_early_exit_frees_the_place_on_that_day(company: int, told: list[tuple[str, list[int]]]) -> None:
    room, fang = unit("3-1-1208"), tenant()
    lease = let(room, fang)
    ended = end_lease(SYSTEM, lease_id=lease.id, rev=1, actual_end_on=date(2026, 11, 20), reason="early_exit")
    assert (ended.status, ended.holds_until, ended.end_on) == ("ended", date(2026, 11, 20), date(2027, 1, 17))
    assert set(LeaseParty.objects.values_list("until_on", flat=True)) == {date(2026, 11, 20)}
    assert told == [("ended", [lease.id])]
    let(room, fang, terms(start_on=date(2026, 11, 20)))


def test_who_leaves_late_pays_until_that_day(company: int) -> None:
    lease = let(unit("3-1-1208"), tenant(), terms(end_on=date(2026, 11, 1)))
    ended = end_lease(SYSTEM, lease_id=lease.id, rev=1, actual_end_on=date(2026, 11, 23))
    assert schedule(ended) == [(date(2026, 1, 17), date(2026, 11, 23), Decimal(2280))]
    assert LeaseUnit.objects.get().occupied.upper == date(2026, 11, 23)


def test_many_leases_end_at_once_and_refusals_come_back(company: int) -> None:
    fang = tenant()
    a, b, c = (let(unit(f"3-1-{n}"), fang) for n in range(3))
    refused = end_many(
        SYSTEM,
        endings=[
            Ending(a.id, date(2026, 11, 1)),
            Ending(b.id, date(2026, 12, 24)),
            Ending(c.id, date(2026, 1, 17)),
            Ending(999, date(2026, 1, 17)),
        ],
    )
    assert {i: r.code for i, r in refused.items()} == {
        b.id: "lease.ended_in_future",
        c.id: "lease.ended_before_start",
        999: "not_found",
    }
    assert Lease.objects.get(id=a.id).status == "ended"
    assert end_many(SYSTEM, endings=[Ending(a.id, date(2026, 11, 1))])[a.id].code == "lease.not_running"


def test_what_never_began_is_called_off_and_its_place_is_free(company: int) -> None:
    room, fang = unit("3-1-1208"), tenant()
    later = terms(start_on=date(2026, 12, 1), end_on=date(2027, 12, 1))
    lease = let(room, fang, later)
    assert cancel_lease(SYSTEM, lease_id=lease.id, rev=1).status == "cancelled"
    let(room, fang, later)
    draft = draft_lease(SYSTEM, new=new(unit("3-1-1209"), fang))
    assert cancel_lease(SYSTEM, lease_id=draft.id, rev=1).status == "cancelled"
    running = let(unit("3-1-1210"), fang)
    refusal("lease.not_running", lambda: cancel_lease(SYSTEM, lease_id=running.id, rev=1))


@pytest.mark.req("T-12")
def test_occupants_come_and_go_and_the_history_stays(company: int) -> None:
    lease, lei = let(unit("3-1-1208"), tenant()), tenant("李雷", "13900005678")
    lease = change_occupants(SYSTEM, lease_id=lease.id, rev=1, on=date(2026, 5, 1), join=[lei])
    lease = change_occupants(SYSTEM, lease_id=lease.id, rev=2, on=date(2026, 9, 1), leave=[lei])
    party = LeaseParty.objects.get(role="occupant")
    assert (party.from_on, party.until_on) == (date(2026, 5, 1), date(2026, 9, 1))
    day = date(2026, 9, 2)
    refusal("not_found", lambda: change_occupants(SYSTEM, lease_id=lease.id, rev=3, on=day, leave=[lei]))
    refusal("not_found", lambda: change_occupants(SYSTEM, lease_id=lease.id, rev=3, on=day, join=[999]))
    outside = date(2028, 1, 1)
    refusal("lease.day_outside", lambda: change_occupants(SYSTEM, lease_id=lease.id, rev=3, on=outside, join=[lei]))


@pytest.mark.req("T-12")
def test_a_lease_passes_to_another_tenant(company: int) -> None:
    fang, lei = tenant(), tenant("李雷", "13900005678")
    lease = let(unit("3-1-1208"), fang)
    refusal("lease.same_tenant", lambda: transfer_lease(SYSTEM, lease_id=lease.id, rev=1, on=JULY, to_person_id=fang))
    future = date(2026, 12, 1)
    refusal(
        "lease.day_in_future", lambda: transfer_lease(SYSTEM, lease_id=lease.id, rev=1, on=future, to_person_id=lei)
    )
    assert transfer_lease(SYSTEM, lease_id=lease.id, rev=1, on=JULY, to_person_id=lei).payer_id == lei
    assert set(LeaseParty.objects.values_list("person_id", "role", "from_on", "until_on")) == {
        (fang, "payer", date(2026, 1, 17), JULY),
        (fang, "tenant", date(2026, 1, 17), JULY),
        (lei, "payer", JULY, None),
        (lei, "tenant", JULY, None),
    }


@pytest.mark.req("T-12")
def test_a_tenant_changes_rooms_under_the_same_lease(company: int) -> None:
    fang, old, better, taken = tenant(), unit("3-1-1208"), unit("3-1-1209"), unit("3-1-1210")
    lease = let(old, fang)
    let(taken, fang)

    def move(to: int, start: int = old) -> Lease:
        return move_lease(SYSTEM, lease_id=lease.id, rev=1, on=JULY, from_unit_id=start, to_unit_id=to)

    refusal("lease.overlap", lambda: move(taken))
    refusal("lease.not_their_unit", lambda: move(better, taken))
    refusal("not_found", lambda: move(999))
    refusal("lease.two_projects", lambda: move(unit("A1", project="云岫大厦")))
    move(better)
    held = LeaseUnit.objects.filter(lease=lease).order_by("id")
    assert [(h.unit_id, h.occupied.lower, h.occupied.upper) for h in held] == [
        (old, date(2026, 1, 17), JULY),
        (better, JULY, date(2027, 1, 17)),
    ]
    let(old, fang, terms(start_on=JULY))


def test_another_companys_lease_is_not_found(org: int, other_org: int) -> None:
    with org_scope(org):
        lease = let(unit("3-1-1208"), tenant())
    with org_scope(other_org):
        day = date(2026, 7, 17)
        for call in (
            lambda: amend(lease, terms(price=1)),
            lambda: end_lease(SYSTEM, lease_id=lease.id, rev=1, actual_end_on=day),
            lambda: cancel_lease(SYSTEM, lease_id=lease.id, rev=1),
            lambda: change_occupants(SYSTEM, lease_id=lease.id, rev=1, on=day),
            lambda: transfer_lease(SYSTEM, lease_id=lease.id, rev=1, on=day, to_person_id=1),
            lambda: move_lease(SYSTEM, lease_id=lease.id, rev=1, on=day, from_unit_id=1, to_unit_id=2),
        ):
            refusal("not_found", call)
        assert hold_over(SYSTEM, lease_ids=[lease.id], months=1).refused[lease.id].code == "not_found"
