"""The way in and out for staff: password, then the second factor where there is one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock, org_scope, scoped_org
from anju.foundation.identity import sessions, totp
from anju.foundation.identity.doors import open_door
from anju.foundation.identity.limits import Limit, client_ip, forgive, spend
from anju.foundation.identity.models import User, normal_login
from anju.foundation.staffing.actions import note_sign_in, set_first_password
from anju.foundation.staffing.invitations import read_invitation
from anju.foundation.staffing.pages.setup import needed as first_run_needed
from anju.foundation.staffing.refusals import WRONG_SIGN_IN, WRONG_TOTP
from anju.foundation.ui import render
from anju.kit import Actor, Refused

HALF = "anju_half"
HALF_LASTS = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)
PER_LOGIN = Limit("sign-in-login", 10, QUARTER)
PER_ADDRESS = Limit("sign-in-address", 100, QUARTER)
PER_CODE = Limit("sign-in-code", 10, QUARTER)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def _sign_in(request: HttpRequest) -> HttpResponse:
    after = _safe(request.POST.get("next") or request.GET.get("next"))
    if request.method == "GET":
        if first_run_needed():
            return redirect("staffing:setup")
        return _form(request, "staffing/sign_in.html", {"login": "", "next": after})
    typed = request.POST.get("login", "")
    try:
        user = _by_password(request, typed, request.POST.get("password", ""))
        if user.totp_since is not None:
            request.session[HALF] = {"user": user.id, "at": clock.wall().timestamp(), "next": after}
            return redirect("staffing:code")
        return _enter(request, user, after, second_factor=False)
    except Refused as refused:
        return _form(request, "staffing/sign_in.html", {"login": typed, "next": after}, refused)


def _by_password(request: HttpRequest, login: str, password: str) -> User:
    key = normal_login(login)
    spend(PER_ADDRESS, client_ip(request))
    spend(PER_LOGIN, key)
    user = authenticate(request, username=login, password=password)
    if user is None:
        raise WRONG_SIGN_IN()
    forgive(PER_LOGIN, key)
    return user


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def _code(request: HttpRequest) -> HttpResponse:
    half = request.session.get(HALF)
    if not half or clock.wall().timestamp() - half["at"] > HALF_LASTS.total_seconds():
        return redirect("staffing:sign-in")
    if request.method == "GET":
        return _form(request, "staffing/code.html", {})
    user = User.objects.get(id=half["user"])
    typed = request.POST.get("code", "")
    try:
        spend(PER_CODE, str(user.id))
        if not (totp.accept(user, typed) or totp.accept_spare(user, typed)):
            raise WRONG_TOTP()
        forgive(PER_CODE, str(user.id))
        return _enter(request, user, half["next"], second_factor=True)
    except Refused as refused:
        return _form(request, "staffing/code.html", {}, refused)


@require_POST
def _sign_out(request: HttpRequest) -> HttpResponse:
    sessions.close_staff_session(request)
    return redirect("staffing:sign-in")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def _join(request: HttpRequest, token: str) -> HttpResponse:
    org_id, staff = read_invitation(token)
    facts = {"login": staff.user.login, "organization": sessions.organization(org_id).name}
    if request.method == "GET":
        return _form(request, "staffing/join.html", facts)
    try:
        with org_scope(org_id):
            set_first_password(Actor.staff(staff.id), password=request.POST.get("password", ""))
    except Refused as refused:
        return _form(request, "staffing/join.html", facts, refused)
    user = User.objects.get(id=staff.user_id)
    if user.totp_since is not None:
        return redirect("staffing:sign-in")
    return _enter(request, user, "/", second_factor=False, org_id=org_id)


@staff_page(needs=None)
@require_http_methods(["GET", "POST"])
def organizations(request: HttpRequest) -> HttpResponse:
    """Where else the user works; choosing one changes there."""
    user = request.staff.user  # type: ignore[attr-defined]
    here = scoped_org()
    others = [sessions.organization(org) for org, _staff in sessions.places(user)]
    if request.method == "GET":
        return render(request, "staffing/organizations.html", {"organizations": others, "here": here})
    chosen = next((o.id for o in others if str(o.id) == request.POST.get("organization")), here)
    request.session[sessions.MOVE_KEY] = chosen
    return redirect("staffing:move")


def _move(request: HttpRequest) -> HttpResponse:
    # A request sees one organization; so the change happens in a second one, with no scope open.
    chosen, ticket = request.session.get(sessions.MOVE_KEY), sessions.staff_ticket(request)
    if chosen is None or ticket is None:
        return redirect("/")
    with org_scope(ticket.org_id):
        found = sessions.staff_in_scope(ticket)
    if found is not None:
        sessions.open_staff_session(request, found[0].user, chosen)
    return redirect("/")


def _enter(
    request: HttpRequest, user: User, after: str, *, second_factor: bool, org_id: int | None = None
) -> HttpResponse:
    staff = sessions.open_staff_session(request, user, org_id)
    with org_scope(request.session[sessions.STAFF_KEY]["org_id"]):
        note_sign_in(Actor.staff(staff.id), second_factor=second_factor)
    return redirect(after or "/")


def _form(request: HttpRequest, template: str, facts: dict[str, Any], refused: Refused | None = None) -> HttpResponse:
    errors = [refused.text(get_language() or "zh-hans")] if refused else []
    return render(request, template, {**facts, "errors": errors}, status=422 if refused else 200)


def _safe(place: str | None) -> str:
    inside = place and place.startswith("/") and url_has_allowed_host_and_scheme(place, allowed_hosts=None)
    return place if place and inside else ""


sign_in = open_door("nobody is signed in yet")(_sign_in)
code = open_door("between password and second factor")(_code)
sign_out = open_door("works for an ended session too")(_sign_out)
join = open_door("a new colleague has only the invitation")(_join)
move = open_door("between two organizations of one user")(_move)
