"""The crew: what each can do and where each usually is, who works when, whom a page reaches by SMS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from anju.domain.portfolio.models import Building
from anju.domain.workorders import refusals
from anju.domain.workorders.dispatch_policy import Dispatch
from anju.domain.workorders.flow import TEAM
from anju.domain.workorders.models import Shift, Technician, WorkOrder
from anju.domain.workorders.permissions import CREW
from anju.foundation.access import restrict, scope_params
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, scoped_org
from anju.foundation.policy.store import in_force
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

WEEK = timedelta(days=7)
KINDS = frozenset(WorkOrder.Kind.values)
PEOPLE = """
SELECT s.id, s.name, s.roles, coalesce(t.skills, '{}') AS skills, t.home_id, b.name AS home,
       EXISTS (SELECT FROM staff_phone n WHERE n.staff_id = s.id) AS has_phone
FROM staff s LEFT JOIN technician t ON t.staff_id = s.id LEFT JOIN building b ON b.id = t.home_id
WHERE s.frozen_at IS NULL AND (s.left_on IS NULL OR s.left_on >= %(today)s) AND s.roles && %(roles)s::varchar[]
  AND (%(scopes)s::bigint[] IS NULL OR s.all_projects
       OR EXISTS (SELECT FROM staff_scope x WHERE x.staff_id = s.id AND x.scope_id = ANY(%(scopes)s)))
ORDER BY s.id
"""
REPEAT = """
INSERT INTO work_shift (staff_id, day, starts_at, ends_at, on_call)
SELECT staff_id, day + 7, starts_at, ends_at, on_call FROM work_shift
WHERE day BETWEEN %(monday)s AND %(sunday)s AND staff_id = ANY(%(crew)s)
ON CONFLICT (org_id, staff_id, day) DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Person:
    """A colleague who mends or is paged. ``mends``: of the team that mends."""

    id: int
    name: str
    mends: bool
    skills: tuple[str, ...]
    home_id: int | None
    home: str
    has_phone: bool


def people(viewer: Actor) -> list[Person]:
    """Those of the viewer's projects who mend, and those whom the policy pages besides them.

    Args:
        viewer: a member of staff.
    """
    roles = sorted({TEAM, *(rung.role for rung in in_force(Dispatch).value.on_call)})
    rows = fetch(PEOPLE, {"today": clock.today(), "roles": roles, **scope_params(viewer)})
    return [
        Person(
            r["id"], r["name"], TEAM in r["roles"], tuple(r["skills"]), r["home_id"], r["home"] or "", r["has_phone"]
        )
        for r in rows
    ]


def _person(by: Actor, staff_id: int, *, mends: bool = True) -> Person:
    found = next((p for p in people(by) if p.id == staff_id and (p.mends or not mends)), None)
    if found is None:
        raise NOT_FOUND()
    return found


def week(viewer: Actor, monday: date) -> dict[tuple[int, date], Shift]:
    """The shifts of a week by technician and day, within the viewer's projects.

    Args:
        viewer: a member of staff.
        monday: the week's first day.
    """
    ids = [p.id for p in people(viewer) if p.mends]
    rows = Shift.objects.filter(staff_id__in=ids, day__gte=monday, day__lt=monday + WEEK)
    return {(row.staff_id, row.day): row for row in rows}


@action("workorders.crew.skills", needs=CREW)
def set_skills(act: Act, *, staff_id: int, skills: Sequence[str], home_id: int | None = None) -> Technician:
    """Say what a technician can mend and which building is the usual one.

    Args:
        staff_id: who; of the team that mends.
        skills: ``WorkOrder.Kind`` values; none takes them away.
        home_id: the usual building, if any.

    Raises:
        Refused: ``not_found``, ``workorders.no_skill``.
    """
    _person(act.by, staff_id)
    if not KINDS.issuperset(skills):
        raise refusals.NO_SKILL()
    if home_id is not None and not restrict(Building.objects.filter(id=home_id), act.by).exists():
        raise NOT_FOUND()
    kept = [kind for kind in WorkOrder.Kind.values if kind in skills]
    found, _made = Technician.objects.update_or_create(staff_id=staff_id, defaults={"skills": kept, "home_id": home_id})
    act.trace("staff", staff_id, skills=kept, home=home_id)
    return found


@action("workorders.crew.shift", needs=CREW)
def set_shift(
    act: Act, *, staff_id: int, day: date, starts_at: time | None, ends_at: time | None, on_call: bool = False
) -> Shift | None:
    """Plan a technician's shift of a day, in place of what was planned.

    Args:
        staff_id: who; of the team that mends.
        day: the day it starts.
        starts_at: Beijing time; with ``ends_at`` None: free on that day.
        ends_at: before ``starts_at``: on the next day.
        on_call: whether pages for urgent repairs go to this technician first.

    Raises:
        Refused: ``not_found``, ``workorders.shift_times``.
    """
    _person(act.by, staff_id)
    if starts_at is None and ends_at is None:
        if not Shift.objects.filter(staff_id=staff_id, day=day).delete()[0]:
            act.nothing_changed()
            return None
        act.trace("staff", staff_id, day=day.isoformat(), shift="—")
        return None
    if starts_at is None or ends_at is None or starts_at == ends_at:
        raise refusals.SHIFT_TIMES()
    given = {"starts_at": starts_at, "ends_at": ends_at, "on_call": on_call}
    found, _made = Shift.objects.update_or_create(staff_id=staff_id, day=day, defaults=given)
    act.trace("staff", staff_id, day=day.isoformat(), shift=f"{starts_at:%H:%M}–{ends_at:%H:%M}", on_call=on_call)
    return found


@action("workorders.crew.repeat", needs=CREW)
def repeat_week(act: Act, *, monday: date) -> int:
    """Plan the week after like this one; days that are planned already stay as they are. Returns how many were added.

    Args:
        monday: the first day of the week to repeat.

    Raises:
        Refused: ``workorders.nothing_to_repeat``.
    """
    crew = [p.id for p in people(act.by) if p.mends]
    sunday = monday + WEEK - timedelta(days=1)
    if not Shift.objects.filter(staff_id__in=crew, day__range=(monday, sunday)).exists():
        raise refusals.NOTHING_TO_REPEAT()
    made = fetch(REPEAT, {"monday": monday, "sunday": sunday, "crew": crew})
    if not made:
        act.nothing_changed()
        return 0
    act.trace("crew", scoped_org(), week=monday.isoformat(), count=len(made))
    return len(made)


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def shift_words(shift: Any) -> str:
    """``08:00–18:00``."""
    return f"{shift.starts_at:%H:%M}–{shift.ends_at:%H:%M}"
