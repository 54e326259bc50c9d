"""Numbers that nobody may dial any more end before their time: the case is over, given to somebody else, or who called
has left.
"""

from __future__ import annotations

from anju.foundation.calls.actions import release_number
from anju.foundation.db import clock, fetch, org_scope
from anju.kit import Actor, Refused

AT_ONCE = 100
# A case that was merged into another is worked on there.
PAST = """
SELECT b.id FROM call_binding b JOIN flow_case c ON c.id = b.case_id
LEFT JOIN flow_case m ON m.id = c.follows_id LEFT JOIN staff s ON s.id = b.staff_id
WHERE b.ended_at IS NULL AND b.expires_at > %(wall)s
  AND (coalesce(c.closed_at, m.closed_at) IS NOT NULL OR s.frozen_at IS NOT NULL
       OR (b.as_assignee AND coalesce(m.assignee, c.assignee) IS DISTINCT FROM b.staff_id))
ORDER BY b.id LIMIT %(most)s
"""


def take_back(org: int) -> int:
    """Take back what is past use; returns how many. Call it outside any scope: each is committed by itself.

    A provider that does not answer is asked again the next time; the number ends by itself all the same.
    """
    with org_scope(org):
        ids = [row["id"] for row in fetch(PAST, {"wall": clock.wall(), "most": AT_ONCE})]
    for n, binding_id in enumerate(ids):
        try:
            with org_scope(org):
                release_number(Actor.system(), binding_id=binding_id)
        except Refused:
            return n
    return len(ids)
