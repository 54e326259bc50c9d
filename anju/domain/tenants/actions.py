"""Writing about people: registering them, changing how they are reached, showing what is masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import F

from anju.domain.tenants import people
from anju.domain.tenants.hooks import people_changed
from anju.domain.tenants.models import BankAccount, ContactPoint, IdentityDocument, Person
from anju.domain.tenants.permissions import CHANGE_CONTACT, REGISTER_PEOPLE, REVEAL, TAKE_COPY
from anju.domain.tenants.rules import NewPerson, ReadPerson, read_contact, read_person
from anju.domain.tenants.searching import index_people
from anju.foundation.access import restrict
from anju.foundation.access.revealing import check_reveal
from anju.foundation.access.revealing import reveal as show_once
from anju.foundation.actions import Act, action
from anju.foundation.crypto import (
    KeyClass,
    blind_index,
    person_decrypt,
    person_decrypt_many,
    person_encrypt,
    tail_index,
)
from anju.foundation.db import clock
from anju.kit import Actor, Refused
from anju.kit.refusal import NOT_FOUND, sentence

NOTHING_TO_SHOW = sentence("person.nothing_to_show", "这位租客没有登记这项信息。", "The tenant has no such value.")
SAME_CONTACT = sentence(
    "person.same_contact", "新的联系方式与现有的相同，无需变更。", "That is the contact already on record."
)


Sensitive = Literal["phone", "email", "wechat", "document", "account"]


@dataclass(frozen=True)
class Registered:
    """What became of people: ids in the order given, None where refused; refusals by index; how many are new."""

    person_ids: list[int | None]
    refused: dict[int, Refused]
    new: int


@action("tenants.person.register", needs=REGISTER_PEOPLE)
def register_people(act: Act, *, rows: Sequence[NewPerson]) -> Registered:
    """Register people, set-based; for imports and the API only, there is no form for it (T-01).

    The same name with the same phone or document is the same person, so running it twice adds nothing.

    Refused per row: no name; a malformed phone, e-mail, document or account. The sentences never repeat the value.
    """
    good: list[tuple[int, ReadPerson]] = []
    refused: dict[int, Refused] = {}
    for n, raw in enumerate(rows):
        try:
            good.append((n, read_person(raw)))
        except Refused as refusal:
            refused[n] = refusal
    ids, new = people.match_or_make([person for _, person in good])
    by_row = dict(zip((n for n, _ in good), ids, strict=True))
    if new:
        index_people(new)
        act.trace("person_batch", new[0], links=tuple(("person", i) for i in new), persons=len(new), rows=len(rows))
    else:
        act.nothing_changed()
    return Registered([by_row.get(n) for n in range(len(rows))], refused, len(new))


@action("tenants.contact.change", needs=CHANGE_CONTACT)
def change_contact(act: Act, *, person_id: int, kind: ContactPoint.Kind, value: str) -> ContactPoint:
    """Give a person a new phone, e-mail or WeChat; the old one stays with the day it ended.

    Refused: an unknown person; a malformed value; the value that is already on record.
    """
    person = restrict(Person.objects.select_for_update().filter(id=person_id), act.by).first()
    if person is None:
        raise NOT_FOUND()
    read = read_contact(kind, value)
    blind = blind_index(read.kind, read.value)
    usable = ContactPoint.objects.filter(person=person, kind=kind, stale_since=None)
    if usable.filter(blind=blind, preferred=True).exists():
        raise SAME_CONTACT()
    usable.filter(preferred=True).update(preferred=False, stale_since=clock.today())
    usable.filter(blind=blind).update(stale_since=clock.today())
    contact = ContactPoint.objects.create(
        person=person,
        kind=kind,
        value_enc=person_encrypt(person.id, "contact", read.value.encode()),
        mask=read.mask,
        blind=blind,
        tail_blind=tail_index("phone", read.value) if kind == ContactPoint.Kind.PHONE else None,
        preferred=True,
        valid_from=clock.today(),
    )
    if kind == ContactPoint.Kind.PHONE:
        person.phone_mask, person.phone_tail = read.mask, read.value[-4:]
        person.save(update_fields=["phone_mask", "phone_tail"])
    index_people([person.id])
    people_changed([person.id])
    act.trace("person", person.id, contact=contact.id, medium=kind.value)
    return contact


def _may_reveal(by: Actor, *, person_id: int, field: Sensitive, reason: str = "") -> None:
    check_reveal(by, "person", field, reason)


@action("tenants.person.reveal", needs=REVEAL, check=_may_reveal)
def reveal(act: Act, *, person_id: int, field: Sensitive, reason: str = "") -> str:
    """Show one sensitive value in full; who looked, at what and why is recorded on the person (T-04, T-11).

    Args:
        person_id: whose.
        field: which value.
        reason: a key of ``anju.foundation.access.reveal.REASONS``.

    Refused: a field the role may not see; no reason; an unknown person; nothing on record; data that was erased.
    """
    if not restrict(Person.objects.filter(id=person_id), act.by).exists():
        raise NOT_FOUND()

    def read() -> str:
        found = _sealed(person_id, field)
        if found is None:
            raise NOTHING_TO_SHOW()
        return person_decrypt(person_id, *found).decode()

    return show_once(act, "person", person_id, field, reason, read)


def _sealed(person_id: int, field: Sensitive) -> tuple[KeyClass, bytes] | None:
    """The key class and encrypted value of what is asked for: the preferred or the latest."""
    if field == "document":
        document = IdentityDocument.objects.filter(person_id=person_id).order_by("-id").first()
        return ("identity", bytes(document.number_enc)) if document else None
    if field == "account":
        account = BankAccount.objects.filter(person_id=person_id).order_by("-id").first()
        return ("payment", bytes(account.number_enc)) if account else None
    contacts = ContactPoint.objects.filter(person_id=person_id, kind=field)
    contact = contacts.order_by(F("stale_since").desc(nulls_first=True), "-preferred", "-id").first()
    return ("contact", bytes(contact.value_enc)) if contact else None


def _own_data(by: Actor, *, person_id: int) -> None:
    if by != Actor.tenant(person_id):
        raise NOT_FOUND()


@action("tenants.person.take_copy", needs=TAKE_COPY, check=_own_data)
def take_copy(act: Act, *, person_id: int) -> list[tuple[Sensitive, str]]:
    """A tenant's own contacts, documents and accounts in full, for the tenant's own copy (个人信息保护法 45).

    What was erased is left out; that a copy was taken is recorded.

    Refused: anybody but the person.
    """
    contacts = ContactPoint.objects.filter(person_id=person_id, stale_since=None).order_by("id")
    documents = IdentityDocument.objects.filter(person_id=person_id).order_by("id")
    accounts = BankAccount.objects.filter(person_id=person_id).order_by("id")
    sealed: list[tuple[Sensitive, KeyClass, bytes]] = [
        *((_sensitive(c.kind), "contact", bytes(c.value_enc)) for c in contacts),
        *(("document", "identity", bytes(d.number_enc)) for d in documents),
        *(("account", "payment", bytes(a.number_enc)) for a in accounts),
    ]
    opened = person_decrypt_many([(person_id, cls, value) for _, cls, value in sealed])
    act.trace("person", person_id, values=len(sealed))
    return [(field, value.decode()) for (field, _, _), value in zip(sealed, opened, strict=True) if value is not None]


def _sensitive(kind: str) -> Sensitive:
    return "email" if kind == "email" else "wechat" if kind == "wechat" else "phone"
