"""Work orders: reported beside a million others, 64 clients after one, a million clocks, repeats, a surge."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection

from anju.foundation.db import clock, fetch_value, org_scope
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from anju.surface.bench import duplicates, surge
from anju.surface.bench.measure import Figures, latencies, timed
from anju.surface.bench.registry import Asked
from anju.surface.bench.repairs import Town, homes_of, later, running, sayings, technicians, town, unclaimed

SIZE = 20_000  # homes: 2,000 buildings, 1,000,000 past orders, 20,000 open ones
PROCESSES = 2
REPORTS = 3_000
CLIENTS, ROUNDS = 64, 10_000  # rounds of claims, and of the step of the flow
CLOCKS_TIMES = 50  # running cases for each home
WON = "SELECT count(*) FROM trace_event WHERE action IN ('flows.case.claim', 'flows.case.move')"
CLAIMED = "SELECT count(*) FROM flow_case WHERE assignee IS NOT NULL AND closed_at IS NULL"
DECIDED = "SELECT count(*) FROM decision WHERE run_id = %(run)s"


def run(asked: Asked) -> list[Figures]:
    """One figure for each of the five; two for the timer, and for taking an order: claimed, accepted by the step."""
    homes = asked.size or SIZE
    there = town(homes, asked)
    found = [created(there, asked), claimed(there, asked), claimed(there, asked, "accept")]
    found += swept(homes * CLOCKS_TIMES, asked)
    return [*found, repeated(), surged()]


def created(there: Town, asked: Asked) -> Figures:
    """Tenants report side by side, each after the check for an order that is there."""
    with org_scope(there.org):
        said = sayings()
    drawn = random.Random(1)  # noqa: S311 — what is reported
    homes = homes_of(there.org)[: min(REPORTS, there.homes)]
    asks = [{**home, **{k: s[k] for k in ("spot", "said")}} for home in homes for s in [drawn.choice(said)]]
    shares = [asks[n::PROCESSES] for n in range(PROCESSES)]
    processes = [_started("reporter", there.org, json.dumps(share)) for share in shares]
    for one in processes:
        _say(one, "")
    told = [json.loads(one.communicate()[0]) for one in processes]
    seconds = [s for t in told for s in t["seconds"]]
    span = max(t["end"] for t in told) - min(t["begin"] for t in told)
    asked.say(f"reported: {len(seconds) / span:,.0f}/s")
    more = {**latencies(seconds), "past": there.past, "open": there.homes, "processes": PROCESSES,
            "like_ones_found": sum(t["alike"] for t in told)}  # fmt: skip
    return Figures("workorders", "create after the duplicate check", len(seconds), span, None,
                   "≥ 200/s, p95 < 50 ms", more)  # fmt: skip


def claimed(there: Town, asked: Asked, step: str = "") -> Figures:
    """All clients go for one order at once, round after round; anything but one winner each time is a failure.

    Args:
        there: whose orders.
        asked: told what goes on.
        step: the step of the flow that claims, as the technician's phone takes it; empty: by claiming alone.
    """
    cases = unclaimed(there.org, min(ROUNDS, there.homes // 2))
    staff = technicians(there.org, CLIENTS, step)
    with org_scope(there.org):
        before, traced_before = int(fetch_value(CLAIMED)), int(fetch_value(WON))
    processes = [_started("claimer", there.org, json.dumps(staff[n::PROCESSES])) for n in range(PROCESSES)]
    seconds: list[float] = []
    slowest: list[float] = []
    winners: Counter[int] = Counter()
    begin = time.perf_counter()
    for n, case in enumerate(cases):
        for one in processes:
            _say(one, f"{case} {step}".strip())
        told = [json.loads(_line(one)) for one in processes]
        won = [w for t in told for w in t["won"]]
        if len(won) != 1 or any(t["faults"] for t in told):
            raise AssertionError(f"round {n}: {len(won)} winners, {[t['faults'] for t in told]}")
        winners[won[0]] += 1
        of_round = [s for t in told for s in t["seconds"]]
        seconds += of_round
        slowest.append(max(of_round))
        if n % 1000 == 999:
            asked.say(f"{n + 1} rounds: {latencies(seconds)}")
    span = time.perf_counter() - begin
    for one in processes:
        one.communicate()
    with org_scope(there.org):
        held, traced = int(fetch_value(CLAIMED)) - before, int(fetch_value(WON)) - traced_before
    if not held == traced == len(cases):
        raise AssertionError(f"{len(cases)} rounds, {held} claimed, {traced} traced")
    more = {**latencies(seconds), "clients": CLIENTS, "rounds": len(cases), "winners_each": 1,
            "different_winners": len(winners), "slowest_of_round_p50_ms": latencies(slowest)["p50_ms"]}  # fmt: skip
    what = f"{step or 'claim'}: {CLIENTS} clients on one order"
    return Figures("workorders", what, len(seconds), span, None,
                   "exactly one winner each, p99 < 50 ms", more)  # fmt: skip


def swept(cases: int, asked: Asked) -> list[Figures]:
    """The timer over running cases: first every hundredth is due, days later all the others are."""
    org = running(cases, asked)
    few, some = _sweep(org)
    later(org, timedelta(days=4))
    many, rest = _sweep(org)
    asked.say(f"timer: {few:.2f} s for {some.candidates} due, {many:.2f} s for {rest.candidates}")
    return [
        Figures("workorders", "timer sweep, one in a hundred due", cases, few, None, "< 5 s, decisions accounted",
                {"due": some.candidates, **some.tally}),
        Figures("workorders", "timer sweep, nearly all due", cases, many, None, "",
                {"due": rest.candidates, **rest.tally}),
    ]  # fmt: skip


def _sweep(org: int) -> tuple[float, SweepRun]:
    with org_scope(org):
        today = clock.today()
    done: list[SweepRun] = []
    workers = os.cpu_count() or 1
    seconds = timed(lambda: done.append(run_sweep(Actor.system(), org, "timers", today, fresh=True, workers=workers)))
    (sweep,) = done
    with org_scope(org):
        decided = int(fetch_value(DECIDED, {"run": sweep.id}))
    if not sweep.candidates == sum(sweep.tally.values()) == decided:
        raise AssertionError(f"{sweep.candidates} candidates, {sweep.tally}, {decided} decisions")
    return seconds, sweep


def repeated() -> Figures:
    """Repeated reports found among the labelled pairs held out; ``duplicates`` says how far these are unseen."""
    found: dict[str, Any] = {}
    seconds = timed(lambda: found.update(duplicates.figures()))
    return Figures("workorders", "duplicate finder, held-out pairs", int(found["pairs"]), seconds, None,
                   "precision ≥ 0.9, recall ≥ 0.85", found)  # fmt: skip


def surged() -> Figures:
    """A week of three times the orders, by the board's order and first come, first served."""
    orders = surge.week()
    outcomes: dict[str, surge.Outcome] = {}
    rules: dict[str, Callable[[surge.Order], tuple[float, ...]]] = {
        "": surge.by_urgency, "first_come_": surge.as_they_came
    }  # fmt: skip
    seconds = timed(lambda: outcomes.update({k: surge.worked(orders, rule) for k, rule in rules.items()}))
    more: dict[str, Any] = {"crew": surge.CREW}
    for prefix, o in outcomes.items():
        more |= {f"{prefix}p0_breaches": o.breaches[0], f"{prefix}p1_breaches": o.breaches[1],
                 f"{prefix}p3_breaches": o.breaches[3],
                 f"{prefix}p0_minutes": o.minutes[0], f"{prefix}p1_minutes": o.minutes[1],
                 f"{prefix}p3_minutes": o.minutes[3], f"{prefix}mean_minutes": o.mean}  # fmt: skip
    return Figures("workorders", f"surge: {surge.TIMES}× arrivals for a week", len(orders), seconds, None,
                   "P0 and P1 breaches and mean time beside first-come-first-served", more)  # fmt: skip


def _started(module: str, org: int, line: str) -> subprocess.Popen[str]:
    """A process that is ready: it has read the line and said so."""
    one = subprocess.Popen(
        [sys.executable, "-m", f"anju.surface.bench.{module}", str(org)],
        env={**os.environ, "ANJU_POOL": str(CLIENTS), "ANJU_DATABASE": connection.settings_dict["NAME"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    _say(one, line)
    if (said := _line(one)) != "ready":
        raise AssertionError(f"{module} said {said!r}")
    return one


def _say(one: subprocess.Popen[str], line: str) -> None:
    assert one.stdin is not None
    one.stdin.write(line + "\n")
    one.stdin.flush()


def _line(one: subprocess.Popen[str]) -> str:
    assert one.stdout is not None
    return one.stdout.readline().strip()
