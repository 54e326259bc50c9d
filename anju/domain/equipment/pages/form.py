"""Registering an item and correcting it: one form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.domain.equipment import queries, refusals
from anju.domain.equipment.actions import KINDS, About, add_item, change_item
from anju.domain.equipment.permissions import EDIT
from anju.domain.portfolio.models import Unit
from anju.domain.portfolio.queries import projects
from anju.foundation.access import restrict
from anju.foundation.access.pages import staff_page
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.kit import Refused

DAYS = ("installed_on", "warranty_until")


def about_of(typed: Mapping[str, str]) -> About:
    """What the form says of the item; refused where a day is none."""
    days = {key: _day(typed.get(key, "").strip()) for key in DAYS}
    texts = {key: typed.get(key, "") for key in ("kind", "name", "serial", "note")}
    return About(**texts, installed_on=days["installed_on"], warranty_until=days["warranty_until"])


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refusals.NOT_A_DAY(text=text[:20]) from None


@require_http_methods(["GET", "POST"])
@staff_page(needs=EDIT)
def add(request: Any) -> HttpResponse:
    """Register an item; ``?unit=`` fills in the room one comes from."""
    typed = request.POST.dict() if request.method == "POST" else _begun(request)
    error = ""
    if request.method == "POST":
        try:
            unit_id, building_id = queries.place_called(
                request.actor,
                room=typed.get("room", "").strip(),
                building=typed.get("building", "").strip(),
                project_id=Asked("", typed).number("project"),
            )
            made = add_item(request.actor, about=about_of(typed), unit_id=unit_id, building_id=building_id)
        except Refused as refused:
            error = refused.text(request.LANGUAGE_CODE)
        else:
            messages.success(request, _("已登记{kind}").format(kind=KINDS[made.kind]))
            return redirect(reverse("equipment:item", args=[made.id]))
    context = {
        "typed": typed, "error": error, "kinds": [("", _("请选择")), *KINDS.items()], "item": None,
        "projects": [("", _("不限")), *((p["id"], p["name"]) for p in projects(request.actor, limit=500).rows)],
    }  # fmt: skip
    return render(request, "equipment/form.html", context, status=422 if error else 200)


def _begun(request: Any) -> dict[str, str]:
    asked = Asked(request.path, request.GET.dict())
    unit = restrict(Unit.objects.filter(id=asked.number("unit") or 0), request.actor).first()
    project = unit.scope_id if unit else request.session.get("console_project") or ""
    return {"room": unit.code if unit else "", "project": str(project)}


@require_http_methods(["GET", "POST"])
@staff_page(needs=EDIT)
def change(request: Any, item_id: int) -> HttpResponse:
    """Correct an item."""
    row = queries.item(request.actor, item_id)
    typed = {key: "" if value is None else str(value) for key, value in row.items()}
    error = ""
    if request.method == "POST":
        typed = request.POST.dict()
        try:
            change_item(request.actor, item_id=item_id, about=about_of(typed))
        except Refused as refused:
            error = refused.text(request.LANGUAGE_CODE)
        else:
            messages.success(request, _("已保存"))
            return redirect(reverse("equipment:item", args=[item_id]))
    context = {"typed": typed, "error": error, "kinds": list(KINDS.items()), "item": row, "projects": []}
    return render(request, "equipment/form.html", context, status=422 if error else 200)
