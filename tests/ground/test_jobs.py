"""Jobs belong to an organization and to the transaction that queued them; days run in order."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from anju.foundation.db import clock, fetch_value, org_scope, scoped_org
from anju.foundation.jobs import job, ticks
from anju.foundation.jobs.queue import queue_state, run_waiting

seen: list[object] = []


@job("test.note")
def note(*, thing: int) -> None:
    seen.append((scoped_org(), thing))


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own recurring work stays out of these tests."""
    monkeypatch.setattr(ticks, "_daily", {})
    monkeypatch.setattr(ticks, "_often", {})
    seen.clear()


def test_a_job_runs_in_the_organization_that_queued_it(org: int) -> None:
    with org_scope(org):
        assert note.defer(thing=7)
    assert run_waiting() == 1
    assert seen == [(org, 7)]


def test_a_job_vanishes_with_the_transaction_that_queued_it(org: int) -> None:
    with pytest.raises(ZeroDivisionError), org_scope(org):
        note.defer(thing=7)
        raise ZeroDivisionError
    assert queue_state().waiting == 0


def test_a_job_waiting_under_a_key_is_not_queued_twice_and_spoils_nothing(in_org: int) -> None:
    assert note.schedule({"thing": 1}, once="lease:1")
    assert note.schedule({"thing": 1}, once="lease:1") is None
    with transaction.atomic():
        assert fetch_value("SELECT 1") == 1
    assert queue_state().waiting == 1


def test_a_new_organization_has_no_missed_days(org: int) -> None:
    ticks.daily("test.bill", at="00:00")(lambda org, day: seen.append(day))
    with org_scope(org):
        today = clock.today()
    assert ticks.run_due(org) == 1
    assert ticks.run_due(org) == 0
    assert seen == [today]


def test_a_jump_of_the_clock_replays_each_day_in_order(org: int) -> None:
    start = datetime(2026, 3, 30, 12, tzinfo=clock.SHANGHAI)
    with org_scope(org):
        clock.move_to(start)

    def remember(name: str) -> ticks.DailyBody:
        def body(org: int, day: date) -> None:
            with org_scope(org):
                seen.append((clock.now().strftime("%m-%d %H"), name, day.day))

        return body

    ticks.daily("test.remind", at="09:00")(remember("remind"))
    ticks.daily("test.bill", at="02:00")(remember("bill"))
    ticks.run_due(org, start + timedelta(days=2), move=True)
    assert seen == [
        ("03-30 12", "bill", 30),
        ("03-30 12", "remind", 30),
        ("03-31 02", "bill", 31),
        ("03-31 09", "remind", 31),
        ("04-01 02", "bill", 1),
        ("04-01 09", "remind", 1),
    ]
    with org_scope(org):
        assert clock.now() == start + timedelta(days=2)


def test_work_that_fails_is_done_again_and_later_work_waits(org: int) -> None:
    def fail_once(org: int, day: date) -> None:
        seen.append("tried")
        if len(seen) == 1:
            raise ZeroDivisionError

    ticks.daily("test.fail", at="00:00")(fail_once)
    with pytest.raises(ZeroDivisionError):
        ticks.run_due(org)
    assert ticks.run_due(org) == 1


def test_frequent_work_waits_for_its_period(org: int) -> None:
    ticks.every("test.drain", minutes=5)(lambda org, now: seen.append(org))
    assert ticks.run_often(org, "test.drain")
    assert not ticks.run_often(org, "test.drain")
    assert seen == [org]


def test_a_name_is_declared_once() -> None:
    ticks.daily("test.twice", at="00:00")(lambda org, day: None)
    with pytest.raises(ValueError, match="twice"):
        ticks.every("test.twice", minutes=1)(lambda org, now: None)
