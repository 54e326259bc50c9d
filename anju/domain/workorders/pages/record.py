"""代报修: a tenant called; the same report, written down by staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from anju.domain.leases.case_subject import find, show
from anju.domain.workorders import actions, queries, refusals
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.permissions import REPORT
from anju.domain.workorders.windows import choices
from anju.foundation.access.pages import staff_page
from anju.foundation.flows.actions import add_photos
from anju.foundation.flows.files import MOST_PHOTOS, uploads
from anju.foundation.ui import render
from anju.foundation.ui.page import go_on
from anju.kit import Refused


@staff_page(needs=REPORT)
def record(request: Any) -> HttpResponse:
    """The form; what is reported already stands beside it before a second order is made."""
    typed: dict[str, str] = request.POST.dict() if request.method == "POST" else request.GET.dict()
    alike, error = [], ""
    if request.method == "POST":
        try:
            answer = _sent(request, typed)
        except Refused as refused:
            error = refused.text(request.LANGUAGE_CODE)
        else:
            if isinstance(answer, HttpResponse):
                return answer
            alike = answer
    context = {
        "typed": typed, "error": error, "alike": alike, "spots": WorkOrder.Spot.choices,
        "classes": [("", _("按内容判断")), *((str(n), word) for n, word in enumerate(queries.classes()))],
        "slots": [("", _("没有说，尽快")), *choices()],
        "entries": [("", _("没有说，进门前先联系")), ("home", _("租客本人在家")), ("away", _("租客不在家也可以进门"))],
    }  # fmt: skip
    return render(request, "workorders/record.html", context, block="answer", status=422 if error else 200)


def _sent(request: Any, typed: dict[str, str]) -> Any:
    """The order's page, or the orders that may be the same."""
    lease_id = find(request, typed.get("room", "").strip())
    if lease_id is None:
        raise refusals.NO_ROOM()
    if (same := typed.get("same", "")).isdecimal():
        return _joined(request, int(same), lease_id)
    spot, said = typed.get("spot", ""), " ".join(typed.get("said", "").split())
    place, read = actions.place_of(lease_id, spot), actions.read_report(said, spot)
    if not typed.get("seen"):
        found = queries.alike(place, read)
        if found:
            return found
    chosen = typed.get("priority", "")
    photos = uploads(request.FILES.getlist("photos"), most=MOST_PHOTOS)
    order = actions.report(
        request.actor, lease_id=lease_id, spot=spot, said=said, photos=photos,
        priority=int(chosen) if chosen.isdecimal() else None, why=typed.get("why", ""),
        slot=typed.get("slot", ""), entry=typed.get("entry", ""),
    )  # fmt: skip
    who = show(request, [lease_id])[lease_id]
    messages.success(request, _("已为 {who} 报修，单号 {n}").format(who=who.title, n=order.case.number))
    return go_on(request, reverse("flows:case", args=[order.case_id]))


def _joined(request: Any, order_id: int, lease_id: int) -> HttpResponse:
    """It is the same. Pictures go with it if the order is of this home: who reported it first sees what staff add."""
    photos = uploads(request.FILES.getlist("photos"), most=MOST_PHOTOS)
    with transaction.atomic():  # a picture that is refused comes back with the form, before anything is joined
        order = photos and queries.reported_by(lease_id, order_id)
        order = order or actions.join(request.actor, order_id=order_id, lease_id=lease_id)
        own = queries.first_lease(order.id) == lease_id
        if photos and own:
            add_photos(request.actor, case_id=order.case_id, photos=photos)
    messages.success(request, _("已并入这一单"))
    if photos and not own:
        messages.warning(request, _("照片没有放进去：那一单是另一家报的，放进去那家也会看到。"))
    return go_on(request, reverse("flows:case", args=[order.case_id]))
