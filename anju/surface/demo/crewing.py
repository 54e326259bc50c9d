"""What the demo company's technicians can mend, where each usually is, and who works when."""

from __future__ import annotations

from datetime import date, time, timedelta

from anju.domain.workorders.crew import WEEK, people, set_shift, set_skills, week_of
from anju.domain.workorders.models import Shift, Technician
from anju.foundation.db import fetch
from anju.kit import Actor

SYSTEM = Actor.system()
SKILLS = {
    "孙海涛": ("lock", "wall", "appliance"), "赵永康": ("power", "network"), "何志斌": ("air", "heat", "appliance"),
    "马国强": ("water", "heat"), "钱进": ("water", "power", "lock", "appliance", "network", "wall", "other"),
}  # fmt: skip
AWAY = ("孙海涛", "何志斌")  # in the second town, the others in the first
# The first building of each project, the project with most rooms first.
BUILDINGS = """
SELECT min(b.id) AS id FROM building b JOIN unit u ON u.building_id = b.id
GROUP BY b.scope_id ORDER BY count(*) DESC, b.scope_id LIMIT 2
"""
STARTS, ENDS, LATE_STARTS, LATE_ENDS = time(8), time(18), time(12), time(22)
WEEKS_PLANNED = 2


def plan(day: date) -> None:
    """Skills, and shifts of this week and the next, the late one on call; each entered once."""
    crew = [p for p in people(SYSTEM) if p.name in SKILLS]
    if not Technician.objects.exists():
        homes = [row["id"] for row in fetch(BUILDINGS)]
        for who in crew:
            home = homes[-1 if who.name in AWAY else 0] if homes else None
            set_skills(SYSTEM, staff_id=who.id, skills=SKILLS[who.name], home_id=home)
    monday = week_of(day)
    if Shift.objects.filter(day__gte=monday + WEEK).exists():
        return
    for days in range(7 * WEEKS_PLANNED):
        on = monday + timedelta(days=days)
        for n, who in enumerate(crew):
            if (on.weekday() + n) % 7 == 2:  # a day off a week, each another
                continue
            late = on.toordinal() % len(crew) == n
            starts, ends = (LATE_STARTS, LATE_ENDS) if late else (STARTS, ENDS)
            set_shift(SYSTEM, staff_id=who.id, day=on, starts_at=starts, ends_at=ends, on_call=late)
