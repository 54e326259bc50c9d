"""Into the portal: phone, code, and a choice where the phone belongs to several."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from anju.foundation.db import clock
from anju.foundation.identity import sessions
from anju.foundation.identity.doors import open_door, tenant_inside
from anju.foundation.identity.limits import client_ip
from anju.foundation.ui import render
from anju.foundation.ui.formats import time_of_day
from anju.kit import Refused
from anju.kit.china import mobile
from anju.surface.portal import places
from anju.surface.portal.shell import safe_way

CHOOSING = "portal_choosing"
CHOOSE_WITHIN_S = 600


@sensitive_post_parameters("phone", "code")
@require_http_methods(["GET", "POST"])
def _sign_in(request: HttpRequest) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    org = asked.get("org", "")
    only = int(org) if org.isascii() and org.isdigit() and len(org) < 10 else None
    facts: dict[str, Any] = {
        "org": only or "",
        "next": safe_way(asked.get("next")),
        "phone": asked.get("phone", "").strip()[:40],
    }
    if request.method == "GET":
        return _form(request, facts | {"phone": ""}, "phone")
    if "code" not in request.POST:
        return _send(request, facts, only)
    try:
        found, people = places.enter(facts["phone"], request.POST["code"], client_ip(request), only)
    except Refused as refused:
        return _form(request, facts, "code", refused)
    if len(people) > 1:
        request.session[CHOOSING] = [found, people, facts["next"], int(clock.wall().timestamp())]
        return redirect("portal:choose")
    return _enter(request, found, people[0], facts["next"])


def _send(request: HttpRequest, facts: dict[str, Any], only: int | None) -> HttpResponse:
    try:
        places.send_codes(facts["phone"], client_ip(request), only)
    except Refused as refused:
        # Whoever asks again too soon, with or without having gone back, may still type the code that is on the way.
        after = places.again_at(facts["phone"], only) if refused.code == "too_many" else None
        if after is None:
            return _form(request, facts, "phone", refused)
        if after <= clock.wall():  # not too soon after the last, but too often
            return _form(request, facts, "code", refused)
        wait = _("验证码已经发出，没收到的话，%(time)s 后可以再要一次。") % {"time": time_of_day(_next_minute(after))}
        return _form(request, facts | {"wait": wait}, "code", status=422)
    return _form(request, facts, "code")


def _next_minute(at: datetime) -> datetime:
    """The first full minute that is not before."""
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


@require_http_methods(["GET", "POST"])
def _choose(request: HttpRequest) -> HttpResponse:
    kept = request.session.get(CHOOSING)
    if not kept or clock.wall().timestamp() - kept[3] > CHOOSE_WITHIN_S:
        return redirect("portal:sign-in")
    org, people, after, _at = kept
    if request.method == "POST":
        chosen = next((i for i in people if str(i) == request.POST.get("person")), None)
        if chosen is not None:
            del request.session[CHOOSING]
            return _enter(request, org, chosen, after)
    return render(request, "portal/choose.html", {"people": places.who(org, people)})


@require_POST
def _sign_out(request: HttpRequest) -> HttpResponse:
    with tenant_inside(request) as inside:
        if inside:
            sessions.close_tenant_session(request.tenant)  # type: ignore[attr-defined]
    response = redirect("portal:sign-in")
    sessions.forget_tenant(response)
    return response


def _enter(request: HttpRequest, org: int, person: int, after: str) -> HttpResponse:
    response = redirect(after)
    sessions.keep_tenant(response, sessions.open_tenant_session(org, person), secure=request.is_secure())
    return response


def _form(
    request: HttpRequest, facts: dict[str, Any], step: str, refused: Refused | None = None, *, status: int = 200
) -> HttpResponse:
    said = refused.text(get_language() or "zh-hans") if refused else ""
    shown = {"wait": "", **facts, "step": step, "error": said, "sent_to": mobile(facts["phone"]) or ""}
    return render(request, "portal/sign_in.html", shown, status=422 if refused else status)


sign_in = open_door("nobody is signed in yet")(_sign_in)
choose = open_door("between the code and the person")(_choose)
sign_out = open_door("works for an ended session too")(_sign_out)
