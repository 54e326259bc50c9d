"""Reporting a repair from the phone, following it, confirming and rating it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anju.domain.leases.own import RUNNING, own_leases
from anju.domain.workorders import actions, queries
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.visits import say
from anju.domain.workorders.windows import choices
from anju.domain.workorders.words import Place, Read
from anju.foundation.access.pages import tenant_page
from anju.foundation.calls.actions import ask
from anju.foundation.calls.queries import minutes_left
from anju.foundation.flows.actions import add_photos, move
from anju.foundation.flows.definitions import current
from anju.foundation.flows.files import MOST_FROM_TENANT, Upload, uploads
from anju.foundation.ui import render
from anju.foundation.ui.page import go_on
from anju.kit import Actor, Refused
from anju.kit.refusal import NOT_FOUND
from anju.surface.portal.repairs import KEEP, TYPED, icon_of, progress, row_of, urgency
from anju.surface.portal.shell import number_of

SPOT_ICONS = {"entry": "door", "bath": "bath", "kitchen": "tools-kitchen-2", "bedroom": "bed", "balcony": "window"}
ANSWERS = ("confirm", "reopen", "rate")


@tenant_page()
@require_GET
def repairs(request: Any) -> HttpResponse:
    """My repairs, open ones first."""
    tenant: Actor = request.actor
    rows = [row_of(order) for order in queries.own_orders(tenant)]
    return render(request, "portal/repairs.html", {"rows": rows, "may_report": bool(_homes(tenant))})


def _homes(tenant: Actor) -> list[dict[str, Any]]:
    return [row for row in own_leases(tenant) if row["status"] in RUNNING]


@tenant_page()
def new(request: Any) -> HttpResponse:
    """The form; what it is taken for and what is reported already stand under it before anything is sent."""
    tenant: Actor = request.actor
    homes = _homes(tenant)
    if not homes:
        return redirect(reverse("portal:repairs"))
    typed = request.POST if request.method == "POST" else request.GET
    lease = next((h for h in homes if str(h["id"]) == typed.get("lease", "")), homes[0])
    room = _room(lease, typed)
    if request.method == "POST":
        answer = _sent(request, tenant, lease, room)
        if isinstance(answer, HttpResponse):
            return answer
        hint, error = answer
    else:
        hint, error = None, ""
    facts = {
        "homes": homes, "lease": lease, "typed": _typed(typed), "error": error, "hint": hint, "room": room,
        "most_photos": MOST_FROM_TENANT,
        "spots": [(key, label, SPOT_ICONS[key]) for key, label in WorkOrder.Spot.choices if key != "public"],
        "slots": [("", _("尽快，什么时候都行")), *choices()],
    }  # fmt: skip
    return render(request, "portal/repair_new.html", facts, status=422 if error else 200)


def _typed(given: Mapping[str, str]) -> dict[str, str]:
    return {key: given.get(key, "") for key in ("spot", "said", "priority", "why", "public", "slot", "entry")}


def _room(lease: dict[str, Any], given: Mapping[str, str]) -> dict[str, Any] | None:
    """The room that was chosen by its code: its id and code, if it is one of the lease's."""
    wanted = number_of(given.get("room", ""))
    rooms = actions.rooms_of(lease["id"]) if wanted is not None else []
    return next((room for room in rooms if room["id"] == wanted), None)


def _sent(request: Any, tenant: Actor, lease: dict[str, Any], room: dict[str, Any] | None) -> Any:
    """The order's page, or what to show again: the hint and what was wrong."""
    posted = request.POST
    try:
        if (same := number_of(posted.get("same", ""))) is not None:
            return _joined(request, tenant, same, lease)
        spot, said = posted.get("spot", ""), " ".join(posted.get("said", "").split())
        read = actions.read_report(said, spot)
        sent = queries.sent_already(tenant, place_of(lease, spot, room), lease_id=lease["id"], spot=spot, said=said)
        hint = None if sent else _hint(lease, spot, read, room)
        if hint and hint["alike"] and not posted.get("seen"):
            return hint, ""
        if sent and add_photos(tenant, case_id=sent.case_id, photos=_photos(request)):
            messages.success(request, _("您刚报过这件事，新照片已加到这一单里。"))
            return go_on(request, reverse("portal:repair", args=[sent.id]))
        order = sent or actions.report(
            tenant, lease_id=lease["id"], spot=spot, said=said, photos=_photos(request),
            priority=number_of(posted.get("priority", "")), why=posted.get("why", ""),
            unit_id=room["id"] if room else None, slot=posted.get("slot", ""), entry=posted.get("entry", ""),
        )  # fmt: skip
    except Refused as refused:
        return None, refused.text(request.LANGUAGE_CODE)
    messages.success(request, _("收到了，师傅接单后马上告诉您。"))
    return go_on(request, reverse("portal:repair", args=[order.id]))


def _photos(request: Any) -> tuple[Upload, ...]:
    return uploads(request.FILES.getlist("photos"), most=MOST_FROM_TENANT)


