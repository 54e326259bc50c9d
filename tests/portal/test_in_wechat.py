"""Paying inside WeChat's own browser: it says who pays, the order is that person's, the sheet opens in the page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import time_machine
from django.test import Client

from anju.foundation.db import fetch, org_scope
from anju.foundation.payments import accounts
from anju.foundation.payments.actions import set_up_account
from anju.foundation.payments.models import PaymentOrder
from anju.foundation.payments.standins.wechat import WechatStandIn
from anju.foundation.payments.standins.wechat_keys import WechatKeys, merchant_number
from tests.payments.conftest import serving
from tests.portal.conftest import SYSTEM, Home, text

WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Mobile MicroMessenger/8.0.60"
WHOLE = {"shown": "2280.00", "wallet": "wechat", "all": "1"}


@pytest.fixture
def till(lin: Home, keys: tuple[Path, WechatKeys], standin: WechatStandIn) -> Iterator[WechatStandIn]:
    """The company takes WeChat Pay and has an official account; the wallet is WeChat's own, not the demo's page."""
    with serving(standin.wsgi) as address:
        open_till(lin, keys[1], address, keys[1].app_secret)
        yield standin
    accounts._opened.clear()


def open_till(home: Home, keys: WechatKeys, address: str, secret: str) -> None:
    config = {
        "mchid": merchant_number(home.org),
        "appid": keys.appid,
        "serial_no": keys.merchant_serial,
        "private_key": keys.merchant_key,
        "apiv3_key": keys.apiv3_key,
        "public_key": keys.platform_public,
        "public_key_id": keys.public_key_id,
        "app_secret": secret,
        "base_url": address,
    }
    with org_scope(home.org):
        set_up_account(SYSTEM, gateway="wechat", name="微信支付", config=config)
    accounts._opened.clear()


def phone(home: Home) -> Client:
    client = home.client()
    client.defaults |= {"HTTP_USER_AGENT": WECHAT, "SERVER_NAME": "localhost"}
    return client


def sent_to_wechat(page: str) -> str:
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found is not None
    return html.unescape(found[1])


def come_back(place: str) -> str:
    """WeChat's browser goes there and is sent straight back; our path with the code."""
    answer = httpx.get(place, trust_env=False)
    assert answer.status_code == 302
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def asked(page: str) -> dict[str, Any]:
    found = re.search(r'data-ask="([^"]+)"', page)
    assert found is not None
    ask: dict[str, Any] = json.loads(html.unescape(found[1]))
    return ask


def leave(client: Client, place: str) -> str:
    """The payer presses the button; where our page leads."""
    return sent_to_wechat(text(client.post(place, WHOLE)))


@pytest.mark.req("R-03")
def test_a_tenant_pays_inside_wechat(lin: Home, till: WechatStandIn) -> None:
    client, bill = phone(lin), f"/p/bills/{lin.bill}"
    assert "在浏览器打开" not in text(client.get(bill))
    place = leave(client, bill)
    assert "scope=snsapi_base" in place
    assert place.endswith("#wechat_redirect")
    page = text(client.get(come_back(place)))
    assert "请在微信里确认付款" in page
    assert till.browser.pay(asked(page)) == {"err_msg": "get_brand_wcpay_request:ok"}
    receipt = text(client.get(f"/p/leases/{lin.lease}/order", follow=True))
    assert "已到账，谢谢您" in receipt


def test_the_openid_is_kept_nowhere(lin: Home, till: WechatStandIn) -> None:
    client = phone(lin)
    client.get(come_back(leave(client, f"/p/bills/{lin.bill}")))
    with org_scope(lin.org):
        tables = fetch(
            "SELECT c.table_name AS t, quote_ident(c.column_name) AS c FROM information_schema.columns c"
            " JOIN information_schema.tables USING (table_schema, table_name) WHERE c.table_schema = 'public'"
            " AND table_type = 'BASE TABLE' AND c.data_type IN ('text', 'character varying', 'jsonb', 'json')"
            " AND has_column_privilege(quote_ident(c.table_name), c.column_name, 'SELECT')"
        )
        found = [
            (row["t"], row["c"])
            for row in tables
            if fetch(
                f'SELECT 1 FROM "{row["t"]}" WHERE {row["c"]}::text LIKE %(like)s',
                {"like": f"%{till.browser.openid()}%"},
            )
        ]
        assert PaymentOrder.objects.get().method == "jsapi"
    assert len(tables) > 100
    assert found == []
    asked_for = till.books.row("SELECT openid FROM orders")
    assert asked_for == {"openid": till.browser.openid()}


