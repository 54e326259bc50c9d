"""Notices to colleagues through the same outbox: by name in the app, by SMS where a phone is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, fetch_value, org_scope
from anju.foundation.identity.models import Staff, User
from anju.foundation.messaging import contacts
from anju.foundation.messaging.claim import RUN
from anju.foundation.messaging.dispatch import dispatch_all
from anju.foundation.messaging.outbox import enqueue
from anju.foundation.messaging.queries import staff_inbox, unread_count
from anju.foundation.policy.store import in_force
from tests.messaging.house import LIN_PHONE, SYSTEM, ZHOU, Gateway, Notices

ME, OTHER = 31, 32
BILL = {"amount": "2214.60", "due": "2026-11-25", "link": "https://anju.example/b/x"}


@action("messaging_test.page", needs=RUN)
def page(act: Act, *, staff: int, channel: str, person: int | None = None) -> int | None:
    made = enqueue(
        act, dedupe=f"page:{staff}:{channel}", to_staff=staff, to_person=person, channel=channel, kind="page",
        template="messaging_test_notices:bill", version_id=in_force(Notices).version_id, subject=("bill", 7),
        vars=BILL, priority=0,
    )  # fmt: skip
    if made is None:
        act.nothing_changed()
    return made


@pytest.fixture
def crew(house: int) -> int:
    """The house, with two colleagues."""
    with org_scope(house):
        for staff_id, name in ((ME, "赵永康"), (OTHER, "何志斌")):
            user = User.objects.create_user(f"staff{staff_id}@{house}.example")
            Staff.objects.create(id=staff_id, user=user, name=name, roles=["maintenance"])
    return house


@pytest.fixture
def phones() -> Iterator[None]:
    before = list(contacts._phones)

    def known(staff_ids: Sequence[int]) -> Mapping[int, str]:
        return {i: LIN_PHONE for i in staff_ids if i == ME}

    contacts.register_staff_phones(known)
    yield
    contacts._phones[:] = before


def test_a_colleague_is_told_in_the_app_and_nobody_elses_red_dot_moves(house: int, crew: int) -> None:
    with org_scope(house):
        assert page(SYSTEM, staff=ME, channel="inapp") is not None
        assert page(SYSTEM, staff=ME, channel="inapp") is None  # the same notice once
    assert dispatch_all(house)["delivered"] == 1
    with org_scope(house):
        since = clock.now() - timedelta(hours=1)
        (mine,) = staff_inbox(ME, "page", since)
        assert mine.title == "账单 ¥2,214.60"
        assert mine.body.startswith("赵永康您好")
        assert staff_inbox(OTHER, "page", since) == []
        assert staff_inbox(ME, "page", clock.now() + timedelta(hours=1)) == []
        assert unread_count(ZHOU) == 0
        assert b"2,214" not in bytes(fetch_value("SELECT text FROM message"))


def test_by_sms_it_reaches_the_colleagues_phone_or_says_that_there_is_none(
    house: int, crew: int, gateway: Gateway, phones: None
) -> None:
    gateway.set_up(house)
    with org_scope(house):
        page(SYSTEM, staff=ME, channel="sms")
        page(SYSTEM, staff=OTHER, channel="sms")
    dispatch_all(house)
    assert len(gateway.phone(house, LIN_PHONE)) == 1
    with org_scope(house):
        rows = fetch("SELECT to_staff, state, reason FROM message ORDER BY to_staff")
        assert [(r["to_staff"], r["state"], r["reason"]) for r in rows] == [
            (ME, "sent", ""),
            (OTHER, "failed", "address.none"),
        ]
    gateway.release(house)
    with org_scope(house):
        assert fetch_value("SELECT state FROM message WHERE to_staff = %(me)s", {"me": ME}) == "delivered"


def test_a_message_goes_to_one_of_the_two(house: int) -> None:
    with org_scope(house), pytest.raises(IntegrityError, match="a_message_goes_to_one"), transaction.atomic():
        page(SYSTEM, staff=ME, channel="inapp", person=ZHOU)
