"""租客 in the console: what each role finds there, and what it does not."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from anju.domain.leases.models import Lease
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import ContactPoint, Person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.db import clock, org_scope
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.trace.models import TraceEvent
from anju.kit import Actor
from tests.builders import house, let, terms
from tests.staff import refusal, signed_in, text

SYSTEM = Actor.system()
PHONE = "13800137730"


@pytest.fixture
def lease(company: int) -> Lease:
    """何雨桐 in 3-1-1208 owes January and February; the reminders went out."""
    who = NewPerson(
        name="何雨桐", phone=PHONE, email="he@example.com", id_kind="id_card", id_number="110101199003077758"
    )
    (person,) = register_people(SYSTEM, rows=[who]).person_ids
    lease = let(house(), "3-1-1208", terms(deposit_months=1), person=Person.objects.get(id=person))
    party(lease)
    for day in (date(2026, 1, 7), date(2026, 2, 7)):
        run_sweep(SYSTEM, company, "billing", day)
    run_sweep(SYSTEM, company, "reminders", date(2026, 2, 10))
    clock.move_to(datetime(2026, 3, 1, 10, tzinfo=clock.SHANGHAI))
    return lease


def party(lease: Lease) -> None:
    """Who pays and lives there, and the project their row belongs to."""
    from anju.domain.leases.models import LeaseParty

    for role in (LeaseParty.Role.PAYER, LeaseParty.Role.TENANT):
        LeaseParty.objects.create(lease=lease, person=lease.payer, role=role, from_on=lease.start_on)
    Person.objects.filter(id=lease.payer_id).update(scope_id=lease.scope_id)


def test_the_list_names_room_handle_state_and_debt(lease: Lease) -> None:
    page = text(signed_in("service"), "/tenants")
    for words in ("何雨桐", "3-1-1208", f"{lease.number} · 7730", "执行中", "6,840.00", "138****7730"):
        assert words in page
    assert PHONE not in page


def test_standing_views_narrow_the_list(lease: Lease) -> None:
    client = signed_in("service")
    for view, there in (("living", True), ("arrears", True), ("arriving", False), ("left", False)):
        assert ("何雨桐" in text(client, f"/tenants?view={view}")) is there


def test_what_is_looked_for_never_stands_in_an_address(lease: Lease) -> None:
    client = signed_in("service")
    for words, there in (
        ("何雨", True),
        ("he yu", True),
        ("7730", True),
        (PHONE, True),
        ("王", False),
        ("1111", False),
    ):
        answer = client.post("/tenants", {"find": words})
        assert answer["Location"] == "/tenants?find=1"
        assert ("何雨桐" in text(client, answer["Location"]).replace("“何雨桐”", "")) is there


def test_the_page_joins_money_lease_messages_and_decisions(lease: Lease) -> None:
    page = text(signed_in("service"), f"/tenants/{lease.payer_id}")
    for words in ("有欠款", "在住", "¥6,840.00", "发送提醒", "2027-01-16", "押一付一", "判定：", "为什么", "账单"):
        assert words in page


def test_the_timeline_filters(lease: Lease) -> None:
    client = signed_in("service")
    decisions = text(
        client, f"/tenants/{lease.payer_id}?about=decision", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="timeline"
    )
    assert "判定：" in decisions
    assert "登记租客资料" not in decisions
    assert "<html" not in decisions
    data = text(client, f"/tenants/{lease.payer_id}?about=data", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="timeline")
    assert "登记租客资料" in data
    assert "判定：" not in data


def test_beside_the_list_the_same_address_is_a_panel(lease: Lease) -> None:
    panel = text(signed_in("service"), f"/tenants/{lease.payer_id}", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="panel")
    assert "a-panel-in" in panel
    assert "<html" not in panel


@pytest.mark.req("T-04")
def test_looking_at_a_phone_takes_a_reason_and_is_recorded(lease: Lease) -> None:
    client = signed_in("service")
    own = f"/tenants/{lease.payer_id}/reveal"
    bare = client.post(own, {"field": "phone"}, HTTP_HX_REQUEST="true")
    assert bare.status_code == 422
    assert PHONE not in bare.content.decode()
    shown = client.post(own, {"field": "phone", "reason": "contact"}, HTTP_HX_REQUEST="true")
    assert PHONE in shown.content.decode()
    event = TraceEvent.objects.get(action="tenants.person.reveal")
    assert PHONE not in event.body
    page = text(client, f"/tenants/{lease.payer_id}")
    assert PHONE not in page
    assert "查看完整手机号，原因：联系租客" in page


@pytest.mark.req("T-04")
@pytest.mark.parametrize("role", ["maintenance", "risk"])
def test_maintenance_and_risk_find_neither_money_nor_phone(lease: Lease, role: str) -> None:
    client = signed_in(role)
    own = f"/tenants/{lease.payer_id}"
    for path in ("/tenants", own, f"{own}/leases", f"{own}/data"):
        page = text(client, path)
        for words in ("¥", "欠款", "押金", PHONE, "发送提醒", "对账单"):
            assert words not in page, (path, words)
    assert refusal(client, f"{own}/bills") == 404
    assert refusal(client, f"{own}/communications") == 404
    assert refusal(client, f"{own}/reveal", {"field": "phone", "reason": "contact"}) == 403
    assert refusal(client, f"{own}/contact", {"kind": "phone", "value": "13900001111"}) == 403


def test_only_risk_sees_the_document(lease: Lease) -> None:
    own = f"/tenants/{lease.payer_id}/data"
    assert "证件号码" in text(signed_in("risk"), own)
    assert "证件号码" not in text(signed_in("service"), own)


def test_a_new_phone_keeps_the_old_with_its_last_day(lease: Lease) -> None:
    client = signed_in("service")
    client.post(f"/tenants/{lease.payer_id}/contact", {"kind": "phone", "value": "139 0000 1111"})
    page = text(client, f"/tenants/{lease.payer_id}/data")
    assert "139****1111" in page
    assert "138****7730" in page
    wrong = client.post(f"/tenants/{lease.payer_id}/contact", {"kind": "phone", "value": "139"}, follow=True)
    assert "手机号格式不对" in wrong.content.decode()
    assert ContactPoint.objects.filter(person_id=lease.payer_id, kind="phone").count() == 2


def test_export_is_what_the_list_shows_for_who_may(lease: Lease) -> None:
    assert refusal(signed_in("service"), "/tenants.xlsx") == 422
    answer = signed_in("manager").get("/tenants.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[0][:2] == ("姓名", "手机")
    assert ("何雨桐", "138****7730") in [row[:2] for row in rows]


def test_pages_go_on_and_back(company: int) -> None:
    names = [NewPerson(name=f"租客{n:03d}", phone=f"1380000{n:04d}") for n in range(120)]
    register_people(SYSTEM, rows=names)
    client = signed_in("manager")
    first = text(client, "/tenants")
    assert "租客000" in first
    assert "租客020" not in first
    older = first.split('href="/tenants?after=')[1].split('"')[0]
    second = text(client, f"/tenants?after={older}")
    assert "租客020" in second
    newer = second.split('href="/tenants?before=')[1].split('"')[0]
    assert "租客000" in text(client, f"/tenants?before={newer}")


def test_another_company_and_another_project_are_not_found(lease: Lease) -> None:
    own = f"/tenants/{lease.payer_id}"
    elsewhere = signed_in("service", all_projects=False, scope_ids=[lease.scope_id + 1000])
    for path in (own, f"{own}/leases", f"{own}?about=money"):
        assert refusal(elsewhere, path) == 404
    assert "何雨桐" not in text(elsewhere, "/tenants")


@pytest.mark.parametrize("tail", ["", "/leases", "/data", "?about=money"])
def test_another_company_finds_nothing(org: int, other_org: int, tail: str) -> None:
    with org_scope(org):
        (person,) = register_people(SYSTEM, rows=[NewPerson(name="何雨桐", phone=PHONE)]).person_ids
    with org_scope(other_org):
        stranger = signed_in("service")
    assert stranger.get(f"/tenants/{person}{tail}").status_code == 404
    assert "何雨桐" not in stranger.get("/tenants").content.decode()
    looked = stranger.post(f"/tenants/{person}/reveal", {"field": "phone", "reason": "contact"})
    assert looked.status_code == 404


def test_the_list_asks_as_often_for_many_as_for_few(company: int, django_assert_max_num_queries: Any) -> None:
    where = house()
    for n in range(12):
        (person,) = register_people(SYSTEM, rows=[NewPerson(name=f"租客{n}", phone=f"1380000{n:04d}")]).person_ids
        party(let(where, f"3-1-{n:04d}", terms(), person=Person.objects.get(id=person)))
    client = signed_in("manager")
    client.get("/")  # the workbench counts once, the rail remembers
    with django_assert_max_num_queries(25):
        client.get("/tenants")
    with django_assert_max_num_queries(45):
        client.get(f"/tenants/{Person.objects.order_by('id').first().id}")  # type: ignore[union-attr]
