"""Reminders for many due bills, decided and provable per row, beside a plain insert of the same message rows."""

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

SIZE = 110_000
REACH = "≥ 0.4"
FLOOR = "floor:"  # what the floor's rows are about: the same, and once
DUE = date(2026, 6, 1)
STEPS = (-7, -3, 0, 1)  # days from it on which the standard policy reminds
SYSTEM = Actor.system()
COLUMNS = (
    "to_person, contact_id, channel, kind, template, version_id, vars, subject_kind, subject_id, scope_id, run_id, "
    "valid_if, next_channels, link_kind, link_id, created_at, due_at"
)
COPY = f"""
CREATE TEMPORARY TABLE same AS
SELECT '{FLOOR}' || dedupe AS dedupe, {COLUMNS} FROM message WHERE run_id = %(run)s ORDER BY id
"""
INSERT = f"INSERT INTO message (dedupe, {COLUMNS}) SELECT dedupe, {COLUMNS} FROM same"


def run(asked: Asked) -> list[Figures]:
    """Remind of the same due day's bills step by step; after each, insert the same messages again plainly."""
    bills = asked.size or SIZE
    asked.say(f"{bills} bills")
    bench = Days(company(bills), bills, asked)
    bench.work(3)
    with org_scope(bench.org):
        rows = int(fetch_value("SELECT count(*) FROM message WHERE run_id = %(run)s", {"run": bench.last}))
    seconds, floor_seconds = in_turn(bench.work, bench.floor, asked.rounds)
    more = {"bills": bills, "rounds": asked.rounds, "peak_mb": peak_mb()}
    return [Figures("reminders", f"{bills} due bills", rows, seconds, floor_seconds, REACH, more)]


class Days:
    """The days of one due day's reminders."""

    def __init__(self, org: int, bills: int, asked: Asked) -> None:
        self.org, self.bills, self.asked = org, bills, asked
        self.last = 0
        with org_scope(org):
            lead = timedelta(days=in_force(Billing).value.issue_days_before_due)
        run_sweep(SYSTEM, org, "billing", DUE - lead, workers=os.cpu_count() or 1)

    def work(self, n: int) -> float:
        """Remind on the n-th of the days; returns the seconds."""
        as_of = DUE + timedelta(days=STEPS[n % len(STEPS)])
        without(self.org, "message", "run_id IS NOT NULL OR starts_with(dedupe, %(floor)s)", floor=FLOOR)
        before = time.perf_counter()
        done = run_sweep(SYSTEM, self.org, "reminders", as_of, fresh=True, workers=os.cpu_count() or 1)
        seconds = time.perf_counter() - before
        if not done.candidates == self.bills == done.tally["reminded"]:
            raise AssertionError(f"{done.candidates} candidates, {done.tally}")
        self.last = done.id
        self.asked.say(f"reminded in {seconds:.2f} s")
        return seconds

    def floor(self, _n: int) -> float:
        """Insert the last day's messages again; returns the seconds."""
        with org_scope(self.org):
            run_sql("DROP TABLE IF EXISTS same")
            run_sql(COPY, {"run": self.last})
            run_sql("ANALYZE same")
        without(self.org, "message", "run_id IS NOT NULL")
        before = time.perf_counter()
        with org_scope(self.org):
            run_sql(INSERT)
        seconds = time.perf_counter() - before
        self.asked.say(f"floor in {seconds:.2f} s")
        return seconds
