"""看对比: two orders side by side that may be one thing; merged, or told apart for good."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.domain.workorders.case_subject import place_of
from anju.domain.workorders.merging import apart
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.permissions import VIEW
from anju.domain.workorders.words import readable
from anju.foundation.access import allows, restrict
from anju.foundation.access.pages import staff_page
from anju.foundation.flows import who
from anju.foundation.flows.actions import follow
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.files import shots
from anju.foundation.flows.permissions import JOIN
from anju.foundation.ui import render
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND


def _pair(request: Any, first: int, second: int) -> list[WorkOrder]:
    rows = WorkOrder.objects.select_related("case", "unit", "building").filter(id__in=[first, second]).order_by("id")
    found = list(restrict(rows, request.actor))
    if len(found) != 2:
        raise NOT_FOUND()
    return found


@require_GET
@staff_page(needs=VIEW)
def compare(request: Any, first: int, second: int) -> HttpResponse:
    """Both, the older on the left; words they share are marked."""
    pair = _pair(request, first, second)
    common = readable(set(pair[0].terms) & set(pair[1].terms))
    sides = [
        {
            "order": o, "case": o.case, "place": place_of(o), "photos": shots(request.actor, o.case_id, most=6),
            "class_word": kept(o.case.flow, o.case.version_id).class_word(o.case.priority),
            "stage": kept(o.case.flow, o.case.version_id).stage(o.case.stage), "who": who.staff_name(o.case.assignee),
        }
        for o in pair
    ]  # fmt: skip
    context = {"sides": sides, "common": common, "may_join": allows(request.actor, JOIN)}
    return render(request, "workorders/compare.html", context)


@require_POST
@staff_page(needs=JOIN)
def decide(request: Any, first: int, second: int) -> HttpResponse:
    """Merge the one into the other that was chosen to go on, or say that they are two things."""
    pair = _pair(request, first, second)
    master = next((o for o in pair if str(o.id) == request.POST.get("master", "")), None)
    try:
        if master is None:
            apart(request.actor, order_id=pair[0].id, other_id=pair[1].id)
            said = _("记下了，不再提示这一对")
        else:
            other = next(o for o in pair if o.id != master.id)
            follow(request.actor, case_id=other.case_id, master_id=master.case_id)
            said = _("{a} 已并入 {b}").format(a=other.case.number, b=master.case.number)
    except Refused as refused:
        messages.warning(request, refused.text(request.LANGUAGE_CODE))
        return redirect(reverse("workorders:compare", args=[first, second]))
    messages.success(request, said)
    return redirect(reverse("workorders:board"))
