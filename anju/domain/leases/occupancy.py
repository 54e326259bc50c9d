"""Which places a lease occupies, and whether somebody else holds them (租赁解释 §5: never twice).

The leaves are locked first, so that what is read here stays true until the transaction ends; the exclusion constraint
of ``lease_unit`` is the last resort.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from anju.domain.portfolio.actions import guards_splitting
from anju.domain.portfolio.rules import check_lettable
from anju.foundation.db import fetch
from anju.kit import Period, Refused
from anju.kit.refusal import NOT_FOUND, sentence

OVERLAP = sentence(
    "lease.overlap",
    "房源 {unit} 在 {start} 至 {end} 已有合同 {lease}，不能重复出租；请改租期或先办理退租。",
    "Unit {unit} is held by lease {lease} from {start} to {end} and can not be let twice.",
)
TWO_PROJECTS = sentence(
    "lease.two_projects",
    "一份合同里的房源必须属于同一个项目。",
    "All units of a lease must belong to one project.",
)
UNIT_LET = sentence(
    "unit.let_cannot_split",
    "房源 {unit} 正由合同 {lease} 占用至 {end}，退租后才能拆分出租。",
    "Unit {unit} is held by lease {lease} until {end} and can not be split before.",
)

LEAVES = """
WITH RECURSIVE tree AS (
    SELECT id AS top, id FROM unit WHERE id = ANY(%(units)s)
    UNION ALL
    SELECT tree.top, u.id FROM tree JOIN unit u ON u.parent_id = tree.id
)
SELECT tree.top, u.id, u.code, u.leaf, u.scope_id, u.layout, p.kind AS project_kind, p.code AS project_code
FROM tree JOIN unit u ON u.id = tree.id JOIN project p ON p.id = u.scope_id
WHERE u.leaf OR u.id = tree.top
ORDER BY tree.top, u.id
"""
LOCK = """
WITH RECURSIVE tree AS (
    SELECT id FROM unit WHERE id = ANY(%(units)s)
    UNION
    SELECT u.id FROM tree JOIN unit u ON u.parent_id = tree.id
)
SELECT id FROM unit WHERE id IN (SELECT id FROM tree) ORDER BY id FOR NO KEY UPDATE
"""
HELD = """
SELECT lu.leaf_unit_id AS leaf, lower(lu.occupied) AS start, upper(lu.occupied) AS end, l.id AS lease_id, l.number
FROM lease_unit lu JOIN lease l ON l.id = lu.lease_id
WHERE lu.leaf_unit_id = ANY(%(leaves)s) AND upper(lu.occupied) > %(from)s
ORDER BY lu.leaf_unit_id, lu.occupied
"""


@dataclass(frozen=True, slots=True)
class Let:
    """A unit that can be let: itself and the leaves below it."""

    unit_id: int
    code: str
    scope_id: int
    project_code: str
    refusal: Refused | None
    leaves: tuple[int, ...]


def lock_units(unit_ids: Iterable[int]) -> dict[int, Let]:
    """Lock units with everything inside them, in id order, and read their leaves; unknown ids are left out."""
    units = sorted(set(unit_ids))
    fetch(LOCK, {"units": units})
    found: dict[int, list[dict[str, object]]] = defaultdict(list)
    for row in fetch(LEAVES, {"units": units}):
        found[row["top"]].append(row)
    return {top: _let(top, rows) for top, rows in found.items()}


def _let(top: int, rows: list[dict[str, object]]) -> Let:
    own = next(row for row in rows if row["id"] == top)
    refusal = None
    try:
        check_lettable(str(own["project_kind"]), str(own["code"]), str(own["layout"]))
    except Refused as refused:
        refusal = refused
    leaves = tuple(int(str(row["id"])) for row in rows if row["leaf"])
    return Let(top, str(own["code"]), int(str(own["scope_id"])), str(own["project_code"]), refusal, leaves)


def units_of(unit_ids: Sequence[int], lets: dict[int, Let]) -> list[Let]:
    """The units of one lease.

    Raises:
        Refused: ``not_found``; ``unit.not_lettable``; ``lease.two_projects``.
    """
    own = [lets[u] for u in unit_ids if u in lets]
    if len(own) < len(unit_ids):
        raise NOT_FOUND()
    for let in own:
        if let.refusal is not None:
            raise let.refusal
    if len({let.scope_id for let in own}) > 1:
        raise TWO_PROJECTS()
    return own


class Holdings:
    """Who holds the leaves: what is stored, and what this transaction is about to add."""

    def __init__(self, leaves: Iterable[int], since: date, *, without: frozenset[int] = frozenset()) -> None:
        """Read who holds ``leaves`` on any day from ``since`` on; leases in ``without`` do not count."""
        self._held: dict[int, list[tuple[Period, str]]] = defaultdict(list)
        for row in fetch(HELD, {"leaves": sorted(set(leaves)), "from": since}):
            if row["lease_id"] not in without:
                self._held[row["leaf"]].append((Period(row["start"], row["end"]), row["number"]))

    def check(self, lets: Sequence[Let], days: Period) -> None:
        """Refuse with one sentence that says which lease holds which unit until when."""
        for let in lets:
            for leaf in let.leaves:
                for held, number in self._held[leaf]:
                    if held.overlap(days):
                        raise OVERLAP(unit=let.code, start=held.start, end=held.last_day, lease=number)

    def add(self, lets: Sequence[Let], days: Period, number: str) -> None:
        """Count a lease that is about to be written; units named twice in one lease count once."""
        for leaf in {leaf for let in lets for leaf in let.leaves}:
            self._held[leaf].append((days, number))


@guards_splitting
def no_lease_may_hold(unit_ids: list[int]) -> None:
    """A leaf that is let, or will be, is not split: its lease would no longer exclude leases of the parts."""
    rows = fetch(
        "SELECT u.code, l.number, upper(lu.occupied) AS end FROM lease_unit lu JOIN lease l ON l.id = lu.lease_id"
        " JOIN unit u ON u.id = lu.leaf_unit_id WHERE lu.leaf_unit_id = ANY(%(units)s)"
        " AND l.status IN ('awaiting', 'active') ORDER BY lu.occupied LIMIT 1",
        {"units": unit_ids},
    )
    for row in rows:
        raise UNIT_LET(unit=row["code"], lease=row["number"], end=Period(date.min, row["end"]).last_day)
