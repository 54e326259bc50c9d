"""渠道与收款 in a browser, wide and narrow: providers are set up and tried; switching off is looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from anju.foundation.db import clock, org_scope
from anju.foundation.payments import accounts
from anju.foundation.payments.standins.wechat_keys import merchant_number
from anju.foundation.staffing.actions import add_staff, create_organization
from tests.browser.conftest import audit
from tests.browser.test_people import PASSWORD, SYSTEM, sign_in
from tests.browser.test_portal import shot
from tests.messaging.house import Gateway, gateway, secret_of
from tests.payments.conftest import keys, serving, standin, trade_day

__all__ = ["gateway", "keys", "standin", "trade_day"]

pytestmark = pytest.mark.browser


@pytest.fixture
def org(site: str) -> int:
    """A drill company without providers, and its administrator."""
    made = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(made):
        clock.move_to(datetime(2026, 11, 22, 9, tzinfo=clock.SHANGHAI))
        add_staff(SYSTEM, login="xu", name="许婧", roles=["admin"], password=PASSWORD)
    accounts._opened.clear()
    return made


@pytest.mark.req("L-01")
def test_providers_are_set_up_at_a_desk(
    site: str, org: int, desk: Any, gateway: Gateway, keys: Any, standin: Any
) -> None:
    sign_in(desk, site, "xu")
    desk.get_by_role("link", name="渠道与收款").click()
    audit(desk)
    desk.locator("#wechat").get_by_role("link", name="开始设置").click()
    with serving(standin.wsgi) as address:
        for name, value in {
            "mchid": merchant_number(org),
            "appid": keys[1].appid,
            "serial_no": keys[1].merchant_serial,
            "private_key": keys[1].merchant_key,
            "apiv3_key": "short",
            "public_key_id": keys[1].public_key_id,
            "public_key": keys[1].platform_public,
            "base_url": address,
            "proof": PASSWORD,
        }.items():
            desk.fill(f"[name={name}]", value)
        desk.get_by_role("button", name="保存并启用").click()
        desk.wait_for_selector("text=API v3 密钥是 32 个字符。")
        desk.said.clear()  # the browser notes the 422
        audit(desk)
        for name, value in {
            "private_key": keys[1].merchant_key,
            "apiv3_key": keys[1].apiv3_key,
            "public_key": keys[1].platform_public,
            "proof": PASSWORD,
        }.items():
            desk.fill(f"[name={name}]", value)
        desk.get_by_role("button", name="保存并启用").click()
        desk.wait_for_selector("text=已保存。建议马上测试一次。")
        desk.get_by_role("button", name="测试连接").click()
        desk.wait_for_selector("text=微信支付已接通")
    assert "由许婧填写" in desk.inner_text("main")
    assert keys[1].apiv3_key not in desk.content()
    shot(desk, "providers-wechat")
    audit(desk)
    desk.get_by_role("link", name="看看影响再停用").click()
    desk.wait_for_selector("text=停用后会怎样")
    audit(desk)


def test_providers_are_set_up_on_a_phone(site: str, org: int, phone: Any, gateway: Gateway) -> None:
    sign_in(phone, site, "xu")
    phone.goto(f"{site}/system/providers")
    audit(phone)
    phone.locator("#sms").get_by_role("link", name="开始设置").click()
    key = gateway.key_id(org)
    for name, value in {
        "key_id": key,
        "key_secret": secret_of(key) or "",
        "sign_name": "安居公寓",
        "endpoint": gateway.url,
        "proof": PASSWORD,
    }.items():
        phone.fill(f"[name={name}]", value)
    phone.get_by_role("button", name="保存并启用").click()
    phone.wait_for_selector("text=已保存。建议马上测试一次。")
    phone.fill("[name=to]", "13900005567")
    phone.get_by_role("button", name="发送测试").click()
    phone.wait_for_selector("text=请看看 13900005567 收到没有")
    assert len(gateway.phone(org, "13900005567")) == 1
    shot(phone, "providers-sms")
    audit(phone)
    for path in ("sms/texts", "sms/off", "email"):
        phone.goto(f"{site}/system/providers/{path}")
        audit(phone)
