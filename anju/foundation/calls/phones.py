"""Both sides' phones, opened in memory for the provider. What is opened here is never returned to a page or logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anju.foundation.calls.models import StaffPhone
from anju.foundation.crypto import org_decrypt, org_encrypt
from anju.foundation.identity.models import Staff
from anju.foundation.messaging.contacts import contact_source, register_staff_phones
from anju.kit.china import mobile

CONTEXT = "calls.staff.phone"


def staff_phone(staff_id: int) -> str | None:
    """The phone a colleague entered; None where there is none, or the colleague has left."""
    if not Staff.objects.filter(id=staff_id, frozen_at=None).exists():
        return None
    row = StaffPhone.objects.filter(staff_id=staff_id).first()
    return org_decrypt(bytes(row.sealed), context=CONTEXT).decode() if row else None


@register_staff_phones
def phones(staff_ids: Sequence[int]) -> Mapping[int, str]:
    """The numbers that colleagues may be paged on by SMS, by colleague."""
    rows = StaffPhone.objects.filter(staff_id__in=list(staff_ids))
    return {row.staff_id: org_decrypt(bytes(row.sealed), context=CONTEXT).decode() for row in rows}


def has_phone(staff_id: int) -> bool:
    """Whether a colleague entered a phone."""
    return StaffPhone.objects.filter(staff_id=staff_id).exists()


def sealed_phone(number: str) -> bytes:
    """A phone for the database."""
    return org_encrypt(number.encode(), context=CONTEXT)


def person_phone(person_id: int) -> str | None:
    """The mobile number a tenant is called on; None where none is usable."""
    try:
        source = contact_source()
    except LookupError:
        return None
    contact_id = source.preferred([person_id], "voice").get(person_id)
    contact = source.contacts([contact_id]).get(contact_id) if contact_id is not None else None
    return mobile(contact.address) if contact is not None and not contact.refusal else None
