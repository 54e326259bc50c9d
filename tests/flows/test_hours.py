"""Working time is the company's own: a policy, announced holidays included; a limit keeps the hours it began with."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from anju.foundation.db import clock
from anju.foundation.flows import actions
from anju.foundation.flows.hours import Hours, after, before, between
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.store import body_sha256
from anju.kit import Actor
from tests.flows.house import KEYS, hire, install
from tests.flows.test_limits import limit

WEEK = Hours(weekdays=("1", "2", "3", "4", "5"))
WORKING = KEYS.model_copy(
    update={"limits": (KEYS.limits[0].model_copy(update={"minutes": (60,), "warn_before": 30, "counts": "working"}),)}
)


def moment(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=clock.SHANGHAI)


def release_hours(value: Hours, number: int) -> None:
    body, wall = value.model_dump(mode="json"), clock.wall()
    version = PolicyVersion.objects.create(
        key="hours", number=number, schema=1, body=body, sha256=body_sha256(body), author="system",
        state=PolicyVersion.State.RELEASED, created_at=wall, updated_at=wall,
    )  # fmt: skip
    PolicyRelease.objects.create(
        key="hours", effective_from=clock.now(), version=version, reviewer="system", reason="", created_at=wall
    )


def test_holidays_rest_and_weekends_worked_in_exchange_count() -> None:
    assert not WEEK.works(date(2026, 10, 1)), "a Thursday, the National Day"
    assert WEEK.works(date(2026, 10, 10)), "a Saturday worked in exchange"
    assert not WEEK.works(date(2026, 10, 11)), "an ordinary Sunday"
    assert not Hours(weekdays=("1",), holidays_rest=False).works(date(2026, 10, 10))


@pytest.mark.parametrize("minutes", [0, 30, 60, 540, 600])
def test_counting_back_is_counting_forward(minutes: int) -> None:
    start = moment(9, 29, 16)
    assert before(after(start, minutes, WEEK), minutes, WEEK) == start
    assert between(start, after(start, minutes, WEEK), WEEK) == minutes
    assert before(start, minutes, None) == after(start, -minutes, None)


@pytest.mark.req("L-02")
def test_a_limit_in_working_time_obeys_the_policy_in_force_when_it_began(company: int) -> None:
    clock.move_to(moment(11, 26, 17, 30))
    desk, boss = hire("service"), hire("manager", name="许婧")
    install("keys", WORKING)
    first = actions.open_case(desk, flow="keys", facts={"keys": "1"})
    assert (limit(first, "respond").due_at, limit(first, "respond").warn_at) == (
        moment(11, 27, 9, 30),
        moment(11, 27, 9),
    )
    clock.move_to(moment(11, 26, 17, 40))
    release_hours(Hours(opens=time(8), closes=time(20)), 2)
    second = actions.open_case(desk, flow="keys", facts={"keys": "1"})
    assert limit(second, "respond").due_at == moment(11, 26, 18, 40)
    # Put aside for ten minutes, the first still counts nine to six.
    actions.pause(boss, case_id=first.id, reason="away")
    clock.move_to(moment(11, 26, 17, 50))
    actions.go_on(boss, case_id=first.id)
    assert limit(first, "respond").due_at == moment(11, 27, 9, 40)
    actions.reclass(boss, case_id=first.id, priority=1, reason="不急")
    assert limit(first, "respond").due_at == moment(11, 27, 9, 30)


def test_day_and_night_limits_know_no_hours(company: int) -> None:
    install("keys", KEYS)
    case = actions.open_case(Actor.system(), flow="keys", facts={"keys": "1"})
    assert limit(case, "respond").hours_id is None
