"""One case: where it stands, what may be done now, what happened; beside the inbox or as a page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.foundation.access.pages import staff_page
from anju.foundation.access.parts import drawn_parts
from anju.foundation.access.timelines import timeline
from anju.foundation.flows import queries
from anju.foundation.flows.actions import assign, claim, explain, follow, go_on, move, part, pause
from anju.foundation.flows.files import MOST_PHOTOS, uploads
from anju.foundation.flows.pages.shown import Sheet, lines
from anju.foundation.flows.permissions import MOVE, VIEW
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.kit import Refused


@require_GET
@staff_page(needs=VIEW)
def case_page(request: Any, case_id: int) -> HttpResponse:
    """A case; htmx asks for the side panel alone."""
    return drawn(request, case_id)


def drawn(request: Any, case_id: int, error: str = "", typed: Any = None) -> HttpResponse:
    """The page, with what a refused step said and what had been typed into it."""
    case = queries.case(request.actor, case_id)
    context = {
        "s": Sheet(request, lines(request, [case])[0]),
        # What the slice that owns the subject brings: a repair's equipment and costs.
        "parts": (drawn_parts(request, case.subject_kind, case.subject_id) if case.subject_kind else [])
        # What belongs to any case, whatever it is about: masked calls.
        + drawn_parts(request, "flow_case", case_id),
        "story": timeline(request, "flow_case", case_id),
        "error": error,
        "typed": typed or {},
    }
    return render(request, "flows/case.html", context, block="panel", status=422 if error else 200)


@require_POST
@staff_page(needs=MOVE)
def step(request: Any, case_id: int, key: str) -> HttpResponse:
    """Take a step; what is refused comes back with what was typed."""
    photos = uploads(request.FILES.getlist("photos"), most=MOST_PHOTOS)
    rev = request.POST.get("rev", "")
    try:
        case = move(
            request.actor, case_id=case_id, step=key, rev=int(rev) if rev.isdecimal() else None,
            facts=request.POST.dict(), reason=request.POST.get("reason", ""), photos=photos,
        )  # fmt: skip
    except Refused as refused:
        return _refused(request, case_id, refused, {**request.POST.dict(), "step": key})
    return _done(request, case_id, _("{n} 已办理").format(n=case.number))


@require_POST
@staff_page(needs=MOVE)
def cause(request: Any, case_id: int, limit_id: int) -> HttpResponse:
    """Say why a limit of it was passed."""
    try:
        explain(request.actor, limit_id=limit_id, cause=request.POST.get("cause", ""))
    except Refused as refused:
        return _refused(request, case_id, refused, {})
    return _done(request, case_id, _("记下了"))


@require_POST
@staff_page(needs=MOVE)
def staffing(request: Any, case_id: int, what: str) -> HttpResponse:
    """Claim it, give it to somebody, stop and start its clocks."""
    try:
        said = _staff(request, case_id, what)
    except Refused as refused:
        return _refused(request, case_id, refused, {**request.POST.dict(), "staffing": what})
    return _done(request, case_id, said)


def _staff(request: Any, case_id: int, what: str) -> str:
    by, posted = request.actor, request.POST
    match what:
        case "claim":
            claim(by, case_id=case_id)
            return _("已接单")
        case "assign":
            asked = Asked("", posted.dict())
            assign(
                by, case_id=case_id, staff_id=asked.number("staff"), reason=posted.get("reason", ""),
                holds=asked.number("holds") if "holds" in posted else ...,
            )  # fmt: skip
            return _("已改派")
        case "pause":
            pause(by, case_id=case_id, reason=posted.get("reason", ""))
            return _("计时已暂停")
        case "go-on":
            go_on(by, case_id=case_id)
            return _("计时继续")
        case "follow":
            master = queries.by_number(by, posted.get("number", "").strip())
            follow(by, case_id=case_id, master_id=master.id)
            return _("已并入 {n}").format(n=master.number)
        case _part:
            part(by, case_id=case_id)
            return _("已拆出，单独办理")


def _refused(request: Any, case_id: int, refused: Refused, typed: dict[str, Any]) -> HttpResponse:
    return drawn(request, case_id, refused.text(request.LANGUAGE_CODE), typed)


def _done(request: Any, case_id: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(reverse("flows:case", args=[case_id]))
