"""One unit: what it is, why it is shown as that, its leases and bills over time, and saying that its state changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from anju.domain.portfolio.actions import set_unit_state
from anju.domain.portfolio.models import Unit
from anju.domain.portfolio.pages.reasons import reasons_for
from anju.domain.portfolio.pages.words import free_from, long_fact, words
from anju.domain.portfolio.permissions import SET_STATE, VIEW
from anju.domain.portfolio.queries import parts_of, unit
from anju.domain.portfolio.residents import residents
from anju.foundation.access.pages import staff_page
from anju.foundation.access.parts import drawn_parts, facts_for
from anju.foundation.access.timelines import timeline
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.panels import Fact
from anju.kit import Refused

BLOCKS = {"room-card": "card", "panel": "panel", "why": "why"}
# Why a place changed: codes in the trace, no free text in which somebody's name could stand.
CAUSES = {
    "cleaning": gettext_lazy("退租保洁"),
    "refresh": gettext_lazy("翻新配置"),
    "furniture": gettext_lazy("换家具家电"),
    "leak": gettext_lazy("漏水检修"),
    "equipment": gettext_lazy("设备维修"),
    "inspection": gettext_lazy("安全检查"),
    "done": gettext_lazy("已经完成"),
    "other": gettext_lazy("其他"),
}


@require_GET
@staff_page(needs=VIEW)
def unit_page(request: Any, unit_id: int) -> HttpResponse:
    """A unit: as a page, beside the list, or as the card over the map."""
    block = BLOCKS.get(request.headers.get("HX-Target", ""), "panel")
    whole = not request.htmx
    return render(request, "portfolio/unit.html", unit_context(request, unit_id, block, whole=whole), block=block)


def unit_context(request: Any, unit_id: int, block: str = "", *, whole: bool = True) -> dict[str, Any]:
    """What the page, the panel or the card shows; only what is drawn is read."""
    today = clock.today()
    row = unit(request.actor, unit_id, today)
    inside = [] if row["leaf"] else parts_of(request.actor, unit_id, today)
    if not row["leaf"]:
        row |= {"state": next((p["state"] for p in inside), row["state"])}
    who = residents().who(request.actor, [row["lease_id"]]).get(row["lease_id"]) if row["lease_id"] else None
    context: dict[str, Any] = {
        "row": row,
        "inside": [part | {"says": long_fact(part, today)} for part in inside],
        "who": who,
        "says": long_fact(row, today, who.short if who else ""),
        "lines": lines_of(row, today, facts_for(request, "unit", unit_id)),
        "states": [(key, words.state(key)) for key in Unit.State if key != row["state"]],
        "may_set": set_unit_state.refusal(request.actor, unit_ids=[unit_id], state=Unit.State.REPAIR) is None,
        "causes": CAUSES,
        "words": words,
        "today": today,
        "back": request.headers.get("HX-Current-URL") or "",
    }
    if whole or block in ("why", "panel"):
        other = shown_day(Asked(request.path, request.GET.dict()).day("on"), today)
        context["why_answer"] = reasons_for(request.actor, row, today, other) if row["leaf"] else None
    if whole:
        context |= {
            "parts": drawn_parts(request, "unit", unit_id),
            "story": timeline(request, "unit", unit_id, limit=20),
        }
    return context


def shown_day(asked: date | None, today: date) -> date:
    """The day the stepper stands on: asked for by address, a week ahead otherwise; within a year."""
    return min(max(asked or today + timedelta(days=7), today - timedelta(days=366)), today + timedelta(days=366))


def lines_of(row: dict[str, Any], today: date, brought: list[Fact]) -> list[tuple[Any, Any]]:
    """The facts of a unit: when it is free, what slices above bring, what it is."""
    lines: list[tuple[Any, Any]] = []
    if (free := free_from(row, today)) is not None:
        lines.append((_("可入住"), _("现在") if free == today else free.isoformat()))
    for fact in brought:
        value = _("{a}（{b}）").format(a=fact.value, b=fact.note) if fact.note else fact.value
        lines.append((fact.label, value))
    rent = row["guide_rent"]
    lines.append((_("指导价"), _("¥%(a)s / 月") % {"a": f"{rent:,.2f}"} if rent is not None else _("未定")))
    about = [row["layout"], f"{row['area'].normalize():f} m²" if row["area"] else "", _facing(row["orientation"])]
    lines.append((_("户型"), _("，").join(filter(None, about)) or words.kind(row["kind"])))
    return lines


def _facing(orientation: str) -> str:
    return _("朝%(o)s") % {"o": orientation} if orientation else ""


@require_POST
@staff_page(needs=SET_STATE)
def set_state(request: Any, unit_id: int) -> HttpResponse:
    """Say that a place can be let, is being prepared, under repair or offline; for a whole, everything inside it."""
    today = clock.today()
    row = unit(request.actor, unit_id, today)
    given = Asked(request.path, request.POST.dict())
    back = request.POST.get("next", "")
    own = reverse("portfolio:unit", args=[unit_id])
    back = back if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) else own
    ids = [unit_id] if row["leaf"] else [part["id"] for part in parts_of(request.actor, unit_id, today)]
    state = given.text("state", dict(Unit.State.choices))
    if not state:
        messages.warning(request, _("请先选择房态。"))
        return redirect(back)
    free = state == Unit.State.AVAILABLE
    try:
        set_unit_state(
            request.actor,
            unit_ids=ids,
            state=Unit.State(state),
            ready_on=None if free else given.day("ready_on"),
            reason=given.text("cause", CAUSES),
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(unit)s 已设为%(state)s。") % {"unit": row["code"], "state": words.state(state)})
    return redirect(back)
