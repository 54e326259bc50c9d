"""A step and the timer at the same limit at the same moment: neither undoes the other, neither stops the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from django.db import connection

from anju.foundation.db import org_scope, run_sql, server
from anju.foundation.flows import queries
from anju.foundation.flows.actions.joining import follow as merge
from anju.foundation.flows.actions.joining import part
from anju.foundation.flows.actions.opening import open_case
from anju.foundation.flows.actions.queueing import after_others
from anju.foundation.flows.actions.staffing import claim
from anju.foundation.flows.actions.steps import move
from anju.foundation.flows.clocks import limits_of, pressing
from anju.foundation.flows.definition import Transition
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.foundation.flows.timers import SYSTEM, follow, run_timers
from anju.foundation.sweeps.models import SweepRun
from anju.kit import Actor, Refused
from tests.conftest import make_organization
from tests.flows.house import KEYS, hire, install
from tests.flows.test_cases import code, opened

PATIENCE_S = 60
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
PASSED = """
UPDATE flow_limit SET started_at = now() - interval '1 hour', warn_at = NULL, due_at = now() - interval '1 minute',
    next_at = now() - interval '1 minute' WHERE case_id = %s
"""
BREACHES = """
UPDATE flow_limit SET state = 'breached', breached_at = due_at, pending = 'breach', next_at = NULL WHERE case_id = %s
"""


@pytest.fixture
def other(committed: str, home: Path) -> Iterator[psycopg.Connection[Any]]:
    """Another process at the same rows."""
    with psycopg.connect(**server.dsn(home, database=committed, user=server.SUPERUSER), autocommit=True) as somebody:
        yield somebody


@pytest.fixture
def watcher(committed: str, home: Path) -> Iterator[psycopg.Connection[Any]]:
    """Who sees how the others wait; within a transaction the server would always tell the same."""
    with psycopg.connect(**server.dsn(home, database=committed, user=server.SUPERUSER), autocommit=True) as somebody:
        yield somebody


@pytest.fixture
def case(committed: str) -> tuple[int, Actor, FlowCase]:
    org = make_organization("钥匙公寓")
    with org_scope(org):
        desk = hire("service")
        return org, desk, opened(desk)


def meanwhile(org: int, act: Callable[[], Any]) -> Callable[[], Any]:
    """In a thread with its own connection."""

    def run() -> Any:
        try:
            with org_scope(org):
                return act()
        finally:
            connection.close()

    return run


def waits(watcher: psycopg.Connection[Any], running: Future[Any]) -> None:
    """Until somebody waits for a lock."""
    deadline = time.monotonic() + PATIENCE_S
    while watcher.execute(WAITS).fetchone() == (0,):
        assert not running.done(), running.result()
        assert time.monotonic() < deadline


def test_a_step_keeps_the_breach_that_the_timer_found_meanwhile(
    case: tuple[int, Actor, FlowCase], other: psycopg.Connection[Any], watcher: psycopg.Connection[Any]
) -> None:
    org, desk, own = case
    with ThreadPoolExecutor(1) as pool:
        with other.transaction():
            other.execute(BREACHES, [own.id])
            step = pool.submit(meanwhile(org, lambda: move(desk, case_id=own.id, step="take")))
            waits(watcher, step)
        step.result()
    with org_scope(org):
        (limit,) = [x for x in limits_of(own) if x.key == "respond"]
        assert (limit.state, limit.breached_at, limit.pending) == ("breached", limit.due_at, "breach")
        assert limit.ended_at is not None
    assert run_timers(org) == 1


def timed(org: int) -> int:
    """The timer's look, in a thread with its own connection."""
    try:
        return run_timers(org)
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("step", "then"),
    [
        (lambda desk, own: pressing(own), [{"moved_on": 1}, {"breached": 1}]),
        (lambda desk, own: move(desk, case_id=own.id, step="take"), [{"moved_on": 1}]),
    ],
    ids=["holds its limits", "ends its limit"],
)
def test_the_timer_passes_over_what_somebody_is_working_on_and_looks_again(
    case: tuple[int, Actor, FlowCase], other: psycopg.Connection[Any], step: Callable[..., Any],
    then: list[dict[str, int]],
) -> None:  # fmt: skip
    org, desk, own = case
    other.execute(PASSED, [own.id])
    with ThreadPoolExecutor(1) as pool:
        with org_scope(org):
            step(desk, own)
            looking = pool.submit(timed, org)
            done, _waiting = wait([looking], timeout=10)
        assert looking.result() == 0
        assert done
    assert run_timers(org) == 1
    with org_scope(org):
        tallies = [run.tally for run in SweepRun.objects.order_by("id")]
    assert tallies == then


