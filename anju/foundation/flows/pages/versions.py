"""换到新版: the cases that keep an older version of a flow, and where those go whose stage is no longer there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.foundation.access.pages import staff_page
from anju.foundation.flows.actions import adapt
from anju.foundation.flows.definitions import current
from anju.foundation.flows.moving_over import older, places
from anju.foundation.flows.permissions import ADAPT
from anju.foundation.ui import render
from anju.kit import Refused


@require_http_methods(["GET", "POST"])
@staff_page(needs=ADAPT)
def versions(request: Any, flow: str) -> HttpResponse:
    """GET shows every running case's stage by version; POST moves all to the version in force."""
    pinned = current(flow)
    error = ""
    posted = request.POST.dict() if request.method == "POST" else {}
    if request.method == "POST":
        stages = {k.removeprefix("stage-"): v for k, v in posted.items() if k.startswith("stage-") and v}
        try:
            moved = adapt(request.actor, flow=flow, stages=stages)
        except Refused as refused:
            error = refused.text(request.LANGUAGE_CODE)
        else:
            messages.success(request, _("已把 {n} 张办理单换到新版").format(n=moved))
            return redirect(reverse("flows:versions", args=[flow]))
    found = older(request.actor, flow)
    # The same stage may be lost from several versions: it is placed once.
    lost = {s.stage: s.word for s in found if s.lost}
    context = {
        "flow": pinned.value,
        "number": pinned.number,
        "key": flow,
        "found": found,
        "total": sum(s.count for s in found),
        "lost": [(f"stage-{k}", w, sum(s.count for s in found if s.stage == k)) for k, w in lost.items()],
        "choices": [("", _("请选择")), *((s.key, s.word) for s in places(flow))],
        "typed": posted,
        "error": error,
    }
    return render(request, "flows/versions.html", context, status=422 if error else 200)
