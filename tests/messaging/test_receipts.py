"""Receipts: late, repeated, reversed, lost, forged."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from anju.foundation.db import org_scope
from anju.foundation.messaging import queries
from anju.foundation.messaging.dispatch import dispatch_due
from anju.foundation.messaging.rechecks import Outcome
from tests.messaging.house import (
    LIN,
    LIN_PHONE,
    ZHOU,
    ZHOU_PHONE,
    Gateway,
    attempts,
    message,
    open_house,
    run_out_of_lease,
)
from tests.messaging.test_dispatch import heard

__all__ = ["heard"]
Notify = Callable[..., int]


def report(org: int, body: bytes | list[dict[str, Any]]) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return Client().post(f"/messages/report/aliyun/{org}", data, content_type="application/json")


def row(out_id: str, *, success: bool = True, code: str = "DELIVERED") -> dict[str, Any]:
    return {"phone_number": ZHOU_PHONE, "success": success, "err_code": code, "biz_id": "1^0", "out_id": out_id,
            "send_time": "2026-11-22 10:00:00", "report_time": "2026-11-22 10:00:03", "sms_size": "1"}  # fmt: skip


@pytest.fixture
def sent(house: int, gateway: Gateway, notify: Notify) -> int:
    gateway.set_up(house)
    notice = notify()
    dispatch_due(house)
    return notice


@pytest.mark.req("R-10")
def test_repeated_receipts_count_once(house: int, gateway: Gateway, sent: int, heard: list[Outcome]) -> None:
    gateway.behave(house, receipts="repeat")
    gateway.release(house)
    out_id = attempts(house, sent)[0]["out_id"]
    assert report(house, [row(out_id)]).json()["code"] == 0
    (attempt,) = attempts(house, sent)
    assert (attempt["outcome"], attempt["receipts"]) == ("delivered", 3)
    assert [o.result for o in heard] == ["delivered"]


def test_delivered_is_never_taken_back(house: int, gateway: Gateway, sent: int) -> None:
    out_id = attempts(house, sent)[0]["out_id"]
    report(house, [row(out_id, success=False, code="UNDELIVERED"), row(out_id)])
    report(house, [row(out_id, success=False, code="UNDELIVERED")])
    assert message(house, sent)["state"] == "delivered"


def test_good_news_after_bad_news_counts(house: int, gateway: Gateway, sent: int) -> None:
    out_id = attempts(house, sent)[0]["out_id"]
    report(house, [row(out_id, success=False, code="EXPIRED")])
    assert (message(house, sent)["state"], message(house, sent)["reason"]) == ("failed", "address.undelivered")
    report(house, [row(out_id)])
    assert (message(house, sent)["state"], message(house, sent)["reason"]) == ("delivered", "")


@pytest.mark.req("R-15")
def test_a_dead_number_is_told_to_who_keeps_addresses(
    house: int, gateway: Gateway, notify: Notify, heard: list[Outcome]
) -> None:
    gateway.set_up(house)
    gateway.behave(house, undelivered={LIN_PHONE: "MOBILE_NOT_ON_SERVICE"})
    notify(to_person=LIN, contact_id=3)
    dispatch_due(house)
    gateway.release(house)
    assert [(o.result, o.code, o.dead, o.contact_id) for o in heard] == [
        ("sent", "", False, 3),
        ("undelivered", "address.dead", True, 3),
    ]
    with org_scope(house):
        (shown,) = queries.what_a_phone_received(LIN)
        assert shown.why_not == "空号或停机，请改用其他联系方式。"


def test_a_receipt_that_overtakes_our_own_note_is_kept(house: int, gateway: Gateway, notify: Notify) -> None:
    from anju.foundation.db import clock
    from anju.foundation.messaging.channels.base import Result
    from anju.foundation.messaging.claim import claim_batch
    from anju.foundation.messaging.settle import settle_batch
    from tests.messaging.house import SYSTEM

    gateway.set_up(house)
    notice = notify()
    with org_scope(house):
        claim = claim_batch(SYSTEM, channel="sms", limit=10, now=clock.now())
    assert claim is not None
    report(house, [row(claim.letters[0].out_id)])
    with org_scope(house):
        settle_batch(SYSTEM, claim=claim, results=[Result(claim.letters[0].attempt_id, "accepted", provider_id="9^9")])
    assert message(house, notice)["state"] == "delivered"
    assert attempts(house, notice)[0]["outcome"] == "delivered"
    assert attempts(house, notice)[0]["provider_id"] == "9^9"


def test_lost_receipts_leave_the_message_sent(house: int, gateway: Gateway, sent: int) -> None:
    gateway.behave(house, receipts="lose")
    assert gateway.release(house) == 0
    assert message(house, sent)["state"] == "sent"


def test_a_forged_receipt_changes_nothing(house: int, gateway: Gateway, sent: int) -> None:
    good = attempts(house, sent)[0]["out_id"]
    forged = [f"{sent}.1.{'0' * 16}", f"{sent}.1", str(sent), good[:-1], "../1.1.x", "", "9" * 30]
    answer = report(house, [row(o, success=False, code="UNDELIVERED") for o in forged])
    assert answer.json()["code"] == 0
    assert message(house, sent)["state"] == "sent"


def test_another_organizations_receipt_changes_nothing(house: int, gateway: Gateway, sent: int) -> None:
    neighbour = open_house()
    out_id = attempts(house, sent)[0]["out_id"]
    assert report(neighbour, [row(out_id)]).json()["code"] == 0
    assert report(987_654_321, [row(out_id)]).json()["code"] == 0
    assert message(house, sent)["state"] == "sent"


@pytest.mark.parametrize("body", [b"", b"<xml/>", b"{}", b"\xff\xfe"])
def test_garbage_is_refused_with_a_sentence(house: int, body: bytes) -> None:
    answer = report(house, body)
    assert answer.status_code == 400
    assert answer.json()["msg"] == "回执内容无法识别。"


def test_broken_rows_do_not_lose_the_good_ones(house: int, gateway: Gateway, sent: int) -> None:
    out_id = attempts(house, sent)[0]["out_id"]
    body: list[Any] = [None, 7, {}, {**row(out_id), "report_time": "soon"}, row(out_id)]
    assert report(house, body).json()["code"] == 0
    assert message(house, sent)["state"] == "delivered"


def test_bad_news_about_an_old_try_does_not_hurt_the_new_one(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    gateway.behave(house, fail={"*": "isp.SYSTEM_ERROR"}, fail_times=1)
    notice = notify()
    dispatch_due(house)
    run_out_of_lease(house)
    dispatch_due(house)
    first, second = attempts(house, notice)
    report(house, [row(first["out_id"], success=False, code="UNDELIVERED")])
    assert message(house, notice)["state"] == "sent"
    report(house, [row(second["out_id"])])
    assert message(house, notice)["state"] == "delivered"
    with org_scope(house):
        assert [c["tries"] for c in queries.contacts_with(ZHOU)] == [2]
