"""The organizations that recurring work is done for."""

from __future__ import annotations

from anju.foundation.db import org_scope
from anju.foundation.identity.models import Organization
from anju.foundation.policy.store import missing
from anju.foundation.staffing.actions.organizations import catch_up
from anju.kit import Actor


def active() -> list[int]:
    """Ids of all organizations, oldest first."""
    return list(Organization.objects.order_by("id").values_list("id", flat=True))


def bring_up_to_date() -> int:
    """Give every organization the policies that came with a newer version of Anju; returns how many organizations."""
    found = 0
    for org in active():
        with org_scope(org):
            if missing():
                catch_up(Actor.system())
                found += 1
    return found
