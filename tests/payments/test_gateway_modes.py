"""The adapter against the stand-in: certificates as well as public keys, clocks, reused numbers, keys on disk."""

from __future__ import annotations

import json
import stat
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import time_machine

from anju.foundation.crypto import org_decrypt, org_encrypt
from anju.foundation.db import clock, org_scope
from anju.foundation.payments import accounts
from anju.foundation.payments.accounts import opened
from anju.foundation.payments.gateways import Ask, BadNotice, GatewayError
from anju.foundation.payments.models import MerchantAccount
from anju.foundation.payments.standins.drill_account import set_up_drill_account
from anju.foundation.payments.standins.wechat import WechatStandIn
from anju.foundation.payments.standins.wechat_courier import LADDER, Courier
from anju.foundation.payments.standins.wechat_keys import WechatKeys, ensure_wechat_keys
from anju.foundation.payments.standins.wechat_signing import Signer
from anju.kit import Money, Refused
from tests.payments.conftest import SYSTEM, Shop, Till, open_shop, serving


@pytest.fixture
def certified_shop(
    committing: None, keys: tuple[Path, WechatKeys], web: str, till: Till, settings: Any
) -> Iterator[Shop]:
    """A shop whose gateway is checked by certificate."""
    settings.BASE_URL = web
    standin = WechatStandIn(keys[1], by_certificate=True)
    with serving(standin.wsgi) as url:
        yield open_shop(keys[0], standin, url, web, till, by_certificate=True)
    standin.books.close()


@pytest.mark.req("R-03")
def test_in_certificate_mode_callbacks_and_answers_are_checked_too(certified_shop: Shop) -> None:
    number = certified_shop.start().number
    certified_shop.pay(number, signature="broken", times=1)
    assert certified_shop.deliver() == [401]
    assert certified_shop.deliver(everything=True) == [204]
    assert certified_shop.state(number).paid


def test_forged_serials_do_not_make_us_fetch_certificates_each_time(certified_shop: Shop) -> None:
    with org_scope(certified_shop.org):
        gateway = opened("wechat").gateway
    asked: list[str] = []
    real = certified_shop.standin.answer

    def counting(request: Any) -> Any:
        asked.append(request.path)
        return real(request)

    certified_shop.standin.answer = counting  # type: ignore[method-assign]
    for n in range(20):
        headers = {k.lower(): v for k, v in certified_shop.standin.signer.headers(b"{}").items()}
        headers["wechatpay-serial"] = f"{n + 1:040X}"
        with pytest.raises(BadNotice, match="wrong_signature"):
            gateway.verify_notice(headers, b"{}", clock.wall())
    assert len(asked) <= 1


def ask_for(shop: Shop, number: str, fen: int) -> dict[str, str]:
    with org_scope(shop.org):
        gateway = opened("wechat").gateway
    url = f"{shop.web_url}/pay/notify/wechat/{shop.org}"
    expires = clock.wall().astimezone(clock.SHANGHAI).replace(minute=59, second=59, microsecond=0)
    from datetime import timedelta

    return gateway.prepare(Ask(number, "native", Money.fen(fen), "包裹", expires + timedelta(hours=1), url))


def test_the_same_number_may_be_asked_again_but_not_for_something_else(shop: Shop) -> None:
    assert ask_for(shop, "AJ-SAME-NUMBER", 100) == ask_for(shop, "AJ-SAME-NUMBER", 100)
    with pytest.raises(GatewayError, match="OUT_TRADE_NO_USED"):
        ask_for(shop, "AJ-SAME-NUMBER", 101)


def test_a_clock_more_than_five_minutes_off_is_refused_by_the_gateway(shop: Shop) -> None:
    with org_scope(shop.org):
        gateway = opened("wechat").gateway
    authorization: list[str] = []
    real = shop.standin.signer.merchant_of

    def late(method: str, target: str, body: bytes, header: str) -> str:
        authorization.append(header)
        with time_machine.travel(time.time() + 301, tick=True):
            return real(method, target, body, header)

    shop.standin.signer.merchant_of = late  # type: ignore[method-assign,assignment]
    with pytest.raises(GatewayError, match="SIGN_ERROR"):
        gateway.query("AJ-ANY-NUMBER")
    assert authorization


def test_a_request_signed_by_nobody_is_refused(shop: Shop) -> None:
    with httpx.Client(trust_env=False, base_url=shop.gateway_url) as client:
        answer = client.get("/v3/pay/transactions/out-trade-no/AJ1?mchid=1600000001")
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")


