"""A company with repairs for measuring, written by a few statements: homes, past and open orders, running limits."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from anju.domain.workorders.actions import SHORT_SPOTS, title_of
from anju.domain.workorders.flow import NAME, TEAM
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.db import SqlFile, clock, fetch, org_scope, run_sql
from anju.foundation.db.statistics import refresh_statistics, unhurried_commits
from anju.foundation.flows.definitions import current
from anju.foundation.policy.store import in_force
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.kit import Actor
from anju.surface.bench.data import LEASES, VERSIONS, cleaned_up
from anju.surface.bench.duplicates import labelled
from anju.surface.bench.registry import Asked

STARTS = datetime.combine(date(2026, 6, 1), time(9), clock.SHANGHAI)
BEGINS, ENDS = date(2026, 1, 1), date(2029, 1, 1)
PART = 50_000
PAST_TIMES = 50  # past orders for each home
PLACES, PARTIES = SqlFile(__file__, "sql/repair_places.sql"), SqlFile(__file__, "sql/repair_parties.sql")
ORDERS, RUNNING = SqlFile(__file__, "sql/repair_orders.sql"), SqlFile(__file__, "sql/running_cases.sql")
HOMES = "SELECT id AS lease, payer_id AS person FROM lease ORDER BY hashint8(id)"
OPEN_IDS = """
SELECT id FROM flow_case WHERE flow = 'repair' AND closed_at IS NULL AND assignee IS NULL
ORDER BY hashint8(id) LIMIT %(most)s
"""


@dataclass(frozen=True)
class Town:
    """The company: its id, and how many homes and past orders it has; as many orders are open as there are homes."""

    org: int
    homes: int
    past: int


def town(homes: int, asked: Asked) -> Town:
    """A company of homes in buildings of ten, each with fifty past orders and one of the last day that is open.

    Args:
        homes: how many; 20,000 make 2,000 buildings and 1,000,000 past orders.
        asked: told what goes on.
    """
    org = create_organization(name=f"报修性能测试 {homes} 户", short_name="性能测试", drill=True, starts=STARTS).id
    past = homes * PAST_TIMES
    with unhurried_commits(), org_scope(org):
        run_sql(PLACES, {"homes": homes})
        run_sql(LEASES, {"first": 0, "count": homes, "begins": BEGINS, "ends": ENDS, "day": 1})
        run_sql(VERSIONS)
        run_sql(PARTIES)
    refresh_statistics()  # the orders are drawn from homes
    _orders(org, 0, past, is_open=False)
    asked.say(f"{past} past orders")
    _orders(org, past, homes, is_open=True)
    cleaned_up("flow_case", "flow_limit", "work_order", "work_order_report")
    asked.say(f"{homes} open orders")
    return Town(org, homes, past)


def _orders(org: int, first: int, count: int, *, is_open: bool) -> None:
    with org_scope(org):
        params = {
            "open": is_open, "now": clock.now(), "version": current(NAME).version_id,
            "sayings": json.dumps(sayings(), ensure_ascii=False),
        }  # fmt: skip
    in_parts(org, ORDERS, params, first, count)


def in_parts(org: int, text: SqlFile, params: dict[str, Any], first: int, count: int) -> None:
    """Run a statement for every part of some numbers, each in a transaction of its own, on all cores."""
    parts = [(n, min(PART, first + count - n)) for n in range(first, first + count, PART)]

    def one(part: tuple[int, int]) -> None:
        with unhurried_commits(), org_scope(org):
            run_sql(text, {**params, "first": part[0], "count": part[1]})

    def apart(part: tuple[int, int]) -> None:
        try:
            one(part)
        finally:
            connection.close()

    if len(parts) == 1:
        one(parts[0])
        return
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="parts") as pool:
        list(pool.map(apart, parts))


def sayings() -> list[dict[str, Any]]:
    """What tenants say, with what the product reads in it."""
    book = in_force(WorkOrders).value.dictionary()
    found = []
    for pair in labelled():
        for spot, said in ((pair.spot_a, pair.said_a), (pair.spot_b, pair.said_b)):
            read = book.read(said, SHORT_SPOTS[spot])
            found.append(
                {
                    "spot": spot, "said": said, "kind": read.kind, "terms": read.terms, "priority": read.priority,
                    "cues": read.cues, "title": title_of(spot, read),
                }
            )  # fmt: skip
    return found


def running(cases: int, asked: Asked) -> int:
    """A company with so many running cases, a limit each, of which every hundredth is due; returns its id."""
    org = create_organization(name=f"时限性能测试 {cases} 件", short_name="性能测试", drill=True, starts=STARTS).id
    with org_scope(org):
        params = {"now": STARTS, "version": current(NAME).version_id}
    in_parts(org, RUNNING, params, 0, cases)
    asked.say(f"{cases} running cases")
    refresh_statistics()
    return org


def later(org: int, by: timedelta) -> None:
    """Let the company's clock stand so much later."""
    with org_scope(org):
        clock.move_to(clock.now() + by, runs=False)


def technicians(org: int, count: int, crew: str = "") -> list[int]:
    """Hire so many technicians; their staff ids. ``crew`` keeps the sign-ins of several apart."""
    with org_scope(org):
        return [
            add_staff(Actor.system(), login=f"bench-{org}-{n}{crew}@example.com", name=f"师傅{n}", roles=(TEAM,)).id
            for n in range(count)
        ]


def homes_of(org: int) -> list[dict[str, Any]]:
    """Leases and who pays them, in no order."""
    with org_scope(org):
        return fetch(HOMES)


def unclaimed(org: int, most: int) -> list[int]:
    """Open cases that nobody has, in no order."""
    with org_scope(org):
        return [r["id"] for r in fetch(OPEN_IDS, {"most": most})]
