"""Writing leases."""

from anju.domain.leases.actions.activation import activate_lease, begin_leases, draft_lease
from anju.domain.leases.actions.bulk import Activated, activate_many
from anju.domain.leases.actions.changes import Amendment, amend_lease, hold_over
from anju.domain.leases.actions.endings import Ending, cancel_lease, end_lease, end_many
from anju.domain.leases.actions.parts import change_occupants, move_lease, transfer_lease

__all__ = [
    "Activated",
    "Amendment",
    "Ending",
    "activate_lease",
    "activate_many",
    "amend_lease",
    "begin_leases",
    "cancel_lease",
    "change_occupants",
    "draft_lease",
    "end_lease",
    "end_many",
    "hold_over",
    "move_lease",
    "transfer_lease",
]
