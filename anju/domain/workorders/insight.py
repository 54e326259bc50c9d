"""What the day's reports repeat, and whether the crew keeps up with what comes in (W-10, W-11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.workorders.flow import NAME
from anju.domain.workorders.heat import CAUSES, inside
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.access import scope_params
from anju.foundation.db import SqlFile, clock, fetch, fetch_one
from anju.foundation.flows.definitions import current
from anju.foundation.policy.store import in_force
from anju.kit import Actor

DUPLICATES, FLOW_OF, BACKLOG = (SqlFile(__file__, f"sql/{n}.sql") for n in ("duplicates", "flow_of", "backlog"))
EVERYTHING, OF_BUILDING, OF_KIND, OF_PLACE = 7, 3, 5, 0  # as grouping(building_id, kind, line) tells them apart
CANDIDATES = 8
WEEK = timedelta(days=7)
REACH = timedelta(days=120)  # orders opened longer ago that were mended lately are too few to change a rate


@dataclass(frozen=True)
class Repeated:
    """Reports of a group: how many ``joined`` an order that was there, how many were the same ``again``; the project of
    what has a place.
    """

    word: str
    reports: int
    joined: int
    again: int
    project: str = ""

    @property
    def same(self) -> int:
        """Both."""
        return self.joined + self.again

    @property
    def rate(self) -> int:
        """Their share of the reports, in percent."""
        return round(100 * self.same / self.reports) if self.reports else 0


@dataclass(frozen=True)
class Duplicates:
    """A day's reports: all, by building, by kind, and the places where the repetitions have something in common."""

    day: date
    all: Repeated
    buildings: list[Repeated] = field(default_factory=list)
    kinds: list[Repeated] = field(default_factory=list)
    causes: list[tuple[Repeated, str]] = field(default_factory=list)


def duplicates(viewer: Actor, day: date, project: int | None = None) -> Duplicates:
    """The day's reports within the viewer's projects and how many of them said what was known.

    Args:
        viewer: a member of staff.
        day: a business day.
        project: only this project.
    """
    start = datetime.combine(day, time(), clock.SHANGHAI)
    params = {
        "start": start, "until": start + timedelta(days=1), "hours": in_force(WorkOrders).value.same_within_hours,
        "project": project, **scope_params(viewer),
    }  # fmt: skip
    rows, kinds = fetch(DUPLICATES, params), dict(WorkOrder.Kind.choices)
    by = {n: [r for r in rows if r["level"] == n] for n in (EVERYTHING, OF_BUILDING, OF_KIND, OF_PLACE)}
    return Duplicates(
        day,
        _repeated("", by[EVERYTHING][0]) if by[EVERYTHING] else Repeated("", 0, 0, 0),
        [_repeated(r["building"], r) for r in by[OF_BUILDING]],
        [_repeated(str(kinds[r["kind"]]), r) for r in by[OF_KIND]],
        [(_repeated(_place(r, str(kinds[r["kind"]])), r), str(CAUSES[r["kind"]])) for r in by[OF_PLACE][:CANDIDATES]],
    )


def _repeated(word: str, row: dict[str, Any]) -> Repeated:
    return Repeated(word, row["reports"], row["joined"], row["again"], row["project"] or "")


def _place(row: dict[str, Any], kind: str) -> str:
    where = inside(row["building"], row["entrance"])
    line = _("立管 {line}").format(line=row["line"]) if row["line"] else ""
    return " ".join(part for part in (where, line, kind) if part)


@dataclass(frozen=True)
class Class:
    """The backlog of a class: waiting, past a limit, and those that will pass one before they are reached."""

    priority: int
    word: str
    waiting: int
    late: int
    will_be: int
    oldest: datetime | None


@dataclass(frozen=True)
class Surge:
    """Whether the crew keeps up. ``rate``: mended a day; None while nothing was mended for five weeks."""

    classes: list[Class]
    came: int
    came_before: int
    mended: int
    rate: Decimal | None
    surge_times: int
    next: list[dict[str, Any]] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """All that is not mended."""
        return sum(c.waiting for c in self.classes)

    @property
    def late(self) -> int:
        """Past a limit now."""
        return sum(c.late for c in self.classes)

    @property
    def will_be(self) -> int:
        """Not late yet, but not reached in time."""
        return sum(c.will_be for c in self.classes)

    @property
    def usual(self) -> Decimal:
        """Orders a week, over the four weeks before the last one."""
        return Decimal(self.came_before) / 4

    @property
    def times(self) -> Decimal | None:
        """The last week against a usual one; None without one."""
        return (self.came / self.usual).quantize(Decimal("0.1")) if self.came_before else None

    @property
    def is_surge(self) -> bool:
        """More than the policy's multiple of what is usual."""
        return self.times is not None and self.times >= self.surge_times

    @property
    def days(self) -> Decimal | None:
        """Days until the last one is reached, if nothing more came."""
        return (self.waiting / self.rate).quantize(Decimal("0.1")) if self.rate else None


CLASSES = """
SELECT priority, count(*)::int AS waiting, (count(*) FILTER (WHERE late))::int AS late,
       (count(*) FILTER (WHERE will_be))::int AS will_be, min(opened_at) AS oldest
FROM judged GROUP BY priority ORDER BY priority
"""
NEXT = """
SELECT j.case_id, j.number, j.title, j.priority, j.due_at, j.at, j.place, s.name AS who, b.name AS building, u.code
FROM judged j JOIN building b ON b.id = j.building_id LEFT JOIN unit u ON u.id = j.unit_id
LEFT JOIN staff s ON s.id = j.assignee
WHERE j.will_be ORDER BY j.place LIMIT %(most)s
"""


def surge(viewer: Actor, project: int | None = None, most: int = 20) -> Surge:
    """The backlog within the viewer's projects, and which orders will be late at today's pace (W-11).

    Orders are worked by class, then by what is due first, as the board lists them. The pace is what was mended in the
    last seven days; if that is nothing, in the four weeks before.

    Args:
        viewer: a member of staff.
        project: only this project.
        most: so many of the orders that will be late are named.
    """
    now, definition = clock.now(), current(NAME).value
    over = [s.key for s in definition.stages if s.kind in ("wait", "done", "void")]
    shared = {"flow": NAME, "mended": over, "project": project, **scope_params(viewer)}
    came = fetch_one(FLOW_OF, {**shared, "week": now - WEEK, "before": now - 5 * WEEK, "reach": now - REACH})
    assert came is not None
    rate = Decimal(came["mended"]) / 7 or Decimal(came["mended_before"]) / 28
    params = {**shared, "now": now, "rate": rate, "most": most}
    rows = fetch(BACKLOG.text + CLASSES, params)
    classes = [Class(word=definition.class_word(row["priority"]), **row) for row in rows]
    return Surge(
        classes, came["came"], came["came_before"], came["mended"], rate or None,
        in_force(WorkOrders).value.surge_times, fetch(BACKLOG.text + NEXT, params),
    )  # fmt: skip
