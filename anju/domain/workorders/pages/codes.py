"""打印报修码: which building and floors, or one room; the sheets come as PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.domain.portfolio.models import Unit
from anju.domain.portfolio.pages.rooms import choose
from anju.domain.workorders.documents import labels_pdf
from anju.domain.workorders.permissions import CODES
from anju.domain.workorders.room_codes import has_code, make_codes, standing
from anju.foundation.access import allows, restrict
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.ui import heads, panels, render
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.heads import Button, Head
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND


@staff_page(needs=CODES)
def codes(request: Any) -> HttpResponse:
    """The form, or the sheets."""
    typed = request.POST if request.method == "POST" else request.GET
    asked, error = Asked(reverse("workorders:codes"), typed.dict()), ""
    if request.method == "POST":
        try:
            return _sheets(request, asked)
        except Refused as refused:
            error = refused.text(request.LANGUAGE_CODE)
    unit = _unit(request, asked)
    chosen = choose(request, asked) if unit is None else None
    building = chosen.building if chosen else None
    context = {
        "unit": unit, "chosen": chosen, "typed": asked.values, "error": error,
        "standing": standing(request.actor, building["id"]) if building else None,
        "has_code": has_code(unit.id) if unit else False,
    }  # fmt: skip
    return render(request, "workorders/codes.html", context, status=422 if error else 200)


def _unit(request: Any, asked: Asked) -> Unit | None:
    wanted = asked.number("unit")
    if wanted is None:
        return None
    found = restrict(Unit.objects.select_related("building__project").filter(id=wanted), request.actor).first()
    if found is None:
        raise NOT_FOUND()
    return found


def _sheets(request: Any, asked: Asked) -> HttpResponse:
    unit = _unit(request, asked)
    labels = make_codes(
        request.actor, building_id=None if unit else asked.number("building"), unit_id=unit.id if unit else None,
        low=asked.number("low"), high=asked.number("high"), renew=asked.text("renew") == "1",
    )  # fmt: skip
    first = unit or Unit.objects.select_related("building__project").get(id=labels[0].unit_id)
    place = f"{first.building.project.name} {first.building.name}"
    pdf = labels_pdf(labels, company=request.org.short_name or request.org.name, place=place)
    name = f"{_('报修码')}-{unit.code if unit else first.building.name}-{clock.today().isoformat()}.pdf"
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    caching = {"Content-Disposition": header, "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=caching)


@heads.head("building", order=40, needs=CODES)
def in_head(request: Any, building_id: int) -> Head:
    """The button over the picture of a building's rooms."""
    href = reverse("workorders:codes", query={"building": building_id})
    return Head(buttons=[Button(_("打印报修码"), href, "qrcode")])


def in_room(request: Any, unit_id: int) -> dict[str, Any]:
    """Whether a room has a code, and the way to print it."""
    return {"unit_id": unit_id, "has_code": has_code(unit_id), "may_print": allows(request.actor, CODES)}


panels.register(
    "unit", "repair_code", gettext_lazy("报修码"), order=35, needs=CODES, template="workorders/unit_code.html",
    read=in_room, tab=False,
)  # fmt: skip
