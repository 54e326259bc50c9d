"""Leases by the clock."""

from __future__ import annotations

from datetime import date

from anju.domain.leases.actions import begin_leases
from anju.foundation.jobs import daily
from anju.kit import Actor


@daily("leases.begin", at="00:10")
def begin_today(org: int, day: date) -> None:
    """Leases whose first day has come are in force, before anything bills or reminds."""
    begin_leases(Actor.system(), on=day)
