"""Where messaging gets addresses from: a batch of contact points in one query, opened in memory only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anju.foundation.crypto import person_decrypt_many
from anju.foundation.db import fetch
from anju.foundation.messaging.contacts import Contact, register_contact_source

KIND_OF_CHANNEL = {"sms": "phone", "voice": "phone", "email": "email", "wechat": "wechat"}
CONTACTS = """
SELECT c.id, c.person_id, p.name, c.value_enc, c.stale_since IS NOT NULL AS stale
FROM contact_point c JOIN person p ON p.id = c.person_id WHERE c.id = ANY(%(ids)s)
"""
PREFERRED = """
SELECT DISTINCT ON (person_id) person_id, id FROM contact_point
WHERE person_id = ANY(%(ids)s) AND kind = %(kind)s AND stale_since IS NULL
ORDER BY person_id, preferred DESC, verified_at DESC NULLS LAST, id DESC
"""


@register_contact_source
class TenantContacts:
    """Contacts of tenants (``anju.foundation.messaging.contacts.ContactSource``)."""

    def contacts(self, contact_ids: Sequence[int]) -> Mapping[int, Contact]:
        """The contact points by id; those whose keys were destroyed are left out."""
        rows = fetch(CONTACTS, {"ids": list(contact_ids)})
        plain = person_decrypt_many([(row["person_id"], "contact", bytes(row["value_enc"])) for row in rows])
        return {
            row["id"]: Contact(
                contact_id=row["id"],
                person_id=row["person_id"],
                name=row["name"],
                address=address.decode(),
                refusal="address.stale" if row["stale"] else "",
            )
            for row, address in zip(rows, plain, strict=True)
            if address is not None
        }

    def names(self, person_ids: Sequence[int]) -> Mapping[int, str]:
        """Names by person id."""
        rows = fetch("SELECT id, name FROM person WHERE id = ANY(%(ids)s)", {"ids": list(person_ids)})
        return {row["id"]: row["name"] for row in rows}

    def preferred(self, person_ids: Sequence[int], channel: str) -> Mapping[int, int]:
        """Each person's usable contact point for a channel; persons without one are left out."""
        kind = KIND_OF_CHANNEL.get(channel, channel)
        rows = fetch(PREFERRED, {"ids": list(person_ids), "kind": kind})
        return {row["person_id"]: row["id"] for row in rows}
