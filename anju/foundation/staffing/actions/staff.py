"""Who works here, as what, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from anju.foundation.access.rights import forget, in_force_access
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch
from anju.foundation.identity import totp
from anju.foundation.identity.models import Staff, StaffScope, User, normal_login
from anju.foundation.identity.roles import ADMIN
from anju.foundation.staffing.permissions import MANAGE_STAFF
from anju.foundation.staffing.refusals import (
    LAST_ADMIN,
    LOGIN_TAKEN,
    NO_LOGIN,
    NO_ROLE,
    NOT_SELF,
    UNKNOWN_ROLE,
    WEAK_PASSWORD,
)
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND


@action("staffing.staff.add", needs=MANAGE_STAFF)
def add_staff(
    act: Act,
    *,
    login: str,
    name: str,
    roles: Sequence[str],
    password: str | None = None,
    all_projects: bool = True,
    scope_ids: Sequence[int] = (),
) -> Staff:
    """Give somebody a place in the organization.

    Args:
        login: e-mail address or user name, unique on the installation.
        name: shown to colleagues.
        roles: role keys of the access policy, or ``admin``.
        password: left out for an invitation (``invitations.invite``), where the person chooses it.
        all_projects: whether they reach every project.
        scope_ids: the projects they reach otherwise.

    Raises:
        Refused: ``staffing.login_taken`` (also by another organization: nobody is pulled into one unasked; the house
            itself may add an existing user), ``staffing.unknown_role``, ``staffing.weak_password``.
    """
    if not normal_login(login) or not name.strip():
        raise NO_LOGIN()
    _known(roles)
    user = User.objects.filter(login=normal_login(login)).first()
    if user is not None and act.by.kind != "system":
        raise LOGIN_TAKEN(login=login)
    if user is None:
        user = User(login=normal_login(login))
        if password is not None:
            strong(password, user)
        user.set_password(password)
        user.save()
    staff = Staff.objects.create(user=user, name=name.strip(), roles=list(roles), all_projects=all_projects)
    _limit(staff, scope_ids)
    act.trace("staff", staff.id, roles=list(roles), all_projects=all_projects, scopes=list(scope_ids))
    return staff


@action("staffing.staff.change", needs=MANAGE_STAFF)
def change_staff(
    act: Act, *, staff_id: int, roles: Sequence[str], all_projects: bool = True, scope_ids: Sequence[int] = ()
) -> Staff:
    """Change roles and projects; they hold from the next request on.

    Raises:
        Refused: ``not_found``, ``staffing.unknown_role``, ``staffing.last_admin``.
    """
    staff = _get(staff_id)
    _known(roles)
    if ADMIN in staff.roles and ADMIN not in roles:
        _another_admin(staff)
    before = list(staff.roles)
    staff.roles, staff.all_projects = list(roles), all_projects
    staff.save(update_fields=["roles", "all_projects"])
    _limit(staff, scope_ids)
    forget()
    act.trace("staff", staff.id, before=before, roles=list(roles), all_projects=all_projects, scopes=list(scope_ids))
    return staff


@action("staffing.staff.freeze", needs=MANAGE_STAFF)
def freeze_staff(act: Act, *, staff_id: int) -> Staff:
    """Freeze an account: all its sessions end at once and no new one opens.

    Raises:
        Refused: ``not_found``, ``staffing.not_self``, ``staffing.last_admin``.
    """
    staff = _get(staff_id)
    if act.by == Actor.staff(staff_id):
        raise NOT_SELF()
    if staff.frozen_at is not None:
        act.nothing_changed()
        return staff
    if ADMIN in staff.roles:
        _another_admin(staff)
    staff.frozen_at, staff.epoch = clock.wall(), staff.epoch + 1
    staff.save(update_fields=["frozen_at", "epoch"])
    act.trace("staff", staff.id)
    return staff


@action("staffing.staff.unfreeze", needs=MANAGE_STAFF)
def unfreeze_staff(act: Act, *, staff_id: int) -> Staff:
    """Let somebody sign in again; the departure date is cleared, old sessions stay ended."""
    staff = _get(staff_id)
    if staff.frozen_at is None and staff.left_on is None:
        act.nothing_changed()
        return staff
    staff.frozen_at, staff.left_on = None, None
    staff.save(update_fields=["frozen_at", "left_on"])
    act.trace("staff", staff.id)
    return staff


@action("staffing.staff.depart", needs=MANAGE_STAFF)
def set_departure(act: Act, *, staff_id: int, left_on: date) -> Staff:
    """Note somebody's last working day. From the next day on the doors are closed; the daily run freezes the account.

    Raises:
        Refused: ``not_found``, ``staffing.last_admin``.
    """
    staff = _get(staff_id)
    if ADMIN in staff.roles:
        _another_admin(staff)
    staff.left_on = left_on
    staff.save(update_fields=["left_on"])
    act.trace("staff", staff.id, left_on=str(left_on))
    return staff


@action("staffing.staff.freeze_leavers", needs=MANAGE_STAFF)
def freeze_leavers(act: Act, *, as_of: date) -> list[int]:
    """Freeze everybody whose last working day is before ``as_of``; the daily run calls it. Returns their ids."""
    rows = fetch(
        "UPDATE staff SET frozen_at = %(now)s, epoch = epoch + 1"
        " WHERE left_on < %(as_of)s AND frozen_at IS NULL RETURNING id",
        {"now": clock.wall(), "as_of": as_of},
    )
    gone = [row["id"] for row in rows]
    for staff_id in gone:
        act.trace("staff", staff_id, as_of=str(as_of))
    if not gone:
        act.nothing_changed()
    return gone


@action("staffing.staff.reset_totp", needs=MANAGE_STAFF)
def reset_totp(act: Act, *, staff_id: int) -> None:
    """Forget the second factor of somebody who lost it; they enrol again. Their sessions end."""
    staff = _get(staff_id)
    totp.switch_off(staff.user)
    staff.epoch += 1
    staff.save(update_fields=["epoch"])
    act.trace("staff", staff.id)


def strong(password: str, user: User) -> None:
    """Refuse a weak password with Django's reasons, in the reader's language."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WEAK_PASSWORD(why="".join(error.messages)) from None


def _get(staff_id: int) -> Staff:
    staff = Staff.objects.select_for_update(of=("self",)).select_related("user").filter(id=staff_id).first()
    if staff is None:
        raise NOT_FOUND()
    return staff


def _known(roles: Sequence[str]) -> None:
    if not roles:
        raise NO_ROLE()
    known = in_force_access().role_keys()
    for role in roles:
        if role not in known:
            raise UNKNOWN_ROLE(role=role)


def _another_admin(staff: Staff) -> None:
    # Locked, so that two administrators cannot remove each other at the same moment.
    others = Staff.objects.select_for_update().filter(roles__contains=[ADMIN], frozen_at=None, left_on=None)
    if not others.exclude(id=staff.id).exists():
        raise LAST_ADMIN()


def _limit(staff: Staff, scope_ids: Sequence[int]) -> None:
    StaffScope.objects.filter(staff=staff).exclude(scope_id__in=scope_ids).delete()
    StaffScope.objects.bulk_create(
        (StaffScope(staff=staff, scope_id=scope) for scope in sorted(set(scope_ids))), ignore_conflicts=True
    )
