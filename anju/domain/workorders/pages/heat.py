"""报修热区: where repairs pile up, and sending somebody to look."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from anju.domain.workorders.heat import Cell, heat, hot_spots, since
from anju.domain.workorders.inspections import plan
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.pages.orders import NO_ENTRANCE
from anju.domain.workorders.permissions import INSPECT, VIEW
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.access import allows
from anju.foundation.access.pages import staff_page
from anju.foundation.policy.store import in_force
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.kit import Refused

KINDS = dict(WorkOrder.Kind.choices)
DAYS = {"7": gettext_lazy("近 7 天"), "30": gettext_lazy("近 30 天"), "90": gettext_lazy("近 90 天")}
ON_CARD, SPOTS_ON_CARD = 3, 2


@require_GET
@staff_page(needs=VIEW)
def heat_map(request: Any) -> HttpResponse:
    """The map with its hot spots."""
    asked = Asked(reverse("workorders:heat"), request.GET.dict())
    kind, chosen = asked.text("kind", KINDS), asked.text("days", DAYS)
    project = asked.number("project") or request.session.get("console_project")
    days = int(chosen) if chosen else in_force(WorkOrders).value.hot_days
    lines = [{"text": _("全部"), "href": asked.url(kind=None), "on": not kind}]
    lines += [{"text": word, "href": asked.url(kind=k), "on": k == kind} for k, word in KINDS.items()]
    context = {
        "map": heat(request.actor, days, project, kind), "spots": hot_spots(request.actor, project, kind),
        "cell_url": cell_url(days, kind, project), "days": days, "kind_chips": lines,
        "day_chips": [{"text": w, "href": asked.url(days=k), "on": int(k) == days} for k, w in DAYS.items()],
        "hot_days": in_force(WorkOrders).value.hot_days, "may_inspect": allows(request.actor, INSPECT),
        "here": asked.url(),
    }  # fmt: skip
    return render(request, "workorders/heat.html", context)


def heat_card(request: Any, kind: str = "") -> dict[str, Any]:
    """What the board's card of hot areas shows: the three busiest buildings, the hottest spots."""
    project, days = request.session.get("console_project"), in_force(WorkOrders).value.hot_days
    return {
        "map": heat(request.actor, days, project, kind, most=ON_CARD),
        "spots": hot_spots(request.actor, project, kind)[:SPOTS_ON_CARD], "cell_url": cell_url(days, kind, project),
        "days": days, "may_inspect": allows(request.actor, INSPECT), "here": request.get_full_path(),
    }  # fmt: skip


def cell_url(days: int, kind: str, project: int | None) -> Any:
    """Addresses of the list behind the map's cells."""
    base = {"from": since(days).date().isoformat(), "kind": kind, "project": project or "", "void": "no"}

    def address(cell: Cell) -> str:
        place = {"building": cell.place.building_id, "entrance": cell.place.entrance or NO_ENTRANCE}
        floors = {} if cell.low is None else {"low": cell.low, "high": cell.high}
        asked = {k: v for k, v in {**base, **place, **floors}.items() if v != ""}
        return f"{reverse('workorders:list')}?{urlencode(asked)}"

    return address


@require_POST
@staff_page(needs=INSPECT)
def inspect(request: Any) -> HttpResponse:
    """Plan an inspection of a hot spot."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    try:
        made = plan(request.actor, key=request.POST.get("spot", ""))
    except Refused as refused:
        messages.warning(request, refused.text(request.LANGUAGE_CODE))
    else:
        messages.success(request, _("已排巡检 {n}").format(n=made.number))
    return redirect(back if safe else reverse("workorders:heat"))
