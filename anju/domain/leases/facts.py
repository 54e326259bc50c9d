"""What leases say about units on a day: reserved, awaited, occupied, ending, expired, or since when empty."""

from __future__ import annotations

from datetime import date
from typing import Any

from anju.domain.leases.policies import Leases
from anju.domain.portfolio.status import register_unit_facts
from anju.foundation.policy.store import in_force

FACTS = """
SELECT lu.leaf_unit_id AS unit_id,
       CASE WHEN l.status = 'awaiting' OR lower(lu.occupied) > %(as_of)s THEN 'awaiting'
            WHEN upper(lu.occupied) <= %(as_of)s THEN 'expired'
            WHEN upper(lu.occupied) <= %(as_of)s::date + %(leases_ending_days)s THEN 'ending'
            ELSE 'occupied' END AS code,
       l.id AS lease_id,
       CASE WHEN upper(lu.occupied) <= %(as_of)s THEN upper(lu.occupied) ELSE lower(lu.occupied) END AS since,
       upper(lu.occupied) AS until_on
FROM lease_unit lu JOIN lease l ON l.id = lu.lease_id
WHERE (%(units)s::bigint[] IS NULL OR lu.leaf_unit_id = ANY(%(units)s))
  AND CASE WHEN lower(lu.occupied) > %(as_of)s THEN l.status IN ('awaiting', 'active')
           WHEN upper(lu.occupied) > %(as_of)s THEN l.status IN ('awaiting', 'active', 'ended')
           ELSE l.status = 'active' AND upper(lu.occupied) = l.holds_until END
UNION ALL
SELECT u.id, 'reserved', l.id, l.created_at::date, l.start_on
FROM lease l
CROSS JOIN LATERAL jsonb_array_elements_text(l.draft -> 'unit_ids') AS wanted(unit_id)
JOIN unit u ON u.id = wanted.unit_id::bigint OR u.parent_id = wanted.unit_id::bigint
WHERE l.status = 'draft' AND l.draft IS NOT NULL AND l.end_on > %(as_of)s
  AND (%(units)s::bigint[] IS NULL OR u.id = ANY(%(units)s))
UNION ALL
SELECT lu.leaf_unit_id, 'vacant', NULL, upper(lu.occupied), NULL
FROM lease_unit lu
WHERE %(history)s AND (%(units)s::bigint[] IS NULL OR lu.leaf_unit_id = ANY(%(units)s))
  AND upper(lu.occupied) <= %(as_of)s
"""


def _params(as_of: date) -> dict[str, Any]:
    try:
        policy = in_force(Leases, as_of).value
    except LookupError:  # history before the first release, or a newborn organization
        policy = Leases()
    return {"leases_ending_days": policy.ending_days}


register_unit_facts("leases", FACTS, _params)
