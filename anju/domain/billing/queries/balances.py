"""What leases owe, hold and have ahead; and the curve of what fell due against what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.foundation.access import in_scopes, scope_params
from anju.foundation.db import fetch, planned, so_many
from anju.kit import ZERO, Actor, Money

PAGE = 20  # rows of a list: for so many a statement is prepared
BALANCES = """
SELECT l.id AS lease_id,
       coalesce(c.open, 0) AS owed, coalesce(c.late, 0) AS late, c.oldest, coalesce(c.bills, 0) AS late_bills,
       c.next_due, coalesce(k.open, 0) AS credit, coalesce(d.paid, 0) - coalesce(k.released, 0) AS held
FROM {leases} AS l
LEFT JOIN LATERAL (
    SELECT sum(open) AS open, sum(open) FILTER (WHERE due_on < %(as_of)s::date) AS late,
           min(due_on) FILTER (WHERE due_on < %(as_of)s::date) AS oldest, min(due_on) AS next_due,
           count(DISTINCT bill_id) FILTER (WHERE due_on < %(as_of)s::date) AS bills
    FROM charge WHERE lease_id = l.id AND open > 0) c ON true
LEFT JOIN LATERAL (
    SELECT sum(open) AS open, sum(amount) FILTER (WHERE kind = 'deposit_release') AS released
    FROM credit WHERE lease_id = l.id) k ON true
LEFT JOIN LATERAL (
    SELECT sum(a.amount) AS paid FROM charge c JOIN allocation a ON a.charge_id = c.id
    JOIN credit k ON k.id = a.credit_id AND k.kind NOT IN ('reversal', 'write_off')
    WHERE c.lease_id = l.id AND c.kind = 'deposit'
      AND NOT EXISTS (SELECT FROM charge r WHERE r.reverses_id = c.id)) d ON true
"""


@dataclass(frozen=True)
class Balance:
    """A lease's account on a day. ``owed`` is all that is open, ``late`` what is past due, ``credit`` paid ahead,
    ``held`` the deposit; ``oldest`` the oldest past due day, ``next_due`` the first open one."""

    owed: Money = ZERO
    late: Money = ZERO
    credit: Money = ZERO
    held: Money = ZERO
    oldest: date | None = None
    next_due: date | None = None
    late_bills: int = 0


def balances(leases: Sequence[int], as_of: date) -> dict[int, Balance]:
    """The accounts of some leases, in one query. The caller shows them to viewers who may see money."""
    those, n = "unnest(%(leases)s::bigint[]) AS l(id)", len(leases)
    sql = BALANCES.replace("{leases}", so_many(those, n))
    rows = fetch(planned(sql) if n <= PAGE else sql, {"leases": list(leases), "as_of": as_of})
    return {
        r["lease_id"]: Balance(
            Money(r["owed"]),
            Money(r["late"]),
            Money(r["credit"]),
            Money(r["held"]),
            r["oldest"],
            r["next_due"],
            r["late_bills"],
        )
        for r in rows
    }


CURVE = f"""
SELECT m.month, sum(m.due) AS due, sum(m.settled) AS settled FROM billing_month m
WHERE m.month >= %(first)s AND m.month < %(after)s AND {in_scopes("m.scope_id")}
  AND (%(project)s::bigint IS NULL OR m.scope_id = %(project)s)
  AND (%(building)s::bigint IS NULL OR m.building_id = %(building)s)
GROUP BY m.month ORDER BY m.month
"""


def curve(
    viewer: Actor, first: date, after: date, *, project_id: int | None = None, building_id: int | None = None
) -> list[dict[str, Any]]:
    """Receivable against received by month of the due day, from kept sums (K-02). Deposits are not counted.

    Args:
        viewer: decides which projects are summed.
        first: the first month's first day.
        after: the day after the last month.
        project_id: only this project.
        building_id: only this building.
    """
    params = {"first": first, "after": after, "project": project_id, "building": building_id}
    return fetch(CURVE, {**params, **scope_params(viewer)})
