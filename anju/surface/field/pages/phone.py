"""What the phone's own program asks: who is signed in, pieces of pictures, steps done without a signal."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.files import parts
from anju.foundation.identity.doors import open_door
from anju.foundation.ui import render
from anju.foundation.ui.assets import asset
from anju.kit import Refused
from anju.kit.refusal import sentence
from anju.surface.field import sent
from anju.surface.field.permissions import USE

UNREADABLE = sentence(
    "field.unreadable",
    "这一步的记录读不出来，照片还在手机里，请联系管理员。",
    "This entry cannot be read; the pictures are still in the phone. Ask an administrator.",
)


@require_GET
@staff_page(needs=USE)
def hello(request: Any) -> JsonResponse:
    """Who is signed in on this phone, and the token that its posts carry."""
    now = int(clock.wall().timestamp() * 1000)
    answer = JsonResponse({"staff": request.actor.id, "token": get_token(request), "now": now})
    answer.headers["Cache-Control"] = "no-store"
    return answer


MOST_DIGITS = 12  # of a place in a file


@require_http_methods(["GET", "POST"])
@staff_page(needs=USE)
def part(request: Any, upload: UUID) -> JsonResponse:
    """Take the next piece of a picture; either way say how many bytes are here."""
    try:
        if request.method == "POST":
            start = request.GET.get("start", "")
            known = start.isdecimal() and len(start) <= MOST_DIGITS
            here = parts.put(request.actor, str(upload), start=int(start) if known else -1, data=request.body)
        else:
            here = parts.received(request.actor, str(upload))
    except Refused as refused:
        return _no(request, refused)
    return JsonResponse({"here": here})


@require_POST
@staff_page(needs=USE)
def receive(request: Any) -> JsonResponse:
    """Take one step that was done earlier."""
    try:
        entry = sent.Entry.model_validate_json(request.body)
    except ValidationError:
        return _no(request, UNREADABLE())
    try:
        outcome = sent.carry_out(request.actor, entry)
    except Refused as refused:
        return _no(request, refused)
    return JsonResponse({"done": True, "stage": outcome.stage, "again": outcome.again})


def _no(request: Any, refused: Refused) -> JsonResponse:
    said = {"done": False, "code": refused.code, "said": refused.text(request.LANGUAGE_CODE)}
    return JsonResponse(said, status=422)


@require_GET
@open_door("the program that keeps pages readable without a signal; the same for everybody")
def worker(request: Any) -> HttpResponse:
    """The service worker; it stands above the pages that it serves."""
    scripts = ", ".join(json.dumps(asset(name)) for name in ("field/queue.js", "field/worker.js"))
    answer = HttpResponse(f"importScripts({scripts});\n", content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_GET
@open_door("what a phone without a signal shows for a page it has never seen; the same for everybody")
def unseen(request: Any) -> HttpResponse:
    """No signal, and the page is not in this phone."""
    text = _("这一页还没有在这台手机上打开过。有信号时打开一次，以后没有信号也能看。")
    facts = {"title": _("没有信号"), "text": text, "icon_name": "wifi-off"}
    return render(request, "field/error.html", facts)


@require_GET
@open_door("the app's name and icon; the same for everybody")
def manifest(request: Any) -> JsonResponse:
    """What the phone shows when the app is kept on its first screen."""
    icon = {"src": asset("ui/logo.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "name": _("安居师傅"), "short_name": _("安居师傅"), "start_url": reverse("field:today"),
            "scope": reverse("field:today"), "display": "standalone", "background_color": "#f3f6f4",
            "theme_color": "#1f6f54", "icons": [icon, {**icon, "purpose": "maskable"}],
        },
        content_type="application/manifest+json",
    )  # fmt: skip
