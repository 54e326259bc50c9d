"""A tenant's phone: the message, its link, the wallet, the receipt; and every page of the portal looked at by axe."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from anju.foundation.db import clock, fetch_value, org_scope
from anju.foundation.messaging.dispatch import dispatch_all
from anju.foundation.payments import accounts
from anju.foundation.payments.standins.drill_account import set_up_drill_account
from anju.foundation.sweeps.run import run_sweep
from tests.browser.conftest import audit
from tests.messaging.house import Gateway, gateway
from tests.payments.conftest import keys, serving, standin, trade_day
from tests.portal.conftest import PHONE, SYSTEM, Home, make_company, settle_in

__all__ = ["gateway", "keys", "standin", "trade_day"]

pytestmark = pytest.mark.browser
DUE_DAY = datetime(2026, 11, 25, 9, 30, tzinfo=clock.SHANGHAI)
SHOTS = os.environ.get("ANJU_SHOTS", "")


def shot(page: Any, name: str) -> None:
    """A picture to look at, where the run asks for them (``ANJU_SHOTS``: a folder)."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.fixture
def lin(site: str, standin: Any, keys: Any) -> Iterator[Home]:
    """林晓雯 and her open November bill, in a company that takes WeChat Pay; callbacks come over HTTP."""
    home = settle_in(make_company("安居示范公寓"), "3-1-1208", "林晓雯", PHONE)
    with serving(standin.wsgi) as address:
        with org_scope(home.org):
            set_up_drill_account(SYSTEM, home=keys[0], address=address)
        accounts._opened.clear()
        standin.start()
        yield home
        standin.courier.stop()
    accounts._opened.clear()


def remind(home: Home, gateway: Gateway) -> str:
    """It is the due day: the reminder goes out, in the app and as SMS. Gives the SMS."""
    gateway.set_up(home.org)
    with org_scope(home.org):
        clock.move_to(DUE_DAY)
        run_sweep(SYSTEM, home.org, "reminders", DUE_DAY.date())
    dispatch_all(home.org)
    (sms,) = gateway.phone(home.org, PHONE)
    return sms


def enter(phone: Any, site: str, home: Home) -> None:
    """Signed in already, from an earlier visit."""
    from anju.foundation.identity import sessions

    cookie = sessions.open_tenant_session(home.org, home.person)
    phone.context.add_cookies([{"name": sessions.TENANT_COOKIE, "value": cookie, "url": site}])


@pytest.mark.req("R-03")
@pytest.mark.req("R-08")
def test_from_the_message_to_the_receipt_without_signing_in(site: str, lin: Home, gateway: Gateway, phone: Any) -> None:
    sms = remind(lin, gateway)
    found = re.search(r"https?://\S+/b/\w+", sms)
    assert found, sms
    phone.goto(found[0])
    assert "给 林* 的11月账单" in phone.inner_text("main")
    assert "林晓雯" not in phone.content()
    shot(phone, "link")
    audit(phone)
    phone.get_by_role("button", name="微信支付 ¥2,280.00").click()
    phone.wait_for_url("**/pay/**")
    shot(phone, "wallet")
    phone.get_by_role("button", name="确认支付").click()
    phone.wait_for_selector("text=已到账，谢谢您")
    shot(phone, "link-paid")
    audit(phone)
    phone.get_by_role("link", name="登录看明细和收据").click()
    phone.get_by_label("手机号").fill("138 0000 1234")
    shot(phone, "sign-in")
    audit(phone)
    phone.get_by_role("button", name="获取验证码").click()
    phone.wait_for_selector("text=如果 138****1234 登记过")
    shot(phone, "code")
    audit(phone)
    dispatch_all(lin.org)
    code = re.search(r"验证码是(\d{6})", gateway.phone(lin.org, PHONE)[-1])
    assert code
    phone.get_by_label("验证码").fill(code[1])
    phone.get_by_role("button", name="登录").click()
    phone.wait_for_selector("text=已付清")
    assert phone.url.endswith(f"/p/bills/{lin.bill}")
    shot(phone, "bill-paid")
    audit(phone)
    phone.get_by_role("link", name="看收据").click()
    phone.wait_for_selector("text=已到账，谢谢您")
    shot(phone, "receipt")
    audit(phone)
    with phone.expect_download() as file:
        phone.get_by_role("link", name="保存收据").click()
    assert Path(file.value.path()).read_bytes().startswith(b"%PDF")
    with org_scope(lin.org):
        assert fetch_value("SELECT sum(opened) FROM short_link") == 1


