"""Lease, statement, messages and the own data."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from anju.domain.complaints.actions import file
from anju.domain.tenants.actions import reveal
from anju.domain.tenants.own import looks
from anju.domain.workorders.actions import report
from anju.foundation.access.fields import declared_entity
from anju.foundation.db import clock, org_scope
from anju.foundation.flows.actions import move
from anju.foundation.identity.models import Staff, User
from anju.foundation.messaging.dispatch import dispatch_all
from anju.foundation.messaging.queries import inbox
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.trace.events import timeline
from anju.kit import Actor
from anju.surface.portal.pages.my_data import STORED, keeping
from tests.portal.conftest import PHONE, SYSTEM, Home, settle_in, text


def test_the_lease_in_plain_words(lin: Home) -> None:
    page = text(lin.client().get(f"/p/leases/{lin.lease}"))
    for said in (
        "到 2027年2月28日，还有 98 天", "2026年2月25日 至 2027年2月28日", "¥2,280.00", "每月付一次，账期第一天支付",
        "约定押金", "已收在管", "3-1-1208",
    ):  # fmt: skip
        assert said in page, said


def test_the_statement_is_shown_and_taken_along(lin: Home) -> None:
    client, place = lin.client(), f"/p/leases/{lin.lease}/statement"
    page = text(client.get(f"{place}?from=2026-10&to=2026-11"))
    assert "截至 2026-11-22 未付" in page
    assert client.get(f"{place}?as=pdf").content.startswith(b"%PDF")
    answer = client.get(f"{place}?as=xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert any("房租" in str(row) for row in rows)


@pytest.mark.parametrize("asked", ["from=2030-01", "from=x&to=y", "from=2026-11&to=2026-02"])
def test_months_that_make_no_sense_are_put_right(lin: Home, asked: str) -> None:
    assert lin.client().get(f"/p/leases/{lin.lease}/statement?{asked}").status_code == 200


@pytest.mark.req("R-08")
def test_opening_messages_takes_the_red_dot_away(lin: Home) -> None:
    with org_scope(lin.org):
        run_sweep(SYSTEM, lin.org, "reminders", clock.today())
        clock.move_to(clock.now().replace(hour=11))
    dispatch_all(lin.org)
    client = lin.client()
    assert '<em class="p-dot">1' in text(client.get("/p/"))
    page = text(client.get("/p/messages"))
    assert "11月账单，11月25日到期" in page
    assert "3-1-1208 的11月账单 ¥2,280.00" in page
    assert f'href="/p/bills/{lin.bill}"' in page
    assert ">新<" in page
    assert "p-dot" not in text(client.get("/p/"))
    assert ">新<" not in text(client.get("/p/messages"))


def test_each_message_leads_to_what_it_is_about(lin: Home) -> None:
    with org_scope(lin.org):
        run_sweep(SYSTEM, lin.org, "reminders", clock.today())
        clock.move_to(clock.now().replace(hour=11))
        order = report(lin.actor, lease_id=lin.lease, spot="kitchen", said="水管漏水")
        move(SYSTEM, case_id=order.case_id, step="drop", reason="已经修过了")
        complaint = file(lin.actor, lease_id=lin.lease, cause="fee", said="水费算错了")
        move(SYSTEM, case_id=complaint.case_id, step="drop", reason="重复了")
    dispatch_all(lin.org)
    page = text(lin.client().get("/p/messages"))
    for place, word in (
        (f"/p/bills/{lin.bill}", "查看账单"),
        (f"/p/repairs/{order.id}", "查看报修"),
        (f"/p/complaints/{complaint.id}", "查看投诉"),
    ):
        assert re.search(rf'href="{place}">{word}<', page), word


def test_a_quarters_bill_has_one_name_in_the_message_and_on_its_page(company: int) -> None:
    he = settle_in(company, "3-1-1302", "何雨桐", "13700002222", cycle_months=3)
    with org_scope(company):
        run_sweep(SYSTEM, company, "reminders", clock.today())
        clock.move_to(clock.now().replace(hour=11))
    dispatch_all(company)
    assert "3-1-1302 的11月至2月账单" in text(he.client().get("/p/messages"))
    assert "11月至2月账单" in text(he.client().get(f"/p/bills/{he.bill}"))


def test_messages_stand_in_the_order_they_came(lin: Home) -> None:
    with org_scope(lin.org):
        run_sweep(SYSTEM, lin.org, "reminders", clock.today())  # written at nine, to be sent at ten
        order = report(lin.actor, lease_id=lin.lease, spot="kitchen", said="水管漏水")
        move(SYSTEM, case_id=order.case_id, step="drop", reason="已经修过了")
    dispatch_all(lin.org)
    with org_scope(lin.org):
        clock.move_to(clock.now().replace(hour=11))
    dispatch_all(lin.org)
    client = lin.client()
    assert "11月账单" in text(client.get("/p/")).partition("<b>消息</b>")[2].partition("</li>")[0]
    page = text(client.get("/p/messages"))
    assert page.index("11月账单") < page.index("报修已撤销")
    with org_scope(lin.org):
        newest, older = inbox(lin.person)
        assert inbox(lin.person, limit=1) == [newest]
        assert inbox(lin.person, before=newest.id) == [older]
        assert newest.id < older.id


def test_no_messages_yet_is_said(lin: Home, zhou: Home) -> None:
    with org_scope(lin.org):
        run_sweep(SYSTEM, lin.org, "reminders", clock.today())
    assert "还没有消息" in text(zhou.client().get("/p/messages"))


@pytest.mark.req("T-11")
def test_my_data_says_what_why_who_and_how_long(lin: Home) -> None:
    page = text(lin.client().get("/p/data"))
    for said in ("林晓雯", "138****1234", "长期存档", "到 2028-02-28", "退租后 1 年", "客服、财务可看"):
        assert said in page, said
    assert PHONE not in page


@pytest.mark.req("T-11")
def test_a_look_at_the_phone_is_shown_to_the_tenant(lin: Home) -> None:
    assert "还没有人看过" in text(lin.client().get("/p/data"))
    with org_scope(lin.org):
        user = User.objects.create_user("shen@example.com")
        staff = Staff.objects.create(user=user, name="沈佳", roles=["finance"])
        for _ in range(4):
            reveal(Actor.staff(staff.id), person_id=lin.person, field="phone", reason="payment")
        assert len(looks(lin.actor)) == 4
    page = text(lin.client().get("/p/data"))
    assert "财务 沈佳　看了手机" in page
    assert "核对收付款" in page
    assert "全部 4 次" in page
    assert text(lin.client().get("/p/data?all=1")).count("沈佳") == 4


@pytest.mark.req("T-11")
def test_a_copy_holds_the_values_in_full_and_is_recorded(lin: Home) -> None:
    answer = lin.client().post("/p/data/copy")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    said = "\n".join(str(row) for row in sheet.iter_rows(values_only=True))  # type: ignore[union-attr]
    for value in (PHONE, "林晓雯", "3-1-1208", "11月账单"):
        assert value in said, value
    with org_scope(lin.org):
        event = timeline(("person", lin.person), limit=1)[0]
    assert (event["action"], event["actor"]) == ("tenants.person.take_copy", f"tenant:{lin.person}")
    assert PHONE not in event["body"]


def test_a_copy_is_never_made_by_a_link(lin: Home) -> None:
    assert lin.client().get("/p/data/copy").status_code == 405
    assert Client().post("/p/data/copy").status_code == 302


def test_every_personal_field_a_tenant_may_see_is_explained() -> None:
    kept = {f.name for f in declared_entity("person").fields.values() if f.sensitivity != "plain" and f.tenant}
    assert kept - {"sort_key", "phone_tail", "handle"} == set(STORED)


def test_retentions_are_said_in_words() -> None:
    for spec in declared_entity("person").fields.values():
        until, _rule = keeping(spec.retention, None)
        assert until
        assert "+" not in until
