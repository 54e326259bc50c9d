"""One's own account: password and second factor. The actor is the person."""

from __future__ import annotations

from anju.foundation.actions import Act, action
from anju.foundation.identity import totp
from anju.foundation.identity.models import Staff
from anju.foundation.staffing.actions.staff import strong
from anju.foundation.staffing.permissions import OWN_ACCOUNT
from anju.foundation.staffing.refusals import WRONG_PASSWORD, WRONG_TOTP
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND


@action("staffing.account.sign_in", needs=OWN_ACCOUNT)
def note_sign_in(act: Act, *, second_factor: bool) -> None:
    """Write down that somebody signed in, and whether with a second factor."""
    act.trace("staff", act.by.id, second_factor=second_factor)


@action("staffing.account.set_first_password", needs=OWN_ACCOUNT)
def set_first_password(act: Act, *, password: str) -> None:
    """Choose a password through an invitation; the invitation's link stops working."""
    _set_password(act, _own(act.by), password)


@action("staffing.account.change_password", needs=OWN_ACCOUNT)
def change_password(act: Act, *, current: str, password: str) -> None:
    """Change one's password; sessions elsewhere end.

    Raises:
        Refused: ``staffing.wrong_password``, ``staffing.weak_password``.
    """
    staff = _own(act.by)
    if not staff.user.check_password(current):
        raise WRONG_PASSWORD()
    _set_password(act, staff, password)


@action("staffing.account.begin_totp", needs=OWN_ACCOUNT)
def begin_totp(act: Act) -> str:
    """Start enrolling a second factor; returns the ``otpauth://`` address to show as a QR code, never to keep."""
    uri = totp.begin(_own(act.by).user)
    act.trace("staff", act.by.id)
    return uri


@action("staffing.account.confirm_totp", needs=OWN_ACCOUNT)
def confirm_totp(act: Act, *, code: str) -> list[str]:
    """Turn the second factor on with its first code; returns the spare codes, shown once.

    Raises:
        Refused: ``sign_in.wrong_totp``.
    """
    spare = totp.confirm(_own(act.by).user, code)
    if spare is None:
        raise WRONG_TOTP()
    act.trace("staff", act.by.id)
    return spare


@action("staffing.account.remove_totp", needs=OWN_ACCOUNT)
def remove_totp(act: Act, *, code: str) -> None:
    """Turn the second factor off, with a right code.

    Raises:
        Refused: ``sign_in.wrong_totp``.
    """
    user = _own(act.by).user
    if not (totp.accept(user, code) or totp.accept_spare(user, code)):
        raise WRONG_TOTP()
    totp.switch_off(user)
    act.trace("staff", act.by.id)


def _own(by: Actor) -> Staff:
    staff = Staff.objects.select_related("user").filter(id=by.id).first() if by.kind == "staff" else None
    if staff is None:
        raise NOT_FOUND()
    return staff


def _set_password(act: Act, staff: Staff, password: str) -> None:
    strong(password, staff.user)
    staff.user.set_password(password)
    staff.user.save(update_fields=["password"])
    staff.epoch += 1
    staff.save(update_fields=["epoch"])
    act.trace("staff", staff.id)
