"""How each technician does: speed, first-time fix, rating, what was reopened, what was on time (W-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from anju.domain.workorders.cost_queries import next_month
from anju.domain.workorders.flow import NAME
from anju.domain.workorders.permissions import SCORES_ALL
from anju.foundation.access import allows, in_scopes, scope_params
from anju.foundation.db import SqlFile, clock, fetch
from anju.kit import Actor

SCORES = SqlFile(__file__, "sql/scorecard.sql")
# What tenants gave for orders that ended lately, by who did them last; by the index of what a colleague finished.
STARS = """
SELECT (SELECT skills FROM technician WHERE staff_id = %(staff)s) AS skills, count(o.rating)::int AS ratings,
       avg(o.rating)::numeric(3, 2) AS rating
FROM flow_case c JOIN work_order o ON o.case_id = c.id
WHERE c.assignee = %(staff)s AND c.closed_at >= %(since)s AND c.flow = %(flow)s
"""
A_YEAR = timedelta(days=365)
ENOUGH = 5  # a mean of fewer says more about who rated than about who mended
REACH = timedelta(days=120)  # what was mended in a month was reported at most so long before its beginning


@dataclass(frozen=True)
class Score:
    """A technician's month. Minutes are medians: from free to accepted, from there to arrival, from there to mended.

    ``judged`` are the orders of which it is known whether they stay mended: confirmed, or reopened.
    """

    id: int
    name: str
    skills: tuple[str, ...]
    done: int
    reopened: int
    fixed: int
    judged: int
    on_time: int
    limited: int
    rating: Decimal | None
    ratings: int
    accept: int | None
    arrive: int | None
    mend: int | None

    @property
    def fixed_share(self) -> int | None:
        """Mended at the first try, in percent of those judged; None while none is."""
        return _share(self.fixed, self.judged)

    @property
    def reopened_share(self) -> int | None:
        """Reopened by the tenant, in percent of those done."""
        return _share(self.reopened, self.done)

    @property
    def on_time_share(self) -> int | None:
        """Without a limit passed, in percent of those that had any: past orders that were taken over have none."""
        return _share(self.on_time, self.limited)


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def scores(viewer: Actor, month: date, *, staff_id: int | None = None, project_id: int | None = None) -> list[Score]:
    """The scorecards of a month, most orders first; who may not see everybody's sees the own.

    Args:
        viewer: a member of staff; only orders of the viewer's projects count.
        month: any day of it; counted are orders mended in it.
        staff_id: only this technician.
        project_id: only this project.
    """
    first = month.replace(day=1)
    start = datetime.combine(first, time(), clock.SHANGHAI)
    params = {
        "flow": NAME, "start": start, "until": datetime.combine(next_month(first), time(), clock.SHANGHAI),
        "reach": start - REACH, "staff": staff_id if allows(viewer, SCORES_ALL) else viewer.id,
        "project": project_id, **scope_params(viewer),
    }  # fmt: skip
    return [_score(row) for row in fetch(SCORES.text.format(scopes=in_scopes("o.scope_id")), params)]


@dataclass(frozen=True)
class Known:
    """What a tenant is told of who comes: skills, and stars out of five, if enough tenants gave some."""

    skills: tuple[str, ...]
    rating: Decimal | None


def known(staff_id: int) -> Known:
    """A technician as tenants see one: skills, the mean of the stars of the last year.

    Args:
        staff_id: the technician; below five ratings there is no mean.
    """
    row = fetch(STARS, {"staff": staff_id, "since": clock.now() - A_YEAR, "flow": NAME})[0]
    return Known(tuple(row["skills"] or ()), row["rating"] if row["ratings"] >= ENOUGH else None)


def _score(row: dict[str, Any]) -> Score:
    minutes = {key: None if row[key] is None else round(row[key]) for key in ("accept", "arrive", "mend")}
    return Score(**{**row, **minutes, "skills": tuple(row["skills"])})
