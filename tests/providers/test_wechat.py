"""微信支付 in the console: keys go in and never come out; what does not work is not kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from anju.foundation.db import fetch
from anju.foundation.payments.accounts import opened
from anju.foundation.payments.actions import change_account, close_account, start_payment, try_account
from anju.foundation.payments.models import MerchantAccount, PaymentOrder
from anju.foundation.payments.queries import ways_to_pay
from anju.foundation.payments.standins.wechat_keys import new_keys
from anju.kit import Actor, Money, Refused
from tests.providers.conftest import WECHAT, Desk
from tests.staff import refusal, signed_in, text


def only(desk: Desk) -> MerchantAccount:
    return MerchantAccount.objects.get()


@pytest.mark.req("L-01")
def test_an_administrator_sets_wechat_pay_up_without_a_script(desk: Desk, wechat: dict[str, str]) -> None:
    assert "未设置" in desk.see("/system/providers")
    status, page = desk.send(WECHAT, **wechat)
    assert status == 302
    assert "已保存。建议马上测试一次。" in page
    assert opened("wechat").gateway.prepare  # it opens
    assert [way.gateway for way in ways_to_pay()] == ["wechat"]
    assert "微信支付已接通" in desk.attempt(WECHAT)
    assert f"/pay/notify/wechat/{desk.company}" in page


def test_secrets_are_never_shown_again(desk: Desk, wechat: dict[str, str]) -> None:
    desk.send(WECHAT, **wechat)
    page = desk.see(WECHAT) + desk.see("/system/providers")
    for name in ("private_key", "apiv3_key", "public_key", "app_secret"):
        assert wechat[name] not in page
    assert "MII" not in page
    assert "由许婧填写；留空表示不变" in page
    stored = bytes(only(desk).config)
    assert wechat["apiv3_key"].encode() not in stored
    told = "".join(row["body"] for row in fetch("SELECT body FROM trace_event"))
    assert wechat["apiv3_key"] not in told
    assert wechat["app_secret"] not in told


def test_what_was_refused_does_not_come_back_with_its_secrets(desk: Desk, wechat: dict[str, str]) -> None:
    status, page = desk.send(WECHAT, **wechat | {"mchid": "12"})
    assert status == 422
    assert "商户号是 8 至 10 位数字。" in page
    assert wechat["apiv3_key"] not in page
    assert wechat["appid"] in page
    assert not MerchantAccount.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("appid", "wx123", "AppID 以 wx 开头"),
        ("serial_no", "xyz", "序列号是 16 至 40 位"),
        ("private_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "粘贴进来"),
        ("apiv3_key", "short", "API v3 密钥是 32 个字符"),
        ("public_key_id", "", "公钥和公钥 ID 都要填"),
        ("base_url", "http://pay.example.com", "https:// 开头"),
    ],
)
def test_each_malformed_value_is_marked(desk: Desk, wechat: dict[str, str], field: str, value: str, said: str) -> None:
    status, page = desk.send(WECHAT, **wechat | {field: value})
    assert status == 422
    assert said in page
    assert not MerchantAccount.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("private_key", "微信支付不认我们的签名"),
        ("public_key", "微信支付的应答验不过签名"),
        ("appid", "AppID 没有绑定这个商户号"),
        ("app_secret", "公众号的 AppSecret 不对"),
        ("base_url", "连不上微信支付"),
    ],
)
def test_what_wechat_does_not_take_is_not_kept(desk: Desk, wechat: dict[str, str], change: str, said: str) -> None:
    others = new_keys()
    wrong = {
        "private_key": others.merchant_key,
        "public_key": others.platform_public,
        "appid": "wx0123456789abcdef",
        "app_secret": "0" * 32,
        "base_url": "http://127.0.0.1:9",
    }
    status, page = desk.send(WECHAT, **wechat | {change: wrong[change]})
    assert status == 422
    assert said in page
    assert not MerchantAccount.objects.exists()


def test_a_drill_company_cannot_enter_a_real_gateway(desk: Desk, wechat: dict[str, str]) -> None:
    status, page = desk.send(WECHAT, **wechat | {"base_url": "https://api.mch.weixin.qq.com"})
    assert status == 422
    assert "演练公司只能连接本机的模拟支付" in page


def test_certificates_instead_of_a_public_key(desk: Desk, wechat: dict[str, str], standin: Any) -> None:
    standin.by_certificate = True
    assert desk.send(WECHAT, **wechat | {"mode": "certificate"})[0] == 302
    assert "平台证书" in desk.see("/system/providers")
    assert "微信支付已接通" in desk.attempt(WECHAT)


def test_new_keys_of_the_same_merchant_serve_old_orders_too(desk: Desk, wechat: dict[str, str]) -> None:
    desk.send(WECHAT, **wechat)
    first = only(desk)
    status, _page = desk.send(
        WECHAT, **wechat | {"private_key": "", "apiv3_key": "", "public_key": "", "app_secret": ""}
    )
    assert status == 302
    assert only(desk).id == first.id
    assert "微信支付已接通" in desk.attempt(WECHAT)  # what was left empty is still there
    assert desk.send(WECHAT, **wechat | {"mchid": "1600999999"})[0] == 302
    assert not MerchantAccount.objects.get(id=first.id).active
    assert MerchantAccount.objects.filter(active=True).count() == 1


def test_a_secret_that_may_be_missing_can_be_taken_away(desk: Desk, wechat: dict[str, str]) -> None:
    desk.send(WECHAT, **wechat)
    (way,) = ways_to_pay()
    assert way.knows_payers
    desk.send(WECHAT, **wechat | {"app_secret": "", "drop": "app_secret"})
    from anju.foundation.payments import accounts

    accounts._opened.clear()
    assert not way.knows_payers


def test_without_the_password_nothing_changes(desk: Desk, wechat: dict[str, str]) -> None:
    status, page = desk.send(WECHAT, "wrong", **wechat)
    assert status == 422
    assert "密码或动态码不对，没有保存" in page
    assert not MerchantAccount.objects.exists()
    for _again in range(4):
        desk.send(WECHAT, "wrong", **wechat)
    status, page = desk.send(WECHAT, **wechat)
    assert status == 422
    assert "操作太频繁" in page


def test_switching_off_says_first_what_it_means(
    desk: Desk, wechat: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from anju.foundation.payments import news

    monkeypatch.setitem(news._paid, "parcel", lambda paid: None)
    desk.send(WECHAT, **wechat)
    start_payment(
        Actor.system(),
        subject=("parcel", 1),
        amount=Money("10.00"),
        method="native",
        return_url="http://x/",
        description="x",
    )
    assert "1 笔，到账仍会自动入账" in desk.see(f"{WECHAT}/off")
    assert desk.send(f"{WECHAT}/off", "wrong")[0] == 422
    assert only(desk).active
    status, page = desk.send(f"{WECHAT}/off")
    assert status == 302
    assert "微信支付已停用。" in page
    assert ways_to_pay() == []
    assert PaymentOrder.objects.get().state == "prepared"
    status, page = desk.send(WECHAT, **wechat)
    assert status == 302
    assert only(desk).active


def test_only_who_may_sees_it(desk: Desk, wechat: dict[str, str]) -> None:
    manager: Client = signed_in("manager", "finance", "service", "risk", name="周敏")
    assert "渠道与收款" not in text(manager, "/")
    for path in ("/system/providers", WECHAT, f"{WECHAT}/off", "/system/providers/sms/texts"):
        assert refusal(manager, path) == 403
    for path in (WECHAT, f"{WECHAT}/try", f"{WECHAT}/off"):
        assert refusal(manager, path, wechat) == 403
    assert refusal(desk.client, "/system/providers/paypal") == 404


def test_each_action_refuses_whoever_may_not(desk: Desk) -> None:
    somebody = Actor.tenant(1)
    for act in (change_account, close_account, try_account):
        with pytest.raises(Refused, match="not_allowed"):
            act(somebody, gateway="wechat", **({"values": {}} if act is change_account else {}))
    for act in (close_account, try_account):
        with pytest.raises(Refused, match=r"payments\.no_account"):
            act(Actor.system(), gateway="wechat")
