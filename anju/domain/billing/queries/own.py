"""A signed-in tenant's own money: bills, what they consist of, receipts, and what comes next.

No row scope: every function first asks whether the lease is the tenant's own, and knows nothing of others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from anju.domain.billing.policies import Billing
from anju.domain.billing.queries.bills import STATE
from anju.domain.leases.models import Lease, LeaseVersion
from anju.domain.leases.own import own_parts, require_own
from anju.domain.leases.rules import billing_periods
from anju.foundation.access import view
from anju.foundation.db import fetch, fetch_value, planned, so_many
from anju.foundation.policy.store import in_force
from anju.kit import Actor, Money
from anju.kit.refusal import NOT_FOUND

MOST = 36
FEW = 4  # leases of one tenant, as a rule

BILLS = f"""
SELECT b.id, b.number, b.lease_id, b.period_from, b.period_to, b.due_on, b.issued_on, s.amount, s.open,
       s.amount - s.open AS settled, {STATE} AS state,
       CASE WHEN s.open > 0 THEN greatest(0, %(as_of)s::date - b.due_on) ELSE 0 END AS days_late
FROM bill b
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(open), 0) AS open
                    FROM charge WHERE bill_id = b.id) s
JOIN {{own}} AS own ON own.lease_id = b.lease_id
WHERE (b.id = %(id)s::bigint
       OR %(others)s::boolean AND (NOT %(only_open)s::boolean OR s.open > 0)
          AND (%(id)s::bigint IS NULL OR b.lease_id = (SELECT lease_id FROM bill WHERE id = %(id)s::bigint)))
  AND (own.since IS NULL OR b.period_to > own.since OR s.open > 0) AND s.amount > 0
ORDER BY b.id IS NOT DISTINCT FROM %(id)s::bigint DESC, b.due_on DESC, b.id DESC LIMIT %(limit)s::int
"""


def _own(tenant: Actor, lease_id: int | None = None) -> dict[str, list[Any]]:
    """The tenant's leases, or the one asked for if it is theirs, as parameters."""
    parts = {i: since for i, since in own_parts(tenant).items() if lease_id in (None, i)}
    return {"leases": list(parts), "since": list(parts.values())}


def _bills(asked: dict[str, Any]) -> list[dict[str, Any]]:
    own = so_many("unnest(%(leases)s::bigint[], %(since)s::date[]) AS own(lease_id, since)", len(asked["leases"]))
    sql = BILLS.replace("{own}", own)
    return fetch(planned(sql) if len(asked["leases"]) <= FEW else sql, asked)


def own_bills(
    tenant: Actor, as_of: date, lease_id: int, *, only_open: bool = False, limit: int = MOST
) -> list[dict[str, Any]]:
    """A lease's bills, the latest due first.

    Args:
        tenant: who looks; another's lease has no bills.
        as_of: the business day, for what is late.
        lease_id: whose bills.
        only_open: leave out what is settled.
        limit: at most this many.
    """
    asked = {"id": None, "others": True, **_own(tenant, lease_id), "as_of": as_of, "only_open": only_open}
    return view(tenant, "bill", _bills(asked | {"limit": limit}))


def own_bill(tenant: Actor, as_of: date, bill_id: int) -> dict[str, Any]:
    """One bill. Refused: ``not_found`` for anything but the tenant's own."""
    return _first(tenant, as_of, bill_id, others=False)[0]


