"""The organizations that recurring work is done for."""

from __future__ import annotations

from anju.foundation.identity.models import Organization


def active() -> list[int]:
    """Ids of all organizations, oldest first."""
    return list(Organization.objects.order_by("id").values_list("id", flat=True))
