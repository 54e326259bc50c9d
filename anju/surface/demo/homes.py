"""Who lives where in the demo company, and whose home something breaks in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.domain.portfolio.places import Place
from anju.foundation.db import fetch
from anju.surface.demo.world.breakages import PER_BED, PER_ROOM, Breakage
from anju.surface.demo.world.sayings import Saying

LIVED_IN = """
SELECT l.id, l.payer_id, l.status = 'active' AS active, u.id AS unit_id, u.code, u.kind, u.building_id, u.floor, u.line,
       u.scope_id, lower(lu.occupied) AS since, upper(lu.occupied) AS until
FROM lease l JOIN lease_unit lu ON lu.lease_id = l.id JOIN unit u ON u.id = lu.unit_id
WHERE l.status IN ('active', 'ended') AND lu.occupied && daterange(%(since)s, %(until)s, '[]') ORDER BY l.id, u.id
"""
OWN_ROOM = "3-1-1208"  # of the tenant whom visitors of the demo meet
WITH_LIFT = 3  # floors above it have a lift
# What nobody says of an office, or of a dormitory.
OFFICE_KINDS, OFFICE_SPOTS = ("air", "power", "network", "lock", "other"), ("entry", "bedroom", "public")
NO_OFFICE = ("卧室", "床", "衣柜", "孩子", "老人", "纱窗", "沙发", "客厅", "梅雨天", "户", "橱柜", "刚搬", "屋里", "睡")
NO_DORMITORY = ("客厅", "橱柜", "玄关", "衣柜门", "单元门", "沙发")


@dataclass(frozen=True)
class Home:
    """A lease with its place, and the days it is lived in; ``until`` is the day after the last."""

    id: int
    payer_id: int
    active: bool
    unit_id: int
    code: str
    kind: str
    building_id: int
    floor: int | None
    line: str
    scope_id: int
    since: date
    until: date | None

    @property
    def weight(self) -> float:
        """How much breaks here."""
        return PER_BED if self.kind == "bed" else PER_ROOM

    def has(self, day: date) -> bool:
        """Whether somebody lives here on a day."""
        return self.since <= day and (self.until is None or day < self.until)

    def fits(self, saying: Saying) -> bool:
        """Whether that can break here."""
        if "电梯" in saying.said and (self.floor or 0) <= WITH_LIFT:
            return False
        if self.kind == "office":
            fine = saying.kind in OFFICE_KINDS and saying.spot in OFFICE_SPOTS
            return fine and not any(word in saying.said for word in NO_OFFICE)
        if self.kind == "bed":
            return saying.spot != "kitchen" and not any(word in saying.said for word in NO_DORMITORY)
        return True


def counted(places: Sequence[Place]) -> tuple[int, int]:
    """How many places to let are rooms, flats or offices, and how many are beds."""
    parents = {p.parent for p in places if p.parent}
    leaves = [p for p in places if p.unit not in parents]
    beds = sum(p.kind == "bed" for p in leaves)
    return len(leaves) - beds, beds


def homes(since: date, until: date) -> list[Home]:
    """Every home lived in between two days."""
    rows: list[dict[str, Any]] = fetch(LIVED_IN, {"since": since, "until": until})
    return [Home(**row) for row in rows]


def home_of(all_: Sequence[Home], seed: str, said: Breakage, day: date) -> Home | None:
    """Whose home something breaks in: any that is lived in that day and has such a thing."""
    able = [h for h in all_ if h.has(day) and h.fits(said.saying)]
    if not able:
        return None
    rng = random.Random(f"{seed}:home:{said.key}")
    return rng.choices(able, weights=[h.weight for h in able])[0]


def neighbour_of(all_: Sequence[Home], first: Home, said: Breakage, day: date) -> Home | None:
    """Somebody else of the building who has it too: on the same riser next door above or below, or on these floors."""
    near = [
        h for h in all_
        if h.building_id == first.building_id and h.payer_id != first.payer_id and h.has(day) and h.fits(said.saying)
        and abs((h.floor or 0) - (first.floor or 0)) <= 1
    ]  # fmt: skip
    same_line = [h for h in near if h.line and h.line == first.line]
    return random.Random(f"neighbour:{said.key}").choice(same_line or near) if near else None
