"""Receivable against received by month and building, first answer, beside reading the finished rows."""

from __future__ import annotations

import time
from datetime import date

from anju.domain.billing.queries import curve
from anju.foundation.db import fetch, fetch_value, org_scope
from anju.kit import Actor
from anju.surface.bench.measure import Figures, in_turn, timed
from anju.surface.bench.registry import Asked
from anju.surface.bench.scaled import scaled

REACH = "first answer < 100 ms"
ME = Actor.system()
FIRST, AFTER = date(2025, 1, 1), date(2028, 1, 1)
COUNTED = """
SELECT date_trunc('month', due_on)::date AS month, building_id, sum(amount) AS due FROM charge
WHERE kind <> 'deposit' GROUP BY 1, 2
"""


def run(asked: Asked) -> list[Figures]:
    """The kept sums are asked first, then the finished rows read plainly; the count over all charges stands beside."""
    org = scaled(asked)

    def work(_n: int) -> float:
        with org_scope(org):
            return timed(lambda: curve(ME, FIRST, AFTER))

    def floor(_n: int) -> float:
        with org_scope(org):
            return timed(lambda: fetch("SELECT month, scope_id, building_id, due, settled FROM billing_month"))

    first = work(0)
    seconds, floor_seconds = in_turn(work, floor, max(5, asked.rounds))
    with org_scope(org):
        charges = int(fetch_value("SELECT count(*) FROM charge"))
        rows = int(fetch_value("SELECT count(*) FROM billing_month"))
        begin = time.perf_counter()
        fetch(COUNTED)
        counted = time.perf_counter() - begin
    more = {"charges": charges, "first_ms": round(first * 1000, 1), "counting_charges_s": round(counted, 2)}
    return [Figures("cockpit", "month × building from kept sums", rows, seconds, floor_seconds, REACH, more)]
