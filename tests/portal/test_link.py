"""A short link opens an amount and a way to pay, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from anju.foundation.db import clock, fetch_value, org_scope
from anju.foundation.messaging import links
from anju.foundation.payments.models import PaymentOrder
from anju.foundation.payments.standins.wechat import WechatStandIn
from anju.surface.portal.pages.link import Held
from tests.portal.conftest import Home, confirm, text


def make(home: Home, **more: Any) -> str:
    """The link a reminder would carry."""
    with org_scope(home.org):
        expires = clock.wall() + timedelta(days=30)
        return f"/b/{links.make_link('bill', home.bill, expires, person_id=home.person)}"


def pay_place(page: str) -> str:
    found = re.search(r'action="(/b/pay/[^"]+)"', page)
    assert found
    return found[1]


def test_a_link_shows_amount_masked_name_and_due_day_only(lin: Home, wallet: WechatStandIn) -> None:
    page = text(Client().get(make(lin)))
    assert "给 林* 的11月账单" in page
    assert "<i>¥</i>2,280<small>.00" in page
    assert "11月25日（周三）" in page
    for hidden in ("林晓雯", "3-1-1208", "1234", "房租", "HZ26"):
        assert hidden not in page, hidden


def test_a_link_speaks_the_language_chosen_on_this_phone(lin: Home, wallet: WechatStandIn) -> None:
    client = Client()
    client.cookies["anju_language"] = "en"
    page = text(client.get(make(lin)))
    assert 'lang="en"' in page
    assert "给 林* 的11月账单" not in page


def test_a_link_pays_without_signing_in_and_signs_nobody_in(lin: Home, wallet: WechatStandIn) -> None:
    client = Client()
    place = pay_place(text(client.get(make(lin))))
    client.post(place, {"shown": "2280.00", "wallet": "wechat"})
    back = place.replace("/b/pay/", "/b/order/")
    assert "正在确认付款" in text(client.get(back))
    confirm(wallet)
    page = text(client.get(back))
    assert "已到账，谢谢您" in page
    assert "2026-11-22 09:00" in page
    assert client.get("/p/").status_code == 302
    assert "anju_tenant" not in client.cookies


def test_link_and_portal_share_one_order(lin: Home, wallet: WechatStandIn) -> None:
    place = pay_place(text(Client().get(make(lin))))
    phone = {"User-Agent": "Mozilla/5.0 (iPhone) Mobile"}
    Client(headers=phone).post(place, {"shown": "2280.00", "wallet": "wechat"})
    lin.client().post(f"/p/bills/{lin.bill}", {"shown": "2280.00", "wallet": "wechat", "all": "1"})
    with org_scope(lin.org):
        assert PaymentOrder.objects.count() == 1


def test_an_opening_is_counted_once(lin: Home, wallet: WechatStandIn) -> None:
    place = make(lin)
    client = Client()
    pay = pay_place(text(client.get(place)))
    client.get(pay)
    client.post(pay, {"shown": "2280.00"})
    assert fetch_value("SELECT opened FROM short_link") == 1
    client.get(place)
    assert fetch_value("SELECT opened FROM short_link") == 2


def test_a_paid_bill_says_so(lin: Home, wallet: WechatStandIn) -> None:
    place = make(lin)
    pay = pay_place(text(Client().get(place)))
    lin.pay("2280")
    assert "这张账单已付清" in text(Client().get(place))
    assert "这张账单已付清" in text(Client().post(pay, {"shown": "2280.00"}))
    with org_scope(lin.org):
        assert PaymentOrder.objects.count() == 0


def test_everything_else_asks_for_the_phone_code_of_that_company(lin: Home, wallet: WechatStandIn) -> None:
    page = text(Client().get(make(lin)))
    assert f'href="/p/sign-in?org={lin.org}&amp;next=%2Fp%2Fbills%2F{lin.bill}"' in page
    assert Client().get(f"/p/bills/{lin.bill}").headers["Location"].startswith("/p/sign-in?next=")


@pytest.mark.parametrize("forged", ["x", "eyJvcmciOjF9:1abc:xyz", "::"])
def test_a_forged_token_is_nothing(lin: Home, forged: str) -> None:
    for place in ("pay", "order"):
        assert Client().get(f"/b/{place}/{forged}").status_code == 404


def test_a_page_open_for_days_asks_for_the_link_again(lin: Home, wallet: WechatStandIn) -> None:
    place = pay_place(text(Client().get(make(lin))))
    with time_machine.travel(clock.wall() + timedelta(days=3)):
        page = Client().post(place, {"shown": "2280.00"})
    assert page.status_code == 422
    assert "请从最近一条消息里重新点开" in text(page)


def test_a_link_made_for_somebody_who_left_the_lease_opens_nothing(lin: Home, zhou: Home) -> None:
    crossed = Held(lin.org, zhou.person, lin.bill)
    assert Client().get(f"/b/pay/{crossed.token()}").status_code == 404


def test_unknown_and_expired_links_say_what_to_do(lin: Home) -> None:
    place = make(lin)
    with time_machine.travel(clock.wall() + timedelta(days=31)):
        page = Client().get(place)
    assert page.status_code == 422
    assert "这个链接已过期" in text(page)
    page = Client().get("/b/abcdefghjkm")
    assert "这个链接打不开" in text(page)
