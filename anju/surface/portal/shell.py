"""The frame around a tenant's pages: whose house it is, large type and language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from anju.foundation.db import clock, scope_is_open
from anju.foundation.identity.doors import open_door
from anju.foundation.ui import page_global
from anju.foundation.ui.errors import face

YEAR = 365 * 24 * 3600
for prefix in ("/p/", "/b/", "/q/"):
    face(prefix, "portal/error.html")


@dataclass(frozen=True)
class Frame:
    """The facts of ``portal/layout.html``. ``drill_at`` is the drill organization's own time."""

    org_name: str
    drill_at: datetime | None


@page_global
def portal_frame(request: HttpRequest) -> Frame:
    """The frame of this request; before sign-in, and after the door has closed, it knows no organization."""
    org: Any = getattr(request, "org", None)
    if org is None or not scope_is_open():
        return Frame("", None)
    return Frame(org.short_name or org.name, clock.now() if org.drill else None)


def safe_way(wanted: str | None, otherwise: str = "/p/") -> str:
    """A place of the portal to go on to, a scanned repair code among them; anything else becomes ``otherwise``."""
    inside = (
        wanted and wanted.startswith(("/p/", "/q/")) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    )
    return wanted if wanted and inside else otherwise


def number_of(text: str) -> int | None:
    """The id or number that a form sent; None for anything else, one that no table holds among it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@require_POST
@open_door("type size belongs to the phone, not to a person")
def large_type(request: HttpRequest) -> HttpResponse:
    """Keep the size of type in this phone and go back to the page."""
    return _keeping(request, "large_type", "1" if request.POST.get("large") == "1" else "0")


@require_POST
@open_door("the language belongs to the phone, not to a person")
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in this phone and go back to the page."""
    wanted = request.POST.get("language", "")
    return _keeping(request, settings.LANGUAGE_COOKIE_NAME, wanted if wanted in dict(settings.LANGUAGES) else "")


def _keeping(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    """Back to the page the form was on, with the cookie kept for a year; an empty value keeps what was."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    response = redirect(wanted if safe else "/p/")
    if value:
        response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response
