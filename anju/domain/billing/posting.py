"""Set-based statements of the ledger. Called by billing's actions only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from anju.foundation.db import SqlFile, clock, fetch, run_sql
from anju.foundation.trace.proof import canonical

ALLOCATE = """
SELECT a.credit_id, a.charge_id, a.amount
FROM billing_rule(%(now)s) r, billing_allocate(%(leases)s, %(at)s, r.kinds, r.kind_first) a
"""
REVERSE = SqlFile(__file__, "sql/reverse.sql")
REBILL_PLAN = SqlFile(__file__, "sql/rebill_plan.sql")

CHARGE_COLUMNS = [
    "lease_id",
    "bill_id",
    "kind",
    "name",
    "period_from",
    "period_to",
    "due_on",
    "amount",
    "source",
    "revision",
]

ISSUE = """
WITH new_charge AS (
    INSERT INTO charge (lease_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on, issued_on,
                        amount, open, source, revision)
    SELECT r.lease_id, r.bill_id, a.scope_id, a.building_id, r.kind, r.name, r.period_from, r.period_to, r.due_on,
           %(today)s, r.amount, r.amount, r.source, r.revision
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(lease_id bigint, bill_id bigint, kind text, name text,
        period_from date, period_to date, due_on date, amount numeric, source text, revision int)
    JOIN lease_account a ON a.lease_id = r.lease_id
    RETURNING id, lease_id, due_on, scope_id, building_id, kind, amount
),
month_sum AS (
    INSERT INTO billing_month AS m (month, scope_id, building_id, due, settled)
    SELECT date_trunc('month', due_on)::date, scope_id, coalesce(building_id, 0), sum(amount), 0
    FROM new_charge WHERE kind <> 'deposit' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (org_id, month, scope_id, building_id) DO UPDATE SET due = m.due + excluded.due
)
SELECT id, lease_id, amount FROM new_charge ORDER BY id
"""

OPEN_ACCOUNTS = """
WITH account AS (
    INSERT INTO lease_account (lease_id, scope_id, building_id)
    SELECT l.id, l.scope_id, (SELECT u.building_id FROM lease_unit lu JOIN unit u ON u.id = lu.leaf_unit_id
                              WHERE lu.lease_id = l.id ORDER BY lu.id LIMIT 1)
    FROM lease l WHERE l.id = ANY(%(leases)s)
    ON CONFLICT (org_id, lease_id) DO NOTHING
)
INSERT INTO billing_backlog (lease_id, reason) SELECT unnest(%(leases)s::bigint[]), 'new'
ON CONFLICT (org_id, lease_id) DO NOTHING
"""
LOOK_AGAIN = """
INSERT INTO billing_backlog (lease_id, reason) SELECT unnest(%(leases)s::bigint[]), 'amended'
ON CONFLICT (org_id, lease_id) DO NOTHING
"""


def allocate(leases: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    """Settle open charges of some leases from their open credits, in the order the policy says."""
    # The rule of the day it is posted: money of years ago, brought in by an import, came before any rule.
    return fetch(ALLOCATE, {"leases": list(leases), "at": at, "now": clock.now()})


def issue(rows: Sequence[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Insert charges; each row names lease_id, bill_id, kind, name, period, due_on, amount, source, revision."""
    body = "[" + ",".join(canonical(r) for r in rows) + "]"
    return fetch(ISSUE, {"rows": body, "today": today})


def reverse(charges: Sequence[int], today: date, at: datetime) -> list[dict[str, Any]]:
    """Reverse charges by adding; already reversed ones are left alone. Returns what was reversed."""
    return fetch(REVERSE, {"charges": list(charges), "today": today, "at": at})


def open_accounts(leases: Sequence[int]) -> None:
    """Give activated leases their account and put them before the next billing run."""
    run_sql(OPEN_ACCOUNTS, {"leases": list(leases)})


def look_again(leases: Sequence[int]) -> None:
    """Put leases before the next billing run whatever their bill day: what is billed already stays as it is."""
    run_sql(LOOK_AGAIN, {"leases": list(leases)})


def rebill(leases: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Bring billed periods in line with changed terms or a changed end: reverse what differs, charge what holds now.

    Returns per lease ``{"reversed": ¥, "charged": ¥}`` for the trace.
    """
    today, at = clock.today(), clock.now()
    rows = fetch(REBILL_PLAN, {"leases": list(leases)})
    said: dict[int, dict[str, Any]] = {}
    reversed_rows = reverse([r["charge_id"] for r in rows if r["charge_id"]], today, at)
    for r in reversed_rows:
        entry = said.setdefault(r["lease_id"], {"reversed": 0, "charged": 0})
        entry["reversed"] += r["amount"]
    anew = [{c: r[c] for c in CHARGE_COLUMNS} for r in rows if r["amount"] is not None]
    for r in issue(anew, today) if anew else []:
        entry = said.setdefault(r["lease_id"], {"reversed": 0, "charged": 0})
        entry["charged"] += r["amount"]
    if said:
        allocate(list(said), at)
    return said
