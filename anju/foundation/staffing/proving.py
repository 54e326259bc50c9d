"""Proving once more who sits there, before something that an open screen must not be enough for."""

from __future__ import annotations

from datetime import timedelta

from anju.foundation.identity import totp
from anju.foundation.identity.limits import Limit, forgive, spend
from anju.foundation.identity.models import Staff
from anju.kit.refusal import sentence

PER_STAFF = Limit("prove", 5, timedelta(minutes=15))

NOT_PROVEN = sentence(
    "staffing.not_proven",
    "密码或动态码不对，没有保存。请再输入一次。",
    "The password or code is wrong; nothing was saved. Enter it again.",
)


def prove(staff: Staff, typed: str) -> None:
    """Ask the member of staff for the own password, or a fresh code of the second factor.

    Args:
        staff: who is signed in.
        typed: what was entered.

    Raises:
        Refused: ``staffing.not_proven``; ``too_many`` after five wrong ones in a quarter of an hour.
    """
    user, key = staff.user, str(staff.user_id)
    spend(PER_STAFF, key)
    by_code = user.totp_since is not None and totp.accept(user, typed)
    if not by_code and not user.check_password(typed):
        raise NOT_PROVEN()
    forgive(PER_STAFF, key)
