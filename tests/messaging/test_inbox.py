"""In-app messages wear a red dot until opened; the next channel takes over; an emergency stop holds everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anju.foundation.db import clock, fetch, org_scope, run_sql
from anju.foundation.messaging import links, queries
from anju.foundation.messaging.actions import mark_read, pause, resume
from anju.foundation.messaging.dispatch import dispatch_due
from anju.kit import Actor, Refused
from tests.messaging.house import (
    LIN,
    LIN_PHONE,
    SYSTEM,
    ZHOU,
    ZHOU_PHONE,
    Gateway,
    PhoneBook,
    Postman,
    message,
    open_house,
    wait,
)  # fmt: skip

Notify = Callable[..., int]


@pytest.mark.req("R-08")
def test_the_red_dot_stays_until_the_message_is_opened(house: int, notify: Notify) -> None:
    notice = notify(channel="inapp")
    assert dispatch_due(house)["delivered"] == 1
    with org_scope(house):
        assert queries.unread_count(ZHOU) == 1
        (shown,) = queries.inbox(ZHOU)
        assert (shown.title, shown.body, shown.unread) == (
            "账单 ¥2,214.60",
            "周子昂您好，账单 ¥2,214.60，11月25日到期。",
            True,
        )
        assert mark_read(SYSTEM, person_id=ZHOU, message_ids=[notice]) == 1
        assert queries.unread_count(ZHOU) == 0
        assert not queries.inbox(ZHOU)[0].unread
        assert mark_read(SYSTEM, person_id=ZHOU) == 0
    assert message(house, notice)["read_at"] is not None


def test_nobody_opens_anothers_inbox(house: int, notify: Notify) -> None:
    notify(channel="inapp")
    dispatch_due(house)
    with org_scope(house):
        check = mark_read.check
        assert check is not None
        with pytest.raises(Refused, match="not_found"):
            check(Actor.tenant(LIN), person_id=ZHOU)
        check(Actor.tenant(ZHOU), person_id=ZHOU)
        assert queries.inbox(LIN) == []
    with org_scope(open_house()):
        assert queries.inbox(ZHOU) == []
        assert queries.what_a_phone_received(ZHOU) == []


@pytest.mark.req("R-08")
def test_unread_for_a_day_the_next_channel_takes_over(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    first = notify(channel="inapp", next_channels=["sms"])
    dispatch_due(house)
    wait(house, hours=23)
    dispatch_due(house)
    assert gateway.phone(house, ZHOU_PHONE) == []
    wait(house, hours=1)
    assert dispatch_due(house)["fell_back"] == 1
    assert len(gateway.phone(house, ZHOU_PHONE)) == 1
    assert message(house, first)["fell_back_at"] is not None
    wait(house, days=3)
    assert "fell_back" not in dispatch_due(house)  # once, and the SMS has nobody after it


@pytest.mark.parametrize("how", ["opened", "link"])
def test_what_was_read_does_not_fall_back(house: int, gateway: Gateway, notify: Notify, how: str) -> None:
    gateway.set_up(house)
    if how == "opened":
        notify(channel="inapp", next_channels=["sms"])
    else:
        notify(next_channels=["inapp"])
    dispatch_due(house)
    with org_scope(house):
        if how == "opened":
            mark_read(SYSTEM, person_id=ZHOU)
        else:
            (shown,) = queries.what_a_phone_received(ZHOU)
    if how == "link":
        links.resolve(shown.link.rpartition("/")[2], "203.0.113.9")
    wait(house, days=2)
    assert "fell_back" not in dispatch_due(house)


@pytest.mark.req("R-15")
def test_a_stale_number_changes_the_channel_and_skips_what_the_person_lacks(
    house: int, gateway: Gateway, postman: Postman, notify: Notify, phone_book: PhoneBook
) -> None:
    gateway.set_up(house)
    postman.set_up(house)
    phone_book.mark(3, "address.stale")
    notify(to_person=LIN, contact_id=3, next_channels=["email", "inapp"])  # Lin has no mailbox
    dispatch_due(house)
    dispatch_due(house)
    with org_scope(house):
        assert [(s.channel, s.state) for s in queries.what_a_phone_received(LIN)] == [
            ("inapp", "delivered"),
            ("sms", "failed"),
        ]
    assert gateway.phone(house, LIN_PHONE) == []


@pytest.mark.req("C-07")
def test_an_emergency_stop_holds_a_kind_and_lets_it_go_again(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    before = notify(dedupe="before")
    with org_scope(house):
        stop = pause(SYSTEM, reason="12月账单金额有误", kind="reminder")
        assert [m["id"] for m in queries.held(stop.id)] == [before]
    after = notify(dedupe="after")
    other = notify(dedupe="other", kind="repair")
    assert dispatch_due(house)["sent"] == 1
    assert [message(house, m)["state"] for m in (before, after, other)] == ["held", "held", "sent"]
    with org_scope(house):
        assert resume(SYSTEM, pause_id=stop.id) == 2
        refused = resume.refusal(SYSTEM, pause_id=stop.id)
        assert refused is not None
        assert refused.code == "messaging.pause.lifted"
    assert dispatch_due(house)["sent"] == 2


def test_a_stop_needs_a_reason_and_never_stops_codes(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    with org_scope(house):
        refused = pause.refusal(SYSTEM, reason=" ")
        assert refused is not None
        assert refused.code == "messaging.pause.no_reason"
        pause(SYSTEM, reason="全部停发")
    notify(priority=0)
    notify(dedupe="normal")
    dispatch_due(house)
    assert len(gateway.phone(house, ZHOU_PHONE)) == 1


def test_a_stop_of_one_scope_leaves_the_others(house: int, gateway: Gateway, notify: Notify) -> None:
    gateway.set_up(house)
    with org_scope(house):
        pause(SYSTEM, reason="该项目停电", scope_id=3)
    held = notify(dedupe="3", scope_id=3)
    notify(dedupe="4", scope_id=4)
    assert dispatch_due(house)["sent"] == 1
    assert message(house, held)["state"] == "held"


def test_the_phone_shows_everything_in_order_with_its_fate(
    house: int, gateway: Gateway, postman: Postman, notify: Notify
) -> None:
    gateway.set_up(house)
    postman.set_up(house)
    notify()
    dispatch_due(house)
    wait(house, hours=1)
    notify(channel="inapp")
    dispatch_due(house)
    wait(house, hours=1)
    notify(channel="email", contact_id=2)
    dispatch_due(house)
    with org_scope(house):
        shown = queries.what_a_phone_received(ZHOU)
        assert [(s.channel, s.state) for s in shown] == [("email", "sent"), ("inapp", "delivered"), ("sms", "sent")]
        later = queries.what_a_phone_received(ZHOU, since=shown[1].sent_at)
        assert [s.channel for s in later] == ["email", "inapp"]


def test_destroying_a_persons_key_leaves_no_text(house: int, notify: Notify) -> None:
    notify(channel="inapp")
    dispatch_due(house)
    with org_scope(house):
        run_sql("DELETE FROM person_key WHERE person_id = %(p)s", {"p": ZHOU})
        (shown,) = queries.inbox(ZHOU)
        assert (shown.title, shown.body) == ("", "")


def test_tampering_with_an_attempt_is_noticed(house: int, notify: Notify) -> None:
    notify(channel="inapp")
    dispatch_due(house)
    with org_scope(house):
        (batch,) = fetch("SELECT id FROM message_batch")
        run_sql("UPDATE message_attempt SET code = 'address.dead'")
        assert queries.broken_batches() == [batch["id"]]
        assert clock.now() is not None


def test_a_channel_nobody_set_up_fails_at_once_and_the_next_takes_over(house: int, notify: Notify) -> None:
    notice = notify(next_channels=["inapp"])
    tally = dispatch_due(house)
    assert (tally["failed"], tally["fell_back"], tally["delivered"]) == (1, 1, 1)
    assert message(house, notice)["reason"] == "channel.not_set"
    with org_scope(house):
        shown = queries.what_a_phone_received(ZHOU)
        assert {s.channel: s.why_not for s in shown} == {"inapp": "", "sms": "这个渠道还没有配置。"}


def test_what_could_not_go_in_time_goes_by_the_next_channel_instead(
    house: int, gateway: Gateway, notify: Notify
) -> None:
    gateway.set_up(house)
    gateway.behave(house, balance=0)
    notice = notify(next_channels=["inapp"])
    dispatch_due(house)
    wait(house, hours=25)
    assert dispatch_due(house)["delivered"] == 1
    assert (message(house, notice)["state"], message(house, notice)["reason"]) == ("cancelled", "cancelled.superseded")


def test_an_idle_minute_leaves_no_rows(house: int, gateway: Gateway) -> None:
    gateway.set_up(house)
    assert not dispatch_due(house)
    with org_scope(house):
        assert fetch("SELECT id FROM message_batch") == []


def test_a_tenant_needs_a_role_to_stop_messages(house: int) -> None:
    with org_scope(house):
        for act, args in ((pause, {"reason": "x"}), (resume, {"pause_id": 1})):
            refused = act.refusal(Actor.tenant(ZHOU), **args)
            assert refused is not None
            assert refused.code == "not_allowed"
