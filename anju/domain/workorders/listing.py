"""Work orders as a list: what is asked for, page by page, the same for the spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.domain.workorders.flow import NAME
from anju.foundation.access import in_scopes, scope_params
from anju.foundation.db import SqlFile, clock, fetch, fetch_value
from anju.foundation.ui.kept import counted
from anju.kit import Actor

LIST = SqlFile(__file__, "sql/list.sql")
PAGE, MOST_COUNTED, MOST_BUILDINGS = 20, 10_000, 60
COUNT = """
SELECT count(*) FROM (SELECT FROM work_order o JOIN flow_case c ON c.id = o.case_id WHERE {conditions}
                      LIMIT %(limit)s) counted
"""
OUTSIDE = f"""
SELECT o.outside FROM work_order o
WHERE o.outside = ANY(%(typed)s::text[]) AND o.outside IS NOT NULL AND {in_scopes("o.scope_id")}
"""
# By when it was reported: what was imported of the time before has later ids.
AT = "(o.opened_at, o.id)"
AT_ID = "(SELECT x.opened_at, x.id FROM work_order x WHERE x.id = %({id})s)"
BUILDINGS = f"""
SELECT b.id, b.name, p.name AS project FROM building b JOIN project p ON p.id = b.scope_id
WHERE {in_scopes("b.scope_id")} AND (%(project)s::bigint IS NULL OR b.scope_id = %(project)s)
  AND (b.id = %(chosen)s OR EXISTS (SELECT FROM work_order o WHERE o.building_id = b.id AND o.opened_at >= %(since)s))
ORDER BY b.id = %(chosen)s DESC NULLS LAST, p.name, b.name LIMIT %(most)s
"""


@dataclass(frozen=True)
class Filter:
    """What orders are asked for; what is left out does not count. Moments are zone-aware, ``until`` is excluded.

    ``number`` is the beginning of a number; ``outside`` is what an imported order was called where it came from.
    ``entrance`` "" is what has none (stairs, lifts); None asks for all. ``late``: past the most pressing limit.
    """

    project_id: int | None = None
    building_id: int | None = None
    entrance: str | None = None
    low: int | None = None
    high: int | None = None
    stage: str = ""
    kind: str = ""
    priority: int | None = None
    number: str = ""
    outside: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    late: bool = False
    is_open: bool = False
    void: bool = True

    def conditions(self) -> dict[str, bool]:
        """SQL conditions with whether they apply."""
        entrance = "coalesce((SELECT u.entrance FROM unit u WHERE u.id = o.unit_id), '') = %(entrance)s"
        return {
            "o.scope_id = %(project_id)s": self.project_id is not None,
            "o.building_id = %(building_id)s": self.building_id is not None,
            entrance: self.entrance is not None,
            "o.floor >= %(low)s": self.low is not None,
            "o.floor <= %(high)s": self.high is not None,
            "c.stage = %(stage)s": bool(self.stage),
            "o.kind = %(kind)s": bool(self.kind),
            "c.priority = %(priority)s": self.priority is not None,
            "c.number ^@ %(number)s": bool(self.number) and not self.outside,
            "o.outside = ANY(%(outside)s)": bool(self.outside),
            "o.opened_at >= %(since)s": self.since is not None,
            "o.opened_at < %(until)s": self.until is not None,
            "c.due_at < %(now)s": self.late,
            "c.closed_at IS NULL": self.is_open or self.late,
            "c.stage <> 'void'": not self.void,
        }

    @property
    def narrows(self) -> bool:
        """Whether anything but the project was asked for."""
        return any(wanted for text, wanted in self.conditions().items() if "project_id" not in text)


@dataclass(frozen=True)
class Page:
    """Rows with the id the next page begins after, None on the last one."""

    rows: list[dict[str, Any]]
    after: int | None


def orders(
    viewer: Actor, asked: Filter, *, after: int | None = None, before: int | None = None, limit: int = PAGE
) -> Page:
    """Orders the viewer reaches, the latest first.

    Args:
        viewer: a member of staff.
        asked: the filter.
        after: the last id of the page before.
        before: the first id of the page after, to go back.
        limit: rows in a page.
    """
    params = _params(viewer, asked) | {"after": after, "before": before, "limit": limit + 1}
    sql = LIST.text
    if before is not None:
        sql = sql.replace("ORDER BY o.opened_at DESC, o.id DESC LIMIT", "ORDER BY o.opened_at, o.id LIMIT")
    rows = fetch(sql.format(conditions=_where(asked, after=after is not None, before=before is not None)), params)
    more = len(rows) > limit
    rows = rows[-limit:] if before is not None else rows[:limit]
    return Page(rows, rows[-1]["id"] if rows and (more or before is not None) else None)


def outside_numbers(viewer: Actor, typed: str) -> tuple[str, ...]:
    """The number, as it was written there, of an imported order within the viewer's projects; empty for any other text.

    Asked for before the list, by the index of these numbers: one condition with two meanings would read every order.

    Args:
        viewer: a member of staff.
        typed: the whole number, in capitals or not.
    """
    if not typed:
        return ()
    rows = fetch(OUTSIDE, {"typed": [typed, typed.upper()], **scope_params(viewer)})
    return tuple(row["outside"] for row in rows)


def order_count(viewer: Actor, asked: Filter) -> int:
    """How many orders fit; one more than 10 000 for more than that."""
    params = _params(viewer, asked) | {"limit": MOST_COUNTED + 1}
    sql = COUNT.format(conditions=_where(asked))
    key = ("order list", str(asked), str(params["scopes"]))
    return counted(key, lambda: int(fetch_value(sql, params)), most=MOST_COUNTED)


def _params(viewer: Actor, asked: Filter) -> dict[str, Any]:
    return {**vars(asked), "outside": list(asked.outside), **scope_params(viewer), "flow": NAME, "now": clock.now()}


def _where(asked: Filter, **paging: bool) -> str:
    conditions = {in_scopes("o.scope_id"): True, "c.flow = %(flow)s": True, **asked.conditions()}
    conditions |= {f"{AT} < {AT_ID.format(id='after')}": paging.get("after", False)}
    conditions |= {f"{AT} > {AT_ID.format(id='before')}": paging.get("before", False)}
    return " AND ".join(text for text, wanted in conditions.items() if wanted)


def buildings(viewer: Actor, project_id: int | None, chosen: int | None, since: datetime) -> list[dict[str, Any]]:
    """Buildings with orders since then within the viewer's projects, the chosen one first; 60 at most.

    Args:
        viewer: a member of staff.
        project_id: only of this project.
        chosen: a building that is listed in any case.
        since: from when orders count.
    """
    params = {"project": project_id, "chosen": chosen, "since": since, "most": MOST_BUILDINGS, **scope_params(viewer)}
    return fetch(BUILDINGS, params)
