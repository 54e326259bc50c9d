"""One month for many leases, decided and provable per row, beside one INSERT … SELECT of the same charge rows."""

from __future__ import annotations

import os
import time
from datetime import date, timedelta

from anju.domain.billing.policies import Billing
from anju.foundation.db import fetch_value, org_scope, run_sql
from anju.foundation.policy.store import in_force
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from anju.surface.bench.data import company, without
from anju.surface.bench.measure import Figures, in_turn, peak_mb
from anju.surface.bench.registry import Asked

SIZE = 100_000
REACH = "≥ 0.5"
SYSTEM = Actor.system()
FLOOR = 1000  # added to the revision of the floor's rows, so that they are rows of their own
COLUMNS = (
    "lease_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on, issued_on, amount, open, "
    "source, run_id"
)
COPY = f"""
CREATE TEMPORARY TABLE same AS
SELECT {COLUMNS}, revision + %(floor)s AS revision FROM charge WHERE run_id = %(run)s ORDER BY lease_id
"""
INSERT = f"INSERT INTO charge ({COLUMNS}, revision) SELECT {COLUMNS}, revision FROM same"


def run(asked: Asked) -> list[Figures]:
    """Bill month after month of the same leases; after each, insert the same charges again plainly."""
    leases = asked.size or SIZE
    asked.say(f"{leases} leases")
    bench = Months(company(leases), leases, asked)
    bench.work(asked.rounds)  # once before what counts: the second of two runs is always the faster one
    seconds, floor_seconds = in_turn(bench.work, bench.floor, asked.rounds)
    with org_scope(bench.org):
        rows = int(fetch_value("SELECT count(*) FROM charge WHERE run_id = %(run)s", {"run": bench.last}))
    more = {"leases": leases, "rounds": asked.rounds, "peak_mb": peak_mb()}
    return [Figures("billing", f"{leases} leases", rows, seconds, floor_seconds, REACH, more)]


class Months:
    """The months of one company, billed one after the other."""

    def __init__(self, org: int, leases: int, asked: Asked) -> None:
        self.org, self.leases, self.asked = org, leases, asked
        self.last = 0
        with org_scope(org):
            self.lead = timedelta(days=in_force(Billing).value.issue_days_before_due)

    def work(self, n: int) -> float:
        """Bill the n-th month; returns the seconds."""
        due = date(2026 + n // 12, n % 12 + 1, 1)
        before = time.perf_counter()
        done = run_sweep(SYSTEM, self.org, "billing", due - self.lead, workers=os.cpu_count() or 1)
        seconds = time.perf_counter() - before
        if not done.candidates == self.leases == done.tally["billed"]:
            raise AssertionError(f"{done.candidates} candidates, {done.tally}")
        self.last = done.id
        self.asked.say(f"billed in {seconds:.2f} s")
        return seconds

    def floor(self, _n: int) -> float:
        """Insert the last month's charges again; returns the seconds."""
        with org_scope(self.org):
            run_sql("DROP TABLE IF EXISTS same")
            run_sql(COPY, {"run": self.last, "floor": FLOOR})
            run_sql("ANALYZE same")
        before = time.perf_counter()
        with org_scope(self.org):
            run_sql(INSERT)
        seconds = time.perf_counter() - before
        self.asked.say(f"floor in {seconds:.2f} s")
        without(self.org, "charge", "revision >= %(floor)s", floor=FLOOR)
        return seconds
