"""Bills, charges and payments as lists and details."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from anju.domain.billing.queries.rows import WHO_COLUMNS, WHO_JOINS
from anju.foundation.access import in_scopes, reaching, scope_params, view
from anju.foundation.db import fetch, planned, so_many
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

PAGE = 20
BillState = Literal["open", "late", "settled", "part", "unpaid"]


@dataclass(frozen=True)
class BillFilter:
    """What a list of bills is narrowed to; ``unpaid`` is every bill with something open, late or not."""

    project_id: int | None = None
    building_id: int | None = None
    lease_id: int | None = None
    lease_ids: Sequence[int] | None = None
    due_from: date | None = None
    due_to: date | None = None
    state: BillState | None = None

    def params(self, as_of: date) -> dict[str, Any]:
        """As query parameters."""
        return {
            "as_of": as_of,
            "project": self.project_id,
            "building": self.building_id,
            "lease": self.lease_id,
            "leases": None if self.lease_ids is None else list(self.lease_ids),
            "due_from": self.due_from,
            "due_to": self.due_to,
            "state": self.state,
        }

    @property
    def by_key(self) -> bool:
        """Whether only the leases narrow it, so that one plan is good for all."""
        return replace(self, lease_id=None, lease_ids=None) == BillFilter() and self != BillFilter()

    def conditions(self) -> dict[str, bool]:
        """SQL conditions with whether they apply."""
        between = self.due_from and self.due_to
        return {
            "b.scope_id = %(project)s": self.project_id is not None,
            "EXISTS (SELECT FROM charge c WHERE c.bill_id = b.id AND c.building_id = %(building)s)": (
                self.building_id is not None
            ),
            "b.lease_id = %(lease)s::bigint": self.lease_id is not None,
            f"b.lease_id IN {so_many(THOSE, len(self.lease_ids or ()))}": self.lease_ids is not None,
            "b.due_on >= %(due_from)s": self.due_from is not None,
            "b.due_on <= %(due_to)s": self.due_to is not None,
            f"b.id IN ({OPEN_WITHIN})": bool(between and self.state in ("unpaid", "open", "part", "late")),
            f"{STATE} = %(state)s": self.state is not None and self.state != "unpaid",
            "s.open > 0": self.state == "unpaid",
        }


THOSE = "unnest(%(leases)s::bigint[])"
STATE = """CASE WHEN s.open = 0 THEN 'settled' WHEN b.due_on < %(as_of)s::date THEN 'late'
     WHEN s.open < s.amount THEN 'part' ELSE 'open' END"""

# What is open within some days is found among the open charges.
OPEN_WITHIN = "SELECT c.bill_id FROM charge c WHERE c.open > 0 AND c.due_on BETWEEN %(due_from)s AND %(due_to)s"
# The page is cut first, what is shown is joined to it.
BILLS = f"""
WITH page AS MATERIALIZED (
    SELECT b.id, b.number, b.lease_id, b.period_from, b.period_to, b.due_on, b.issued_on, b.run_id, s.amount, s.open,
           {STATE} AS state
    FROM bill b
    CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(open), 0) AS open
                        FROM charge WHERE bill_id = b.id) s
    WHERE {in_scopes("b.scope_id")} {{conditions}}
    ORDER BY b.id DESC LIMIT {{limit}}
)
SELECT b.id, b.number, b.period_from, b.period_to, b.due_on, b.issued_on, b.run_id, b.amount,
       b.amount - b.open AS settled, b.open, b.state,
       CASE WHEN b.open > 0 THEN greatest(0, %(as_of)s::date - b.due_on) ELSE 0 END AS days_late,
       CASE WHEN b.open = 0 THEN paid.at END AS settled_at, {WHO_COLUMNS}
FROM page b
JOIN lease l ON l.id = b.lease_id
{WHO_JOINS}
LEFT JOIN LATERAL (SELECT max(a.at) AS at FROM charge c JOIN allocation a ON a.charge_id = c.id
                   WHERE c.bill_id = b.id) paid ON true
