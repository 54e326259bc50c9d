"""Who owes what, for how long, and what was last tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from anju.domain.billing.queries.rows import WHO_COLUMNS, WHO_JOINS
from anju.foundation.access import in_scopes, scope_params, view
from anju.foundation.db import fetch, fetch_one, fetch_value, planned
from anju.foundation.ui.kept import counted
from anju.kit import Actor

PAGE = 20


@dataclass(frozen=True)
class ArrearsFilter:
    """What a list of arrears is narrowed to; amounts in yuan, days past the due day."""

    project_id: int | None = None
    building_id: int | None = None
    min_days: int = 1
    max_days: int | None = None
    min_owed: Decimal = Decimal(0)
    lease_id: int | None = None
    sort: Literal["urgency", "amount"] = "urgency"

    def params(self, as_of: date) -> dict[str, Any]:
        """As query parameters."""
        return {
            "as_of": as_of,
            "project": self.project_id,
            "building": self.building_id,
            "lease": self.lease_id,
            "min_days": self.min_days,
            "max_days": self.max_days,
            "min_owed": self.min_owed,
        }


# Under row-level security the planner knows nothing of "open > 0" (comparing amounts is not leakproof): it takes a
# third of all charges for open, where one in forty is. In the order of the index of open charges they cost no sort,
# any other way would; so it takes that index however many paid charges there are.
LATE = f"""
SELECT c.lease_id, sum(c.open) AS owed, min(c.due_on) AS oldest_due_on, count(DISTINCT c.bill_id) AS bills,
       (%(as_of)s::date - min(c.due_on)) AS days_late
FROM (
    SELECT * FROM charge c
    WHERE c.open > 0 AND c.due_on < %(as_of)s AND {in_scopes("c.scope_id")}
      AND (%(project)s::bigint IS NULL OR c.scope_id = %(project)s)
      AND (%(building)s::bigint IS NULL OR c.building_id = %(building)s)
      AND (%(lease)s::bigint IS NULL OR c.lease_id = %(lease)s)
    ORDER BY c.due_on, c.scope_id OFFSET 0
) c
GROUP BY c.lease_id
HAVING sum(c.open) >= %(min_owed)s AND (%(as_of)s::date - min(c.due_on)) >= %(min_days)s
   AND (%(max_days)s::int IS NULL OR (%(as_of)s::date - min(c.due_on)) <= %(max_days)s)
"""

# The page is cut before tenants, rooms and last contacts are joined, so that they are looked up for its rows only.
LIST = f"""
SELECT late.owed, late.oldest_due_on, late.bills, late.days_late, p.phone_mask, {WHO_COLUMNS},
       last.channel AS last_channel, last.state AS last_state, last.at AS last_at
FROM (SELECT * FROM ({LATE}) late ORDER BY {{order}} LIMIT %(limit)s OFFSET %(offset)s) late
JOIN lease l ON l.id = late.lease_id
{WHO_JOINS}
LEFT JOIN LATERAL (
    SELECT m.channel, m.state, coalesce(m.sent_at, m.created_at) AS at
    FROM message m WHERE m.to_person = l.payer_id AND m.state NOT IN ('queued', 'cancelled')
    ORDER BY m.id DESC LIMIT 1
) last ON true
ORDER BY {{order}}
"""
ORDERS = {
    "urgency": "late.days_late DESC, late.owed DESC, late.lease_id",
    "amount": "late.owed DESC, late.days_late DESC, late.lease_id",
}


def arrears(
    viewer: Actor, as_of: date, wanted: ArrearsFilter, *, offset: int = 0, limit: int = PAGE
) -> list[dict[str, Any]]:
    """Leases past due, most urgent first; one row more than ``limit`` says that there is another page.

    Args:
        viewer: who looks; decides rows and fields.
        as_of: the business day.
        wanted: filters and order.
        offset: rows to pass over.
        limit: rows in a page.
    """
    params = {**wanted.params(as_of), "limit": limit + 1, "offset": offset, **scope_params(viewer)}
    sql = LIST.replace("{order}", ORDERS[wanted.sort])
    return view(viewer, "arrears", fetch(sql, params))


TOTALS = f"""
SELECT count(*)::int AS leases, coalesce(sum(owed), 0) AS owed,
       count(*) FILTER (WHERE days_late >= 8)::int AS eight_days
FROM ({LATE}) late
"""


def arrears_totals(viewer: Actor, as_of: date, wanted: ArrearsFilter) -> dict[str, Any]:
    """How many leases are past due and how much: ``leases``, ``owed``, ``eight_days`` (8 days or more)."""
    return fetch_one(TOTALS, {**wanted.params(as_of), **scope_params(viewer)}) or {}


# Distinct leases among so many late charges: beyond it a page says "999+", and nothing is counted to the end.
SOME = """
SELECT count(DISTINCT lease_id)::int FROM (
    SELECT c.lease_id FROM charge c
    WHERE c.open > 0 AND c.due_on <= %(as_of)s::date - %(min_days)s::int AND {scopes}
      AND (%(project)s::bigint IS NULL OR c.scope_id = %(project)s::bigint)
    ORDER BY c.due_on LIMIT {limit}
) late
"""


def arrears_count(
    viewer: Actor, as_of: date, *, project_id: int | None = None, min_days: int = 1, most: int = 999
) -> int:
    """How many leases are past due, as far as a number beside a menu counts.

    Args:
        viewer: who looks.
        as_of: the business day.
        project_id: only this project.
        min_days: past due for so many days at least.
        most: beyond it the count stops; it may then be larger than this by any amount, and is never less.
    """
    params = {"as_of": as_of, "project": project_id, "min_days": min_days, **scope_params(viewer)}
    sql = planned(SOME.format(scopes=in_scopes("c.scope_id"), limit=most * 4))
    return counted(("arrears", str(params), most), lambda: int(fetch_value(sql, params) or 0), most=most - 1)
