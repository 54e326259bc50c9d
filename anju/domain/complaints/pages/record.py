"""登记客诉: somebody called, or 12345 passed it on; written down by staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.domain.complaints import actions, refusals
from anju.domain.complaints.actions import NOTHING
from anju.domain.complaints.models import Complaint
from anju.domain.complaints.permissions import FILE
from anju.domain.complaints.queries import find_record
from anju.domain.leases.case_subject import find
from anju.foundation.access.pages import staff_page
from anju.foundation.flows.files import MOST_PHOTOS, uploads
from anju.foundation.ui import render
from anju.kit import Refused

SOURCES = [(key, word) for key, word in Complaint.Source.choices if key != Complaint.Source.PORTAL]


@require_http_methods(["GET", "POST"])
@staff_page(needs=FILE)
def record(request: Any) -> HttpResponse:
    """The form; what is refused comes back with what was typed."""
    typed: dict[str, str] = request.POST.dict() if request.method == "POST" else request.GET.dict()
    error = ""
    if request.method == "POST":
        try:
            made = _filed(request, typed)
        except Refused as refused:
            if refused.code == "not_found":
                raise
            error = refused.text(request.LANGUAGE_CODE)
        else:
            messages.success(request, _("已登记客诉，单号 {n}").format(n=made.case.number))
            return redirect(reverse("flows:case", args=[made.case_id]))
    context = {
        "typed": typed, "error": error, "sources": SOURCES, "longest": actions.LONGEST,
        "causes": [("", _("请选择")), *Complaint.Cause.choices],
    }  # fmt: skip
    return render(request, "complaints/record.html", context, status=422 if error else 200)


def _filed(request: Any, typed: dict[str, str]) -> Complaint:
    lease_id = find(request, typed.get("room", "").strip())
    if lease_id is None:
        raise refusals.NO_ROOM()
    about, text = NOTHING, typed.get("record", "").strip()[:60]
    if text:
        found = find_record(lease_id, text)
        if found is None:
            raise refusals.NO_RECORD(text=text)
        about = found
    return actions.file(
        request.actor, lease_id=lease_id, cause=typed.get("cause", ""), said=typed.get("said", ""),
        source=typed.get("source", ""), hotline_no=typed.get("hotline_no", ""), record=about,
        photos=uploads(request.FILES.getlist("photos"), most=MOST_PHOTOS),
    )  # fmt: skip
