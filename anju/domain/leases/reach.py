"""Letting leases hold their places longer, or giving them back earlier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from anju.domain.leases.models import LeaseUnit
from anju.domain.leases.occupancy import Holdings, Let, lock_units
from anju.foundation.db import run_sql
from anju.kit import Period, Refused

Spans = Mapping[int, tuple[date, date]]

SHRINK = """
WITH span AS (SELECT * FROM unnest(%(leases)s::bigint[], %(ends)s::date[]) AS s(lease_id, end_on)),
gone AS (
    DELETE FROM lease_unit lu USING span s WHERE lu.lease_id = s.lease_id AND lower(lu.occupied) >= s.end_on
)
UPDATE lease_unit lu SET occupied = daterange(lower(lu.occupied), s.end_on)
FROM span s WHERE lu.lease_id = s.lease_id AND lower(lu.occupied) < s.end_on AND upper(lu.occupied) > s.end_on
"""
STRETCH = """
UPDATE lease_unit lu SET occupied = daterange(lower(lu.occupied), s.until)
FROM unnest(%(leases)s::bigint[], %(starts)s::date[], %(ends)s::date[]) AS s(lease_id, since, until)
WHERE lu.lease_id = s.lease_id AND upper(lu.occupied) = s.since
"""


def places_of(lease_ids: Sequence[int]) -> dict[int, list[LeaseUnit]]:
    """What leases hold at their end, by lease."""
    held: dict[int, list[LeaseUnit]] = defaultdict(list)
    for row in LeaseUnit.objects.filter(lease_id__in=lease_ids).order_by("lease_id", "leaf_unit_id"):
        held[row.lease_id].append(row)
    return held


def keep_places(spans: Spans, places: Mapping[int, Sequence[LeaseUnit]], *, partly: bool = False) -> dict[int, Refused]:
    """Move the end of what leases hold from a day to another.

    Args:
        spans: for each lease the day its places were held until, and the new one; earlier gives them back.
        places: what they hold.
        partly: collect refusals and go on with the others, instead of raising the first.

    Raises:
        Refused: ``lease.overlap`` when another lease holds a place by then.
    """
    later = {i: span for i, span in spans.items() if span[1] > span[0]}
    refused = _stretch(later, places, partly) if later else {}
    earlier = {i: end for i, (since, end) in spans.items() if end < since}
    if earlier:
        run_sql(SHRINK, {"leases": list(earlier), "ends": list(earlier.values())})
    return refused


def _stretch(spans: Spans, places: Mapping[int, Sequence[LeaseUnit]], partly: bool) -> dict[int, Refused]:
    held = {i: [p for p in places[i] if p.occupied.upper == spans[i][0]] for i in spans}
    lets = lock_units(p.leaf_unit_id for rows in held.values() for p in rows)
    holdings = Holdings(lets, min(since for since, _ in spans.values()), without=frozenset(spans))
    refused: dict[int, Refused] = {}
    for lease_id, (since, until) in spans.items():
        own = _leaves(held[lease_id], lets)
        try:
            holdings.check(own, Period(since, until))
        except Refused as refusal:
            if not partly:
                raise
            refused[lease_id] = refusal
        else:
            holdings.add(own, Period(since, until), f"#{lease_id}")
    going = [i for i in spans if i not in refused]
    columns = {"leases": going, "starts": [spans[i][0] for i in going], "ends": [spans[i][1] for i in going]}
    run_sql(STRETCH, columns)
    return refused


def _leaves(rows: Sequence[LeaseUnit], lets: Mapping[int, Let]) -> list[Let]:
    return [lets[row.leaf_unit_id] for row in rows]
