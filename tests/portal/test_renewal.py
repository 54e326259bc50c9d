"""One home, two contracts: 林晓雯 renewed; the lease of the year before is over, its deposit goes on.

The first ran from 2024-11-25 to 2025-11-24, the one of today begins on the next day and asks for no other deposit.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from anju.domain.billing.queries import balances
from anju.domain.leases.actions import end_many
from anju.domain.leases.actions.endings import Ending
from anju.domain.portfolio.models import Unit
from anju.foundation.db import clock, org_scope
from anju.foundation.staffing.actions import create_organization
from anju.foundation.sweeps.run import run_sweep
from anju.surface.portal.homes import earlier_ones, next_one
from tests.leases import builders
from tests.portal.conftest import PHONE, SYSTEM, Home, read, settle_in, text

BEGAN, RENEWED, ENDS = date(2024, 11, 25), date(2025, 11, 25), date(2027, 11, 25)
OLD_MONTHS = ["2024-11", "2024-12", *(f"2025-{n:02}" for n in range(1, 12))]


def at(home: Home, year: int, month: int, day: int) -> None:
    """It is the morning of that day."""
    with org_scope(home.org):
        clock.move_to(datetime(year, month, day, 9, tzinfo=clock.SHANGHAI))


@pytest.fixture
def first(db: None) -> Home:
    """Her lease of the year before, billed and paid while it ran, and over; it is Sunday, 2026-11-22."""
    starts = datetime(2024, 11, 1, tzinfo=clock.SHANGHAI)
    home = Home(create_organization(name="安居示范公寓", drill=True, starts=starts).id, 0, 0)
    at(home, 2024, 11, 25)
    with org_scope(home.org):
        home.person = builders.tenant("林晓雯", PHONE)
        agreed = builders.terms(start_on=BEGAN, end_on=RENEWED)
        home.lease = builders.let(builders.unit("3-1-1208"), home.person, agreed).id
    for year, month in ((2024, 11), (2025, 11)):
        at(home, year, month, 25)
        with org_scope(home.org):
            run_sweep(SYSTEM, home.org, "billing", clock.today(), fresh=True)
            owed = balances([home.lease], clock.today())[home.lease].owed
        home.pay(str(owed), f"bank:{year}")
    at(home, 2026, 11, 22)
    with org_scope(home.org):
        assert end_many(SYSTEM, endings=[Ending(home.lease, RENEWED)]) == {}
    return home


@pytest.fixture
def second(first: Home) -> Home:
    """The lease she lives under today."""
    agreed = builders.terms(start_on=RENEWED, end_on=ENDS, deposit_months=None, deposit_amount=Decimal(0))
    with org_scope(first.org):
        lease = builders.let(Unit.objects.get(code="3-1-1208").id, first.person, agreed)
    return Home(first.org, first.person, lease.id)


def lease_page(home: Home) -> str:
    return read(home.client().get(f"/p/leases/{home.lease}"))


def months(home: Home) -> tuple[list[str], list[str]]:
    """The months a statement offers from, and those it is set to."""
    page = text(home.client().get(f"/p/leases/{home.lease}/statement"))
    offered = re.findall(r'<option value="([\d-]+)"( selected)?', page)
    half = len(offered) // 2
    return [month for month, _ in offered[:half]], [month for month, chosen in offered if chosen]


def test_the_lease_of_before_is_told_from_todays_of_the_same_room(first: Home, second: Home) -> None:
    for place in ("/p/", f"/p/complaints/new?lease={second.lease}"):
        page = read(second.client().get(place))
        assert "换到 3-1-1208" in page
        assert "已结束・2024-11 至 2025-11" in page, place
    assert "3-1-1208　已结束・2024-11 至 2025-11" in read(first.client().get(f"/p/complaints/new?lease={first.lease}"))


def test_the_home_of_a_lease_that_is_over_says_so(first: Home, second: Home) -> None:
    assert "这份合同已经结束" in read(first.client().get(f"/p/?lease={first.lease}"))
    assert "这份合同已经结束" not in read(second.client().get("/p/"))


def test_the_deposit_stays_held_under_the_lease_before(first: Home, second: Home) -> None:
    page = lease_page(second)
    assert "原合同名下在管¥2,280.00" in page
    assert "沿用原合同的，没有另收" in page
    assert f'href="/p/leases/{first.lease}"' in text(second.client().get(f"/p/leases/{second.lease}"))


def test_a_renewed_lease_promises_nothing_that_the_renewal_settled(first: Home, second: Home) -> None:
    page = lease_page(first)
    assert "已收在管¥2,280.00" in page
    assert "您已续租，押金继续由我们保管，搬走结清后退还。" in page
    assert "到期后已续租，合同 " in page
    for untrue in ("退租结清后退还", "商量续租", "月租金—"):
        assert untrue not in page, untrue
    assert f'href="/p/leases/{second.lease}"' in text(first.client().get(f"/p/leases/{first.lease}"))


def test_a_lease_that_is_over_and_not_renewed_promises_no_renewal(first: Home) -> None:
    page = lease_page(first)
    assert "商量续租" not in page
    assert "已续租" not in page


def test_rents_that_change_are_sums_of_money(company: int) -> None:
    he = settle_in(company, "3-1-1302", "何雨桐", "13700002222", free_first_days=7)
    page = lease_page(he)
    assert "¥0.00" in page
    assert "2027年2月28日¥2,280.00" in page


def test_the_statement_of_a_lease_that_is_over_shows_its_own_last_year(first: Home, second: Home) -> None:
    client = first.client()
    offered, chosen = months(first)
    assert offered == OLD_MONTHS
    assert chosen == ["2024-12", "2025-11"]
    assert "这段时间没有应付和付款" not in text(client.get(f"/p/leases/{first.lease}/statement"))


def test_months_after_the_end_are_offered_only_where_something_was_booked(first: Home) -> None:
    at(first, 2026, 2, 3)
    first.pay("100", "bank:late")
    at(first, 2026, 11, 22)
    assert months(first)[0] == [*OLD_MONTHS, "2025-12", "2026-01", "2026-02"]


def test_a_lease_that_ended_on_the_day_it_began_is_nobodys_renewal_and_has_none() -> None:
    never = {"id": 1, "start_on": RENEWED, "actual_end_on": RENEWED, "holds_until": ENDS, "unit_ids": [7]}
    lived_in = {"id": 2, "start_on": BEGAN, "actual_end_on": RENEWED, "holds_until": RENEWED, "unit_ids": [7]}
    assert next_one(never, [never]) is None
    assert earlier_ones(never, [lived_in, never]) == [lived_in]
    assert next_one(lived_in, [lived_in, never]) == never
