"""The machine's clock is set back an hour: nothing is done twice or waits an hour, business time does not go back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine

from anju.foundation.db import clock, org_scope, run_sql
from anju.foundation.identity.codes import check_code, request_code
from anju.foundation.identity.limits import Limit, spend
from anju.foundation.jobs import ticks
from anju.foundation.jobs.beat import queue_ticker
from anju.foundation.jobs.queue import queue_state
from anju.kit import Refused

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=clock.SHANGHAI)
HOUR = timedelta(hours=1)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the recurring work did; the product's own stays out."""
    done: list[object] = []
    monkeypatch.setattr(ticks, "_daily", {})
    monkeypatch.setattr(ticks, "_often", {})
    ticks.daily("test.bill", at="00:30")(lambda org, day: done.append(day))
    ticks.every("test.send", minutes=1)(lambda org, now: done.append("sent"))
    return done


def run(org: int) -> None:
    ticks.run_due(org)
    ticks.run_often(org, "test.send")


def test_recurring_work_goes_on_at_once_and_no_day_is_done_twice(org: int, served: list[object]) -> None:
    after_midnight = datetime(2026, 11, 27, 0, 40, tzinfo=clock.SHANGHAI)
    with time_machine.travel(after_midnight, tick=False):
        run(org)
        assert served == [date(2026, 11, 27), "sent"]
    with time_machine.travel(after_midnight - HOUR, tick=False):  # 23:40 of the day before
        run(org)
        assert served == [date(2026, 11, 27), "sent", "sent"]
    with time_machine.travel(after_midnight - HOUR + timedelta(minutes=1), tick=False):
        run(org)
        assert served.count("sent") == 3
    with time_machine.travel(after_midnight + timedelta(days=1), tick=False):
        run(org)
        assert served.count(date(2026, 11, 27)) == 1
        assert served.count(date(2026, 11, 28)) == 1


def test_business_time_stands_still_until_the_clock_has_caught_up(org: int, served: list[object]) -> None:
    with time_machine.travel(NOON, tick=False):
        run(org)
    for back in (HOUR, timedelta(minutes=1)):
        with time_machine.travel(NOON - back, tick=False):
            run(org)
            with org_scope(org):
                assert clock.now() == NOON
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False), org_scope(org):
        assert clock.now() == NOON + timedelta(minutes=1)


def test_a_clock_that_had_been_years_ahead_does_not_stop_business_for_years(org: int, served: list[object]) -> None:
    with time_machine.travel(NOON + timedelta(days=800), tick=False):
        ticks.run_often(org, "test.send")
    with time_machine.travel(NOON, tick=False):
        ticks.run_often(org, "test.send")
        with org_scope(org):
            assert clock.now() == NOON


def test_a_running_drill_clock_does_not_fall_behind_the_time_it_was_set_to(org: int) -> None:
    with time_machine.travel(NOON, tick=False), org_scope(org):
        clock.move_to(datetime(2026, 3, 1, 9, tzinfo=clock.SHANGHAI), runs=True)
    with time_machine.travel(NOON - HOUR, tick=False), org_scope(org):
        assert clock.now() == datetime(2026, 3, 1, 9, tzinfo=clock.SHANGHAI)


def test_the_pulse_is_not_counted_by_the_time_of_day(org: int) -> None:
    with time_machine.travel(NOON):
        queue_ticker()
        queue_ticker()
        assert queue_state().waiting == 2
    assert run_sql("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'todo'") == 2
    with time_machine.travel(NOON - HOUR):
        queue_ticker()
        assert queue_state().waiting == 2


def test_codes_and_limits_are_neither_lost_nor_locked(org: int) -> None:
    limit = Limit("test.often", 1, timedelta(minutes=1))
    with time_machine.travel(NOON, tick=False):
        code = request_code(org, "13800000001", "203.0.113.7")
        spend(limit, "somebody")
    with time_machine.travel(NOON - HOUR, tick=False):
        assert check_code(org, "13800000001", code, "203.0.113.7") == "13800000001"
        spend(limit, "somebody")  # not: try again in 61 minutes
        with pytest.raises(Refused, match="too_many"):
            spend(limit, "somebody")
