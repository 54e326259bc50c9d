"""Callbacks: believed only when everything fits, posted once whatever comes in whatever order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from anju.foundation.db import fetch, org_scope
from anju.foundation.payments.actions import Payer
from anju.foundation.payments.models import GatewayNotice, PaymentOrder
from anju.foundation.trace.verify import broken_chains
from anju.kit import Money
from tests.payments.conftest import Shop


@pytest.mark.req("R-03")
def test_a_paid_order_is_posted_with_its_subject(shop: Shop) -> None:
    number = shop.paid("2280.00", parcel=7)
    (paid,) = shop.till.posted
    assert (paid.number, paid.subject_kind, paid.subject_id, paid.amount) == (number, "parcel", 7, Money("2280.00"))
    order = shop.state(number)
    assert (order.state, order.transaction) == ("paid", paid.transaction)
    assert order.paid_at == paid.at
    with org_scope(shop.org):
        assert list(broken_chains()) == []
        events = [
            e["action"] for e in fetch("SELECT action FROM trace_event WHERE stream_kind = 'payment_order' ORDER BY id")
        ]
    assert events == ["payments.order.start", "payments.order.settle"]


@pytest.mark.req("R-03")
def test_a_repeated_callback_changes_nothing(shop: Shop) -> None:
    number = shop.start().number
    shop.pay(number, repeat=4)
    assert shop.deliver() == [204] * 5
    shop.standin.courier.replay(number)
    assert shop.deliver() == [204]
    assert len(shop.till.posted) == 1
    with org_scope(shop.org):
        (notice,) = GatewayNotice.objects.all()
    assert (notice.verdict, notice.attempts, notice.reference) == ("accepted", 6, number)


@pytest.mark.req("R-03")
def test_delayed_and_reordered_callbacks_are_all_posted(shop: Shop) -> None:
    numbers = [shop.start(parcel=n).number for n in (1, 2, 3)]
    for number in numbers:
        shop.pay(number, hold=True)
    assert shop.deliver() == []
    shop.standin.courier.release(backwards=True)
    assert shop.deliver() == [204] * 3
    assert [p.number for p in shop.till.posted] == numbers[::-1]


def test_the_same_callback_from_many_clients_at_once_is_one_payment(shop: Shop) -> None:
    number = shop.start().number
    shop.pay(number, repeat=63)
    rows = shop.standin.books.rows("SELECT * FROM deliveries WHERE number = ?", number)
    with ThreadPoolExecutor(16) as clients:
        answers = list(clients.map(shop.standin.courier._send, rows))
    assert answers == [204] * 64
    assert len(shop.till.posted) == 1


MISCHIEF: list[tuple[str, dict[str, Any], int, str]] = [
    ("wrong signature", {"signature": "broken"}, 401, "wrong_signature"),
    ("a key nobody knows", {"signature": "foreign"}, 401, "wrong_signature"),
    ("no signature type", {"signature": "untyped"}, 401, "wrong_signature"),
    ("stale time", {"age": 301}, 401, "stale"),
    ("time from the future", {"age": -400}, 401, "stale"),
    ("another merchant", {"merchant": "1600999999"}, 403, "wrong_merchant"),
    ("unknown order", {"order": "AJ20261122ZZZZ"}, 404, "unknown_order"),
    ("wrong amount", {"amount": 1}, 409, "wrong_amount"),
]


@pytest.mark.req("R-03")
@pytest.mark.parametrize(("what", "damage", "status", "kind"), MISCHIEF, ids=[m[0] for m in MISCHIEF])
def test_a_refused_callback_posts_nothing_and_becomes_a_task(
    shop: Shop, what: str, damage: dict[str, Any], status: int, kind: str
) -> None:
    number = shop.start().number
    shop.pay(number, times=2, **damage)
    assert shop.deliver() == [status]
    assert shop.till.posted == []
    assert shop.deliver(everything=True) == [status]
    ((found, _reference, count),) = shop.problems()
    assert (found, count) == (kind, 2)
    assert [p.kind for p in shop.till.problems] == [kind]  # one task, however often it is repeated
    assert shop.deliver(everything=True) == [204]  # and the honest one is still welcome
    assert [p.number for p in shop.till.posted] == [number]


def test_the_gateways_probe_fails_quietly(shop: Shop) -> None:
    shop.pay(shop.start().number, signature="probe", times=1)
    assert shop.deliver() == [401]
    assert shop.problems() == []


def test_a_refusal_is_said_in_the_gateways_form(shop: Shop) -> None:
    answer = post(shop, shop.org, b"{}")
    assert answer.status_code == 401
    assert answer.json()["code"] == "FAIL"
    assert post(shop, 987654321, b"{}").status_code == 404
    assert post(shop, shop.org, b"x" * 70_000).status_code == 413
    with httpx.Client(trust_env=False) as client:
        assert client.get(f"{shop.web_url}/pay/notify/wechat/{shop.org}").status_code == 405
        assert client.post(f"{shop.web_url}/pay/notify/nobody/{shop.org}").status_code == 404


def post(shop: Shop, org: int, body: bytes) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.post(f"{shop.web_url}/pay/notify/wechat/{org}", content=body)


def test_garbage_in_the_headers_is_refused_and_counted(shop: Shop) -> None:
    stamps = ["", "x", "١٢٣", "9" * 40, "-5", "1e9"]
    with httpx.Client(trust_env=False) as client:
        for stamp in stamps:
            headers = {
                "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
                "Wechatpay-Timestamp": stamp.encode(),
                "Wechatpay-Serial": "zz",
            }
            url = f"{shop.web_url}/pay/notify/wechat/{shop.org}"
            assert client.post(url, content=b"\xff\x00", headers=headers).status_code in (400, 401)  # type: ignore[arg-type]
    assert sum(count for _, _, count in shop.problems()) == len(stamps)


def test_one_companys_callback_posts_nothing_at_another(shop: Shop, keys: Any) -> None:
    from tests.payments.conftest import open_shop

    other = open_shop(keys[0], shop.standin, shop.gateway_url, shop.web_url, shop.till)
    number = shop.start().number
    shop.pay(number, hold=True)
    held = shop.standin.books.row("SELECT * FROM deliveries WHERE number = ?", number)
    assert held is not None
    held["url"] = held["url"].removesuffix(f"/{shop.org}") + f"/{other.org}"  # the host, too, may begin with /1
    assert shop.standin.courier._send(held) == 403
    assert shop.till.posted == []


def test_when_posting_fails_nothing_is_written_and_the_gateway_repeats(shop: Shop) -> None:
    number = shop.start().number
    shop.pay(number)
    shop.till.broken = True
    assert shop.deliver() == [500]
    assert not shop.state(number).paid
    assert shop.problems() == [("not_posted", number, 1)]
    shop.till.broken = False
    assert shop.deliver(everything=True) == [204]
    assert [p.number for p in shop.till.posted] == [number]


def test_money_for_a_closed_order_is_still_money(shop: Shop) -> None:
    number = shop.start().number
    shop.pay(number)
    with org_scope(shop.org):
        PaymentOrder.objects.filter(number=number).update(state="closed")
    assert shop.deliver() == [204]
    assert shop.state(number).state == "paid"


def test_a_second_payment_of_one_order_becomes_a_task(shop: Shop) -> None:
    number = shop.paid("2280.00")
    shop.standin.books.run("UPDATE orders SET transaction_id = '4200999' WHERE number = ?", number)
    order = shop.standin.books.row("SELECT * FROM orders WHERE number = ?", number)
    assert order is not None
    from anju.foundation.payments.standins.wechat_desk import told_order

    shop.standin.courier.post("TRANSACTION.SUCCESS", order["notify_url"], told_order(order), order["paid_at"], {})
    assert shop.deliver() == [409]
    assert shop.problems() == [("paid_twice", number, 1)]
    assert len(shop.till.posted) == 1


def test_nothing_personal_is_kept_of_a_callback(shop: Shop) -> None:
    shop.paid(method="jsapi", payer=Payer(token="oSecretOpenId"))
    with org_scope(shop.org):
        kept = fetch("SELECT row_to_json(n)::text AS text FROM gateway_notice n")
        kept += fetch("SELECT row_to_json(p)::text AS text FROM payment_order p")
        kept += fetch("SELECT body AS text FROM trace_event")
    assert kept
    assert not any("oSecretOpenId" in row["text"] for row in kept)
