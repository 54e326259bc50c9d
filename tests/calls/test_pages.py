"""隐私电话 on the technician's phone, on the case's page, on the tenant's phone; who called stands in 我的资料."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from anju.foundation.calls.actions import ask, enter_phone
from anju.foundation.calls.models import CallBinding, StaffPhone
from anju.foundation.flows.actions import move
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.models import Staff
from anju.kit import Actor, Refused
from tests.calls.conftest import BOTH, MINE, THEIRS, Exchange, reachable
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block
from tests.workorders.test_orders import ROOM, leak
from tests.workorders.test_pages import phone


def clean(page: str) -> str:
    """A page without a number of anybody."""
    assert not [secret for secret in BOTH if secret in page]
    return page


def on_site(block: Block) -> tuple[Client, FlowCase]:
    """A technician's phone with an order on it."""
    client = signed_in("maintenance", name="赵永康")
    case = leak(block).case
    reachable(block.tenant(ROOM))
    move(Actor.staff(Staff.objects.get(name="赵永康").id), case_id=case.id, step="accept")
    return client, case


@pytest.mark.req("T-04")
def test_from_the_order_in_two_taps(block: Block, exchange: Exchange) -> None:
    client, case = on_site(block)
    order = clean(text(client, f"/f/orders/{case.id}"))
    assert 'form="call"' in order
    assert "隐私电话" in order
    asked = client.post(f"/f/orders/{case.id}/call")
    assert asked.status_code == 422
    assert "请先填写您自己的手机号" in asked.content.decode()
    wrong = client.post(f"/f/orders/{case.id}/call", {"phone": "123"})
    assert "11 位数字" in wrong.content.decode()
    shown = client.post(f"/f/orders/{case.id}/call", {"phone": MINE})
    page = clean(shown.content.decode())
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    number = CallBinding.objects.get()
    assert f'href="tel:{number.x_number}"' in page
    assert re.search(r"(29|30) 分钟内有效", page)
    assert exchange.dial(number) == THEIRS


@pytest.mark.req("T-04")
def test_where_it_is_not_set_up_there_is_no_button(block: Block) -> None:
    client, case = on_site(block)
    assert "隐私电话" not in text(client, f"/f/orders/{case.id}")
    said = client.post(f"/f/orders/{case.id}/call")
    assert said.status_code == 422
    assert "还没有开通隐私号服务" in said.content.decode()
    assert refusal(client, "/f/orders/999999/call", {}) == 404


@pytest.mark.req("T-04")
def test_the_cases_page_lends_a_number_and_tells_of_the_call(block: Block, exchange: Exchange) -> None:
    _, case = on_site(block)
    client = signed_in("service", name="林晓")
    assert "您自己的手机号" in clean(text(client, f"/cases/{case.id}"))
    assert client.post(f"/cases/{case.id}/call", {"phone": MINE}).status_code == 302
    assert StaffPhone.objects.count() == 1
    number = CallBinding.objects.get()
    assert f"tel:{number.x_number}" in clean(text(client, f"/cases/{case.id}"))
    exchange.dial(number, MINE, 62)
    exchange.release()
    page = clean(text(client, f"/cases/{case.id}"))
    assert "林晓 通过隐私号联系了租客，通话 62 秒" in page
    assert "申请了隐私号，30 分钟内有效" in page
    person = case.persons[0]
    assert "林晓 通过隐私号联系了租客，通话 62 秒" in text(client, f"/tenants/{person}?tab=timeline")


@pytest.mark.req("T-04")
@pytest.mark.req("T-11")
def test_the_tenant_calls_the_technician_and_sees_who_called(block: Block, exchange: Exchange) -> None:
    case = leak(block).case
    client = phone(block)
    path = f"/p/repairs/{case.subject_id}"
    assert "用隐私号打给师傅" not in text(client, path)
    signed_in("maintenance", name="赵永康")
    technician = Actor.staff(Staff.objects.get(name="赵永康").id)
    reachable(block.tenant(ROOM))
    move(technician, case_id=case.id, step="accept")
    assert "用隐私号打给师傅" in text(client, path)
    assert "对方没有可用的手机号" in client.post(f"{path}/call").content.decode()
    enter_phone(technician, phone=MINE)
    page = clean(client.post(f"{path}/call").content.decode())
    number = CallBinding.objects.get()
    assert f'href="tel:{number.x_number}"' in page
    assert exchange.dial(number, THEIRS, 30) == MINE
    exchange.release()
    assert "还没有人看过您的完整资料" in text(client, "/p/data")
    assert exchange.dial(ask(technician, case_id=case.id), MINE, 62) == THEIRS
    exchange.release()
    data = text(client, "/p/data")
    assert "赵永康" in data
    assert "用隐私号打过电话" in data
    assert "通话 62 秒，看不到您的号码" in data
    with pytest.raises(Refused, match="not_found"):
        ask(block.tenant("3-1-0601"), case_id=case.id)
