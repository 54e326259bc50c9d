"""Who is at the door: staff by Django's session, tenants by a cookie of their own.

The database is asked on every request, so a frozen account or an ended session is out at once.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.db.rows import columns, made_of
from anju.foundation.identity.models import Organization, Staff, TenantSession, User
from anju.kit.refusal import sentence

STAFF_KEY = "anju_staff"
MOVE_KEY = "anju_move"
TENANT_COOKIE = "anju_tenant"
TENANT_LASTS = timedelta(days=30)

NO_PLACE = sentence(
    "sign_in.no_place",
    "这个账号没有在任何公司启用，请联系管理员。",
    "This account is not active in any organization; ask an administrator.",
)


@dataclass(frozen=True)
class StaffTicket:
    """What a staff session remembers: which place in which organization, made in which epoch and with which password.

    ``mark`` is a keyed hash of the password's hash: whoever changes the password ends all sessions everywhere.
    """

    org_id: int
    staff_id: int
    epoch: int
    mark: str


def staff_ticket(request: HttpRequest) -> StaffTicket | None:
    """The session's ticket; it proves nothing until :func:`staff_in_scope` has asked the database."""
    kept = request.session.get(STAFF_KEY) if hasattr(request, "session") else None
    return StaffTicket(**kept) if kept else None


def staff_in_scope(ticket: StaffTicket) -> tuple[Staff, Organization] | None:
    """The member of staff with the organization, or None when frozen, gone, or signed out everywhere.

    Needs the organization's scope. One statement, and the same for every request.
    """
    sql = (
        f"SELECT {columns(Staff, 's')}, {columns(User, 'u')}, {columns(Organization, 'o')}"
        " FROM staff s JOIN user_account u ON u.id = s.user_id JOIN organization o ON o.id = %(org)s"
        " WHERE s.id = %(id)s"
    )
    row = clock.beside(sql, {"id": ticket.staff_id, "org": ticket.org_id}, id="bigint", org="bigint")
    if row is None:
        return None
    staff, user = made_of(Staff, row, "s"), made_of(User, row, "u")
    staff.user = user
    if staff.epoch != ticket.epoch or not user.is_active:
        return None
    if not constant_time_compare(ticket.mark, user.get_session_auth_hash()):
        return None
    return (staff, made_of(Organization, row, "o")) if may_work(staff) else None


def may_work(staff: Staff) -> bool:
    """Neither frozen nor past the last working day, which needs no job to take effect."""
    return staff.frozen_at is None and (staff.left_on is None or clock.today() <= staff.left_on)


def places(user: User) -> list[tuple[int, int]]:
    """``(org_id, staff_id)`` of every organization where the user is not frozen, oldest first. Needs no scope."""
    rows = fetch("SELECT org_id, staff_id FROM staff_places(%(user)s)", {"user": user.id})
    return [(row["org_id"], row["staff_id"]) for row in rows]


def open_staff_session(request: HttpRequest, user: User, org_id: int | None = None) -> Staff:
    """Sign the user in, after password and second factor were right; the session's key changes.

    Args:
        request: the sign-in request.
        user: who.
        org_id: where; the first place if left out.

    Raises:
        Refused: ``sign_in.no_place``.
    """
    for org, staff_id in places(user):
        if org_id is not None and org != org_id:
            continue
        with org_scope(org):
            staff = Staff.objects.get(id=staff_id)
            if not may_work(staff):
                continue
        request.session.flush()
        _remember(request, org, staff, user)
        User.objects.filter(id=user.id).update(last_login=clock.wall())
        return staff
    raise NO_PLACE()


def renew_staff_session(request: HttpRequest) -> None:
    """Keep this session when all of the account's sessions end (password changed). Needs the organization's scope."""
    kept = request.session[STAFF_KEY]
    staff = Staff.objects.select_related("user").get(id=kept["staff_id"])
    request.session.cycle_key()
    _remember(request, kept["org_id"], staff, staff.user)


def _remember(request: HttpRequest, org_id: int, staff: Staff, user: User) -> None:
    ticket = StaffTicket(org_id, staff.id, staff.epoch, user.get_session_auth_hash())
    request.session[STAFF_KEY] = asdict(ticket)


def close_staff_session(request: HttpRequest) -> None:
    """Sign out here; sessions elsewhere go on."""
    request.session.flush()


def open_tenant_session(org_id: int, person_id: int) -> str:
    """Sign a tenant in, after the phone code was right.

    Args:
        org_id: the organization.
        person_id: the person, as the tenants slice knows it.

    Returns:
        the cookie's value, for :func:`keep_tenant`. It names the organization and holds a secret.
    """
    token, now = secrets.token_urlsafe(32), clock.wall()
    with org_scope(org_id):
        TenantSession.objects.create(
            person_id=person_id, token_hash=_hashed(token), created_at=now, expires_at=now + TENANT_LASTS
        )
    return f"{org_id}.{token}"


def keep_tenant(response: HttpResponse, cookie: str, *, secure: bool) -> None:
    """Set the tenant's cookie. ``secure``: ``request.is_secure()``."""
    response.set_cookie(
        TENANT_COOKIE, cookie, max_age=TENANT_LASTS, httponly=True, samesite="Lax", secure=secure, path="/"
    )


def tenant_cookie(request: HttpRequest) -> tuple[int, str] | None:
    """``(org_id, token)`` as the browser says; unproven."""
    org, dot, token = request.COOKIES.get(TENANT_COOKIE, "").partition(".")
    return (int(org), token) if dot and org.isascii() and org.isdigit() and len(org) < 19 else None


def tenant_in_scope(org_id: int, token: str, at: datetime | None = None) -> tuple[TenantSession, Organization] | None:
    """The open session with that token and its organization, or None. Needs the organization's scope."""
    sql = (
        f"SELECT {columns(TenantSession, 't')}, {columns(Organization, 'o')}"
        " FROM tenant_session t JOIN organization o ON o.id = %(org)s"
        " WHERE t.token_hash = %(hash)s AND t.ended_at IS NULL"
    )
    row = clock.beside(sql, {"org": org_id, "hash": _hashed(token)}, org="bigint", hash="text")
    if row is None:
        return None
    found = made_of(TenantSession, row, "t")
    return (found, made_of(Organization, row, "o")) if found.expires_at > (at or clock.wall()) else None


def close_tenant_session(session: TenantSession) -> None:
    """Sign a tenant out on this phone. Needs the organization's scope."""
    TenantSession.objects.filter(id=session.id, ended_at=None).update(ended_at=clock.wall())


def forget_tenant(response: HttpResponse) -> None:
    """Take the tenant's cookie away."""
    response.delete_cookie(TENANT_COOKIE, path="/", samesite="Lax")


def end_tenant_sessions(person_id: int) -> int:
    """End all sessions of a person (number changed, erasure); returns how many. Needs the organization's scope."""
    return TenantSession.objects.filter(person_id=person_id, ended_at=None).update(ended_at=clock.wall())


def organization(org_id: int) -> Organization:
    """The organization with that id."""
    return Organization.objects.get(id=org_id)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