def own_bill_and_open(tenant: Actor, as_of: date, bill_id: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One bill, and what else is open of its lease. Refused: ``not_found`` for anything but the tenant's own."""
    bill, *others = _first(tenant, as_of, bill_id, others=True)
    return bill, others


def _first(tenant: Actor, as_of: date, bill_id: int, *, others: bool) -> list[dict[str, Any]]:
    asked = {"id": bill_id, "others": others, **_own(tenant), "as_of": as_of, "only_open": True, "limit": MOST}
    rows = view(tenant, "bill", _bills(asked))
    if not rows or rows[0]["id"] != bill_id:
        raise NOT_FOUND()
    return rows


CHARGES = """
SELECT c.id, c.bill_id, c.lease_id, c.kind, c.name AS label, c.period_from, c.period_to, c.due_on, c.amount, c.open
FROM charge c
WHERE c.lease_id = %(lease)s::bigint AND (%(bill)s::bigint IS NULL OR c.bill_id = %(bill)s::bigint)
  AND (NOT %(only_open)s::boolean OR c.open > 0)
  AND c.reverses_id IS NULL AND NOT EXISTS (SELECT FROM charge r WHERE r.reverses_id = c.id)
ORDER BY c.due_on, array_position(%(kinds)s::varchar[], c.kind), c.id LIMIT 200
"""


def own_charges(
    tenant: Actor, lease_id: int, *, bill_id: int | None = None, only_open: bool = False
) -> list[dict[str, Any]]:
    """What a lease or one bill consists of, in the order payments settle it; what was corrected away is left out.

    Refused: ``not_found`` for anything but the tenant's own.
    """
    require_own(tenant, lease_id)
    kinds = list(in_force(Billing).value.kind_order)
    asked = {"lease": lease_id, "bill": bill_id, "only_open": only_open, "kinds": kinds}
    return view(tenant, "charge", fetch(planned(CHARGES), asked))


PAYMENTS = """
SELECT y.id, y.number, y.lease_id, l.number AS lease, y.amount, y.method, y.received_at, k.open AS unused
FROM payment y JOIN lease l ON l.id = y.lease_id LEFT JOIN credit k ON k.payment_id = y.id
JOIN unnest(%(leases)s::bigint[], %(since)s::date[]) AS own(lease_id, since) ON own.lease_id = y.lease_id
WHERE (%(id)s::bigint IS NULL OR y.id = %(id)s)
  AND (%(bill)s::bigint IS NULL OR y.id IN (
      SELECT k.payment_id FROM charge c JOIN allocation a ON a.charge_id = c.id JOIN credit k ON k.id = a.credit_id
      WHERE c.bill_id = %(bill)s GROUP BY k.payment_id HAVING sum(a.amount) > 0))
  AND (own.since IS NULL OR (y.received_at AT TIME ZONE 'Asia/Shanghai')::date >= own.since)
ORDER BY y.received_at DESC, y.id DESC LIMIT %(limit)s
"""
SETTLED = """
SELECT c.kind, c.name AS label, c.period_from, c.period_to, min(c.due_on) AS due_on, sum(a.amount) AS amount
FROM credit k JOIN allocation a ON a.credit_id = k.id JOIN charge c ON c.id = a.charge_id
WHERE k.payment_id = %(id)s
GROUP BY c.kind, c.name, c.period_from, c.period_to ORDER BY min(c.due_on), min(c.id)
"""


def own_payments(
    tenant: Actor, lease_id: int, *, bill_id: int | None = None, limit: int = MOST
) -> list[dict[str, Any]]:
    """What was paid for a lease, newest first; with ``bill_id`` only what settled that bill."""
    asked = {"id": None, "bill": bill_id, **_own(tenant, lease_id), "limit": limit}
    return view(tenant, "payment", fetch(PAYMENTS, asked))


def own_payment(tenant: Actor, payment_id: int) -> dict[str, Any]:
    """One payment, with ``lines``: what it settled. Refused: ``not_found`` for anything but the tenant's own."""
    rows = view(tenant, "payment", fetch(PAYMENTS, {"id": payment_id, "bill": None, **_own(tenant), "limit": 1}))
    if not rows:
        raise NOT_FOUND()
    return rows[0] | {"lines": view(tenant, "charge", fetch(SETTLED, {"id": payment_id}))}


def payment_of_order(number: str) -> int | None:
    """The payment that a gateway order became; None while it is not paid."""
    found = fetch_value(
        "SELECT y.id FROM payment_order o JOIN payment y ON y.source = 'order:' || o.id WHERE o.number = %(number)s",
        {"number": number},
    )
    return int(found) if found is not None else None


@dataclass(frozen=True)
class NextBill:
    """The bill to come: its days, when it is due and issued, and what it will cost by today's terms."""

    period_from: date
    period_to: date
    due_on: date
    issue_on: date
    amount: Money


LINES = """
SELECT coalesce(sum(amount), 0) FROM billing_lines(%(version)s, %(anchor)s, %(first)s, %(after)s, %(proration)s,
                                                   %(is_first)s, %(deposit)s)
"""


def next_bill(tenant: Actor, lease_id: int) -> NextBill | None:
    """What comes after the last bill; None when the lease has no further period.

    Refused: ``not_found`` for anything but the tenant's own.
    """
    require_own(tenant, lease_id)
    lease = Lease.objects.get(id=lease_id)
    if lease.status == Lease.Status.ENDED or lease.current_version_id is None:
        return None
    version = LeaseVersion.objects.get(id=lease.current_version_id)
    billed = fetch_value("SELECT max(period_to) FROM bill WHERE lease_id = %(lease)s", {"lease": lease_id})
    periods = billing_periods(lease.start_on, lease.holds_until, lease.anchor_on, lease.cycle_months)
    period = next((p for p in periods if p.start >= (billed or lease.start_on)), None)
    if period is None:
        return None
    asked = {"version": version.id, "anchor": lease.anchor_on, "first": period.start, "after": period.end}
    terms = {"proration": version.proration, "is_first": period.start == lease.start_on, "deposit": version.deposit}
    due_on = period.start + timedelta(days=lease.due_offset_days)
    lead = timedelta(days=in_force(Billing).value.issue_days_before_due)
    return NextBill(period.start, period.end, due_on, due_on - lead, Money(fetch_value(LINES, asked | terms)))


MONTH = """
(SELECT 'rent' AS kind, '' AS label, r.monthly AS amount FROM lease_rate r
 WHERE r.version_id = %(version)s AND r.to_on > %(as_of)s AND r.monthly > 0 ORDER BY r.to_on LIMIT 1)
UNION ALL
(SELECT f.kind, f.name, f.amount FROM lease_fee f
 WHERE f.version_id = %(version)s AND f.per = 'month' AND f.to_on > %(as_of)s ORDER BY f.id)
"""


def month_of(tenant: Actor, lease_id: int, as_of: date) -> list[dict[str, Any]]:
    """What a whole month is billed by the terms of a day: ``kind``, ``label``, ``amount``; the rent first.

    Refused: ``not_found`` for anything but the tenant's own.
    """
    require_own(tenant, lease_id)
    version = Lease.objects.values_list("current_version_id", flat=True).get(id=lease_id)
    return view(tenant, "charge", fetch(MONTH, {"version": version, "as_of": as_of}))
