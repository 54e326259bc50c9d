"""Paging for urgent repairs that nobody has accepted: again and again, then one rung higher, until somebody does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anju.domain.workorders import refusals
from anju.domain.workorders.dispatch_policy import Dispatch
from anju.domain.workorders.dispatching import FARTHEST_METRES
from anju.domain.workorders.flow import NAME
from anju.domain.workorders.permissions import PAGE, VIEW
from anju.domain.workorders.queries import ON_SHIFT, moment_params
from anju.foundation.actions import Act, action
from anju.foundation.db import SqlFile, clock, fetch
from anju.foundation.messaging.outbox import enqueue_select
from anju.foundation.messaging.queries import staff_inbox, stored_setting
from anju.foundation.messaging.rechecks import recheck
from anju.foundation.policy.store import in_force
from anju.foundation.ui import worklist
from anju.kit import Actor

DUE = SqlFile(__file__, "sql/page.sql")
KIND = "workorders.page"
SHOWN_FOR = timedelta(days=1)
COLUMNS = (
    "dedupe", "to_staff", "channel", "template", "version_id", "kind", "subject_kind", "subject_id", "scope_id",
    "valid_if", "priority", "due_at", "vars",
)  # fmt: skip
UNACCEPTED = f"c.flow = '{NAME}' AND c.stage = 'new' AND c.closed_at IS NULL AND c.follows_id IS NULL"
# Whoever accepted in the moment between is not followed by one more page.
recheck(
    "workorders.unaccepted",
    sql=f"""
    SELECT m.id FROM message m JOIN work_order o ON o.id = m.subject_id JOIN flow_case c ON c.id = o.case_id
    WHERE m.id = ANY(%(ids)s) AND {UNACCEPTED}
    """,
    reason=refusals.PAGE_OVER().code,
)
CALLED = """
SELECT m.subject_id, o.case_id, m.vars ->> 'number' AS number, (m.vars ->> 'times')::int AS times,
       array_agg(DISTINCT m.to_staff ORDER BY m.to_staff) AS staff
FROM message m JOIN work_order o ON o.id = m.subject_id WHERE m.id = ANY(%(ids)s) GROUP BY 1, 2, 3, 4 ORDER BY 1
"""
STILL_OPEN = f"""
SELECT o.id, o.case_id, c.due_at, c.title, coalesce(u.code, b.name) AS place
FROM work_order o JOIN flow_case c ON c.id = o.case_id JOIN building b ON b.id = o.building_id
LEFT JOIN unit u ON u.id = o.unit_id WHERE o.id = ANY(%(ids)s) AND {UNACCEPTED} ORDER BY c.due_at, o.id
"""


@action("workorders.page.send", needs=PAGE)
def page(act: Act) -> int:
    """Page for every unaccepted repair of the most urgent class that is due for it; a second call in the same step
    finds everybody paged. Returns how many messages went into the outbox.
    """
    pinned, at = in_force(Dispatch), clock.now()
    policy = pinned.value
    sms = stored_setting("sms")
    usable = {"inapp", "sms"} if sms is not None and sms.enabled else {"inapp"}
    params = {
        "roles": [rung.role for rung in policy.on_call], "duties": [rung.duty for rung in policy.on_call],
        "every": policy.page_every, "times": policy.give_up_after, "version": pinned.version_id, "kind": KIND,
        "channels": [c for c in policy.paging.channels() if c in usable], "at": at, "flow": NAME,
        "farthest": FARTHEST_METRES, **moment_params(at),
    }  # fmt: skip
    made = enqueue_select(DUE.text.format(now=ON_SHIFT), params, columns=COLUMNS, now=at)
    if not made:
        act.nothing_changed()
        return 0
    for row in fetch(CALLED, {"ids": [m["id"] for m in made]}):
        act.trace("workorder", row["subject_id"], links=(("flow_case", row["case_id"]),),
                  version_id=pinned.version_id, number=row["number"], times=row["times"], people=len(row["staff"]),
                  staff=row["staff"])  # fmt: skip
    return len(made)


def pages_of(by: Actor) -> list[dict[str, Any]]:
    """Repairs that a colleague was paged for within a day and that are still free, with the latest page's words.

    Args:
        by: the colleague.
    """
    if by.kind != "staff":
        return []
    latest: dict[int, Any] = {}
    for message in staff_inbox(by.id, KIND, clock.now() - SHOWN_FOR):
        latest.setdefault(message.subject_id, message)
    rows = fetch(STILL_OPEN, {"ids": list(latest)}) if latest else []
    return [{**row, "title": latest[row["id"]].title, "body": latest[row["id"]].body} for row in rows]


@worklist.source("workorders.paged", group="due", area="orders", needs=VIEW)
def paged(request: Any, limit: int) -> list[worklist.Line]:
    """Urgent repairs that I am paged for."""
    return [
        worklist.Line(
            "bell-ringing", row["place"], "", row["title"], row["body"], _("去接单"),
            reverse("flows:case", args=[row["case_id"]]), due_at=row["due_at"], badge="P0", tone="danger",
        )
        for row in pages_of(request.actor)[:limit]
    ]  # fmt: skip
