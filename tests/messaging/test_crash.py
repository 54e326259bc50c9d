"""A worker may be killed at any moment: nothing is lost, and nothing is sent twice where the provider can be asked."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest
from django.db import connection

from anju.foundation.messaging import dispatch
from anju.foundation.messaging.channels.base import Result
from tests.messaging.house import (
    SYSTEM,
    ZHOU_PHONE,
    Gateway,
    Postman,
    attempts,
    message,
    queue_notice,
    run_out_of_lease,
)  # fmt: skip


def worker(org: int, before: Callable[[], None] = lambda: None) -> int:
    """Another process that dispatches; returns its id."""
    inherited = connection.connection
    pid = os.fork()
    if pid == 0:
        try:
            connection.connection = None  # the child opens its own; the parent's must not be closed from here
            before()
            dispatch.dispatch_due(org)
        finally:
            os._exit(0 if inherited else 1)
    return pid


def kill_when(pid: int, seen: Callable[[], bool]) -> None:
    """SIGKILL the worker as soon as something is true; give up after ten seconds."""
    for _ in range(1000):
        if seen():
            break
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert seen()


def test_killed_after_the_provider_took_it_the_message_is_found_and_not_sent_again(
    lasting_house: int, gateway: Gateway
) -> None:
    gateway.set_up(lasting_house)
    notice = queue_notice(lasting_house)
    gateway.behave(lasting_house, answer_after=30)
    pid = worker(lasting_house)
    kill_when(pid, lambda: len(gateway.phone(lasting_house, ZHOU_PHONE)) == 1)
    gateway.behave(lasting_house, answer_after=0)
    assert message(lasting_house, notice)["state"] == "sending"
    assert not dispatch.dispatch_due(lasting_house)  # the lease holds

    run_out_of_lease(lasting_house)
    assert dispatch.dispatch_due(lasting_house)["delivered"] == 1
    assert len(gateway.phone(lasting_house, ZHOU_PHONE)) == 1
    assert [a["outcome"] for a in attempts(lasting_house, notice)] == ["delivered"]
    assert message(lasting_house, notice)["state"] == "delivered"


def test_killed_before_the_provider_heard_of_it_the_message_goes_once(
    lasting_house: int, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.set_up(lasting_house)
    notice = queue_notice(lasting_house)
    hang = lambda claim: time.sleep(60)  # noqa: E731  (dies here)
    pid = worker(lasting_house, before=lambda: monkeypatch.setattr(dispatch, "_deliver", hang))
    kill_when(pid, lambda: message(lasting_house, notice)["state"] == "sending")
    assert gateway.phone(lasting_house, ZHOU_PHONE) == []

    run_out_of_lease(lasting_house)
    assert dispatch.dispatch_due(lasting_house)["sent"] == 1
    assert len(gateway.phone(lasting_house, ZHOU_PHONE)) == 1
    assert [a["outcome"] for a in attempts(lasting_house, notice)] == ["not_sent", "accepted"]


def test_two_workers_share_the_queue_and_send_each_message_once(lasting_house: int, gateway: Gateway) -> None:
    gateway.set_up(lasting_house)
    for n in range(40):
        queue_notice(lasting_house, dedupe=f"shared:{n}")
    workers = [worker(lasting_house) for _ in range(3)]
    for pid in workers:
        os.waitpid(pid, 0)
    dispatch.dispatch_all(lasting_house)
    assert len(gateway.phone(lasting_house, ZHOU_PHONE)) == 40
    sent = gateway.service.account(gateway.key_id(lasting_house)).sent
    assert len({s.out_id for s in sent}) == 40


def test_a_provider_that_does_not_answer_is_asked_before_anything_goes_again(
    house: int, gateway: Gateway, notify: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from anju.foundation.messaging.channels import aliyun

    gateway.set_up(house)
    notice = notify()
    gateway.behave(house, answer_after=1.0)
    monkeypatch.setattr(aliyun, "TIMEOUT", 0.3)
    assert dispatch.dispatch_due(house)["sending"] == 1
    assert (message(house, notice)["state"], message(house, notice)["reason"]) == ("sending", "provider.timeout")
    gateway.behave(house, answer_after=0)
    monkeypatch.undo()
    run_out_of_lease(house)
    assert dispatch.dispatch_due(house)["delivered"] == 1
    assert len(gateway.phone(house, ZHOU_PHONE)) == 1


def test_a_worker_that_woke_too_late_leaves_the_message_to_its_new_owner(
    house: int, gateway: Gateway, notify: Callable[..., int]
) -> None:
    from anju.foundation.db import clock, org_scope
    from anju.foundation.messaging.claim import claim_batch, claim_lost
    from anju.foundation.messaging.settle import settle_batch

    gateway.set_up(house)
    notice = notify()
    with org_scope(house):
        slow = claim_batch(SYSTEM, channel="sms", limit=10, now=clock.now())
    run_out_of_lease(house)
    with org_scope(house):
        owner = claim_lost(SYSTEM, channel="sms", limit=10)
        assert slow is not None
        assert owner is not None
        late = [Result(slow.letters[0].attempt_id, "refused", "address.dead")]
        assert not settle_batch(SYSTEM, claim=slow, results=late)
    assert message(house, notice)["state"] == "sending"


def test_mail_knows_no_query_and_goes_again_under_the_same_id(
    lasting_house: int, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    postman.set_up(lasting_house)
    notice = queue_notice(lasting_house, channel="email", contact_id=2)
    stay = lambda org, claim, results: time.sleep(60)  # noqa: E731  (dies after handing over)
    pid = worker(lasting_house, before=lambda: monkeypatch.setattr(dispatch, "_settle", stay))
    kill_when(pid, lambda: len(postman.letters) == 1)
    run_out_of_lease(lasting_house)
    dispatch.dispatch_due(lasting_house)
    assert message(lasting_house, notice)["state"] == "sent"
    ids = {line for letter in postman.letters for line in (letter.content or b"").splitlines() if b"Message-ID" in line}
    assert len(postman.letters) == 2
    assert len(ids) == 1