ORDER BY b.id DESC
"""


def bills(
    viewer: Actor, as_of: date, wanted: BillFilter, *, after: int | None = None, limit: int = PAGE
) -> list[dict[str, Any]]:
    """Bills, newest first; one row more than ``limit`` says that there is another page.

    Args:
        viewer: who looks; decides rows and fields.
        as_of: the business day, for what is late.
        wanted: filters.
        after: the id of the last row of the page before.
        limit: rows in a page.
    """
    sql = _bills({**wanted.conditions(), "b.id < %(after)s::bigint": after is not None}, limit + 1)
    params = {**wanted.params(as_of), "after": after}
    return view(viewer, "bill", fetch(*reaching(viewer, sql, anew=not wanted.by_key, **params)))


def _bills(conditions: dict[str, bool], limit: int) -> str:
    """The statement with the conditions that apply; the limit is part of it, so that the planner knows it."""
    narrowed = "".join(f" AND {sql}" for sql, applies in conditions.items() if applies)
    return BILLS.format(conditions=narrowed, limit=limit)


def bill(viewer: Actor, as_of: date, bill_id: int) -> dict[str, Any]:
    """One bill.

    Raises:
        Refused: ``not_found``, also for a bill outside the viewer's projects.
    """
    sql = planned(_bills({"b.id = %(id)s::bigint": True}, 1))
    rows = view(viewer, "bill", fetch(sql, {"as_of": as_of, "id": bill_id, **scope_params(viewer)}))
    if not rows:
        raise NOT_FOUND()
    return rows[0]


CHARGES = f"""
SELECT c.id, c.bill_id, b.number AS bill, c.kind, c.name AS label, c.period_from, c.period_to, c.due_on, c.issued_on,
       c.source, c.revision, c.reverses_id, r.id AS reversed_by, c.amount, c.open, {WHO_COLUMNS}
FROM charge c
LEFT JOIN bill b ON b.id = c.bill_id
LEFT JOIN charge r ON r.reverses_id = c.id
JOIN lease l ON l.id = c.lease_id
{WHO_JOINS}
WHERE {in_scopes("c.scope_id")}
  AND (%(bill)s::bigint IS NULL OR c.bill_id = %(bill)s)
  AND (%(lease)s::bigint IS NULL OR c.lease_id = %(lease)s)
  AND (NOT %(only_open)s OR c.open > 0)
  AND (%(after)s::bigint IS NULL OR c.id < %(after)s)
ORDER BY c.id DESC LIMIT %(limit)s
"""


def charges(
    viewer: Actor,
    *,
    bill_id: int | None = None,
    lease_id: int | None = None,
    only_open: bool = False,
    after: int | None = None,
    limit: int = PAGE,
) -> list[dict[str, Any]]:
    """Charges, newest first; one row more than ``limit`` says that there is another page."""
    params = {"bill": bill_id, "lease": lease_id, "only_open": only_open, "after": after, "limit": limit + 1}
    return view(viewer, "charge", fetch(CHARGES, {**params, **scope_params(viewer)}))


PAYMENTS = f"""
SELECT y.id, y.number, y.amount, y.method, y.received_at, y.source, k.open AS unused, {WHO_COLUMNS}
FROM payment y
JOIN lease l ON l.id = y.lease_id
{WHO_JOINS}
LEFT JOIN credit k ON k.payment_id = y.id
WHERE {in_scopes("y.scope_id")} {{conditions}}
ORDER BY y.id DESC LIMIT {{limit}}
"""


def payments(
    viewer: Actor,
    *,
    lease_id: int | None = None,
    source: str | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> list[dict[str, Any]]:
    """Payments, newest first; one row more than ``limit`` says that there is another page."""
    conditions = {
        "y.lease_id = %(lease)s::bigint": lease_id is not None,
        "y.source = %(source)s": source is not None,
        "y.id < %(after)s::bigint": after is not None,
    }
    narrowed = "".join(f" AND {sql}" for sql, applies in conditions.items() if applies)
    sql = PAYMENTS.format(conditions=narrowed, limit=limit + 1)
    params = {"lease": lease_id, "source": source, "after": after}
    return view(viewer, "payment", fetch(*reaching(viewer, sql, anew=source is not None, **params)))