def test_what_follows_from_a_breach_waits_for_a_step_and_holds_nothing_the_step_needs(
    case: tuple[int, Actor, FlowCase], other: psycopg.Connection[Any], watcher: psycopg.Connection[Any]
) -> None:
    org, desk, own = case
    with org_scope(org):
        limit = FlowLimit.objects.get(case_id=own.id, key="respond")
    other.execute(BREACHES, [own.id])
    with ThreadPoolExecutor(1) as pool:
        with org_scope(org):
            queries.case(desk, own.id, lock=True)  # a step has begun
            following = pool.submit(meanwhile(org, lambda: follow(SYSTEM, limit_id=limit.id)))
            waits(watcher, following)
            move(desk, case_id=own.id, step="take")
        following.result()
    with org_scope(org):
        limit.refresh_from_db()
        assert (limit.state, limit.pending) == ("breached", "")
        assert queries.case(desk, own.id).stage == "out"


def test_the_timer_that_holds_a_case_does_not_wait_for_who_wants_it(
    case: tuple[int, Actor, FlowCase], other: psycopg.Connection[Any]
) -> None:
    org, desk, _own = case
    lapse = Transition(key="lapse", zh="过期", sources=("open",), to="void", actors=("@system",))
    respond = KEYS.limits[0].model_copy(update={"then": "lapse"})
    with org_scope(org):
        install("keys", KEYS.model_copy(update={
            "transitions": (*KEYS.transitions, lapse), "limits": (respond, *KEYS.limits[1:]),
        }), number=2)  # fmt: skip
        late = open_case(desk, flow="keys", title="没人接的钥匙", facts={"keys": "1"})
        limit = FlowLimit.objects.get(case_id=late.id, key="respond")
    other.execute(BREACHES, [late.id])
    first_in_line, over = Event(), Event()

    def take() -> str:
        after_others(desk, case_id=late.id)  # where claiming begins
        first_in_line.set()
        assert over.wait(PATIENCE_S)
        with pytest.raises(Refused) as no:
            claim(desk, case_id=late.id)
        return code(no)

    with ThreadPoolExecutor(1) as pool:
        taking = pool.submit(meanwhile(org, take))
        assert first_in_line.wait(PATIENCE_S)
        try:
            with org_scope(org):
                run_sql("SET LOCAL lock_timeout = '5s'")
                follow(SYSTEM, limit_id=limit.id)
        finally:
            over.set()
        assert taking.result() == "flow.closed"


@pytest.mark.parametrize("into", ["the older one", "the newer one"])
def test_a_merged_case_that_ended_meanwhile_is_not_parted(
    case: tuple[int, Actor, FlowCase], watcher: psycopg.Connection[Any], into: str
) -> None:
    org, desk, older = case
    with org_scope(org):
        boss = hire("manager", name="周经理")
        newer = open_case(desk, flow="keys", title="还是那把钥匙", facts={"keys": "2"})
        master, merged = (older, newer) if into == "the older one" else (newer, older)
        merge(boss, case_id=merged.id, master_id=master.id)

    def take_apart() -> str:
        with pytest.raises(Refused) as no:
            part(boss, case_id=merged.id)
        return code(no)

    with ThreadPoolExecutor(1) as pool:
        with org_scope(org):
            queries.case(boss, master.id, lock=True)  # the step that ends both has begun
            parting = pool.submit(meanwhile(org, take_apart))
            waits(watcher, parting)
            move(boss, case_id=master.id, step="drop", reason="租客自己取了")
        assert parting.result() == "flow.closed"
    with org_scope(org):
        merged.refresh_from_db()
        assert (merged.follows_id, merged.closed_at is not None) == (master.id, True)
