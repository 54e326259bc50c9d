"""Time limits: warning, breach, escalation, what happens by itself, pauses, classes, working hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

import pytest

from anju.foundation.db import clock
from anju.foundation.flows import actions, queries
from anju.foundation.flows.actions.steps import move
from anju.foundation.flows.clocks import limits_of
from anju.foundation.flows.hours import Hours, after, between
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.foundation.flows.sweep import TIMERS
from anju.foundation.flows.timers import run_timers
from anju.foundation.sweeps.models import Decision, SweepRun
from anju.kit import Actor, Refused
from tests.flows.house import KEYS, hire, install
from tests.flows.test_cases import TENANT, at, code, opened, photo


def limit(case: FlowCase, key: str) -> FlowLimit:
    return next(x for x in limits_of(case) if x.key == key)


@pytest.mark.req("W-05")
def test_a_limit_warns_then_breaks_then_escalates(company: int) -> None:
    at(9)
    desk, boss = hire("service"), hire("manager", name="许婧")
    case = opened(desk)
    assert limit(case, "respond").due_at == datetime(2026, 1, 1, 9, 30, tzinfo=clock.SHANGHAI)
    assert run_timers(company) == 0
    at(9, 21)
    assert run_timers(company) == 1
    assert limit(case, "respond").warned_at is not None
    assert queries.inbox(boss, "team").count() == 0
    at(9, 31)
    assert run_timers(company) == 1
    broken = limit(case, "respond")
    assert (broken.state, broken.breached_at, broken.pending) == ("breached", broken.due_at, "")
    assert [c.id for c in queries.inbox(boss, "team")] == [case.id]  # the supervisor's now, too
    assert [c.id for c in queries.inbox(desk, "overdue")] == [case.id]
    assert run_timers(company) == 0


def test_every_look_accounts_for_every_limit(company: int) -> None:
    at(9)
    desk = hire("service")
    opened(desk)
    for n in range(4):
        actions.open_case(desk, flow="keys", facts={"keys": "1"}, priority=n % 2)
    at(9, 40)
    run_timers(company)
    run = SweepRun.objects.get(sweep="timers")
    assert run.candidates == sum(run.tally.values()) == 3  # the two that are not urgent have no such limit
    assert run.tally == {"breached": 3}
    assert Decision.objects.filter(run_id=run.id).count() == 3
    assert set(run.tally) <= set(TIMERS.codes)


def test_a_limit_met_too_late_is_broken_although_nobody_looked(company: int) -> None:
    at(9)
    desk = hire("service")
    case = opened(desk)
    at(10)
    move(desk, case_id=case.id, step="take")
    met = limit(case, "respond")
    assert (met.state, met.pending) == ("breached", "breach")
    assert run_timers(company) == 1


@pytest.mark.req("W-06")
def test_silence_closes_by_itself(company: int) -> None:
    at(9)
    desk = hire("service")
    case = opened(desk)
    move(desk, case_id=case.id, step="take")
    move(desk, case_id=case.id, step="hand", facts={"signed": "信箱"}, photos=photo())
    at(8, 59, day=3)
    run_timers(company)
    case.refresh_from_db()
    assert case.stage == "proof"
    at(9, 1, day=3)
    run_timers(company)
    case.refresh_from_db()
    assert (case.stage, queries.visits(case.id)[-1].by) == ("done", "system")
    assert move.refusal(TENANT, case_id=case.id, step="sign") is not None


def test_a_pause_keeps_what_was_left(company: int) -> None:
    at(9)
    desk, boss = hire("service"), hire("manager", name="许婧")
    case = opened(desk)
    at(9, 10)
    with pytest.raises(Refused) as refused:
        actions.pause(boss, case_id=case.id, reason="rain")
    assert code(refused) == "flow.no_pause_reason"
    actions.pause(boss, case_id=case.id, reason="away")
    at(18)
    assert run_timers(company) == 0
    actions.go_on(boss, case_id=case.id)
    assert limit(case, "respond").due_at == datetime(2026, 1, 1, 18, 20, tzinfo=clock.SHANGHAI)


@pytest.mark.req("W-02")
def test_another_class_has_another_limit(company: int) -> None:
    at(9)
    desk, boss = hire("service"), hire("manager", name="许婧")
    case = opened(desk)
    actions.reclass(boss, case_id=case.id, priority=1, reason="只是备用钥匙")
    assert limit(case, "respond").state == "stopped"
    with pytest.raises(Refused) as refused:
        actions.reclass(desk, case_id=case.id, priority=0, reason="很急")
    assert code(refused) == "flow.not_yours"


def test_running_cases_keep_their_version(company: int) -> None:
    at(9)
    desk, boss = hire("service"), hire("manager", name="许婧")
    case = opened(desk)
    at(9, 5)
    shorter = KEYS.model_copy(
        update={
            "stages": tuple(s.model_copy(update={"key": "waiting"}) if s.key == "open" else s for s in KEYS.stages),
            "transitions": tuple(
                t.model_copy(update={"sources": tuple("waiting" if s == "open" else s for s in t.sources)})
                for t in KEYS.transitions
                if t.key != "back"
            ),
            "limits": (),
        }
    )
    install("keys", shorter, number=2)
    assert actions.open_case(desk, flow="keys", facts={"keys": "1"}).stage == "waiting"
    assert move.refusal(desk, case_id=case.id, step="take") is None
    with pytest.raises(Refused) as refused:
        actions.adapt(boss, flow="keys", stages={})
    assert (code(refused), refused.value.facts["count"]) == ("flow.stuck", 1)
    assert actions.adapt(boss, flow="keys", stages={"open": "waiting"}) == 1
    case.refresh_from_db()
    assert case.stage == "waiting"
    move(desk, case_id=case.id, step="take")


WEEK = Hours(opens=time(9), closes=time(18), weekdays=("1", "2", "3", "4", "5"))


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (moment(27, 10), 60, moment(27, 11)),
        (moment(27, 17, 30), 60, moment(30, 9, 30)),  # over the weekend
        (moment(28, 12), 30, moment(30, 9, 30)),
        (moment(27, 20), 0, moment(30, 9)),
        (moment(26, 9), 540, moment(26, 18)),
    ],
)
def test_working_time(start: datetime, minutes: int, end: datetime) -> None:
    assert after(start, minutes, WEEK) == end
    assert between(start, end, WEEK) == minutes


def test_actor_of_the_system_may_do_everything(company: int) -> None:
    case = opened(hire("service"))
    assert move.refusal(Actor.system(), case_id=case.id, step="take") is None
    install("other", KEYS)


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (lambda boss, case: actions.pause(boss, case_id=case.id, reason="away"), "flow.closed"),
        (lambda boss, case: actions.assign(boss, case_id=case.id, staff_id=boss.id), "flow.closed"),
        (lambda boss, case: actions.reclass(boss, case_id=case.id, priority=1, reason="不急"), "flow.closed"),
    ],
)
def test_a_case_that_ends_before_the_lock_is_not_changed(
    company: int, monkeypatch: pytest.MonkeyPatch, late: Callable[[Actor, FlowCase], None], said: str
) -> None:
    at(9)
    boss = hire("manager", name="许婧")
    case = opened(boss)
    read = queries.case

    def ended(by: Actor, case_id: int, *, lock: bool = False) -> FlowCase:
        """Whoever had the lock before ended it: the row is read again once it is one's own."""
        if lock:
            FlowCase.objects.filter(id=case_id).update(stage="void", closed_at=clock.now(), due_at=None, warn_at=None)
        return read(by, case_id, lock=lock)

    monkeypatch.setattr(queries, "case", ended)
    with pytest.raises(Refused) as refused:
        late(boss, case)
    assert code(refused) == said


@pytest.mark.parametrize("pressed", ["pause", "go_on"])
def test_a_pause_that_is_pressed_by_two_counts_once(
    company: int, monkeypatch: pytest.MonkeyPatch, pressed: str
) -> None:
    at(9)
    boss = hire("manager", name="许婧")
    case = opened(boss)
    paused = pressed == "go_on"
    if paused:
        actions.pause(boss, case_id=case.id, reason="away")
    read = queries.case

    def first(by: Actor, case_id: int, *, lock: bool = False) -> FlowCase:
        if lock:
            FlowCase.objects.filter(id=case_id).update(
                paused_at=None if paused else clock.now(), pause_reason="" if paused else "away", due_at=None,
                warn_at=None,
            )  # fmt: skip
        return read(by, case_id, lock=lock)

    monkeypatch.setattr(queries, "case", first)
    with pytest.raises(Refused) as refused:
        actions.go_on(boss, case_id=case.id) if paused else actions.pause(boss, case_id=case.id, reason="away")
    assert code(refused) == ("flow.not_paused" if paused else "flow.paused")
