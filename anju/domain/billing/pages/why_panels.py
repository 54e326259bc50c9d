"""为什么, on a lease's page: what billing and reminders decided, and would decide on any day, billed or not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.domain.billing.models import Bill
from anju.domain.billing.pages.explained import why_of
from anju.domain.billing.permissions import VIEW
from anju.foundation.db import clock
from anju.foundation.ui import panels
from anju.foundation.ui.asked import Asked

REACH, AHEAD = timedelta(days=366), timedelta(days=7)


def shown_day(request: Any, today: date) -> date:
    """The day asked for, a week ahead otherwise; within a year."""
    asked = Asked(request.path, request.GET.dict()).day("on") or today + AHEAD
    return min(max(asked, today - REACH), today + REACH)


def why_billed(request: Any, lease_id: int) -> dict[str, Any]:
    """Why a lease is billed or not."""
    return _answer(request, "billing", lease_id, reverse("leases:tab", args=[lease_id, "why"]))


def why_reminded(request: Any, lease_id: int) -> dict[str, Any] | None:
    """Why the tenant is reminded or not: about the oldest open bill, or the last one."""
    newest_open = Bill.objects.filter(lease_id=lease_id, charge__open__gt=0).order_by("due_on", "id").first()
    bill = newest_open or Bill.objects.filter(lease_id=lease_id).order_by("-due_on", "-id").first()
    if bill is None:
        return None
    shown = _answer(request, "reminders", bill.id, reverse("leases:tab", args=[lease_id, "why-reminded"]))
    return shown | {"tab_only": True, "links": [(bill.number, reverse("billing:bill", args=[bill.id]))]}


def _answer(request: Any, sweep: str, subject_id: int, own: str) -> dict[str, Any]:
    today = clock.today()
    on = shown_day(request, today)
    return {
        "answer": why_of(request.actor, sweep, subject_id, today, on),
        "step_url": own,
        "on": on,
        "note": _("可看任何一天，只推算"),
    }


panels.register(
    "lease", "why", gettext_lazy("为什么出账"), order=20, template="billing/why_panel.html", read=why_billed, needs=VIEW
)
panels.register(
    "lease", "why-reminded", gettext_lazy("为什么提醒"), order=80, template="billing/why_panel.html",
    read=why_reminded, needs=VIEW,
)  # fmt: skip
