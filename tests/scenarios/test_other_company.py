"""Two companies on one installation: every address, filter and export of one, tried with the other's ids."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from anju.domain.billing.actions import record_payment
from anju.domain.billing.models import Bill
from anju.domain.equipment.actions import About, add_item
from anju.domain.portfolio.models import Unit
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import Person
from anju.domain.tenants.rules import NewPerson
from anju.domain.workorders.actions import report
from anju.domain.workorders.cost_actions import add_cost
from anju.foundation.db import clock, fetch_value, org_scope
from anju.foundation.flows.actions import open_case
from anju.foundation.flows.models import FlowLimit
from anju.foundation.identity.doors import door_of
from anju.foundation.identity.models import Staff
from anju.foundation.lists.actions import save_view
from anju.foundation.messaging.models import Message
from anju.foundation.policy.models import PolicyRelease
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor, Money
from tests.builders import house, let, terms
from tests.flows.house import KEYS, install

SYSTEM = Actor.system()
START = datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)
SECRET = "欧阳独一"
WORD = "correct horse 7"
LISTS = (
    "/tenants", "/leases", "/units", "/units/list", "/projects", "/rent/arrears", "/rent/bills", "/rent/payments",
    "/rent/runs", "/cockpit",
)  # fmt: skip


def company(name: str, login: str, *roles: str) -> int:
    """A company with one member of staff."""
    org = create_organization(name=name, drill=True, starts=START).id
    with org_scope(org):
        add_staff(SYSTEM, login=login, name="员工", roles=roles, password=WORD)
    return org


def furnish(org: int) -> dict[str, int]:
    """One tenant in one room with bills, a payment and a run; ids by the names that addresses use."""
    with org_scope(org):
        clock.move_to(datetime(2026, 3, 1, 9, tzinfo=clock.SHANGHAI))
        made = register_people(SYSTEM, rows=[NewPerson(name=SECRET, phone="13911112222")])
        person = Person.objects.get(id=made.person_ids[0])
        lease = let(house(), "9-9-9999", terms(), person=person)
        run_sweep(SYSTEM, org, "billing", date(2026, 2, 7))
        bill = Bill.objects.order_by("id")[0]
        run_sweep(SYSTEM, org, "reminders", bill.due_on)
        paid = record_payment(
            SYSTEM, lease_id=lease.id, amount=Money("100"), method="bank", received_at=clock.now(), source="bank:9"
        )
        install("keys", KEYS)
        case = open_case(SYSTEM, flow="keys", title="两把钥匙", facts={"keys": "2"}, persons=[person.id])
        orders = [report(SYSTEM, lease_id=lease.id, spot="kitchen", said=said) for said in ("水管漏水", "灯不亮")]
        item = add_item(SYSTEM, about=About(kind="lock", name="智能锁"), unit_id=Unit.objects.get().id)
        cost = add_cost(SYSTEM, order_id=orders[0].id, what="part", text="密封圈", amount=Decimal("5"), key="once")
        boss = Staff.objects.order_by("id")[0].id
        view = save_view(Actor.staff(boss), list_key="leases", label="要续的", query="", shared=True)
        return {
            "lease_id": lease.id, "person_id": person.id, "unit_id": Unit.objects.get().id, "payment_id": paid.id,
            "bill_id": bill.id, "case_id": case.id,
            "message_id": Message.objects.order_by("id")[0].id, "run_id": SweepRun.objects.order_by("id")[0].id,
            "subject_id": lease.id, "order_id": orders[0].id, "first": orders[0].id, "second": orders[1].id,
            "item_id": item.id, "cost_id": cost.id, "limit_id": FlowLimit.objects.order_by("id")[0].id,
            "staff_id": boss, "view_id": view.id, "release_id": PolicyRelease.objects.order_by("id")[0].id,
            "project_id": lease.scope_id, "file_id": 1, "key_id": 1, "number": 1, "id": 1,
        }  # fmt: skip


def signed_in(login: str) -> Client:
    """A browser with a session."""
    client = Client()
    assert client.post("/sign-in", {"login": login, "password": WORD}).status_code == 302
    return client


def addresses(resolver: Any = None, before: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the product."""
    for found in (resolver or get_resolver()).url_patterns:
        here = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from addresses(found, here)
        else:
            yield here, found