def test_a_code_works_once_and_the_way_out_is_said(lin: Home, till: WechatStandIn) -> None:
    client, bill = phone(lin), f"/p/bills/{lin.bill}"
    place = leave(client, bill)
    back = come_back(place)
    kept = client.cookies["anju_wallet"].value
    client.get(back)
    assert client.cookies["anju_wallet"].value == ""
    assert "微信支付 ¥2,280.00" in text(client.get(back))  # a reload is the bill again
    client.cookies["anju_wallet"] = kept
    again = client.get(back)
    assert again.status_code == 422
    assert "微信没有告诉我们由谁付款，没有扣款" in text(again)
    assert "在浏览器打开" in text(again)


def test_a_code_of_another_visit_is_ignored(lin: Home, zhou: Home, till: WechatStandIn) -> None:
    client, bill = phone(lin), f"/p/bills/{lin.bill}"
    back = come_back(leave(client, bill))
    other = phone(lin)
    assert "请在微信里确认付款" not in text(other.get(back))
    neighbour = phone(zhou)
    neighbour.cookies["anju_wallet"] = client.cookies["anju_wallet"].value
    stolen = back.replace(bill, f"/p/bills/{zhou.bill}")
    assert "请在微信里确认付款" not in text(neighbour.get(stolen))
    with org_scope(lin.org):
        assert not PaymentOrder.objects.exists()


def test_the_code_is_too_old_after_five_minutes(lin: Home, till: WechatStandIn) -> None:
    from datetime import UTC, datetime, timedelta

    client = phone(lin)
    back = come_back(leave(client, f"/p/bills/{lin.bill}"))
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=301), tick=True):
        page = text(client.get(back))
    assert "请在微信里确认付款" not in page
    with org_scope(lin.org):
        assert not PaymentOrder.objects.exists()


def test_what_was_paid_meanwhile_is_not_charged(lin: Home, till: WechatStandIn) -> None:
    client = phone(lin)
    back = come_back(leave(client, f"/p/bills/{lin.bill}"))
    lin.pay("280", "bank:part")
    page = client.get(back)
    assert page.status_code == 422
    assert "金额刚刚更新为 ¥2000.00，没有扣款" in text(page)


def test_somebody_else_s_wechat_gets_an_order_of_its_own(lin: Home, till: WechatStandIn) -> None:
    client, bill = phone(lin), f"/p/bills/{lin.bill}"
    first = asked(text(client.get(come_back(leave(client, bill)))))
    same = asked(text(client.get(come_back(leave(client, bill)))))
    assert same["package"] == first["package"]
    till.browser.user = "wang"
    assert till.browser.pay(first)["err_msg"].endswith(":fail")
    second = asked(text(client.get(come_back(leave(client, bill)))))
    assert second["package"] != first["package"]
    assert till.browser.pay(second)["err_msg"].endswith(":ok")
    with org_scope(lin.org):
        assert sorted(PaymentOrder.objects.values_list("state", flat=True)) == ["closed", "prepared"]


def test_a_changed_page_does_not_open_the_sheet(lin: Home, till: WechatStandIn) -> None:
    client = phone(lin)
    ask = asked(text(client.get(come_back(leave(client, f"/p/bills/{lin.bill}")))))
    assert till.browser.pay(ask | {"nonceStr": "0" * 32})["err_msg"].endswith(":fail")
    till.browser.cancels = True
    assert till.browser.pay(ask)["err_msg"].endswith(":cancel")


def test_paying_ahead_and_by_link_go_the_same_way(lin: Home, till: WechatStandIn) -> None:
    client, ahead = phone(lin), f"/p/leases/{lin.lease}/ahead"
    place = sent_to_wechat(text(client.post(ahead, {"months": "6840.00", "wallet": "wechat"})))
    assert "请在微信里确认付款" in text(client.get(come_back(place)))
    from anju.surface.portal.pages.link import Held

    link = f"/b/pay/{Held(lin.org, lin.person, lin.bill).token()}"
    nobody = Client(headers={"User-Agent": WECHAT}, SERVER_NAME="localhost")
    assert "请在微信里确认付款" in text(nobody.get(come_back(leave(nobody, link))))


def test_without_an_account_the_page_leads_out_of_wechat_as_before(
    lin: Home, keys: tuple[Path, WechatKeys], till: WechatStandIn
) -> None:
    with serving(till.wsgi) as address:
        open_till(lin, keys[1], address, "")
        assert "在浏览器打开" in text(phone(lin).get(f"/p/bills/{lin.bill}"))
    accounts._opened.clear()


def test_a_wrong_secret_says_what_to_do(lin: Home, keys: tuple[Path, WechatKeys], till: WechatStandIn) -> None:
    with serving(till.wsgi) as address:
        open_till(lin, keys[1], address, "0" * 32)
        client = phone(lin)
        page = client.get(come_back(leave(client, f"/p/bills/{lin.bill}")))
    assert page.status_code == 422
    assert "没有扣款" in text(page)
    accounts._opened.clear()
