"""A signed-in tenant's own leases. No row scope: the tenant's part in a lease is the key."""

from __future__ import annotations

from datetime import date
from typing import Any

from anju.domain.leases.models import Lease, LeaseFee, LeaseRate, LeaseVersion
from anju.domain.leases.queries import LIST
from anju.domain.leases.searching import handle
from anju.foundation.access import restrict, view
from anju.foundation.db import Planned, clock, fetch, planned
from anju.foundation.db.once import once
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

# Whoever pays or signed, while the part lasts and after the lease ended; not who lives along, nor who handed it on.
# Who took a lease over sees it from then on (``since``); what the tenant before paid is not theirs to read.
OWN_LEASES = Planned(
    """
SELECT l.id, nullif(greatest(min(lp.from_on), l.start_on), l.start_on) AS since
FROM lease_party lp JOIN lease l ON l.id = lp.lease_id
WHERE lp.person_id = %(person)s::bigint AND lp.role IN ('payer', 'tenant')
  AND l.status IN ('awaiting', 'active', 'ended')
  AND (lp.until_on IS NULL OR lp.until_on > %(as_of)s::date OR lp.until_on >= coalesce(l.actual_end_on, l.holds_until))
GROUP BY l.id, l.start_on
""",
    person="bigint",
    as_of="date",
)
RUNNING = ("active", "awaiting")
TOGETHER = """
SELECT p.name AS name, lp.role, lp.from_on
FROM lease_party lp JOIN person p ON p.id = lp.person_id
WHERE lp.lease_id = %(lease)s AND lp.person_id <> %(person)s AND (lp.until_on IS NULL OR lp.until_on > %(as_of)s)
ORDER BY lp.from_on, lp.id
"""
PLACE = """
SELECT u.code, u.layout, u.area, b.name AS building, pr.name AS project, pr.city
FROM unit u JOIN building b ON b.id = u.building_id JOIN project pr ON pr.id = b.project_id
WHERE u.id IN (SELECT unit_id FROM lease_unit WHERE lease_id = %(lease)s) ORDER BY u.code
"""


def own_parts(tenant: Actor) -> dict[int, date | None]:
    """The leases whose money concerns this tenant, each with the day from which it does; None: from the beginning."""
    if tenant.kind != "tenant":
        return {}
    asked = {"person": tenant.id, "as_of": clock.today()}
    rows = once(("own parts", tenant.id), lambda: fetch(OWN_LEASES, asked))
    return {row["id"]: row["since"] for row in rows}


def require_own(tenant: Actor, lease_id: int) -> None:
    """Refuse with ``not_found`` a lease that is not the tenant's own."""
    if lease_id not in own_parts(tenant):
        raise NOT_FOUND()


def lease_of(by: Actor, lease_id: int) -> Lease:
    """A lease that is the tenant's own, or within the colleague's projects.

    Raises:
        Refused: ``not_found`` for any other.
    """
    if by.kind == "tenant":
        require_own(by, lease_id)
        return Lease.objects.get(id=lease_id)
    found = restrict(Lease.objects.filter(id=lease_id), by).first()
    if found is None:
        raise NOT_FOUND()
    return found


def own_leases(tenant: Actor) -> list[dict[str, Any]]:
    """The tenant's leases, running ones first, the latest first; ``since``: the day the tenant took it over."""
    parts = own_parts(tenant)
    return sorted(_rows(tenant, parts) if parts else [], key=lambda row: (row["status"] not in RUNNING, -row["id"]))


def own_lease(tenant: Actor, lease_id: int) -> dict[str, Any]:
    """One lease with terms, rates, fees, places, and whom the tenant shares it with (name, role, since).

    Raises:
        Refused: ``not_found`` for anything but the tenant's own.
    """
    parts = {i: since for i, since in own_parts(tenant).items() if i == lease_id}
    if not parts:
        raise NOT_FOUND()
    row = _rows(tenant, parts)[0]
    version = LeaseVersion.objects.filter(id=row["current_version_id"]).first()
    who = {"lease": lease_id, "person": tenant.id, "as_of": clock.today()}
    return row | {
        "terms": version.terms if version else {},
        "rates": list(
            LeaseRate.objects.filter(version=version).order_by("from_on").values("from_on", "to_on", "monthly")
        ),
        "fees": list(
            LeaseFee.objects.filter(version=version).order_by("id").values("kind", "name", "per", "amount", "from_on")
        ),
        "together": fetch(TOGETHER, who),
        "places": fetch(PLACE, who),
    }


def _rows(tenant: Actor, parts: dict[int, date | None]) -> list[dict[str, Any]]:
    asked = {"ids": list(parts), "id": next(iter(parts)), "as_of": clock.today()}
    if len(parts) == 1:  # as nearly always; one plan is good for every single id
        rows = fetch(planned(LIST.text.format(conditions="l.id = %(id)s::bigint", limit=1)), asked)
    else:
        rows = fetch(LIST.text.format(conditions="l.id = ANY(%(ids)s)", limit=len(parts)), asked)
    shown = view(tenant, "lease", [row | {"handle": handle(row["number"], row["phone_tail"])} for row in rows])
    return [row | {"since": parts[row["id"]]} for row in shown]
