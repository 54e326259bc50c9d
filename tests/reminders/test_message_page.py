"""Why did this tenant get this message? The page of one message answers, for the rule's messages and for others."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from anju.domain.leases.models import Lease
from anju.domain.reminders.actions import remind_now
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import Person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.db import clock
from anju.foundation.messaging.models import Message
from anju.foundation.staffing.actions import add_staff
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from tests.builders import house, let, terms
from tests.staff import part, refusal, signed_in, text

SYSTEM = Actor.system()


@pytest.fixture
def lease(company: int) -> Lease:
    """January's rent is due on the 17th; the tenant was reminded a week before."""
    made = register_people(SYSTEM, rows=[NewPerson(name="何雨桐", phone="13800137730")])
    lease = let(house(), "3-1-1208", terms(), person=Person.objects.get(id=made.person_ids[0]))
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    clock.move_to(datetime(2026, 1, 10, 7, tzinfo=clock.SHANGHAI))
    run_sweep(SYSTEM, company, "reminders", date(2026, 1, 10))
    return lease


@pytest.mark.req("R-10")
def test_a_message_of_a_rule_says_which_rule_wrote_it_and_what_another_day_would_bring(lease: Lease) -> None:
    message, client = Message.objects.get(), signed_in("service")
    page = text(client, f"/messages/{message.id}")
    for words in ("发提醒，应付 ¥2,280.00", "缴租提醒 v1", "01-10 自动判定", "何雨桐", "查看存证"):
        assert words in page
    assert "13800137730" not in page
    assert "不提醒，下一次在 2026-01-14" in part(client, f"/messages/{message.id}?on=2026-01-12", "why")
    Message.objects.update(state="sent", sent_at=clock.now())
    assert f"/messages/{message.id}" in text(client, f"/tenants/{lease.payer_id}/communications")


def test_a_message_by_hand_says_whose_hand(lease: Lease) -> None:
    staff = add_staff(SYSTEM, login="xu@example.com", name="许婧", roles=("manager",), password="correct horse 7")
    clock.move_to(datetime(2026, 1, 19, 9, tzinfo=clock.SHANGHAI))
    assert remind_now(Actor.staff(staff.id), lease_ids=[lease.id]) == 1
    message = Message.objects.order_by("-id")[0]
    page = text(signed_in("service"), f"/messages/{message.id}")
    assert "由许婧发起" in page
    assert "不是自动任务写的" in page
    assert "若在" in page  # what the rules would decide about the bill can still be asked


def test_who_may_not_read_messages_does_not_find_them(lease: Lease) -> None:
    message = Message.objects.get()
    assert refusal(signed_in("maintenance"), f"/messages/{message.id}") == 403
    assert (
        refusal(signed_in("service", name="远方", all_projects=False, scope_ids=[999]), f"/messages/{message.id}")
        == 404
    )
