"""From the outbox to the phone: what arrives, what does not, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import cast

import pytest

from anju.foundation.db import clock, fetch, fetch_value, org_scope
from anju.foundation.messaging import queries
from anju.foundation.messaging.actions import cancel_message, retry_message, send_code
from anju.foundation.messaging.dispatch import dispatch_all, dispatch_due
from anju.foundation.messaging.outbox import enqueue_select
from anju.foundation.messaging.rechecks import Outcome, on_outcome, recheck
from anju.foundation.policy.store import in_force
from anju.kit import Refused
from tests.messaging.house import (
    LIN,
    LIN_PHONE,
    SYSTEM,
    ZHOU,
    ZHOU_PHONE,
    Gateway,
    Notices,
    PhoneBook,
    Postman,
    attempts,
    message,
    run_out_of_lease,
    wait,
)  # fmt: skip

Notify = Callable[..., int]
recheck(
    "messaging_test.still_owed",
    sql="SELECT id, vars - 'paid' AS vars FROM message WHERE id = ANY(%(ids)s) AND vars->>'paid' IS NULL",
    reason="cancelled.by_hand",
)
recheck(
    "messaging_test.less_owed",
    sql='SELECT id, \'{"amount": "100.00"}\'::jsonb AS vars FROM message WHERE id = ANY(%(ids)s)',
    reason="cancelled.by_hand",
)


@pytest.fixture
def heard() -> Iterator[list[Outcome]]:
    """Results as a slice above hears them."""
    news: list[Outcome] = []
    on_outcome(news.extend)
    yield news
    from anju.foundation.messaging import rechecks

    rechecks._listeners.remove(news.extend)


@pytest.mark.req("R-10")
def test_a_bill_notice_reaches_the_phone_and_its_receipt_comes_back(
    house: int, gateway: Gateway, notify: Notify, heard: list[Outcome]
) -> None:
    gateway.set_up(house)
    notice = notify()
    assert dispatch_due(house)["sent"] == 1

    (text,) = gateway.phone(house, ZHOU_PHONE)
    assert text.startswith("【安居公寓】周子昂您好，账单2,214.60元，11月25日到期。若您近期有出行计划，可提前支付：http")
    assert message(house, notice)["state"] == "sent"

    gateway.release(house)
    row = message(house, notice)
    assert row["state"] == "delivered"
    assert row["delivered_at"] is not None
    assert [(o.message_id, o.result) for o in heard] == [(notice, "sent"), (notice, "delivered")]
    with org_scope(house):
        (contact,) = queries.contacts_about("bill", 77)
        assert contact["to_person"] == ZHOU
        assert contact["version_id"] == in_force(Notices).version_id
        assert (contact["state"], contact["tries"], contact["channel"]) == ("delivered", 1, "sms")
        actions = [e["action"] for e in fetch("SELECT action FROM trace_event WHERE stream_kind = 'message_batch'")]
        assert actions == ["messaging.batch.claim", "messaging.batch.settle", "messaging.receipt.record"]
        assert queries.broken_batches() == []


def test_the_text_is_stored_sealed_and_the_variables_hold_no_name(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    notice = notify()
    dispatch_due(house)
    row = message(house, notice)
    assert "周子昂".encode() not in bytes(row["text"])
    assert "周子昂" not in str(row["vars"])
    with org_scope(house):
        (shown,) = queries.what_a_phone_received(ZHOU)
    assert "周子昂您好" in shown.body
    assert shown.link in shown.body
    assert "周子昂" not in repr(shown)


def test_the_same_notice_is_made_once(house: int, notify: Notify) -> None:
    notify()
    with pytest.raises(AssertionError):
        notify()  # the second is None: the key exists
    with org_scope(house):
        assert fetch_value("SELECT count(*) FROM message") == 1


def test_a_sweep_fills_the_outbox_in_one_statement(house: int) -> None:
    select = """
        SELECT 'sweep:' || n AS dedupe, %(zhou)s AS to_person, 'inapp' AS channel, %(version)s::bigint AS version_id,
               'messaging_test_notices:bill' AS template, 'bill' AS subject_kind, n AS subject_id,
               %(now)s::timestamptz AS due_at,
               jsonb_build_object('amount', n, 'due', '2026-12-01') AS vars
        FROM generate_series(1, 1000) AS n"""
    columns = [
        "dedupe",
        "to_person",
        "channel",
        "template",
        "version_id",
        "subject_kind",
        "subject_id",
        "due_at",
        "vars",
    ]
    with org_scope(house):
        args = {"zhou": ZHOU, "version": in_force(Notices).version_id, "now": clock.now()}
        assert len(enqueue_select(select, args, columns=columns)) == 1000
        assert enqueue_select(select, args, columns=columns) == []
        with pytest.raises(ValueError, match="lacks"):
            enqueue_select(select, args, columns=columns[1:])
    tally = dispatch_all(house, limit=400)
    assert (tally["claimed"], tally["delivered"]) == (1000, 1000)
    with org_scope(house):
        assert queries.unread_count(ZHOU) == 1000
        assert queries.broken_batches() == []


@pytest.mark.req("R-02")
def test_a_paid_debt_is_not_asked_for_again(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    notice = notify(valid_if="messaging_test.still_owed", vars={"amount": "1", "due": "2026-11-25", "paid": "yes"})
    assert dispatch_due(house)["cancelled"] == 1
    assert message(house, notice)["reason"] == "cancelled.by_hand"
    assert gateway.phone(house, ZHOU_PHONE) == []


def test_after_a_partial_payment_the_text_says_what_is_still_owed(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    notify(valid_if="messaging_test.less_owed")
    dispatch_due(house)
    assert "账单100.00元" in gateway.phone(house, ZHOU_PHONE)[0]


def test_an_unknown_recheck_sends_nothing(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    notice = notify(valid_if="nobody.registered")
    dispatch_due(house)
    assert (message(house, notice)["state"], message(house, notice)["reason"]) == ("cancelled", "recheck.unknown")


def test_at_night_an_sms_waits_and_a_code_goes(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    wait(house, hours=12)  # 22:00
    notice = notify()
    with org_scope(house):
        send_code(SYSTEM, person_id=LIN, contact_id=3, code="618204")
        assert "618204" not in str(fetch("SELECT vars, sealed_vars FROM message"))
    dispatch_due(house)
    assert message(house, notice)["state"] == "queued"
    assert gateway.phone(house, LIN_PHONE) == ["【安居公寓】您的验证码是618204，5分钟内有效，请勿告诉他人。"]
    wait(house, hours=10)  # 08:00
    dispatch_due(house)
    assert len(gateway.phone(house, ZHOU_PHONE)) == 1


def test_a_notice_for_tomorrow_waits(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    with org_scope(house):
        tomorrow = clock.now() + timedelta(days=1)
    notify(due_at=tomorrow)
    assert not dispatch_due(house)
    wait(house, days=1)
    assert dispatch_due(house)["sent"] == 1


@pytest.mark.req("R-08")
def test_a_passing_fault_is_retried_with_longer_waits_and_then_fails(
    house: int, gateway: Gateway, notify: Notify
) -> None:
    gateway.set_up(house)
    gateway.behave(house, fail={"*": "isp.SYSTEM_ERROR"})
    notice = notify()
    for tries in (1, 2, 3):
        assert dispatch_due(house)["queued"] == 1
        assert not dispatch_due(house)  # not before its time
        assert message(house, notice)["tries"] == tries
        run_out_of_lease(house)
    assert dispatch_due(house)["failed"] == 1
    assert message(house, notice)["reason"] == "provider.system_error"
    assert [a["outcome"] for a in attempts(house, notice)] == ["refused"] * 4
    gateway.behave(house, fail={})
    with org_scope(house):
        retry_message(SYSTEM, message_id=notice)
    assert dispatch_due(house)["sent"] == 1


def test_a_full_account_stops_the_channel_and_goes_on_after_the_top_up(
    house: int, gateway: Gateway, notify: Notify
) -> None:
    gateway.set_up(house)
    gateway.behave(house, balance=0)
    notice = notify()
    dispatch_due(house)
    assert message(house, notice)["state"] == "queued"
    assert message(house, notice)["tries"] == 0
    with org_scope(house):
        health = queries.health("sms")
        assert (health.trouble, health.planned) == ("channel.balance", 1)
    assert not dispatch_due(house)  # left alone for a while
    gateway.behave(house, balance=-1)
    run_out_of_lease(house)
    assert dispatch_due(house)["sent"] == 1
    with org_scope(house):
        assert queries.health("sms").trouble == ""


@pytest.mark.req("R-11")
def test_quota_and_balance_are_counted(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house, daily_quota=1, balance=5)
    notify()
    notify(to_person=LIN, contact_id=3)
    assert dispatch_all(house)["sent"] == 1
    with org_scope(house):
        health = queries.health("sms")
    assert (health.used_today, health.daily_quota, health.balance, health.planned) == (1, 1, 3, 1)  # two parts went
    assert health.days_left is None


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda book: book.mark(1, "address.stale"), "address.stale"),
        (lambda book: book.mark(1, "address.blocked"), "address.blocked"),
        (lambda book: book.contacts_by_id.pop(1), "address.none"),
    ],
)
@pytest.mark.req("R-11")
def test_without_a_usable_address_the_notice_says_why(
    house: int, gateway: Gateway, notify: Notify, phone_book: PhoneBook, spoil: Callable[[PhoneBook], object], code: str
) -> None:
    gateway.set_up(house)
    spoil(phone_book)
    notice = notify()
    assert dispatch_due(house)["failed"] == 1
    assert message(house, notice)["reason"] == code
    assert attempts(house, notice) == []


def test_anothers_contact_is_never_used(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    notice = notify(to_person=LIN, contact_id=1)  # Zhou's phone
    dispatch_due(house)
    assert message(house, notice)["reason"] == "address.none"
    assert gateway.phone(house, ZHOU_PHONE) == []


def test_a_batch_asks_for_its_addresses_once(
    house: int, gateway: Gateway, notify: Notify, phone_book: PhoneBook
) -> None:
    gateway.set_up(house)
    for n in range(30):
        notify(dedupe=f"many:{n}")
    dispatch_due(house)
    assert phone_book.asked == 1
    assert len(gateway.phone(house, ZHOU_PHONE)) == 30


def test_a_text_in_review_waits_and_a_refused_one_fails(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    gateway.behave(house, review="hold")
    notice = notify()
    dispatch_due(house)
    assert (message(house, notice)["state"], message(house, notice)["reason"]) == ("queued", "text.in_review")
    gateway.behave(house, review="refuse")
    run_out_of_lease(house)
    with org_scope(house):
        from anju.foundation.messaging.models import SmsTemplate

        SmsTemplate.objects.update(checked_at=clock.wall() - timedelta(hours=1))
    assert dispatch_due(house)["failed"] == 1
    assert message(house, notice)["reason"] == "text.refused"


def test_a_forgotten_filing_is_handed_in_again(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    notify(dedupe="first")
    dispatch_due(house)
    gateway.service.account(gateway.key_id(house)).templates.clear()
    second = notify(dedupe="second")
    assert dispatch_due(house)["queued"] == 1
    run_out_of_lease(house)
    assert dispatch_due(house)["sent"] == 1
    assert message(house, second)["state"] == "sent"


def test_a_drill_organization_cannot_reach_a_real_provider(house: int) -> None:
    from anju.foundation.messaging.actions import configure_channel

    with org_scope(house), pytest.raises(Refused) as refused:
        configure_channel(
            SYSTEM, channel="sms", provider="aliyun", config={"key_id": "k", "sign_name": "安居公寓"}, secret={}
        )
    assert refused.value.code == "channel.drill_only"


def test_dispatch_never_runs_inside_a_transaction_of_the_organization(house: int) -> None:
    with org_scope(house), pytest.raises(RuntimeError):
        dispatch_due(house)


def test_a_cancelled_notice_stays_home(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    notice = notify()
    with org_scope(house):
        cancel_message(SYSTEM, message_id=notice)
        refused = cancel_message.refusal(SYSTEM, message_id=notice)
        assert refused is not None
        assert refused.code == "messaging.message.gone"
    assert not dispatch_due(house)


@pytest.mark.req("R-08")
def test_an_email_goes_over_smtp(house: int, postman: Postman, notify: Notify) -> None:
    postman.set_up(house)
    notice = notify(channel="email", contact_id=2)
    assert dispatch_due(house)["sent"] == 1
    (letter,) = postman.letters
    assert letter.rcpt_tos == ["zhou@example.test"]
    mail = message_from_bytes(cast(bytes, letter.content), policy=default)
    assert mail["Subject"] == "账单 ¥2,214.60"
    assert mail["From"] == "安居公寓 <no-reply@anju.example>"
    assert mail["Message-ID"] == f"<message-{notice}@anju.example>"
    assert "/b/" in mail.get_content()


def test_a_mailbox_that_does_not_exist_is_told_to_who_keeps_addresses(
    house: int, postman: Postman, notify: Notify, phone_book: PhoneBook, heard: list[Outcome]
) -> None:
    from dataclasses import replace

    postman.set_up(house)
    phone_book.contacts_by_id[2] = replace(phone_book.contacts_by_id[2], address="nobody@example.test")
    notify(channel="email", contact_id=2)
    assert dispatch_due(house)["failed"] == 1
    assert [(o.code, o.dead, o.contact_id) for o in heard] == [("address.no_mailbox", True, 2)]


def test_a_mail_server_that_is_down_is_tried_again(house: int, postman: Postman, notify: Notify) -> None:
    postman.set_up(house)
    postman.answer = "451 later"
    notice = notify(channel="email", contact_id=2)
    assert dispatch_due(house)["queued"] == 1
    assert message(house, notice)["reason"] == "provider.system_error"
    postman.answer = "250 ok"
    run_out_of_lease(house)
    assert dispatch_due(house)["sent"] == 1
