"""A tenant inside WeChat: the page's own script opens the sheet, which checks the signature as WeChat does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from anju.foundation.payments import accounts
from tests.browser.conftest import PHONE as SIZE
from tests.browser.conftest import audit, opened
from tests.browser.test_portal import enter, shot
from tests.payments.conftest import keys, serving, standin, trade_day
from tests.portal.conftest import PHONE, Home, make_company, settle_in
from tests.portal.test_in_wechat import WECHAT, open_till

__all__ = ["keys", "standin", "trade_day"]

pytestmark = pytest.mark.browser
BRIDGE = """
window.WeixinJSBridge = {invoke: (name, ask, done) => window.wechatSheet(name, ask).then(done)};
"""


@pytest.fixture
def lin(site: str, standin: Any, keys: Any) -> Iterator[Home]:
    """林晓雯 and her open bill, in a company whose official account may ask who pays."""
    home = settle_in(make_company("安居示范公寓"), "3-1-1208", "林晓雯", PHONE)
    with serving(standin.wsgi) as address:
        open_till(home, keys[1], address, keys[1].app_secret)
        standin.start()
        yield home
        standin.courier.stop()
    accounts._opened.clear()


@pytest.fixture
def wechat(browser: Any, standin: Any) -> Iterator[Any]:
    """WeChat's browser on a phone, its bridge answered by the stand-in."""
    with opened(browser, viewport=SIZE, is_mobile=True, has_touch=True, user_agent=WECHAT) as page:
        page.asked = []

        def sheet(name: str, ask: dict[str, str]) -> Any:
            page.asked.append(name)
            return standin.browser.pay(ask)

        page.expose_function("wechatSheet", sheet)
        page.add_init_script(BRIDGE)
        yield page


@pytest.mark.req("R-03")
def test_paying_inside_wechat_changes_of_mind_included(site: str, lin: Home, standin: Any, wechat: Any) -> None:
    enter(wechat, site, lin)
    standin.browser.cancels = True
    wechat.goto(f"{site}/p/bills/{lin.bill}")
    wechat.get_by_role("button", name="微信支付 ¥2,280.00").click()
    wechat.wait_for_selector("text=您还没有付款，没有扣款。")
    shot(wechat, "in-wechat-cancelled")
    audit(wechat)
    standin.browser.cancels = False
    wechat.get_by_role("button", name="打开微信支付").click()
    wechat.wait_for_selector("text=已到账，谢谢您")
    assert wechat.asked == ["getBrandWCPayRequest"] * 2
    audit(wechat)
