"""Many at once: whoever is second is refused by a sentence, never by an accident, and never let in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from anju.domain.leases.actions import Amendment, activate_many, amend_lease
from anju.domain.leases.models import LeaseUnit, LeaseVersion
from anju.domain.portfolio.actions import register_places
from anju.domain.portfolio.models import Unit
from anju.domain.portfolio.places import Place
from anju.foundation.db import org_scope
from anju.kit import Refused
from tests.conftest import make_organization
from tests.leases.builders import SYSTEM, let, new, tenant, terms, unit

TOGETHER = 6


@pytest.fixture
def town(committed: str) -> int:
    """A company whose rows are really committed, so that other connections see them."""
    return make_organization("同时出租公寓")


def at_once(org: int, work: Callable[[int], str]) -> list[str]:
    """What each of several connections got for the same moment: a result, or the refusal's code."""
    ready = Barrier(TOGETHER)

    def one(n: int) -> str:
        try:
            with org_scope(org):
                ready.wait(timeout=30)
                return work(n)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        return sorted(pool.map(one, range(TOGETHER)))


@pytest.mark.req("P-01")
def test_one_of_many_gets_the_room(town: int) -> None:
    with org_scope(town):
        flat, fang = unit("3-1-1208"), tenant()
        room = unit("3-1-1208A", parent="3-1-1208", kind="room")

    def rent(n: int) -> str:
        done = activate_many(SYSTEM, leases=[new(flat if n % 2 else room, fang)])
        return done.refused[0].code if done.refused else "let"

    assert at_once(town, rent) == ["lease.overlap"] * (TOGETHER - 1) + ["let"]
    with org_scope(town):
        assert LeaseUnit.objects.count() == 1


def test_one_of_many_amends_and_the_others_are_told(town: int) -> None:
    with org_scope(town):
        lease = let(unit("3-1-1208"), tenant())

    def amend(n: int) -> str:
        amend_lease(SYSTEM, change=Amendment(lease.id, 1, date(2026, 7, 17), terms(price=2300 + n)))
        return "amended"

    assert at_once(town, amend) == ["amended"] + ["changed_meanwhile"] * (TOGETHER - 1)
    with org_scope(town):
        assert LeaseVersion.objects.count() == 2


def test_numbers_are_given_once(town: int) -> None:
    with org_scope(town):
        fang, rooms = tenant(), [unit(f"3-1-{n}") for n in range(TOGETHER)]

    def rent(n: int) -> str:
        return let(rooms[n], fang).number

    assert at_once(town, rent) == [f"HZ26-000{n + 1}" for n in range(TOGETHER)]


def test_a_room_is_either_let_or_split(town: int) -> None:
    with org_scope(town):
        flat, fang = unit("3-1-1208"), tenant()

    def let_or_split(n: int) -> str:
        if n % 2:
            part = Place("华东", "滨江店", "杭州", "禾里公寓·杭州滨江店", "3", f"3-1-1208{n}", "3-1-1208", kind="room")
            register_places(SYSTEM, rows=[part])
            return "split"
        done = activate_many(SYSTEM, leases=[new(flat, fang)])
        return done.refused[0].code if done.refused else "let"

    results = at_once(town, let_or_split)
    with org_scope(town):
        leaves = set(Unit.objects.filter(leaf=True).values_list("id", flat=True))
        held = set(LeaseUnit.objects.values_list("leaf_unit_id", flat=True))
    assert held <= leaves, results
