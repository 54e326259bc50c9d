"""A lease's page: head, terms, panels that slices bring, the timeline; the same beside the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.leases.actions import activate_lease, cancel_lease, end_lease, hold_over
from anju.domain.leases.models import Lease
from anju.domain.leases.permissions import AMEND, VIEW
from anju.domain.leases.person_panels import detail_of
from anju.domain.leases.plain import STATES, TONES
from anju.foundation.access import allows
from anju.foundation.access.pages import staff_page
from anju.foundation.access.parts import facts_for, head_for, panels_for, parts, shown_on
from anju.foundation.access.timelines import FILTERS, STEP, timeline
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.page import wants_fragment
from anju.kit.refusal import NOT_FOUND

KIND = "lease"


@require_GET
@staff_page(needs=VIEW)
def lease_page(request: Any, lease_id: int, tab: str = "") -> HttpResponse:
    """One lease. htmx asks for the side panel, a why, or the timeline alone."""
    row = detail_of(request, lease_id)
    target = request.headers.get("HX-Target", "") if wants_fragment(request) else ""
    if target == "timeline":
        return render(request, "leases/lease.html", told(request, lease_id), block="timeline")
    if target == "panel":
        shown = head_context(request, row) | {"parts": parts(request, KIND, lease_id, side=True)}
        return render(request, "leases/lease.html", shown, block="panel")
    if target == "why" and (found := parts(request, KIND, lease_id, only=tab)):
        return render(request, found[0].panel.template, found[0].show, block="why")
    return render(request, "leases/lease.html", page_context(request, row, tab), block="tab")


def page_context(request: Any, row: dict[str, Any], tab: str = "") -> dict[str, Any]:
    """Everything the page draws."""
    lease_id = row["id"]
    known = panels_for(request, KIND)
    if tab and tab not in {p.key for p in known}:
        raise NOT_FOUND()
    found = parts(request, KIND, lease_id)
    own = reverse("leases:lease", args=[lease_id])
    tabs = [{"text": _("概览"), "href": own, "on": not tab}]
    tabs += [
        {"text": p.panel.label, "href": f"{own}/{p.panel.key}", "on": tab == p.panel.key, "count": p.count}
        for p in found
        if p.panel.tab
    ]
    return {
        **head_context(request, row),
        **told(request, lease_id),
        "tab": tab,
        "parts": shown_on(found, tab),
        "topics": tabs,
    }


def head_context(request: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What the head shows, and what may be done."""
    lease_id = row["id"]
    return {
        "row": row,
        "units": units_of(row),
        "head_of": head_for(request, KIND, lease_id),
        "figures_of": facts_for(request, KIND, lease_id),
        "states": STATES,
        "tones": TONES,
        **may(request, row),
    }


def units_of(row: dict[str, Any]) -> str:
    """The units' codes in one line."""
    return _("、").join(u["code"] if isinstance(u, dict) else u for u in row["units"])


def may(request: Any, row: dict[str, Any]) -> dict[str, bool]:
    """Which buttons the head offers: by right and by the lease's state."""
    status, by, today = row["status"], request.actor, clock.today()
    draft, waits = status == Lease.Status.DRAFT, status == Lease.Status.AWAITING
    running = status == Lease.Status.ACTIVE
    over = running and row["holds_until"] <= today
    return {
        "may_activate": draft and activate_lease.refusal(by, lease_id=row["id"]) is None,
        "may_amend": (running or waits) and allows(by, AMEND),
        "may_end": running and end_lease.refusal(by, lease_id=row["id"], rev=row["rev"], actual_end_on=today) is None,
        "may_hold_over": over and hold_over.refusal(by, lease_ids=[row["id"]]) is None,
        "may_cancel": (draft or waits) and cancel_lease.refusal(by, lease_id=row["id"], rev=row["rev"]) is None,
    }


def told(request: Any, lease_id: int) -> dict[str, Any]:
    """The timeline with its filters; ``show`` asks for more of it."""
    asked = Asked(request.path, request.GET.dict())
    about = asked.text("about", FILTERS)
    limit = asked.number("show") or STEP // 2
    story = timeline(request, KIND, lease_id, about=about, limit=limit)
    chips = [{"text": _("全部"), "href": asked.url(about=None, show=None), "on": not about}]
    chips += [{"text": FILTERS[f], "href": asked.url(about=f, show=None), "on": f == about} for f in story.filters]
    return {"story": story, "story_filters": chips, "story_more": asked.url(show=limit + STEP) if story.more else None}
