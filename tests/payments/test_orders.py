"""Starting a payment: one order per payer and subject, handed out again, closed before another replaces it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.payments.actions import Payer, start_payment
from anju.foundation.payments.models import PaymentOrder
from anju.foundation.payments.queries import ways_to_pay
from anju.kit import Actor, Money, Refused
from tests.payments.conftest import SYSTEM, Shop


@pytest.mark.req("R-03")
def test_each_method_hands_over_what_its_page_needs(shop: Shop) -> None:
    h5 = shop.start(parcel=1, method="h5")
    assert h5.redirect_url is not None
    assert h5.redirect_url.startswith(f"{shop.gateway_url}/pay/")
    assert "redirect_url=http%3A%2F%2F127.0.0.1" in h5.redirect_url
    native = shop.start(parcel=2, method="native")
    assert native.code_url is not None
    inside = shop.start(parcel=3, method="jsapi")
    assert inside.redirect_url is not None  # the stand-in's sheet takes the place of the wallet
    assert 6 <= len(h5.number) <= 32


def test_asking_again_hands_out_the_same_order(shop: Shop) -> None:
    first = shop.start("100.00")
    assert shop.start("100.00").number == first.number
    assert shop.start("100.00", payer=Payer(ref="tenant:9")).number != first.number


def test_another_amount_closes_the_former_order_at_the_gateway(shop: Shop) -> None:
    first = shop.start("100.00")
    second = shop.start("80.00")
    assert second.number != first.number
    assert shop.state(first.number).state == "closed"
    assert shop.standin.desk.query(f"1600{shop.org:06d}", first.number)["trade_state"] == "CLOSED"


def test_if_the_former_order_was_paid_meanwhile_that_is_the_answer(shop: Shop) -> None:
    first = shop.start("100.00")
    shop.pay(first.number, lose=True)
    answer = shop.start("80.00")
    assert (answer.number, answer.state) == (first.number, "paid")
    assert [p.number for p in shop.till.posted] == [first.number]


def test_a_prepared_page_that_grew_old_is_renewed_with_the_same_number(shop: Shop) -> None:
    first = shop.start("100.00")
    with org_scope(shop.org):
        PaymentOrder.objects.update(prepared_at=clock.wall() - timedelta(minutes=5))
    again = shop.start("100.00")
    assert again.number == first.number
    with org_scope(shop.org):
        renewed = PaymentOrder.objects.get(number=first.number).prepared_at
    assert renewed is not None
    assert clock.wall() - renewed < timedelta(minutes=1)


def test_an_order_the_gateway_closed_on_its_own_is_replaced(shop: Shop) -> None:
    first = shop.start("100.00")
    shop.standin.desk.close(f"1600{shop.org:06d}", first.number)
    with org_scope(shop.org):
        PaymentOrder.objects.update(prepared_at=clock.wall() - timedelta(minutes=5))
    assert shop.start("100.00").number != first.number


def test_what_cannot_be_paid_is_refused_with_a_sentence(shop: Shop) -> None:
    with pytest.raises(Refused, match=r"payments\.no_amount"):
        shop.start("0.00")
    with org_scope(shop.org), pytest.raises(Refused, match=r"payments\.not_payable"):
        start_payment(
            SYSTEM, subject=("cloud", 1), amount=Money(1), method="h5", return_url="http://x/", description="云"
        )
    shop.standin.answers.append({"path": "/transactions/h5", "how": "error", "times": 1})
    with pytest.raises(Refused, match=r"payments\.unreachable"):
        shop.start()
    assert shop.start().state == "prepared"


def test_an_organization_without_an_account_cannot_be_paid(shop: Shop, committing: None) -> None:
    from anju.foundation.staffing.actions import create_organization

    bare = create_organization(name="没有商户号").id
    with org_scope(bare), pytest.raises(Refused, match=r"payments\.no_account"):
        start_payment(
            SYSTEM, subject=("parcel", 1), amount=Money(1), method="h5", return_url="http://x/", description="包裹"
        )


def test_the_merchants_keys_are_stored_sealed(shop: Shop) -> None:
    with org_scope(shop.org):
        stored = bytes(fetch("SELECT config FROM merchant_account")[0]["config"])
    assert b"PRIVATE KEY" not in stored
    assert shop.standin.keys.apiv3_key.encode() not in stored


def test_ways_to_pay_are_offered_with_their_facts(shop: Shop) -> None:
    with org_scope(shop.org):
        (way,) = ways_to_pay()
    assert (way.gateway, way.zh, way.arrives, way.fee_permille, way.reconciled) == ("wechat", "微信支付", "T+1", 6, 1.0)


@pytest.mark.req("R-03")
def test_the_payer_confirms_on_the_sheet_and_comes_back(shop: Shop) -> None:
    prepared = shop.start("2280.00")
    assert prepared.redirect_url is not None
    with httpx.Client(trust_env=False) as browser:
        sheet = browser.get(prepared.redirect_url)
        assert "确认支付" in sheet.text
        assert "2,280.00" in sheet.text
        assert "<script" not in sheet.text
        form = {"action": "cancel", "redirect_url": f"{shop.web_url}/back"}
        cancelled = browser.post(prepared.redirect_url, data=form)
        assert (cancelled.status_code, cancelled.headers["location"]) == (303, f"{shop.web_url}/back")
        assert shop.deliver() == []
        for _twice in range(2):
            paid = browser.post(prepared.redirect_url, data=form | {"action": "pay"})
            assert (paid.status_code, paid.headers["location"]) == (303, f"{shop.web_url}/back")
    assert shop.deliver() == [204]
    assert shop.state(prepared.number).paid


def test_the_sheet_leads_nowhere_but_to_its_merchant(shop: Shop) -> None:
    prepared = shop.start()
    assert prepared.redirect_url is not None
    page = prepared.redirect_url.partition("?")[0]
    with httpx.Client(trust_env=False) as browser:
        for elsewhere in ("https://evil.example/", "javascript:alert(1)", "//evil.example"):
            answer = browser.post(page, data={"action": "cancel", "redirect_url": elsewhere})
            assert "location" not in answer.headers
            assert "evil" not in answer.text


def test_a_tenant_may_pay_and_a_nobody_may_not_post(shop: Shop) -> None:
    from anju.foundation.payments.actions import settle_payment
    from anju.foundation.payments.gateways import Payment

    told = Payment("AJ0000000000", "4200", Money(1), clock.wall())
    with org_scope(shop.org), pytest.raises(Refused, match="not_allowed"):
        settle_payment(Actor.tenant(1), gateway="wechat", account_id=1, payment=told)
