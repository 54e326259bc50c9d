"""What a signed-in tenant may know about the own data: what is stored, and who looked at it (T-11)."""

from __future__ import annotations

from typing import Any

from anju.domain.tenants.models import ContactPoint, Person
from anju.domain.tenants.queries import MASKS
from anju.foundation.access import view
from anju.foundation.crypto import blind_index
from anju.foundation.db import fetch
from anju.kit import Actor
from anju.kit.china import mobile
from anju.kit.refusal import NOT_FOUND

FIELDS = ("id", "kind", "name", "phone_mask", "phone_tail", "segment", "created_at")
LOOKS = """
SELECT e.at, e.actor, e.body::jsonb ->> 'field' AS field, e.body::jsonb ->> 'reason' AS reason, s.name AS staff,
       s.roles
FROM trace_event e LEFT JOIN staff s ON e.actor = 'staff:' || s.id
WHERE e.stream_kind = 'person' AND e.stream_id = %(person)s AND e.action = 'tenants.person.reveal'
ORDER BY e.id DESC LIMIT %(limit)s
"""


def own_person(tenant: Actor) -> dict[str, Any]:
    """The tenant's own row with masked contacts, document and account.

    Raises:
        Refused: ``not_found`` when the person is gone.
    """
    found = Person.objects.filter(id=tenant.id).values(*FIELDS).first() if tenant.kind == "tenant" else None
    if found is None:
        raise NOT_FOUND()
    masks = {f"{row['field']}_mask": row["mask"] for row in fetch(MASKS, {"id": tenant.id})}
    return view(tenant, "person", [found | masks])[0]


def looks(tenant: Actor, *, limit: int = 200) -> list[dict[str, Any]]:
    """Who was shown a sensitive value of this tenant, newest first: ``at``, ``staff``, ``roles``, ``field``,
    ``reason``."""
    return fetch(LOOKS, {"person": tenant.id, "limit": limit})


def holders_of(phone: str) -> list[tuple[int, int]]:
    """``(person id, contact id)`` of everybody reached by this usable mobile number, the latest contact first."""
    number = mobile(phone)
    if number is None:
        return []
    found = ContactPoint.objects.filter(
        kind=ContactPoint.Kind.PHONE, blind=blind_index("phone", number), stale_since=None
    ).order_by("-preferred", "-id")
    first: dict[int, int] = {}
    for person_id, contact_id in found.values_list("person_id", "id"):
        first.setdefault(person_id, contact_id)
    return list(first.items())
