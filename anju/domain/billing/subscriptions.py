"""What billing does when leases are activated, amended, ended or called off; and what it tells about units."""

from __future__ import annotations

from anju.domain.billing import posting
from anju.domain.leases.hooks import on_activated, on_amended, on_cancelled, on_ended
from anju.domain.portfolio.status import register_unit_facts
from anju.foundation.actions import Act

# Of all units at once, or of some: one of the two is never run.
ARREARS = """
SELECT lu.leaf_unit_id AS unit_id, 'arrears' AS code, late.lease_id, late.since, NULL::date AS until_on
FROM (SELECT lease_id, min(due_on) AS since FROM charge
      WHERE open > 0 AND due_on < %(as_of)s GROUP BY lease_id) late
JOIN lease_unit lu ON lu.lease_id = late.lease_id AND lu.occupied @> %(as_of)s::date
WHERE %(units)s::bigint[] IS NULL
UNION ALL
SELECT lu.leaf_unit_id, 'arrears', lu.lease_id, late.since, NULL
FROM lease_unit lu
CROSS JOIN LATERAL (SELECT min(c.due_on) AS since FROM charge c
                    WHERE c.lease_id = lu.lease_id AND c.open > 0 AND c.due_on < %(as_of)s) late
WHERE lu.leaf_unit_id = ANY(%(units)s::bigint[]) AND lu.occupied @> %(as_of)s::date AND late.since IS NOT NULL
"""
register_unit_facts("billing", ARREARS)


@on_activated
def open_accounts(act: Act, lease_ids: list[int]) -> None:
    """Every lease in force has an account and waits for its first bill."""
    posting.open_accounts(lease_ids)


@on_amended
def bill_what_became_longer(act: Act, lease_ids: list[int]) -> None:
    """A term that goes on may have a period whose day to be billed has passed: the next run looks at all of it."""
    posting.look_again(lease_ids)


@on_amended
@on_ended
@on_cancelled
def correct_bills(act: Act, lease_ids: list[int]) -> None:
    """Billed periods follow the changed terms or end: corrected by adding, each lease told in its trace."""
    for lease_id, said in posting.rebill(lease_ids).items():
        act.trace(
            "lease",
            lease_id,
            suffix="rebill",
            reversed=f"{said['reversed']:.2f}",
            charged=f"{said['charged']:.2f}",
        )