def _joined(request: Any, tenant: Actor, order_id: int, lease: dict[str, Any]) -> HttpResponse:
    """It is the same: the order is followed, and the pictures taken for the report go with it.

    Who follows it already and has new pictures is not turned away with them.
    """
    photos, already = _photos(request), queries.follows(tenant, order_id)
    with transaction.atomic():  # a picture that is refused comes back with the form, before anything is joined
        order = already if already and photos else actions.join(tenant, order_id=order_id, lease_id=lease["id"])
        new = add_photos(tenant, case_id=order.case_id, photos=photos) if photos else 0
    if already:
        said = _("您已经在跟进这一单了，新照片已加进去。") if new else _("您已经在跟进这一单了，这些照片里面都有了。")
    elif new:
        said = _("已和这一单合在一起，照片也加进去了，您跟着看进度就行。")
    else:
        said = _("已和这一单合在一起，您跟着看进度就行。")
    messages.success(request, said)
    return go_on(request, reverse("portal:repair", args=[order.id]))


def place_of(lease: dict[str, Any], spot: str, room: dict[str, Any] | None) -> Place:
    """Where it is: in the room that was chosen, else in the one that is lived in."""
    return actions.place_of(lease["id"], spot, room["id"] if room else None)


def _hint(lease: dict[str, Any], spot: str, read: Read, room: dict[str, Any] | None) -> dict[str, Any]:
    found, words = queries.alike(place_of(lease, spot, room), read), queries.classes()
    return {
        "read": read, "icon": icon_of(read.kind), "urgency": urgency(read.priority), "alike": found,
        "kind": str(WorkOrder.Kind(read.kind).label) if read.kind != WorkOrder.Kind.OTHER else "",
        "classes": [(n, f"{urgency(n)}{_('：')}{word.removeprefix(f'P{n} ')}") for n, word in enumerate(words)],
        "stages": {s.key: s for s in current("repair").value.stages},
    }  # fmt: skip


@tenant_page()
@require_POST
def hint(request: Any) -> HttpResponse:
    """What the words typed so far are taken for; empty while they say too little."""
    tenant: Actor = request.actor
    lease = next((h for h in _homes(tenant) if str(h["id"]) == request.POST.get("lease", "")), None)
    if lease is None:
        return HttpResponse("")
    spot, said = request.POST.get("spot", ""), " ".join(request.POST.get("said", "").split())
    try:
        found = _hint(lease, spot, actions.read_report(said, spot), _room(lease, request.POST))
    except Refused:
        return HttpResponse("")
    return render(request, "portal/repair_hint.html", {"hint": found, "typed": _typed(request.POST)})


@tenant_page()
@require_GET
def repair(request: Any, order_id: int) -> HttpResponse:
    """How it goes."""
    order = queries.own(request.actor, order_id)
    return render(request, "portal/repair.html", progress(request, order))


@tenant_page()
@require_POST
def answer(request: Any, order_id: int, what: str) -> HttpResponse:
    """Confirm that it is mended, say that it is not, or rate it."""
    if what not in ANSWERS:
        raise NOT_FOUND()
    tenant: Actor = request.actor
    order = queries.own(tenant, order_id)
    try:
        if what == "rate":
            stars = request.POST.get("stars", "")
            actions.rate(
                tenant,
                order_id=order_id,
                stars=int(stars) if stars in ("1", "2", "3", "4", "5") else 0,
                remark=request.POST.get("remark", ""),
            )
            said = _("谢谢您的评价。")
        else:
            move(tenant, case_id=queries.shared(order).id, step=what, reason=request.POST.get("reason", ""))
            said = _("已确认，谢谢您。") if what == "confirm" else _("已重新打开，马上安排师傅。")
    except Refused as refused:
        return _again(request, order_id, refused, what)
    messages.success(request, said)
    return redirect(reverse("portal:repair", args=[order_id]))


def _again(request: Any, order_id: int, refused: Refused, what: str) -> HttpResponse:
    """The page as it is now, with what was wrong and what was typed for it."""
    typed = {**{key: request.POST.get(key, "") for key in TYPED}, "what": what}
    told = {**progress(request, queries.own(request.actor, order_id)), "typed": typed}
    told["error"] = refused.text(request.LANGUAGE_CODE)
    return render(request, "portal/repair.html", told, status=422)


@tenant_page()
@require_POST
def visit(request: Any, order_id: int) -> HttpResponse:
    """Say anew when it suits and how one may enter."""
    tenant: Actor = request.actor
    order, slot = queries.own(tenant, order_id), request.POST.get("slot", KEEP)
    try:
        say(tenant, order_id=order.id, slot=None if slot == KEEP else slot, entry=request.POST.get("entry"))
    except Refused as refused:
        if refused.code == "not_found":
            raise
        return _again(request, order_id, refused, "visit")
    messages.success(request, _("记下了，师傅会看到。"))
    return redirect(reverse("portal:repair", args=[order_id]))


@tenant_page()
@require_http_methods(["GET", "POST"])
def call(request: Any, order_id: int) -> HttpResponse:
    """A masked number to the technician, shown at once; or why there is none.

    A phone that dropped the page during the call asks for its address anew: that goes to the progress.
    """
    tenant: Actor = request.actor
    order = queries.own(tenant, order_id)
    if request.method == "GET":
        return redirect(reverse("portal:repair", args=[order_id]))
    if queries.first_reporter(order.id) != tenant.id:
        raise NOT_FOUND()
    try:
        number = ask(tenant, case_id=order.case_id)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        return _again(request, order_id, refused, "call")
    facts = {"order": order, "number": number, "minutes": minutes_left(number.expires_at)}
    answer = render(request, "portal/call.html", facts)
    answer.headers["Cache-Control"] = "no-store"
    return answer
