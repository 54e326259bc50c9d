"""The invented company obeys the laws of real ones."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest

from anju.domain.portfolio.models import Unit
from anju.domain.tenants.rules import read_person
from anju.surface.demo.build import OPENING, SEED, TODAY
from anju.surface.demo.plan import Plan
from anju.surface.demo.story import LADDER_AFTER
from anju.surface.demo.world.people import OWN
from anju.surface.demo.world.scale import ROOMS, blocks


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(SEED, OPENING, TODAY)


@pytest.fixture(scope="module")
def leaves(plan: Plan) -> set[tuple[str, str]]:
    parents = {p.parent for p in plan.places if p.parent}
    return {(p.project, p.unit) for p in plan.places if p.unit not in parents}


def test_twelve_buildings_hold_800_places_to_let(plan: Plan, leaves: set[tuple[str, str]]) -> None:
    assert len({(p.project, p.building) for p in plan.places}) == 12
    assert len(leaves) == 800
    assert len({(p.project, p.unit) for p in plan.places}) == len(plan.places)


def test_nobody_stays_where_somebody_else_stays(plan: Plan) -> None:
    stays = defaultdict(list)
    for stay in plan.stays:
        stays[stay.project, stay.unit].append(stay)
    for own in stays.values():
        own.sort(key=lambda s: s.terms.start_on)
        for one, following in pairwise(own):
            assert (one.leaves_on or one.terms.end_on) <= following.terms.start_on
            assert OPENING <= following.signed_on <= TODAY


def test_between_86_and_95_of_100_places_are_let_today(plan: Plan) -> None:
    let = [s for s in plan.stays if s.terms.start_on <= TODAY and (s.leaves_on is None or s.leaves_on > TODAY)]
    assert 0.86 <= len(let) / 800 <= 0.95


def test_some_rooms_are_repaired_or_off_the_market_and_empty_meanwhile(plan: Plan) -> None:
    state: dict[tuple[str, str], Unit.State] = {}
    for day in sorted(plan.rooms):
        assert day <= TODAY
        state |= {(news.project, news.unit): news.state for news in plan.rooms[day]}
    closed = {key for key, s in state.items() if s in (Unit.State.REPAIR, Unit.State.OFFLINE)}
    assert 16 <= len(closed) <= 24
    let = {(s.project, s.unit) for s in plan.stays if s.leaves_on is None}
    reserved = {(s.project, s.unit) for s in plan.reserved}
    assert closed.isdisjoint(let | reserved)
    assert reserved.isdisjoint(let)
    assert len(reserved) >= 4


def test_the_visitors_tenant_has_a_bill_due_in_three_days(plan: Plan) -> None:
    (now,) = [s for s in plan.stays if s.tenant == OWN and s.leaves_on is None]
    assert (now.unit, now.terms.cycle_months) == ("3-1-1208", 1)
    assert now.terms.start_on.day == (TODAY + timedelta(days=3)).day
    assert plan.people[OWN].person.phone == "13800008888"
    assert plan.habits(plan.numbers[id(now)], "F1", TODAY + timedelta(days=3)) == []
    assert [h.day for h in plan.habits(plan.numbers[id(now)], "F0", TODAY - timedelta(days=28))] == [
        TODAY - timedelta(days=28)
    ]


def test_invented_people_could_be_registered_and_share_no_phone(plan: Plan) -> None:
    people = [plan.people[s.tenant].person for s in plan.stays[:300]]
    for person in people:
        read_person(person)
    phones = {p.phone for p in (t.person for t in plan.people)}
    assert len(phones) >= 0.999 * len(plan.people)


def test_reminders_make_late_payments_rare(plan: Plan) -> None:
    def late(due_on: object, bill: str) -> bool:
        habits = plan.habits(plan.numbers[id(plan.stays[5])], bill, due_on)  # type: ignore[arg-type]
        return not habits or habits[-1].day > due_on  # type: ignore[operator]

    before, after = OPENING + timedelta(days=180), OPENING + LADDER_AFTER + timedelta(days=180)
    old = sum(late(before, f"F{n}") for n in range(1500))
    new = sum(late(after, f"G{n}") for n in range(1500))
    assert new < old * 0.7


def test_the_same_seed_gives_the_same_company(plan: Plan) -> None:
    again = Plan(SEED, OPENING, TODAY)
    assert again.stays == plan.stays
    assert again.people == plan.people
    assert list(again.numbers.values()) == list(plan.numbers.values())


def test_a_company_of_any_size_is_made_project_by_project() -> None:
    made = list(blocks(ROOMS + 50, 9, TODAY))
    assert [len(b.places) for b in made] == [ROOMS, 50]
    assert made[1] == list(blocks(ROOMS * 3, 9, TODAY))[1] or len(made[1].places) == 50
    phones = [p.phone for b in made for p in b.people]
    assert len(set(phones)) == len(phones)
    assert all(s.terms.start_on <= TODAY < s.terms.end_on for b in made for s in b.stays)
    assert 0.9 < len(made[0].stays) / ROOMS < 0.96
