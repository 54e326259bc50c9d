"""What search knows about units: found by their code from any dash, and by project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anju.foundation.db import fetch
from anju.foundation.search import Entry, index, searchable

PART = 2000
UNITS = """
SELECT u.id, u.code, u.scope_id, u.layout, p.name AS project, b.name AS building
FROM unit u JOIN building b ON b.id = u.building_id JOIN project p ON p.id = u.scope_id
WHERE u.id = ANY(%(ids)s)
"""

searchable("unit", zh="房源", en="Unit", url="/units/{id}", order=30)


def index_units(unit_ids: Sequence[int]) -> int:
    """Put units into the search index, some thousand per query."""
    return sum(index(_entries(unit_ids[n : n + PART])) for n in range(0, len(unit_ids), PART))


def _entries(unit_ids: Sequence[int]) -> Iterator[Entry]:
    for row in fetch(UNITS, {"ids": list(unit_ids)}):
        detail = " ".join(filter(None, (row["project"], row["building"], row["layout"])))
        yield Entry("unit", row["id"], row["scope_id"], title=row["code"], detail=detail, codes=(row["code"],))
