"""Calls beside the arrears, on the lease's page and on the call itself: in hand, what came of the earlier ones."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from anju.domain.reminders.call_actions import CALL
from anju.domain.reminders.call_flow import NAME, PROMISED
from anju.foundation.access import allows
from anju.foundation.access.timelines import names_of
from anju.foundation.flows.pages.shown import lines
from anju.foundation.flows.permissions import VIEW
from anju.foundation.flows.queries import of_subject
from anju.foundation.ui import panels

SHOWN = 3


def calls(request: Any, lease_id: int) -> dict[str, Any] | None:
    """The newest calls about a lease; None on its page where there was none."""
    found = lines(request, of_subject(request.actor, "lease", lease_id).filter(flow=NAME)[:SHOWN])
    talks = [t for x in found for t in reversed(x.case.facts.get("talks", []))]
    who = names_of([t["by"] for t in talks])
    return {
        "lease_id": lease_id,
        "calls": found,
        "talks": [
            {
                **t, "who": who[t["by"]], "at": datetime.fromisoformat(t["at"]),
                "kind": "ok" if t["outcome"] == PROMISED else "warn",
                "promised_on": date.fromisoformat(t["promised_on"]) if t["promised_on"] else None,
            }
            for t in talks
        ],
        "may_call": allows(request.actor, CALL) and not any(x.case.closed_at is None for x in found),
    }  # fmt: skip


def of_lease(request: Any, lease_id: int) -> dict[str, Any] | None:
    """On a lease's page, once somebody was to call."""
    shown = calls(request, lease_id)
    return {**shown, "may_call": False} if shown and shown["calls"] else None


panels.register(
    "arrears", "calls", gettext_lazy("电话任务"), order=10, template="reminders/calls_panel.html", read=calls,
    needs=VIEW, tab=False,
)  # fmt: skip
panels.register(
    "lease", "calls", gettext_lazy("电话任务"), order=85, template="reminders/calls_panel.html", read=of_lease,
    needs=VIEW, tab=False,
)  # fmt: skip
