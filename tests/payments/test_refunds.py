"""Refunds: reserved once, sent with one number however often, ended by callback or question."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from anju.foundation.db import clock, org_scope
from anju.foundation.payments.actions import ask_refund
from anju.foundation.payments.models import PaymentOrder, Refund
from anju.foundation.payments.repair import send_refunds
from anju.kit import Money, Refused
from tests.payments.conftest import SYSTEM, Shop

LATER = timedelta(minutes=5)


def ask(shop: Shop, number: str, amount: str) -> str:
    order_id = shop.order_id(number)
    with org_scope(shop.org):
        return ask_refund(SYSTEM, order_id=order_id, amount=Money(amount), reason="退租退款").number


def refund_state(shop: Shop, number: str) -> str:
    with org_scope(shop.org):
        return str(Refund.objects.get(number=number).state)


def there(shop: Shop) -> int:
    """Refunds the gateway has."""
    return len(shop.standin.books.rows("SELECT * FROM refunds"))


@pytest.mark.req("R-03")
def test_a_refund_goes_out_and_its_callback_ends_it(shop: Shop) -> None:
    number = shop.paid("2280.00")
    refund = ask(shop, number, "280.00")
    assert shop.state(number).state == "refunding"
    assert send_refunds(shop.org, clock.wall()) == {"processing": 1}
    assert shop.deliver() == [204]
    assert refund_state(shop, refund) == "succeeded"
    order = shop.state(number)
    assert (order.state, order.refunded, order.paid) == ("part_refunded", Money("280.00"), True)
    (done,) = shop.till.refunds
    assert (done.number, done.amount, done.state, done.subject_id) == (refund, Money("280.00"), "succeeded", 1)
    shop.standin.courier.replay(refund)
    assert shop.deliver() == [204]
    assert len(shop.till.refunds) == 1


def test_parts_up_to_the_whole_and_not_a_fen_more(shop: Shop) -> None:
    number = shop.paid("100.00")
    ask(shop, number, "30.00")
    ask(shop, number, "70.00")
    with pytest.raises(Refused, match=r"payments\.refund\.too_much"):
        ask(shop, number, "0.01")
    assert send_refunds(shop.org, clock.wall()) == {"processing": 2}
    assert shop.deliver() == [204, 204]
    assert shop.state(number).state == "refunded"


def test_two_people_refunding_at_once_cannot_return_more_than_was_paid(shop: Shop) -> None:
    number = shop.paid("100.00")

    def one(_: int) -> bool:
        try:
            ask(shop, number, "60.00")
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as people:
        assert sum(people.map(one, range(4))) == 1


@pytest.mark.req("R-03")
def test_after_a_time_out_the_gateway_is_asked_before_anything_is_sent_again(shop: Shop) -> None:
    number = shop.paid()
    refund = ask(shop, number, "100.00")
    shop.standin.answers.append({"path": "/refunds", "how": "lost", "times": 1})
    assert send_refunds(shop.org, clock.wall()) == {"unsure": 1}
    assert there(shop) == 1  # it was done, and nobody heard of it
    assert send_refunds(shop.org, clock.wall() + LATER) == {"succeeded": 1}
    assert there(shop) == 1
    assert refund_state(shop, refund) == "succeeded"
    assert shop.deliver() == [204]  # the callback comes last and changes nothing
    assert len(shop.till.refunds) == 1


def test_what_never_arrived_is_sent_again_with_its_number(shop: Shop) -> None:
    number = shop.paid()
    refund = ask(shop, number, "100.00")
    shop.standin.answers.append({"path": "/refunds", "how": "error", "times": 1})
    assert send_refunds(shop.org, clock.wall()) == {"unsure": 1}
    assert there(shop) == 0
    assert send_refunds(shop.org, clock.wall() + LATER) == {"processing": 1}
    assert shop.standin.books.rows("SELECT number FROM refunds") == [{"number": refund}]


def test_the_callback_may_overtake_the_answer(shop: Shop) -> None:
    """The answer "processing" arrives after the callback "succeeded": the end stays the end."""
    number = shop.paid()
    refund = ask(shop, number, "100.00")
    shop.standin.answers.append({"path": "/refunds", "how": "lost", "times": 1})
    send_refunds(shop.org, clock.wall())
    assert shop.deliver() == [204]
    assert refund_state(shop, refund) == "succeeded"
    assert send_refunds(shop.org, clock.wall() + LATER) == {}


def test_a_refund_that_did_not_happen_may_be_asked_for_again(shop: Shop) -> None:
    number = shop.paid("100.00")
    refund = ask(shop, number, "100.00")
    shop.standin.desk.refund_results.append("CLOSED")
    send_refunds(shop.org, clock.wall())
    assert shop.deliver() == [204]
    assert (refund_state(shop, refund), shop.state(number).state) == ("closed", "paid")
    assert shop.problems() == [("refund_failed", refund, 1)]
    assert [d.state for d in shop.till.refunds] == ["closed"]
    ask(shop, number, "100.00")


def test_an_abnormal_refund_keeps_its_money_reserved_and_becomes_a_task(shop: Shop) -> None:
    number = shop.paid("100.00")
    refund = ask(shop, number, "100.00")
    shop.standin.desk.refund_results.append("ABNORMAL")
    send_refunds(shop.org, clock.wall())
    assert shop.deliver() == [204]
    assert shop.problems() == [("refund_failed", refund, 1)]
    with pytest.raises(Refused, match=r"payments\.refund\.too_much"):
        ask(shop, number, "1.00")
    shop.standin.desk.finish_refund(f"1600{shop.org:06d}", refund, "SUCCESS")  # somebody repaired it at the gateway
    assert shop.deliver() == [204]
    assert shop.state(number).state == "refunded"


def test_a_refund_the_gateway_refuses_becomes_a_task_and_is_tried_again(shop: Shop) -> None:
    number = shop.paid("100.00")
    refund = ask(shop, number, "100.00")
    shop.standin.books.run("UPDATE orders SET total = 1 WHERE number = ?", number)
    assert send_refunds(shop.org, clock.wall()) == {"blocked": 1}
    assert shop.problems() == [("refund_blocked", refund, 1)]
    shop.standin.books.run("UPDATE orders SET total = 10000 WHERE number = ?", number)
    assert send_refunds(shop.org, clock.wall() + LATER) == {"processing": 1}


def test_a_refund_told_with_another_amount_is_not_believed(shop: Shop) -> None:
    number = shop.paid("100.00")
    refund = ask(shop, number, "40.00")
    shop.standin.desk.damages.append({"for": refund, "amount": 1, "times": 1})
    send_refunds(shop.org, clock.wall())
    assert shop.deliver() == [409]
    assert shop.problems() == [("wrong_amount", refund, 1)]
    assert shop.deliver(everything=True) == [204]


def test_what_was_not_paid_or_too_long_ago_is_not_refunded(shop: Shop) -> None:
    unpaid = shop.start("10.00", parcel=2).number
    with pytest.raises(Refused, match=r"payments\.refund\.not_paid"):
        ask(shop, unpaid, "1.00")
    paid = shop.paid("10.00", parcel=3)
    with org_scope(shop.org):
        PaymentOrder.objects.filter(number=paid).update(paid_at=clock.wall() - timedelta(days=366))
    with pytest.raises(Refused, match=r"payments\.refund\.too_old"):
        ask(shop, paid, "1.00")
