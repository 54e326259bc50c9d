"""驾驶舱: receivable against received as billing keeps it, arrears and occupancy, each with the list behind it."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.test import Client

from anju.domain.billing.actions import NewPayment, record_payments
from anju.domain.billing.models import Bill, Charge
from anju.domain.complaints.actions import file
from anju.domain.leases.models import Lease
from anju.domain.portfolio.models import Unit
from anju.foundation.db import clock
from anju.foundation.flows.actions import move
from anju.foundation.staffing.actions import add_staff
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor, Money
from tests.builders import house, let, terms

SYSTEM = Actor.system()
PASSWORD = "correct horse 7"


def signed_in(role: str) -> Client:
    """A member of staff with this role, signed in at the door."""
    add_staff(SYSTEM, login=f"{role}@example.com", name="许婧", roles=[role], password=PASSWORD)
    client = Client()
    assert client.post("/sign-in", {"login": f"{role}@example.com", "password": PASSWORD}).status_code == 302
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def curve_of(page: str) -> dict[str, list[object]]:
    """The numbers the picture is drawn from."""
    found = re.search(r'data-chart="gap".*?application/json">(.*?)</script>', page)
    assert found is not None
    return dict(json.loads(found[1]))


@pytest.fixture
def leases(company: int) -> list[Lease]:
    """Two houses with a tenant each; the first paid January, nobody paid February."""
    made = [let(house(), "3-1-1208", terms()), let(house("5号楼"), "5-1-0301", terms(price=Decimal(3000)))]
    for day in (date(2026, 1, 10), date(2026, 2, 10)):
        run_sweep(SYSTEM, company, "billing", day)
    clock.move_to(datetime(2026, 3, 1, 10, tzinfo=clock.SHANGHAI))
    first = Bill.objects.filter(lease=made[0]).earliest("due_on")
    amount = Charge.objects.filter(bill=first).aggregate(sum=Sum("amount"))["sum"]
    record_payments(SYSTEM, payments=[NewPayment(made[0].id, Money(amount), "bank", clock.now(), "bank:1")])
    return made


@pytest.mark.req("K-02")
def test_the_curve_and_the_table_show_what_fell_due_and_what_of_it_came(leases: list[Lease]) -> None:
    page = text_of(signed_in("manager"), "/cockpit")
    drawn = curve_of(page)
    assert drawn["x"] == ["2026-01", "2026-02", "2026-03"]
    rows = Charge.objects.exclude(kind="deposit").filter(due_on__lt="2026-02-01").aggregate(due=Sum("amount"))
    assert drawn["due"] == [float(rows["due"]), 5280.0, 0.0]
    assert drawn["got"] == [2280.0, 0.0, 0.0]
    assert "2026-01</a>" in page
    for amount in ("¥5,280.00", "¥2,280.00", "¥10,560.00"):
        assert amount in page


def test_every_number_opens_the_list_behind_it(leases: list[Lease]) -> None:
    client = signed_in("manager")
    page = text_of(client, "/cockpit")
    january = "/rent/bills?project=&amp;building=&amp;from=2026-01-01&amp;to=2026-01-31"
    assert january in page
    addresses = {a.replace("&amp;", "&") for a in re.findall(r'href="(/(?:rent|units|projects)[^"]*)"', page)}
    assert len(addresses) > 8
    for address in addresses:
        text_of(client, address)
    unpaid = text_of(client, f"{january.replace('&amp;', '&')}&state=unpaid")
    assert leases[1].number in unpaid
    assert leases[0].number not in unpaid


def test_it_is_narrowed_to_a_project_or_a_building(leases: list[Lease]) -> None:
    client = signed_in("manager")
    project = leases[0].scope_id
    assert curve_of(text_of(client, f"/cockpit?project={project}"))["due"] == [2280.0, 2280.0, 0.0]
    other = Charge.objects.filter(lease=leases[1]).first()
    assert other is not None
    page = text_of(client, f"/cockpit?project={other.scope_id}&building={other.building_id}")
    assert curve_of(page)["due"] == [3000.0, 3000.0, 0.0]
    assert "100.0%" in page


def test_a_company_without_data_is_told_what_will_stand_here(company: int) -> None:
    assert "还没有数据" in text_of(signed_in("manager"), "/cockpit")


def test_roles_that_may_not_look_find_neither_entry_nor_page(leases: list[Lease]) -> None:
    assert 'href="/cockpit"' in text_of(signed_in("finance"), "/units")
    client = signed_in("service")
    assert 'href="/cockpit"' not in text_of(client, "/units")
    assert client.get("/cockpit").status_code == 403


@pytest.mark.req("W-12")
def test_complaints_are_rated_by_project_not_by_building(leases: list[Lease]) -> None:
    complaint = file(SYSTEM, lease_id=leases[0].id, cause="fee", said="水费算错了", source="phone")
    move(SYSTEM, case_id=complaint.case_id, step="accept")
    move(SYSTEM, case_id=complaint.case_id, step="reply", facts={"reply": "已改正"})
    page = text_of(signed_in("manager"), "/cockpit")
    card = page[page.index("近 30 天，每百份合同几件") :]
    assert "100.0" in card
    assert "1 件，按时答复 100.0%" in card
    assert "0 件" in card
    assert f"/complaints?project={leases[0].scope_id}" in card
    building = Unit.objects.filter(scope_id=leases[0].scope_id).values_list("building_id", flat=True)[0]
    narrow = text_of(signed_in("finance"), f"/cockpit?project={leases[0].scope_id}&building={building}")
    assert "近 30 天，每百份合同几件" not in narrow