def test_mischief_needs_the_token(shop: Shop) -> None:
    number = shop.start().number
    token = {"Authorization": f"Bearer {shop.standin.keys.control_token}"}
    with httpx.Client(trust_env=False, base_url=shop.gateway_url) as client:
        assert client.post("/control/pay", json={"number": number}).status_code == 403
        through_a_proxy = token | {"X-Forwarded-For": "203.0.113.9"}
        assert client.post("/control/pay", json={"number": number}, headers=through_a_proxy).status_code == 403
        assert client.post("/control/damage", json={"repeat": 1}, headers=token).status_code == 200
        assert client.post("/control/pay", json={"number": number}, headers=token).status_code == 200
        assert client.post("/control/deliver", headers=token).json() == {"done": [204, 204]}
        assert client.get("/control/orders", headers=token).json()[0]["state"] == "SUCCESS"
    assert len(shop.till.posted) == 1


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    keys = ensure_wechat_keys(tmp_path)
    assert ensure_wechat_keys(tmp_path) == keys
    file = tmp_path / "standins" / "wechat-standin.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(keys.apiv3_key) == 32


def test_the_ladder_goes_on_after_a_restart_and_ends(keys: tuple[Path, WechatKeys], tmp_path: Path) -> None:
    from anju.foundation.payments.standins.wechat_books import Books

    file = tmp_path / "wechat.sqlite"
    first = Courier(Books(file), Signer(keys[1]))
    inside = {"out_trade_no": "AJ1", "amount": {"total": 1}}
    first.post("TRANSACTION.SUCCESS", "http://127.0.0.1:9/nobody", inside, "2026-11-22T12:00:00+08:00", {})
    assert first.deliver() == [0]
    first.books.close()
    books = Books(file)
    again = Courier(books, Signer(keys[1]))
    for _attempt in LADDER:
        assert again.deliver() == []  # not yet due
        assert again.deliver(everything=True) == [0]
    assert books.rows("SELECT state, attempts FROM deliveries") == [{"state": "given up", "attempts": 16}]
    books.close()


def test_the_courier_thread_delivers_by_itself(shop: Shop) -> None:
    shop.standin.courier.start()
    try:
        number = shop.start().number
        shop.pay(number)
        deadline = time.monotonic() + 20
        while not shop.state(number).paid and time.monotonic() < deadline:
            pass
        assert shop.state(number).paid
    finally:
        shop.standin.courier.stop()


def test_a_changed_account_still_hears_of_its_old_orders(shop: Shop, keys: tuple[Path, WechatKeys]) -> None:
    from anju.foundation.payments.actions import set_up_account

    number = shop.start().number
    other = ensure_wechat_keys(keys[0].parent / "other")
    with org_scope(shop.org):
        set_up_account(
            SYSTEM,
            gateway="wechat",
            name="新商户号",
            drill=True,
            config={
                "mchid": "1600999999",
                "appid": other.appid,
                "serial_no": other.merchant_serial,
                "private_key": other.merchant_key,
                "apiv3_key": other.apiv3_key,
                "public_key": other.platform_public,
                "public_key_id": other.public_key_id,
                "base_url": shop.gateway_url,
                "drill": True,
            },
        )
    shop.pay(number)
    assert shop.deliver() == [204]
    assert shop.state(number).paid


@pytest.mark.parametrize("address", ["https://api.mch.weixin.qq.com", "https://127.0.0.1.example.com", ""])
def test_a_drill_company_never_reaches_a_real_gateway(
    company: int, keys: tuple[Path, WechatKeys], address: str
) -> None:
    with pytest.raises(Refused, match=r"payments\.drill_only"):
        set_up_drill_account(SYSTEM, home=keys[0], address=address)
    assert not MerchantAccount.objects.exists()


def test_a_real_account_is_left_alone_once_a_company_is_a_drill(shop: Shop) -> None:
    assert shop.start().state == "prepared"
    with org_scope(shop.org):
        row = MerchantAccount.objects.get()
        config = json.loads(org_decrypt(bytes(row.config), context=accounts.SEAL))
        row.config = org_encrypt(
            json.dumps(config | {"base_url": "https://pay.example.com"}).encode(), context=accounts.SEAL
        )
        row.save(update_fields=["config"])
        clock.move_to(datetime(2026, 1, 1, 9, tzinfo=clock.SHANGHAI))
    accounts.forget(shop.org, "wechat")
    with org_scope(shop.org), pytest.raises(Refused, match=r"payments\.no_account"):
        accounts.opened("wechat")
