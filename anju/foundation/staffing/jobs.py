"""Staff by the clock."""

from __future__ import annotations

from datetime import date

from anju.foundation.db import org_scope
from anju.foundation.jobs import daily
from anju.foundation.staffing.actions import freeze_leavers
from anju.kit import Actor


@daily("staffing.leavers", at="00:30")
def freeze(org: int, day: date) -> None:
    """Accounts of those whose last working day has passed are frozen within the next night (T-10)."""
    with org_scope(org):
        freeze_leavers(Actor.system(), as_of=day)
