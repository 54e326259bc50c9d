"""Whose money an actor may touch."""

from __future__ import annotations

from collections.abc import Sequence

from anju.domain.leases.models import Lease
from anju.foundation.access import restrict
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND


def reached(lease_ids: Sequence[int], by: Actor) -> list[str]:
    """The numbers of the leases, if all of them exist within the actor's projects; one query.

    Raises:
        Refused: ``not_found``: a lease that is unknown or lies in another project.
    """
    wanted = set(lease_ids)
    found = restrict(Lease.objects.filter(id__in=wanted), by).order_by("id").values_list("number", flat=True)
    numbers = list(found)
    if len(numbers) != len(wanted):
        raise NOT_FOUND()
    return numbers
