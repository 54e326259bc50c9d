"""Complaining from the phone, following it, reading the reply, saying whether it satisfies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.domain.complaints import actions, queries
from anju.domain.complaints.models import Complaint
from anju.domain.leases.own import own_leases
from anju.foundation.access.pages import tenant_page
from anju.foundation.flows.actions import add_photos, move
from anju.foundation.flows.files import MOST_FROM_TENANT, uploads
from anju.foundation.ui import render
from anju.foundation.ui.page import go_on
from anju.kit import Actor, Refused
from anju.kit.refusal import NOT_FOUND
from anju.surface.portal import homes
from anju.surface.portal.complaints import ANSWERS, progress, records, row_of
from anju.surface.portal.shell import number_of


@tenant_page()
@require_GET
def complaints(request: Any) -> HttpResponse:
    """My complaints, open ones first."""
    tenant: Actor = request.actor
    rows = [row_of(complaint) for complaint in queries.own_complaints(tenant)]
    return render(request, "portal/complaints.html", {"rows": rows, "may_file": bool(own_leases(tenant))})


@tenant_page()
def new(request: Any) -> HttpResponse:
    """The form; also about a lease that has ended, for its deposit."""
    tenant: Actor = request.actor
    leases = own_leases(tenant)
    if not leases:
        return redirect(reverse("portal:complaints"))
    typed = request.POST if request.method == "POST" else request.GET
    lease = next((h for h in leases if str(h["id"]) == typed.get("lease", "")), leases[0])
    error = ""
    if request.method == "POST":
        try:
            made, said = _filed(request, tenant)
        except Refused as refused:
            if refused.code == "not_found":
                raise
            error = refused.text(request.LANGUAGE_CODE)
        else:
            messages.success(request, said)
            return go_on(request, reverse("portal:complaint", args=[made.id]))
    facts = {
        "lease": lease, "place": homes.place(lease), "others": homes.others(lease, leases), "error": error,
        "typed": {key: typed.get(key, "") for key in ("cause", "said", "record")}, "longest": actions.LONGEST,
        "causes": [{"value": key, "text": word} for key, word in Complaint.Cause.choices],
        "records": records(tenant, lease), "most_photos": MOST_FROM_TENANT,
    }  # fmt: skip
    return render(request, "portal/complaint_new.html", facts, status=422 if error else 200)


def _filed(request: Any, tenant: Actor) -> tuple[Complaint, str]:
    """The complaint, and what is said about it: sent again within minutes it is the first one, with any new picture."""
    posted = request.POST
    lease, (kind, _colon, record_id) = posted.get("lease", ""), posted.get("record", "").partition(":")
    about = {"lease_id": number_of(lease) or 0, "cause": posted.get("cause", ""), "said": posted.get("said", "")}
    photos = uploads(request.FILES.getlist("photos"), most=MOST_FROM_TENANT)
    sent = queries.sent_already(tenant, **about)
    if sent and add_photos(tenant, case_id=sent.case_id, photos=photos):
        return sent, _("您刚投诉过这件事，新照片已加进去。")
    made = sent or actions.file(
        tenant, **about, photos=photos,
        record=(kind, number_of(record_id) or 0) if kind else actions.NOTHING,
    )  # fmt: skip
    return made, _("收到了，管家受理后马上告诉您。")


@tenant_page()
@require_GET
def complaint(request: Any, complaint_id: int) -> HttpResponse:
    """How it goes and what was replied."""
    found = queries.own(request.actor, complaint_id)
    return render(request, "portal/complaint.html", progress(request.actor, found))


@tenant_page()
@require_POST
def answer(request: Any, complaint_id: int, what: str) -> HttpResponse:
    """Satisfied, not satisfied, or withdrawn."""
    if what not in ANSWERS:
        raise NOT_FOUND()
    tenant: Actor = request.actor
    found, reason = queries.own(tenant, complaint_id), request.POST.get("reason", "")[:500]
    try:
        move(tenant, case_id=found.case_id, step=what, reason=reason)
    except Refused as refused:
        found = queries.own(tenant, complaint_id)
        told = {**progress(tenant, found), "error": refused.text(request.LANGUAGE_CODE), "typed": reason}
        return render(request, "portal/complaint.html", told, status=422)
    said = {"close": _("已结案，谢谢您。"), "reopen": _("已告诉负责的管家，接着处理。"), "drop": _("投诉已撤销。")}
    messages.success(request, said[what])
    return redirect(reverse("portal:complaint", args=[complaint_id]))
