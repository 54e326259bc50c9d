"""What places bring to the workbench: units that should be ready by now and are not yet offered."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anju.domain.portfolio.permissions import SET_STATE
from anju.foundation.access import in_scopes, scope_params
from anju.foundation.db import clock, fetch, fetch_value
from anju.foundation.ui import worklist

DUE = f"""
FROM unit u JOIN building b ON b.id = u.building_id
WHERE u.leaf AND u.state IN ('preparing', 'repair') AND u.ready_on <= %(today)s AND {in_scopes("u.scope_id")}
"""


def _count(request: Any) -> int:
    return int(fetch_value(f"SELECT count(*) {DUE}", _params(request)))


def _params(request: Any) -> dict[str, Any]:
    return {"today": clock.today(), **scope_params(request.actor)}


@worklist.source("portfolio.ready", group="due", area="other", needs=SET_STATE, count=_count)
def ready(request: Any, limit: int) -> list[worklist.Line]:
    """Units whose expected day has come: say that they can be let, or give another day."""
    sql = (
        f"SELECT u.id, u.code, u.state, u.ready_on, b.name AS building {DUE} ORDER BY u.ready_on, u.id LIMIT %(limit)s"
    )
    made = []
    for row in fetch(sql, {**_params(request), "limit": limit}):
        preparing = row["state"] == "preparing"
        made.append(
            worklist.Line(
                icon="brush" if preparing else "tool",
                title=row["code"],
                handle=row["building"],
                what=_("整备应已完成") if preparing else _("维修应已完成"),
                why=_("预计可租日已到，确认后即可出租"),
                button=_("确认房态"),
                href=reverse("portfolio:unit", args=[row["id"]]),
                due_at=datetime.combine(row["ready_on"], time(18), clock.SHANGHAI),
            )
        )
    return made
