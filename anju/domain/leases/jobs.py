"""Leases by the clock."""

from __future__ import annotations

from datetime import date, timedelta

from anju.domain.leases.actions import begin_leases, hold_over
from anju.domain.leases.policies import Leases
from anju.foundation.db import fetch, org_scope
from anju.foundation.jobs import daily
from anju.foundation.policy.store import in_force
from anju.kit import Actor


@daily("leases.begin", at="00:10")
def begin_today(org: int, day: date) -> None:
    """Leases whose first day has come are in force, before anything bills or reminds."""
    with org_scope(org):
        begin_leases(Actor.system(), on=day)


STAYED = "SELECT id FROM lease WHERE status = 'active' AND holds_until <= %(until)s ORDER BY id LIMIT 5000"


@daily("leases.hold_over", at="00:20")
def let_go_on(org: int, day: date) -> None:
    """Tenants who stayed after the end, by so many days that it is no oversight, go on month by month (民法典 734)."""
    with org_scope(org):
        until = day - timedelta(days=in_force(Leases, day).value.hold_over_after_days)
        stayed = [row["id"] for row in fetch(STAYED, {"until": until})]
        if stayed:
            hold_over(Actor.system(), lease_ids=stayed)
