"""What the demo company's technicians can mend, where each usually is, and who works when."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from anju.domain.workorders.crew import WEEK, people, set_shift, set_skills, week_of
from anju.domain.workorders.models import Shift, Technician, WorkOrder
from anju.foundation.db import fetch
from anju.kit import Actor

SYSTEM = Actor.system()
EVERYTHING = tuple(WorkOrder.Kind.values)
# City and skills: two towns have a crew, the small ones somebody who does it all.
CREW = {
    "孙海涛": ("成都", ("lock", "wall", "appliance", "other")), "赵永康": ("杭州", ("power", "network", "air")),
    "何志斌": ("成都", ("air", "heat", "power", "network")), "马国强": ("杭州", ("water", "heat", "wall")),
    "钱进": ("杭州", ("water", "lock", "appliance", "air", "wall", "other")),
    "罗建军": ("成都", ("water", "heat", "appliance", "wall")), "陆志明": ("上海", EVERYTHING),
    "陈卫东": ("苏州", EVERYTHING), "符亚明": ("三亚", EVERYTHING),
}  # fmt: skip
# The first building of each city.
BUILDINGS = """
SELECT p.city, min(b.id) AS id FROM building b JOIN project p ON p.id = b.scope_id GROUP BY p.city ORDER BY p.city
"""
CITIES = "SELECT id, city FROM project ORDER BY id"
STARTS, ENDS, LATE_STARTS, LATE_ENDS = time(8), time(18), time(13), time(22)
WEEKS_PLANNED = 2


@dataclass(frozen=True)
class Mate:
    """One of the crew: id, name, city, skills."""

    id: int
    name: str
    city: str
    skills: tuple[str, ...]


def crew() -> list[Mate]:
    """Those who mend."""
    return [Mate(p.id, p.name, *CREW[p.name]) for p in people(SYSTEM) if p.name in CREW]


def cities() -> dict[int, str]:
    """The city of each project."""
    return {row["id"]: row["city"] for row in fetch(CITIES)}


def able(mates: Sequence[Mate], city: str, kind: str, seed: str) -> Mate:
    """Who mends a kind of thing in a city; the same one for the same seed."""
    near = [m for m in mates if m.city == city] or list(mates)
    return random.Random(f"mate:{seed}").choice([m for m in near if kind in m.skills] or near)


def plan(day: date) -> None:
    """Skills, and shifts of this week and the next, one late and on call in each town; each entered once."""
    mates = crew()
    if not Technician.objects.exists():
        homes = {row["city"]: row["id"] for row in fetch(BUILDINGS)}
        for who in mates:
            set_skills(SYSTEM, staff_id=who.id, skills=who.skills, home_id=homes.get(who.city))
    monday = week_of(day)
    if Shift.objects.filter(day__gte=monday + WEEK).exists():
        return
    for days in range(7 * WEEKS_PLANNED):
        on = monday + timedelta(days=days)
        for n, who in enumerate(mates):
            if (on.weekday() + n) % 7 == 2:  # a day off a week, each another
                continue
            town = [m.id for m in mates if m.city == who.city]
            late = len(town) > 1 and town[on.toordinal() % len(town)] == who.id
            starts, ends = (LATE_STARTS, LATE_ENDS) if late else (STARTS, ENDS)
            set_shift(SYSTEM, staff_id=who.id, day=on, starts_at=starts, ends_at=ends, on_call=late)