def staff_addresses_with_ids() -> list[tuple[str, dict[str, Any]]]:
    """Staff pages that take a numeric id, with the converters' names."""
    return [
        (path, found.pattern.converters)
        for path, found in addresses()
        if str(door_of(found.callback)).startswith("staff")
        and "<int:" in path.replace("<int:number>", "")  # our own v1
    ]


def filled(path: str, ids: dict[str, int]) -> str:
    """The address with ids in place."""
    for name, value in ids.items():
        path = path.replace(f"<int:{name}>", str(value))
    return (
        path.replace("<slug:tab>", "bills")
        .replace("<slug:key>", "take")
        .replace("<policy:key>", "billing")
        .replace("<doing:what>", "claim")
        .replace("<slug:what>", "problem")
        .replace("<slug:step>", "accept")
        .replace("<slug:flow>", "keys")
    )


def counted(org: int) -> dict[str, int]:
    """How many rows the company has in every table of its own."""
    with org_scope(org):
        models = [m for m in apps.get_models() if any(f.name == "org_id" for f in m._meta.fields)]
        return {
            m._meta.db_table: fetch_value(f'SELECT count(*) FROM "{m._meta.db_table}"')
            for m in models
            if m._meta.managed and m._meta.db_table not in ("job_tick",)
        }


@pytest.fixture
def neighbours(committed: str) -> dict[str, int]:
    """Our company, empty, and the neighbour's ids."""
    company("甲公寓", "boss@a.example", "admin", "manager", "finance", "service", "maintenance", "risk")
    return furnish(company("乙公寓", "boss@b.example", "admin", "manager"))


def test_the_neighbours_ids_are_not_found_at_any_address_and_change_nothing(neighbours: dict[str, int]) -> None:
    client, wrong = signed_in("boss@a.example"), []
    with_ids = staff_addresses_with_ids()
    assert len(with_ids) > 15
    theirs = fetch_value("SELECT id FROM organization WHERE name = '乙公寓'")
    before = counted(theirs)
    for path, _converters in with_ids:
        address = filled(path, neighbours)
        assert "<" not in address, f"give {path} an id"
        for answer in (
            client.get(address),
            client.post(address, {"reason": "试试", "note": "试试", "rev": "1", "amount": "1"}),
        ):
            if answer.status_code not in (404, 405):
                wrong.append((address, answer.status_code))
            if SECRET in answer.content.decode():
                wrong.append((address, "shows the neighbour's tenant"))
    assert wrong == []
    assert counted(theirs) == before


def test_lists_filters_and_exports_hold_nothing_of_the_neighbour(neighbours: dict[str, int]) -> None:
    client = signed_in("boss@a.example")
    queries = ["", *(f"?{name}={neighbours[f'{name}_id']}" for name in ("project", "lease", "person", "unit"))]
    queries += [f"?q={SECRET}", "?q=2222", "?q=9-9-9999"]
    for path in LISTS:
        for query in queries:
            answer = client.get(path + query)
            assert answer.status_code in (200, 404), path + query
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            assert f"{SECRET} " not in body.decode("utf-8", "replace"), path + query
            assert "13911112222" not in body.decode("utf-8", "replace")
    shown = client.get("/rent/remind", {"id": neighbours["lease_id"]}).content.decode()
    assert SECRET not in shown


@pytest.mark.req("T-04")
def test_maintenance_sees_no_money_and_no_whole_phone_anywhere(committed: str) -> None:
    org = company("甲公寓", "boss@a.example", "admin")
    with org_scope(org):
        add_staff(SYSTEM, login="fix@a.example", name="孙海涛", roles=("maintenance",), password=WORD)
    ids = furnish(org)
    client = signed_in("fix@a.example")
    for path in [*LISTS, *(filled(p, ids) for p, _ in staff_addresses_with_ids())]:
        answer = client.get(path)
        text = answer.content.decode("utf-8", "replace") if answer.status_code == 200 else ""
        assert "13911112222" not in text, path
        assert "2,280.00" not in text, path
