"""Callbacks that never come: the gateway is asked, orders that expired are closed, nobody asks twice at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.payments import jobs
from anju.foundation.payments.models import PaymentOrder
from anju.foundation.payments.repair import check_order, repair_open_orders
from tests.payments.conftest import Shop

SOON = timedelta(minutes=2)
LATE = timedelta(hours=3)


@pytest.mark.req("R-03")
def test_a_lost_callback_is_found_by_asking(shop: Shop) -> None:
    number = shop.start().number
    shop.pay(number, lose=True)
    assert repair_open_orders(shop.org, clock.wall()) == {}  # too early: callbacks take a while
    assert repair_open_orders(shop.org, clock.wall() + SOON) == {"paid": 1}
    assert [p.number for p in shop.till.posted] == [number]
    assert repair_open_orders(shop.org, clock.wall() + LATE) == {}


def test_the_callback_after_the_repair_changes_nothing(shop: Shop) -> None:
    number = shop.start().number
    shop.pay(number, hold=True)
    repair_open_orders(shop.org, clock.wall() + SOON)
    shop.standin.courier.release()
    assert shop.deliver() == [204]
    assert len(shop.till.posted) == 1


def test_an_unpaid_order_waits_and_then_is_closed_on_both_sides(shop: Shop) -> None:
    number = shop.start().number
    assert repair_open_orders(shop.org, clock.wall() + SOON) == {"waiting": 1}
    assert repair_open_orders(shop.org, clock.wall() + LATE) == {"closed": 1}
    assert shop.state(number).state == "closed"
    assert shop.standin.desk.query(f"1600{shop.org:06d}", number)["trade_state"] == "CLOSED"


def test_an_order_the_gateway_never_saw_is_closed_when_it_expired(shop: Shop) -> None:
    number = shop.start().number
    shop.standin.books.run("DELETE FROM orders")
    assert repair_open_orders(shop.org, clock.wall() + SOON) == {"waiting": 1}
    assert repair_open_orders(shop.org, clock.wall() + LATE) == {"closed": 1}
    assert shop.state(number).state == "closed"


def test_a_silent_gateway_is_asked_again_later(shop: Shop) -> None:
    for parcel in range(6):
        shop.pay(shop.start(parcel=parcel).number, lose=True)
    shop.standin.answers.append({"path": "/out-trade-no/", "how": "error", "times": 3})
    assert repair_open_orders(shop.org, clock.wall() + SOON) == {"unsure": 3}
    assert repair_open_orders(shop.org, clock.wall() + LATE) == {"paid": 6}


def test_an_answer_whose_signature_does_not_hold_is_not_believed(shop: Shop) -> None:
    shop.pay(shop.start().number, lose=True)
    shop.standin.answers.append({"path": "/out-trade-no/", "how": "unsigned", "times": 1})
    assert repair_open_orders(shop.org, clock.wall() + SOON) == {"unsure": 1}
    assert shop.till.posted == []


def test_questions_become_rarer(shop: Shop) -> None:
    shop.start()
    now, waits = clock.wall(), []
    for _round in range(7):
        with org_scope(shop.org):
            due = PaymentOrder.objects.get().next_check_at
        waits.append(due - now)
        now = due
        repair_open_orders(shop.org, now)
    minutes = [round(w.total_seconds() / 60) for w in waits]
    assert minutes == [1, 1, 2, 4, 8, 16, 30]


def test_two_workers_share_the_work_and_post_once(shop: Shop) -> None:
    for parcel in range(12):
        shop.pay(shop.start(parcel=parcel).number, lose=True)
    now = clock.wall() + SOON

    def work(_: int) -> int:
        try:
            return repair_open_orders(shop.org, now)["paid"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(work, range(2))) == 12
    assert len(shop.till.posted) == 12


def test_the_page_may_ask_when_its_payer_comes_back(shop: Shop) -> None:
    number = shop.start().number
    with org_scope(shop.org):
        assert check_order(number) == "prepared"
    shop.pay(number, lose=True)
    with org_scope(shop.org):
        assert check_order(number) == "paid"
        assert check_order(number) == "paid"
    assert len(shop.till.posted) == 1


def test_the_ticker_asks_every_organization_without_a_policy_of_its_own(shop: Shop) -> None:
    number = shop.start().number
    shop.pay(number, lose=True)
    jobs.repair(shop.org, clock.wall() + SOON)
    jobs.refunds(shop.org, clock.wall())
    assert shop.state(number).paid
    with org_scope(shop.org):
        (row,) = fetch("SELECT checks FROM payment_order")
    assert row["checks"] == 1


def test_one_order_that_cannot_be_posted_does_not_hold_up_the_others(shop: Shop) -> None:
    numbers = [shop.start(parcel=parcel).number for parcel in range(3)]
    for number in numbers:
        shop.pay(number, lose=True)
    shop.till.broken = True
    assert repair_open_orders(shop.org, clock.wall() + SOON) == {"not_posted": 3}
    assert {(kind, reference) for kind, reference, _ in shop.problems()} == {("not_posted", n) for n in numbers}
    shop.till.broken = False
    assert repair_open_orders(shop.org, clock.wall() + LATE) == {"paid": 3}


def test_a_callback_while_our_clock_is_an_hour_behind_is_refused_and_the_payment_found_by_asking(shop: Shop) -> None:
    number = shop.start().number
    shop.pay(number, age=-3600)
    assert shop.deliver() == [401]
    assert shop.till.posted == []
    assert repair_open_orders(shop.org, clock.wall() + SOON) == {"paid": 1}
    assert [paid.number for paid in shop.till.posted] == [number]