def test_three_taps_and_the_red_dot(site: str, lin: Home, gateway: Gateway, phone: Any) -> None:
    remind(lin, gateway)
    enter(phone, site, lin)
    phone.goto(f"{site}/p/")
    assert phone.locator(".p-dot").inner_text().startswith("1")
    shot(phone, "home-due-today")
    audit(phone)
    phone.get_by_role("link", name="消息").click()
    phone.wait_for_selector("text=11月25日是付款日")
    shot(phone, "messages")
    audit(phone)
    phone.get_by_role("link", name="首页").click()
    phone.wait_for_selector("text=11月账单待支付")
    assert phone.locator(".p-dot").count() == 0
    phone.get_by_role("link", name="立即支付").click()
    phone.get_by_role("button", name="微信支付 ¥2,280.00").click()
    phone.get_by_role("button", name="确认支付").click()
    phone.wait_for_url("**/p/receipts/*")
    assert "下次付款" in phone.inner_text("main")


def test_a_cancelled_payment_leads_back_and_charges_once(site: str, lin: Home, standin: Any, phone: Any) -> None:
    enter(phone, site, lin)
    for _ in range(2):
        phone.goto(f"{site}/p/bills/{lin.bill}")
        phone.get_by_role("button", name="微信支付 ¥2,280.00").click()
        phone.get_by_role("button", name="取消").click()
        phone.wait_for_selector("text=正在确认付款")
    assert len(standin.books.rows("SELECT number FROM orders")) == 1
    phone.wait_for_selector("text=继续支付", timeout=20_000)
    shot(phone, "waiting")
    audit(phone)
    phone.get_by_role("link", name="继续支付").click()
    phone.get_by_role("button", name="微信支付 ¥2,280.00").click()
    phone.get_by_role("button", name="确认支付").click()
    phone.wait_for_url("**/p/receipts/*")


def test_every_page_is_sound(site: str, lin: Home, phone: Any, browser: Any) -> None:
    with org_scope(lin.org):
        from anju.domain.tenants.actions import reveal

        reveal(SYSTEM, person_id=lin.person, field="phone", reason="contact")
    enter(phone, site, lin)
    rest = {"pay": "pay", "ahead": "ahead", "bills": "bills", "statement": "statement", "order": "order"}
    places = {
        "home": "/p/", "bill": f"/p/bills/{lin.bill}", "lease": f"/p/leases/{lin.lease}", "none": "/p/messages",
        "data": "/p/data", "missing": "/p/bills/999999", **{k: f"/p/leases/{lin.lease}/{v}" for k, v in rest.items()},
    }  # fmt: skip
    for name, place in places.items():
        phone.goto(f"{site}{place}")
        shot(phone, name)
        phone.said[:] = [said for said in phone.said if "404" not in said]
        audit(phone)
    phone.goto(f"{site}/p/")
    phone.get_by_role("button", name="大字").click()
    phone.wait_for_selector("html.is-large")
    shot(phone, "home-large")
    audit(phone)
    phone.set_viewport_size({"width": 320, "height": 640})
    audit(phone)


def test_a_wide_screen_shows_the_same_pages(site: str, lin: Home, desk: Any) -> None:
    enter(desk, site, lin)
    for name, place in {"desk-home": "/p/", "desk-bill": f"/p/bills/{lin.bill}", "desk-data": "/p/data"}.items():
        desk.goto(f"{site}{place}")
        shot(desk, name)
        audit(desk)
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.tagName") == "A"
