"""What can be done with organizations, staff and one's own account."""

from anju.foundation.staffing.actions.account import (
    begin_totp,
    change_password,
    confirm_totp,
    note_sign_in,
    remove_totp,
    set_first_password,
)
from anju.foundation.staffing.actions.organizations import create_organization
from anju.foundation.staffing.actions.staff import (
    add_staff,
    change_staff,
    freeze_leavers,
    freeze_staff,
    reset_totp,
    set_departure,
    unfreeze_staff,
)

__all__ = [
    "add_staff",
    "begin_totp",
    "change_password",
    "change_staff",
    "confirm_totp",
    "create_organization",
    "freeze_leavers",
    "freeze_staff",
    "note_sign_in",
    "remove_totp",
    "reset_totp",
    "set_departure",
    "set_first_password",
    "unfreeze_staff",
]
