"""From the bill into the wallet and back: never twice, never for less or more than was said."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from anju.domain.billing.models import Charge, Payment
from anju.domain.billing.policies import Billing
from anju.domain.leases.rules.terms import Fee
from anju.foundation.db import clock, org_scope
from anju.foundation.payments.models import PaymentOrder
from anju.foundation.payments.standins.wechat import WechatStandIn
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.store import body_sha256
from anju.foundation.sweeps.run import run_sweep
from tests.leases import builders
from tests.portal.conftest import SYSTEM, ZHOU_PHONE, Home, confirm, read, settle_in, text

TRAVELLING = "若您近期有出行计划，请提前完成租金缴纳。"
WHOLE = {"shown": "2280.00", "wallet": "wechat", "all": "1"}


def bill(home: Home) -> str:
    return f"/p/bills/{home.bill}"


def orders(home: Home) -> list[tuple[str, Decimal]]:
    with org_scope(home.org):
        return list(PaymentOrder.objects.order_by("id").values_list("state", "amount"))


def still_open(home: Home) -> Decimal:
    with org_scope(home.org):
        return sum(Charge.objects.filter(lease_id=home.lease).values_list("open", flat=True), Decimal(0))


def change(home: Home, **terms: Any) -> None:
    """Release other terms of billing, as of now."""
    with org_scope(home.org):
        body = Billing(**terms).model_dump(mode="json")
        wall = clock.wall()
        version = PolicyVersion.objects.create(
            key="billing", number=2, schema=1, body=body, sha256=body_sha256(body), state="released", author="system",
            created_at=wall, updated_at=wall,
        )  # fmt: skip
        PolicyRelease.objects.create(
            key="billing", effective_from=clock.now(), version=version, kind=PolicyRelease.Kind.TEMPLATE,
            reviewer="system", reason="测试", created_at=wall,
        )  # fmt: skip


def test_a_bill_says_what_for_until_when_and_how(lin: Home, wallet: WechatStandIn) -> None:
    page = text(lin.client().get(bill(lin)))
    assert "房租 <small>11月25日–12月24日</small>" in page
    assert "最晚 11月25日（周三）" in page
    assert TRAVELLING in page
    assert "付款成功后即时到账" in page
    assert "微信支付 ¥2,280.00" in page
    assert "支付宝" not in page


@pytest.mark.parametrize("day", [25, 30])
def test_nobody_is_asked_to_pay_early_once_the_bill_is_due(lin: Home, wallet: WechatStandIn, day: int) -> None:
    with org_scope(lin.org):
        clock.move_to(datetime(2026, 11, day, 9, tzinfo=clock.SHANGHAI))
    page = text(lin.client().get(bill(lin)))
    assert "付款成功后即时到账" in page
    assert TRAVELLING not in page


@pytest.mark.req("R-03")
def test_three_taps(lin: Home, wallet: WechatStandIn) -> None:
    client = lin.client()
    assert bill(lin) in text(client.get("/p/"))
    page = client.post(bill(lin), WHOLE)
    assert "正在打开微信支付" in text(page)
    assert page.headers["Referrer-Policy"] == "origin"
    assert re.search(r'http-equiv="refresh" content="0;url=http://127.0.0.1:\d+/pay/', text(page))
    number = confirm(wallet)
    back = client.get(f"/p/leases/{lin.lease}/order")
    assert back.headers["Location"] == f"/p/orders/{number}"
    place = client.get(back.headers["Location"]).headers["Location"]
    receipt = read(client.get(place))
    assert "已到账，谢谢您" in receipt
    assert "11月房租" in receipt
    assert "12月25日（周五）" in receipt
    assert still_open(lin) == 0
    assert client.get(f"{place}.pdf").content.startswith(b"%PDF")


def test_opening_the_page_again_uses_the_open_order(lin: Home, wallet: WechatStandIn) -> None:
    for client in (lin.client(), lin.client()):
        client.post(bill(lin), WHOLE)
        client.post(f"/p/leases/{lin.lease}/pay", WHOLE)
    states = orders(lin)
    assert [state for state, _ in states].count("prepared") == 1
    confirm(wallet)
    lin.client().get(f"/p/leases/{lin.lease}/order", follow=True)
    with org_scope(lin.org):
        assert Payment.objects.filter(method="wechat").count() == 1


def test_a_bill_paid_meanwhile_says_so(lin: Home, wallet: WechatStandIn) -> None:
    client = lin.client()
    client.get(bill(lin))
    lin.pay("2280", "bank:late")
    page = text(client.post(bill(lin), WHOLE, follow=True))
    assert "已经付清了，没有重复扣款。" in page
    assert "已付清" in page
    assert orders(lin) == []


def test_an_amount_that_changed_meanwhile_is_not_charged(lin: Home, wallet: WechatStandIn) -> None:
    lin.pay("280", "bank:part")
    page = lin.client().post(bill(lin), WHOLE)
    assert page.status_code == 422
    assert "金额刚刚更新为 ¥2000.00，没有扣款" in text(page)
    assert orders(lin) == []


@pytest.mark.req("R-14")
def test_a_part_can_be_paid(lin: Home, wallet: WechatStandIn) -> None:
    client = lin.client()
    client.post(bill(lin), {"some": "1", "amount": "￥１,０００.５０", "wallet": "wechat"})
    assert orders(lin) == [("prepared", Decimal("1000.50"))]
    confirm(wallet)
    client.get(f"/p/leases/{lin.lease}/order", follow=True)
    page = text(client.get(bill(lin)))
    assert "已付" in page
    assert "<i>¥</i>1,279<small>.50" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请填写金额"), ("abc", "请填写金额"), ("1.234", "请填写金额"), ("-500", "请填写金额"), ("0", "请填写金额"),
        ("NaN", "请填写金额"), ("1e5", "只欠 ¥2280.00"), ("9999999999", "请填写金额"), ("50", "每次最少支付 ¥100"),
        ("3000", "只欠 ¥2280.00"),
    ],
)  # fmt: skip
def test_an_amount_nobody_can_mean_is_refused_in_words(lin: Home, wallet: WechatStandIn, typed: str, said: str) -> None:
    page = lin.client().post(bill(lin), {"some": "1", "amount": typed, "wallet": "wechat"})
    assert page.status_code == 422
    assert said in text(page)
    assert orders(lin) == []


def test_part_payment_is_offered_only_where_the_policy_allows(lin: Home, wallet: WechatStandIn) -> None:
    assert "只付一部分" in text(lin.client().get(bill(lin)))
    change(lin, part_payment=False)
    assert "只付一部分" not in text(lin.client().get(bill(lin)))
    page = lin.client().post(bill(lin), {"some": "1", "amount": "500", "wallet": "wechat"})
    assert "请一次付清" in text(page)


@pytest.mark.req("R-14")
def test_paying_ahead_becomes_credit(lin: Home, wallet: WechatStandIn) -> None:
    lin.pay("2280")
    client = lin.client()
    assert "提前预存" in text(client.get("/p/"))
    client.post(f"/p/leases/{lin.lease}/ahead", {"months": "6840.00", "wallet": "wechat"})
    confirm(wallet)
    receipt = text(client.get(f"/p/leases/{lin.lease}/order", follow=True))
    assert "其中 ¥6,840.00 作为预存" in receipt
    assert "预存余额 ¥6,840.00" in text(client.get("/p/"))


def test_who_owes_is_offered_first_what_settles_it_and_months_on_top(lin: Home, wallet: WechatStandIn) -> None:
    client, place = lin.client(), f"/p/leases/{lin.lease}/ahead"
    page = text(client.get(place))
    assert re.findall(r'name="months" value="([\d.]+)"( checked)?', page) == [
        ("2280.00", " checked"), ("4560.00", ""), ("9120.00", ""), ("15960.00", ""),
    ]  # fmt: skip
    assert "付清现在欠的" in page
    assert "付清后再存 3 个月" in page
    client.post(place, {"months": "4560.00", "wallet": "wechat"})
    confirm(wallet)
    receipt = read(client.get(f"/p/leases/{lin.lease}/order", follow=True))
    assert still_open(lin) == 0
    for page in (receipt, read(client.get("/p/"))):
        assert "约 ¥2,280.00，12月15日（周二）出账；已存 ¥2,280.00，够付" in page


def test_a_month_ahead_is_a_months_bill_not_only_its_rent(company: int, lin: Home, wallet: WechatStandIn) -> None:
    internet = Fee(kind="internet", name="宽带", amount=Decimal(60))
    zhou = settle_in(company, "3-1-1209", "周子昂", ZHOU_PHONE, fees=(internet,))
    zhou.pay("2340")
    answer = zhou.client().get(f"/p/leases/{zhou.lease}/ahead")
    assert re.findall(r'name="months" value="([\d.]+)"', text(answer)) == ["2340.00", "7020.00", "14040.00"]
    page = read(answer)
    assert "3 个月账单" in page
    assert "一个月的账单约 ¥2,340.00：房租 ¥2,280.00、宽带 ¥60.00。" in page


def test_what_is_left_of_the_next_bill_is_said_after_paying_ahead(lin: Home) -> None:
    payment, client = lin.pay("2780"), lin.client()
    for place in ("/p/", f"/p/receipts/{payment}"):
        assert "约 ¥2,280.00，12月15日（周二）出账；已存 ¥500.00，还需约 ¥1,780.00" in read(client.get(place))


def test_an_own_amount_out_of_bounds_is_told_beside_its_field(lin: Home, wallet: WechatStandIn) -> None:
    client, place = lin.client(), f"/p/leases/{lin.lease}/ahead"
    assert "每次最少 ¥100.00，最多 ¥29,640.00" in text(client.get(place))
    page = text(client.post(place, {"months": "4560.00", "amount": "0.5", "wallet": "wechat"}))
    assert re.search(r'id="e-amount">.*每次最少支付 ¥100', page)
    assert 'value="0.5"' in page
    assert 'value="4560.00" checked' in page
    assert orders(lin) == []


def test_a_paid_bill_leads_to_its_own_receipt(lin: Home) -> None:
    payment, client = lin.pay("2280"), lin.client()
    assert f'href="/p/receipts/{payment}"' in text(client.get(bill(lin)))
    first = text(client.get(f"/p/bills/{lin.bills[0]}"))
    assert f'href="/p/receipts/{payment}"' not in first
    assert re.search(r'href="/p/receipts/\d+".*看收据', first)


def test_a_bill_paid_in_parts_shows_each_receipt(lin: Home) -> None:
    parts = [lin.pay("280", "bank:first"), lin.pay("2000", "bank:rest")]
    page = text(lin.client().get(bill(lin)))
    assert [int(n) for n in re.findall(r'href="/p/receipts/(\d+)"', page)] == parts[::-1]


def test_paying_ahead_has_a_limit_and_can_be_switched_off(lin: Home, wallet: WechatStandIn) -> None:
    place = f"/p/leases/{lin.lease}/ahead"
    assert "一次最多预存 ¥29640.00" in text(lin.client().post(place, {"amount": "30000", "wallet": "wechat"}))
    change(lin, ahead_months=0)
    assert "不能预存" in text(lin.client().get(place))
    assert lin.client().post(place, {"amount": "500", "wallet": "wechat"}).status_code == 422


def test_waiting_repairs_by_asking_the_gateway_and_reloads_itself(lin: Home, wallet: WechatStandIn) -> None:
    client = lin.client()
    client.post(bill(lin), WHOLE)
    place = client.get(f"/p/leases/{lin.lease}/order").headers["Location"]
    page = text(client.get(place))
    assert "正在确认付款" in page
    assert f'hx-get="{place}?n=1"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    part = client.get(f"{place}?n=1", headers={"HX-Request": "true"})
    assert text(part).lstrip().startswith("<div")
    confirm(wallet)
    answer = client.get(f"{place}?n=3", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/p/receipts/")


def test_a_payment_that_ran_out_offers_to_pay_anew(lin: Home, wallet: WechatStandIn) -> None:
    client = lin.client()
    client.post(bill(lin), WHOLE)
    with org_scope(lin.org):
        PaymentOrder.objects.update(state="closed")
    page = text(client.get(f"/p/leases/{lin.lease}/order", follow=True))
    assert "这次没有付成" in page
    assert f'href="/p/leases/{lin.lease}/pay"' in page


def test_a_wallet_that_is_away_says_that_nothing_was_charged(lin: Home, wallet: WechatStandIn) -> None:
    wallet.answers.append({"path": "/v3/pay/transactions/h5", "how": "error", "times": 9})
    page = lin.client().post(bill(lin), WHOLE)
    assert page.status_code == 422
    assert "暂时连不上微信支付，款项没有扣" in text(page)


def test_without_a_merchant_account_the_page_says_what_to_do(lin: Home) -> None:
    page = text(lin.client().get(bill(lin)))
    assert "这里还没有开通在线支付" in page
    assert "p-bar" not in page


def test_a_late_bill_and_a_new_one_are_paid_together_or_the_older_first(lin: Home, wallet: WechatStandIn) -> None:
    with org_scope(lin.org):
        clock.move_to(datetime(2026, 12, 16, 9, tzinfo=clock.SHANGHAI))
        run_sweep(lin.actor.system(), lin.org, "billing", clock.today())
    client = lin.client()
    page = text(client.get("/p/"))
    assert "2 张账单待支付" in page
    assert "¥</i>4,560" in page
    assert f'href="/p/leases/{lin.lease}/pay"' in page
    with org_scope(lin.org):
        newest = Charge.objects.order_by("-id").values_list("bill_id", flat=True)[0]
    assert "款项会先结清更早的" in text(client.get(f"/p/bills/{newest}"))
    client.post(f"/p/leases/{lin.lease}/pay", {"shown": "4560.00", "wallet": "wechat", "all": "1"})
    assert orders(lin) == [("prepared", Decimal("4560.00"))]


def test_what_is_open_of_another_lease_is_not_settled_first(lin: Home, wallet: WechatStandIn) -> None:
    terms = builders.terms(start_on=date(2026, 12, 1), end_on=date(2027, 12, 1), price=Decimal(900), deposit_months=0)
    with org_scope(lin.org):
        garage = builders.let(builders.unit("3-1-0001"), lin.person, terms)
        clock.move_to(datetime(2026, 12, 1, 9, tzinfo=clock.SHANGHAI))
        run_sweep(SYSTEM, lin.org, "billing", clock.today())
        (only,) = Charge.objects.filter(lease=garage).values_list("bill_id", flat=True)
    page = text(lin.client().get(f"/p/bills/{only}"))
    assert "¥</i>900" in page
    assert "款项会先结清更早的" not in page


def test_the_wallets_own_browser_is_told_what_to_do(lin: Home, wallet: WechatStandIn) -> None:
    from anju.foundation.payments.models import MerchantAccount

    with org_scope(lin.org):
        MerchantAccount.objects.update(drill=False)
    client = lin.client()
    page = client.get(bill(lin), headers={"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"})
    assert "在浏览器打开" in text(page)
    desk = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"})
    desk.cookies = client.cookies
    answer = text(desk.post(bill(lin), WHOLE))
    assert "用微信支付扫一扫" in answer
    assert 'src="data:image/svg+xml' in answer
