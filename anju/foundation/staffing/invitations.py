"""Links by which a new colleague chooses a password: signed, valid a week of wall time, good once."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from anju.foundation.db import org_scope, scoped_org
from anju.foundation.identity.models import Staff
from anju.foundation.staffing.refusals import STALE_INVITATION

VALID_FOR = timedelta(days=7)
SALT = "anju.invitation"


def invite(staff: Staff) -> str:
    """The token of the link ``/join/<token>``. Also how a forgotten password is replaced."""
    # The end of the password's hash changes with the password: that is what makes the link good only once.
    return signing.dumps([scoped_org(), staff.id, staff.epoch, staff.user.password[-12:]], salt=SALT)


def read_invitation(token: str) -> tuple[int, Staff]:
    """``(org_id, staff)`` of a valid token. Opens the organization's scope itself.

    Raises:
        Refused: ``staffing.stale_invitation``.
    """
    try:
        org_id, staff_id, epoch, mark = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError):
        raise STALE_INVITATION() from None
    with org_scope(org_id):
        staff = Staff.objects.select_related("user").filter(id=staff_id, frozen_at=None).first()
    if staff is None or staff.epoch != epoch or staff.user.password[-12:] != mark:
        raise STALE_INVITATION()
    return org_id, staff
