"""设备台账: the register, narrowed by kind, warranty and room."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.domain.equipment.actions import KINDS
from anju.domain.equipment.permissions import EDIT, VIEW
from anju.domain.equipment.queries import Wanted, item_count, items
from anju.domain.equipment.words import words
from anju.foundation.access import allows
from anju.foundation.access.pages import staff_page
from anju.foundation.lists.listing import Listing, declare
from anju.foundation.ui import nav, render
from anju.foundation.ui.asked import Asked

PAGE, MOST_PAGES = 20, 2500
WARRANTIES = {
    "in": gettext_lazy("在保"),
    "soon": gettext_lazy("30 天内到期"),
    "over": gettext_lazy("过保"),
    "retired": gettext_lazy("已停用"),
}
LIST = declare(
    "equipment",
    gettext_lazy("设备"),
    "equipment:list",
    needs=VIEW,
    keys=("kind", "warranty", "room"),
    columns=(
        ("place", gettext_lazy("位置")),
        ("serial", gettext_lazy("序列号")),
        ("installed", gettext_lazy("安装日")),
        ("warranty", gettext_lazy("保修")),
    ),
)
nav.entry("equipment", gettext_lazy("设备"), "device-desktop-cog", "equipment:list", order=56, permission=VIEW)


def wanted_of(asked: Asked, project_id: int | None) -> Wanted:
    """The filters of an address."""
    warranty = asked.text("warranty", WARRANTIES)
    return Wanted(
        kind=asked.text("kind", KINDS),
        warranty="" if warranty == "retired" else warranty,
        room=asked.text("room").strip()[:40],
        project_id=project_id,
        retired=warranty == "retired",
    )


@require_GET
@staff_page(needs=VIEW)
def equipment_list(request: Any) -> HttpResponse:
    """The register, a page at a time."""
    asked = Asked("/equipment", request.GET.dict())
    wanted = wanted_of(asked, request.session.get("console_project"))
    page = max(1, min(asked.number("page") or 1, MOST_PAGES))
    rows = items(request.actor, wanted, offset=(page - 1) * PAGE, limit=PAGE + 1)
    chosen = asked.text("warranty", WARRANTIES)
    context = {
        "asked": asked,
        "listing": Listing(request, LIST, asked),
        "rows": rows[:PAGE],
        "total": item_count(request.actor, wanted),
        "standing": [
            {"text": _("在用"), "href": asked.url(warranty=None), "on": not chosen},
            *({"text": w, "href": asked.url(warranty=key), "on": key == chosen} for key, w in WARRANTIES.items()),
        ],
        "kinds": [
            {"text": _("全部种类"), "href": asked.url(kind=None), "on": not wanted.kind},
            *({"text": w, "href": asked.url(kind=key), "on": key == wanted.kind} for key, w in KINDS.items()),
        ],
        "narrowed": bool(wanted.kind or wanted.room or chosen),
        "words": words,
        "may_edit": allows(request.actor, EDIT),
        "newer": asked.url(page=page - 1) if page > 1 else None,
        "older": asked.url(page=page + 1) if len(rows) > PAGE else None,
    }
    return render(request, "equipment/list.html", context, block="list")
