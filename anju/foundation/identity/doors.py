"""Doors: a view says who may stand before it, and is wrapped in that viewer's organization.

``staff_page`` and ``tenant_page`` of ``anju.foundation.access.pages`` are made of these; :func:`open_door` is for the
few pages without a viewer, each with its reason. The middleware refuses to run a view that has no door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation

from anju.foundation.db import org_scope
from anju.foundation.identity import sessions
from anju.foundation.identity.models import Organization
from anju.kit import Actor

View = Callable[..., HttpResponseBase]
DOOR = "anju_door"

STAFF_SIGN_IN = "/sign-in"
TENANT_SIGN_IN = "/p/sign-in"


def open_door(why: str) -> Callable[[View], View]:
    """A page anybody may open. ``why`` is written down for the structural test; the view opens scopes itself."""

    def mark(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        return with_door(page, f"open: {why}")

    return mark


def with_door(view: View, door: str) -> View:
    """Mark a view with its door."""
    setattr(view, DOOR, door)
    return view


def door_of(view: Any) -> str | None:
    """The view's door; None: it was forgotten."""
    found = getattr(view, DOOR, None)
    return found if isinstance(found, str) else None


@contextmanager
def staff_inside(request: HttpRequest) -> Iterator[bool]:
    """Open the scope of the session's organization and fill ``request.staff``, ``request.actor``, ``request.org``.

    Gives False, with nothing open, when nobody is signed in.
    """
    ticket = sessions.staff_ticket(request)
    if ticket is None:
        yield False
        return
    with org_scope(ticket.org_id):
        found = sessions.staff_in_scope(ticket)
        if found is None:
            yield False
            return
        staff, org = found
        with _as(request, Actor.staff(staff.id), org, staff.user.language or org.language):
            request.staff = staff  # type: ignore[attr-defined]
            yield True


@contextmanager
def tenant_inside(request: HttpRequest) -> Iterator[bool]:
    """The same for a tenant's cookie: ``request.tenant``, ``request.actor``, ``request.org``."""
    cookie = sessions.tenant_cookie(request)
    if cookie is None:
        yield False
        return
    with org_scope(cookie[0]):
        found = sessions.tenant_in_scope(*cookie)
        if found is None:
            yield False
            return
        session, org = found
        with _as(request, Actor.tenant(session.person_id), org, org.language):
            request.tenant = session  # type: ignore[attr-defined]
            yield True


@contextmanager
def _as(request: HttpRequest, actor: Actor, org: Organization, language: str) -> Iterator[None]:
    request.actor, request.org = actor, org  # type: ignore[attr-defined]
    with speaking(request, language):
        yield


@contextmanager
def speaking(request: HttpRequest, language: str) -> Iterator[None]:
    """The language the visitor chose in this browser, else ``language``."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or language
    with translation.override(chosen if translation.check_for_language(chosen) else language):
        yield


def to_sign_in(request: HttpRequest, door: str) -> HttpResponse:
    """Send to the sign-in page and back afterwards; htmx is told to load the whole page."""
    back = request.get_full_path() if request.method == "GET" and "HX-Request" not in request.headers else ""
    place = f"{door}?{urlencode({'next': back})}" if back and back != "/" else door
    if "HX-Request" in request.headers:
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = place
        return response
    return redirect(place)
