"""A tenant at home: 林晓雯 lives in 3-1-1208, her November bill is open; 周子昂 lives next door.

It is Sunday, 2026-11-22, 9:00. No scope is open: pages open their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anju.domain.billing import actions as billing
from anju.domain.billing.models import Bill, Charge
from anju.foundation.db import clock, org_scope
from anju.foundation.identity import sessions
from anju.foundation.payments import accounts
from anju.foundation.payments.standins.drill_account import set_up_drill_account
from anju.foundation.payments.standins.wechat import WechatStandIn
from anju.foundation.payments.standins.wechat_keys import WechatKeys
from anju.foundation.staffing.actions import create_organization
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor, Money
from tests.leases import builders
from tests.payments.conftest import keys, serving, standin, trade_day

__all__ = ["keys", "standin", "trade_day"]

SYSTEM = Actor.system()
PHONE, ZHOU_PHONE = "13800001234", "13900005567"
SUNDAY = datetime(2026, 11, 22, 9, tzinfo=clock.SHANGHAI)
BILLED_ON = date(2026, 11, 15)


@dataclass
class Home:
    """A tenant with a lease and bills."""

    org: int
    person: int
    lease: int
    bills: list[int] = field(default_factory=list)

    def client(self) -> Client:
        """The tenant's signed-in phone."""
        client = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Mobile"})
        client.cookies[sessions.TENANT_COOKIE] = sessions.open_tenant_session(self.org, self.person)
        return client

    @property
    def actor(self) -> Actor:
        return Actor.tenant(self.person)

    @property
    def bill(self) -> int:
        """The latest bill."""
        return self.bills[-1]

    def pay(self, amount: str, source: str = "bank:1") -> int:
        """Money comes in by bank transfer; gives the payment's id."""
        with org_scope(self.org):
            paid = billing.record_payment(
                SYSTEM, lease_id=self.lease, amount=Money(amount), method="bank", received_at=clock.now(), source=source
            )
        return int(paid.id)


def make_company(name: str) -> int:
    org = create_organization(name=name, drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        clock.move_to(SUNDAY)
    return org


def settle_in(org: int, room: str, name: str, phone: str, **agreed: Any) -> Home:
    """Move somebody in last March; all bills but the latest are paid."""
    terms = {"start_on": date(2026, 2, 25), "end_on": date(2027, 3, 1), "price": Decimal(2280), "deposit_months": 1}
    with org_scope(org):
        person = builders.tenant(name, phone)
        lease = builders.let(builders.unit(room), person, builders.terms(**terms | agreed))
        run_sweep(SYSTEM, org, "billing", BILLED_ON, fresh=True)
        bills = list(Bill.objects.filter(lease=lease).order_by("period_from").values_list("id", flat=True))
        paid = sum(Charge.objects.filter(bill_id__in=bills[:-1]).values_list("amount", flat=True), Decimal(0))
    home = Home(org, person, lease.id, bills)
    home.pay(str(paid), f"bank:{room}")
    return home


@pytest.fixture
def company(db: None) -> int:
    return make_company("安居示范公寓")


@pytest.fixture
def lin(company: int) -> Home:
    return settle_in(company, "3-1-1208", "林晓雯", PHONE)


@pytest.fixture
def zhou(company: int, lin: Home) -> Home:
    """The neighbour."""
    return settle_in(company, "3-1-1209", "周子昂", ZHOU_PHONE)


@pytest.fixture
def stranger(lin: Home) -> Home:
    """A tenant of another company."""
    return settle_in(make_company("隔壁公寓"), "8-801", "何雨桐", "13700007777")


@pytest.fixture
def wallet(lin: Home, keys: tuple[Path, WechatKeys], standin: WechatStandIn) -> Iterator[WechatStandIn]:
    """The company takes WeChat Pay, at the stand-in."""
    with serving(standin.wsgi) as address:
        with org_scope(lin.org):
            set_up_drill_account(SYSTEM, home=keys[0], address=address)
        accounts._opened.clear()
        yield standin
    accounts._opened.clear()


def text(response: Any) -> str:
    """What a page says."""
    return str(response.content.decode())


def read(response: Any) -> str:
    """The words of a page as they are read, without its tags."""
    return re.sub(r"<[^>]+>", "", text(response))


def confirm(wallet: WechatStandIn) -> str:
    """The payer confirms the order that was handed out last; gives its number."""
    order = wallet.books.row("SELECT number, prepay_id FROM orders ORDER BY rowid DESC LIMIT 1")
    assert order is not None
    wallet.desk.pay(order["prepay_id"])
    return str(order["number"])
