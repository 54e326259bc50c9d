"""Lease numbers: what people say on the phone. A series per prefix, e.g. HZ25-0412: city, year of start, count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from anju.foundation.db import fetch

NUMBERED = re.compile(r"(.{1,20})-(\d{1,9})")
TAKE = """
INSERT INTO lease_number_series AS s (prefix, last)
SELECT prefix, n FROM unnest(%(prefixes)s::text[], %(counts)s::int[]) AS wanted(prefix, n) ORDER BY prefix
ON CONFLICT (org_id, prefix) DO UPDATE SET last = s.last + excluded.last
RETURNING prefix, last
"""
SKIP = """
INSERT INTO lease_number_series AS s (prefix, last)
SELECT prefix, n FROM unnest(%(prefixes)s::text[], %(counts)s::int[]) AS used(prefix, n) ORDER BY prefix
ON CONFLICT (org_id, prefix) DO UPDATE SET last = greatest(s.last, excluded.last)
"""


def prefix(project_code: str, start_on: date) -> str:
    """HZ25 for a lease of a project coded HZ that starts in 2025."""
    return f"{project_code}{start_on:%y}"


def take_numbers(prefixes: Sequence[str]) -> list[str]:
    """The next number of each prefix, in the order asked; one statement whatever their number."""
    wanted = Counter(prefixes)
    if not wanted:
        return []
    rows = fetch(TAKE, {"prefixes": list(wanted), "counts": list(wanted.values())})
    following = {row["prefix"]: row["last"] - wanted[row["prefix"]] for row in rows}
    out = []
    for p in prefixes:
        following[p] += 1
        out.append(f"{p}-{following[p]:04d}")
    return out


def skip_numbers(given: Iterable[str]) -> None:
    """Let the series go on after numbers that came from elsewhere, so that none is given twice."""
    used: dict[str, int] = {}
    for number in given:
        if (found := NUMBERED.fullmatch(number)) and int(found[2]) < 2**31:
            used[found[1]] = max(used.get(found[1], 0), int(found[2]))
    if used:
        fetch(f"{SKIP} RETURNING 1", {"prefixes": list(used), "counts": list(used.values())})


def taken(numbers: Sequence[str]) -> set[str]:
    """Which of these numbers leases already have."""
    rows = fetch("SELECT number FROM lease WHERE number = ANY(%(numbers)s)", {"numbers": list(numbers)})
    return {row["number"] for row in rows}
