"""A lease as what a case is about: found by its number or room, called by who and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from anju.domain.leases.models import Lease, LeaseParty, LeaseUnit
from anju.foundation.access import restrict
from anju.foundation.flows.subjects import Shown, Subject, subject

IN_FORCE = ("active", "awaiting")


def show(request: Any, ids: Sequence[int]) -> dict[int, Shown]:
    """Leases within the reader's reach."""
    rows = restrict(Lease.objects.select_related("payer").filter(id__in=list(ids)), request.actor)
    rooms: dict[int, list[str]] = {}
    units = LeaseUnit.objects.filter(lease_id__in=list(ids)).order_by("unit__code")
    for lease_id, code in units.values_list("lease_id", "unit__code").distinct():
        rooms.setdefault(lease_id, []).append(code)
    return {
        row.id: Shown(
            " · ".join([row.payer.name, *rooms.get(row.id, [])[:2]]),
            " · ".join(filter(None, (row.number, row.payer.phone_tail))),
            reverse("leases:lease", args=[row.id]),
        )
        for row in rows
    }


def find(request: Any, text: str) -> int | None:
    """The lease of that number, or the one in force in a room of that code; None also where several fit."""
    by_room = Q(id__in=LeaseUnit.objects.filter(unit__code__iexact=text).values("lease_id"), status__in=IN_FORCE)
    rows = restrict(Lease.objects.filter(Q(number__iexact=text) | by_room), request.actor)
    ids = list(rows.values_list("id", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


def scope(lease_id: int) -> int | None:
    """Its project."""
    return Lease.objects.filter(id=lease_id).values_list("scope_id", flat=True).first()


def tenants(lease_id: int) -> list[int]:
    """Its tenants and who pays."""
    rows = LeaseParty.objects.filter(lease_id=lease_id, role__in=("payer", "tenant"))
    return sorted(set(rows.values_list("person_id", flat=True)))


subject(Subject("lease", "合同或房间", "Lease or room", show, scope, tenants, find))
