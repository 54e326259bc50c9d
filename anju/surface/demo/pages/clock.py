"""演练时钟: the next day, the next month, a day of one's choice; what happened on the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.foundation.access import allows
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.foundation.ui.page import wants_fragment
from anju.kit import Refused
from anju.kit.period import add_months
from anju.surface.demo.models import ClockMove
from anju.surface.demo.moving import latest, move_clock, running
from anju.surface.demo.pages.drill import drill_page
from anju.surface.demo.permissions import MOVE_CLOCK

BACK_TO_PHONE = "phone_person"  # whose phone the visitor was looking at


@require_http_methods(["GET", "POST"])
@drill_page
def clock_page(request: Any) -> HttpResponse:
    """GET shows clock, progress and results; POST asks for a move."""
    if request.method == "POST":
        try:
            move_clock(request.actor, to=_wanted(request.POST, clock.now()))
        except Refused as refused:
            if refused.code == "demo.clock_moving":  # a second click: the first one counts
                return redirect("demo:clock")
            return render(request, "demo/clock.html", _context(request, refused), status=422)
        return redirect("demo:clock")
    context = _context(request, None)
    response = render(request, "demo/clock.html", context, block="move")
    if wants_fragment(request) and context["job"] is None:
        response.headers["HX-Refresh"] = "true"  # the day changed everywhere on the page
    return response


def _wanted(asked: Any, now: datetime) -> datetime:
    """The moment asked for, at the time of day it is now."""
    if asked.get("by") == "month":
        return datetime.combine(add_months(now.date(), 1), now.timetz())
    if asked.get("by") == "date":
        try:
            return datetime.combine(date.fromisoformat(asked.get("to", "")), now.timetz())
        except ValueError:
            return now
    return now + timedelta(days=1)


def _context(request: Any, refused: Refused | None) -> dict[str, Any]:
    now, move = clock.now(), running()
    person = request.session.get(BACK_TO_PHONE)
    return {
        "now": now,
        "job": _job(move) if move else None,
        "moves": [(move, Decimal(move.said.get("billed") or 0)) for move in latest()],
        "may": allows(request.actor, MOVE_CLOCK),
        "refused": refused,
        "tomorrow": (now + timedelta(days=1)).date(),
        "next_month": add_months(now.date(), 1),
        "last": now.date() + timedelta(days=365),
        "phone": reverse("demo:phone") + (f"?person={person}" if person else ""),
    }


def _job(move: ClockMove) -> dict[str, Any]:
    to = move.to_at.astimezone(clock.SHANGHAI)
    return {
        "title": _("时钟正在走向 {day}").format(day=f"{to:%Y-%m-%d}"),
        "done": move.days_done,
        "total": move.days_total,
        "state": "running",
        "note": _("每一天都按顺序出账、提醒、发消息。可以离开这一页，它会继续走完。"),
    }
