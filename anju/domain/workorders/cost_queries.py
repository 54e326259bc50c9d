"""Reading costs: an order's, a month's by project and payer, what an item of equipment has cost."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from anju.domain.workorders.flow import NAME
from anju.domain.workorders.models import WorkOrderCost
from anju.foundation.access import in_scopes, scope_params, view
from anju.foundation.db import clock, fetch
from anju.kit import Actor

# A cost counts in the month it was entered in; one withdrawn later counts against the month of that, so that a month
# that is settled stays what it was.
ENTRIES = f"""
SELECT k.id, k.order_id, k.scope_id, k.what, k.text, k.payer, m.amount, m.at, m.withdrawn
FROM work_order_cost k
CROSS JOIN LATERAL (VALUES (k.amount, k.at, false), (-k.amount, k.withdrawn_at, true)) AS m(amount, at, withdrawn)
WHERE (k.at >= %(first)s AND k.at < %(until)s OR k.withdrawn_at >= %(first)s AND k.withdrawn_at < %(until)s)
  AND m.at >= %(first)s AND m.at < %(until)s AND {in_scopes("k.scope_id")}
  AND NOT (k.withdrawn_at IS NOT NULL AND k.at >= %(first)s AND k.withdrawn_at < %(until)s)
  AND (%(project)s::bigint IS NULL OR k.scope_id = %(project)s)
  AND (%(payer)s = '' OR k.payer = %(payer)s)
"""
LINES = f"""
SELECT e.id, o.case_id, c.number, c.title, p.name AS project, coalesce(u.code, b.name) AS place, e.what, e.text,
       e.payer, e.amount, (e.at AT TIME ZONE 'Asia/Shanghai')::date AS on, e.withdrawn
FROM ({ENTRIES}) e JOIN work_order o ON o.id = e.order_id JOIN flow_case c ON c.id = o.case_id
JOIN project p ON p.id = e.scope_id JOIN building b ON b.id = o.building_id LEFT JOIN unit u ON u.id = o.unit_id
ORDER BY p.name, p.id, e.at, e.id, e.withdrawn LIMIT %(most)s OFFSET %(skip)s
"""
TOTALS = f"""
SELECT p.id, p.name AS project, e.payer, count(*) AS lines, sum(e.amount) AS amount
FROM ({ENTRIES}) e JOIN project p ON p.id = e.scope_id
GROUP BY p.id, p.name, e.payer ORDER BY p.name, p.id, e.payer
"""
REPAIRS = f"""
SELECT o.id, o.case_id, c.number, c.title, c.stage, c.closed_at, c.flow, c.version_id, o.opened_at,
       coalesce(c.facts->>'result', '') AS done,
       (SELECT sum(k.amount) FROM work_order_cost k WHERE k.order_id = o.id AND k.withdrawn_at IS NULL) AS cost
FROM work_order o JOIN flow_case c ON c.id = o.case_id
WHERE o.equipment_id = %(item)s AND c.flow = '{NAME}' AND {in_scopes("o.scope_id")}
ORDER BY o.opened_at DESC, o.id DESC LIMIT %(most)s
"""
SUM = f"""
SELECT count(DISTINCT o.id)::int AS orders, coalesce(sum(k.amount), 0) AS amount
FROM work_order o LEFT JOIN work_order_cost k ON k.order_id = o.id AND k.withdrawn_at IS NULL
WHERE o.equipment_id = %(item)s AND {in_scopes("o.scope_id")}
"""


def of_order(order_id: int) -> list[WorkOrderCost]:
    """An order's costs in the order they were entered, withdrawn ones too."""
    return list(WorkOrderCost.objects.select_related("charge__lease").filter(order_id=order_id).order_by("id"))


def month_lines(
    viewer: Actor, month: date, *, payer: str = "", project_id: int | None = None, most: int = 300, skip: int = 0
) -> list[dict[str, Any]]:
    """The costs of a month within the viewer's projects, project by project; what was withdrawn later is negative.

    Args:
        viewer: a member of staff.
        month: any day of it.
        payer: only what this ``WorkOrderCost.Payer`` bears.
        project_id: only this project.
        most: no more rows than so many.
        skip: rows of the pages before.
    """
    params = {**_asked(viewer, month, payer, project_id), "most": most, "skip": skip}
    return view(viewer, "work_order_cost", fetch(LINES, params))


def month_totals(viewer: Actor, month: date, *, payer: str = "", project_id: int | None = None) -> list[dict[str, Any]]:
    """The same by project and payer: ``project``, ``payer``, ``lines``, ``amount`` in yuan."""
    return fetch(TOTALS, _asked(viewer, month, payer, project_id))


def _asked(viewer: Actor, month: date, payer: str, project_id: int | None) -> dict[str, Any]:
    first = month.replace(day=1)
    begins = [datetime.combine(day, time(), clock.SHANGHAI) for day in (first, next_month(first))]
    return {
        "first": begins[0], "until": begins[1], "payer": payer, "project": project_id, **scope_params(viewer)
    }  # fmt: skip


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def repairs_of(viewer: Actor, item_id: int, *, most: int = 30) -> list[dict[str, Any]]:
    """The orders about an item, newest first: what was done and what it cost.

    Args:
        viewer: a member of staff.
        item_id: the item of equipment.
        most: no more than so many.
    """
    return fetch(REPAIRS, {"item": item_id, "most": most, **scope_params(viewer)})


def repairs_total(viewer: Actor, item_id: int) -> tuple[int, Any]:
    """How often an item was repaired and what that cost in yuan."""
    row = fetch(SUM, {"item": item_id, **scope_params(viewer)})[0]
    return row["orders"], row["amount"]
