"""收租 in the console: what each role finds there, and what it does not."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from anju.domain.billing import actions
from anju.domain.billing.models import Bill, Payment
from anju.domain.leases.models import Lease
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import Person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.db import clock, org_scope
from anju.foundation.identity.models import Staff
from anju.foundation.messaging.models import Message
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor, Money
from tests.builders import house, let, terms

SYSTEM = Actor.system()
TODAY = datetime(2026, 3, 1, 10, tzinfo=clock.SHANGHAI)


@pytest.fixture
def lease(committed: str) -> Lease:
    """何雨桐 owes January and February; everything is committed."""
    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        made = register_people(SYSTEM, rows=[NewPerson(name="何雨桐", phone="13800137730")])
        lease = let(house(), "3-1-1208", terms(), person=Person.objects.get(id=made.person_ids[0]))
        for day in (date(2026, 1, 7), date(2026, 2, 7)):
            run_sweep(SYSTEM, org, "billing", day)
        clock.move_to(TODAY)
    return lease


def signed_in(org: int, *roles: str) -> Client:
    """A member of staff with these roles, signed in at the door."""
    login, password = f"{'-'.join(roles)}@example.com", "correct horse 7"
    with org_scope(org):
        add_staff(SYSTEM, login=login, name="林晓", roles=roles, password=password)
    client = Client()
    assert client.post("/sign-in", {"login": login, "password": password}).status_code == 302
    return client


def rows_of(org: int, model: Any) -> int:
    """How many rows a company has."""
    with org_scope(org):
        return int(model.objects.count())


def test_the_arrears_list_names_room_handle_amount_and_days(lease: Lease) -> None:
    page = signed_in(lease.org_id, "service").get("/rent/arrears").content.decode()
    for text in ("何雨桐", "3-1-1208", lease.number, "7730", "4,560.00", "43 天"):
        assert text in page


def test_the_panel_beside_the_list_says_why_and_what_another_day_would_bring(lease: Lease) -> None:
    client = signed_in(lease.org_id, "service")
    client.post("/rent/remind", {"id": lease.id})
    panel = client.get(f"/rent/arrears/{lease.id}", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="panel").content.decode()
    assert "为什么" in panel
    assert "缴租提醒 v1" in panel
    assert "短信，等待发送" in panel
    assert "<html" not in panel
    whole = client.get(f"/rent/arrears/{lease.id}").content.decode()
    assert "<html" in whole
    assert "为什么" in whole


@pytest.mark.req("T-04")
def test_a_bill_shows_its_lines_what_was_sent_and_why(lease: Lease) -> None:
    client = signed_in(lease.org_id, "service")
    with org_scope(lease.org_id):
        bill = Bill.objects.order_by("id").first()
    assert bill is not None
    page = client.get(f"/rent/bills/{bill.id}").content.decode()
    for text in (bill.number, "2,280.00", "房租", "为什么", "转入催缴"):
        assert text in page
    assert bill.number in client.get("/rent/bills?state=late").content.decode()


@pytest.mark.req("T-04")
def test_the_policy_behind_a_decision_is_linked_for_who_may_read_it_and_named_for_others(lease: Lease) -> None:
    with org_scope(lease.org_id):
        bill = Bill.objects.order_by("id")[0]
    service, finance = signed_in(lease.org_id, "service"), signed_in(lease.org_id, "finance")
    pages = (f"/rent/arrears/{lease.id}", f"/rent/bills/{bill.id}", f"/leases/{lease.id}/why",
             f"/leases/{lease.id}/why-reminded")  # fmt: skip
    for path in pages:
        page = service.get(path).content.decode()
        assert re.search(r"(缴租提醒|出账) v1", page), path
        assert ('href="/policies' in page, 'href=""' in page) == (False, False), path
        linked = set(re.findall(r'href="(/policies/[^"]+)"', finance.get(path).content.decode()))
        assert linked, path
        assert {finance.get(to).status_code for to in linked} == {200}, path


def test_maintenance_and_risk_find_no_money(lease: Lease) -> None:
    for role in ("maintenance", "risk"):
        client = signed_in(lease.org_id, role)
        for path in ("/rent/arrears", "/rent/bills", f"/rent/leases/{lease.id}/statement", "/rent/payments"):
            assert client.get(path).status_code == 403
        assert "/rent/arrears" not in client.get("/account/password").content.decode()


def test_recording_a_payment_settles_the_oldest_bill_and_a_repeated_reference_changes_nothing(lease: Lease) -> None:
    client = signed_in(lease.org_id, "finance")
    form = {"amount": "2,280.00", "day": "2026-03-01", "method": "bank", "reference": "20260301-0007"}
    for _n in range(2):
        answer = client.post(f"/rent/leases/{lease.id}/payment", form)
        assert (answer.status_code, answer["Location"]) == (302, "/rent/payments")
    assert rows_of(lease.org_id, Payment) == 1
    wrong = client.post(f"/rent/leases/{lease.id}/payment", {**form, "amount": "1.234", "reference": ""})
    assert wrong.status_code == 422
    assert "最多两位小数" in wrong.content.decode()
    assert "1.234" in wrong.content.decode(), "what was typed is still there"


def test_a_reminder_by_hand_is_shown_before_it_is_sent_and_goes_once_a_day(lease: Lease) -> None:
    client = signed_in(lease.org_id, "service")
    shown = client.get("/rent/remind", {"id": lease.id}).content.decode()
    assert "何雨桐您好，3-1-1208的1月账单2,280.00元" in shown
    assert rows_of(lease.org_id, Message) == 0
    for _n in range(2):
        assert client.post("/rent/remind", {"id": lease.id}).status_code == 302
    assert rows_of(lease.org_id, Message) == 1
    assert "今天已提醒过" in client.get("/rent/remind", {"id": lease.id}).content.decode()


def test_exports_hold_what_the_list_shows_and_need_the_right(lease: Lease) -> None:
    answer = signed_in(lease.org_id, "finance").get("/rent/arrears.xlsx")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert "不能导出" in signed_in(lease.org_id, "service").get("/rent/arrears.xlsx").content.decode()


def test_the_statement_comes_on_screen_as_pdf_and_as_excel(lease: Lease) -> None:
    client = signed_in(lease.org_id, "finance")
    assert "4,560.00" in client.get(f"/rent/leases/{lease.id}/statement").content.decode()
    assert client.get(f"/rent/leases/{lease.id}/statement?as=pdf").content.startswith(b"%PDF-")
    excel = client.get(f"/rent/leases/{lease.id}/statement?as=xlsx")
    assert b"".join(excel.streaming_content).startswith(b"PK")


def test_runs_are_listed_with_their_numbers_and_one_row_is_proved(lease: Lease) -> None:
    client = signed_in(lease.org_id, "manager")
    assert "完成，数目相符" in client.get("/rent/runs").content.decode()
    run = run_sweep(SYSTEM, lease.org_id, "billing", date(2026, 2, 7))
    assert "没有被改过" in client.get(f"/rent/runs/{run.id}/proof/{lease.id}").content.decode()


def test_other_company_is_not_found(committed: str) -> None:
    """The same addresses with another organization's ids."""
    ours = create_organization(name="甲", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    theirs = create_organization(name="乙", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(theirs):
        lease = let(house(), "3-1-1208", terms())
        run_sweep(SYSTEM, theirs, "billing", date(2026, 1, 7))
        bill = Bill.objects.get()
    client = signed_in(ours, "manager", "finance", "service")
    for path in (
        f"/rent/arrears/{lease.id}",
        f"/rent/bills/{bill.id}",
        f"/rent/leases/{lease.id}/statement",
        f"/rent/leases/{lease.id}/payment",
        f"/rent/runs/{bill.run_id}/proof/{lease.id}",
    ):
        assert client.get(path).status_code == 404, path
    assert "还没有选人" in client.get("/rent/remind", {"id": lease.id}).content.decode()


@pytest.mark.req("T-04")
def test_finance_of_one_project_cannot_touch_the_money_of_another(lease: Lease) -> None:
    with org_scope(lease.org_id):
        elsewhere = let(house("5号楼"), "5-1-0101", terms())
        add_staff(
            SYSTEM, login="one@example.com", name="吴倩", roles=("finance",), password="correct horse 7",
            all_projects=False, scope_ids=[lease.scope_id],
        )  # fmt: skip
    client = Client()
    client.post("/sign-in", {"login": "one@example.com", "password": "correct horse 7"})
    form = {"amount": "1", "day": "2026-03-01", "method": "bank", "reference": "9"}
    assert client.post(f"/rent/leases/{elsewhere.id}/payment", form).status_code == 404
    with org_scope(lease.org_id):
        by = Actor.staff(Staff.objects.get(name="吴倩").id)
        due = {"kind": "other", "amount": Money("1"), "due_on": date(2026, 3, 1)}
        for refused in (
            actions.issue_charge.refusal(by, lease_id=elsewhere.id, **due),
            actions.offset_deposit.refusal(by, lease_id=elsewhere.id, amount=Money("1"), reason="x"),
            actions.record_payments.refusal(
                by, payments=[actions.NewPayment(elsewhere.id, Money("1"), "bank", clock.now(), "bank:9")]
            ),
        ):
            assert refused is not None
            assert refused.code == "not_found"
        assert actions.issue_charge.refusal(by, lease_id=lease.id, **due) is None
