"""What search knows about repairs of the time before: found by the number they had where they came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anju.domain.workorders.permissions import VIEW
from anju.foundation.db import fetch
from anju.foundation.search import Entry, index, searchable

# A case is what opens, so it is what the entry stands for.
PAST = """
SELECT o.case_id, o.scope_id, o.outside, c.number, c.title, p.name AS project, u.code
FROM work_order o JOIN flow_case c ON c.id = o.case_id JOIN project p ON p.id = o.scope_id
LEFT JOIN unit u ON u.id = o.unit_id
WHERE o.id = ANY(%(ids)s) AND o.outside IS NOT NULL
"""

searchable("workorder", zh="工单", en="Work order", url="/cases/{id}", needs=VIEW, order=40)


def index_past(order_ids: Sequence[int]) -> int:
    """Put imported orders into the search index; returns how many.

    Args:
        order_ids: those that were just written.
    """
    return index(_entries(order_ids))


def _entries(order_ids: Sequence[int]) -> Iterator[Entry]:
    for row in fetch(PAST, {"ids": list(order_ids)}):
        yield Entry(
            "workorder", row["case_id"], row["scope_id"], title=f"{row['title']} {row['number']}",
            handle=row["outside"], detail=" ".join(filter(None, (row["project"], row["code"]))),
            codes=(row["outside"], row["number"]),
        )  # fmt: skip
