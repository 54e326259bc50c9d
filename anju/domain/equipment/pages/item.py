"""One item: what it is, whether it is under warranty, what slices above know of it (its repairs)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.domain.equipment import queries
from anju.domain.equipment.actions import change_item, retire_item
from anju.domain.equipment.pages.form import about_of
from anju.domain.equipment.permissions import EDIT, VIEW
from anju.domain.equipment.words import words
from anju.foundation.access.pages import staff_page
from anju.foundation.access.parts import drawn_parts
from anju.foundation.access.timelines import timeline
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.kit import Refused


@require_GET
@staff_page(needs=VIEW)
def item_page(request: Any, item_id: int) -> HttpResponse:
    """An item as a page, or beside the list."""
    row = queries.item(request.actor, item_id)
    context = {
        "row": row,
        "words": words,
        "lines": _lines(row),
        "today": clock.today(),
        "may_change": change_item.refusal(request.actor, item_id=item_id, about=about_of({})) is None,
        "parts": drawn_parts(request, "equipment", item_id),
        "story": timeline(request, "equipment", item_id, limit=20),
    }
    return render(request, "equipment/item.html", context, block="panel")


def _lines(row: dict[str, Any]) -> list[tuple[str, str]]:
    def day(key: str) -> str:
        return row[key].isoformat() if row[key] else "—"

    return [
        (_("品牌型号"), row["name"]),
        (_("序列号"), row["serial"] or "—"),
        (_("项目"), row["project"]),
        (_("楼栋"), row["building"]),
        (_("房间"), row["code"] or _("公共")),
        (_("安装日"), day("installed_on")),
        (_("保修至"), day("warranty_until")),
        *([(_("停用日"), day("retired_on"))] if row["retired_on"] else []),
        *([(_("备注"), row["note"])] if row["note"] else []),
    ]


@require_POST
@staff_page(needs=EDIT)
def retire(request: Any, item_id: int) -> HttpResponse:
    """Take it out of use."""
    try:
        retire_item(request.actor, item_id=item_id, on=Asked("", request.POST.dict()).day("on"))
    except Refused as refused:
        if refused.code == "not_found":
            raise
        messages.warning(request, refused.text(request.LANGUAGE_CODE))
    else:
        messages.success(request, _("已停用，维修记录仍在"))
    return redirect(reverse("equipment:item", args=[item_id]))
