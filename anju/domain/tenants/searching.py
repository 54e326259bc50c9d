"""What search knows about people before they have a lease; the leases slice adds the handle afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anju.domain.tenants.models import ContactPoint, Person
from anju.domain.tenants.permissions import VIEW
from anju.foundation.search import Entry, index, searchable

PART = 2000

searchable("person", zh="租客", en="Tenant", url="/tenants/{id}", needs=VIEW, sees=("person", "name"), order=10)


def index_people(person_ids: Sequence[int]) -> int:
    """Put people into the search index, two queries per some thousand."""
    return sum(index(_entries(person_ids[n : n + PART])) for n in range(0, len(person_ids), PART))


def _entries(person_ids: Sequence[int]) -> Iterator[Entry]:
    phones: dict[int, list[tuple[bytes, bytes]]] = {}
    own = ContactPoint.objects.filter(person_id__in=person_ids, kind=ContactPoint.Kind.PHONE)
    for person_id, blind, tail in own.order_by("id").values_list("person_id", "blind", "tail_blind"):
        phones.setdefault(person_id, []).append((bytes(blind), bytes(tail or b"")))
    for person in Person.objects.filter(id__in=person_ids).order_by("id"):
        blinds = phones.get(person.id, [])
        yield Entry(
            "person",
            person.id,
            scope_id=person.scope_id,
            title=person.name,
            handle=person.phone_tail,
            names=(person.name,),
            phone_blinds=tuple(blind for blind, _ in blinds),
            tail_blinds=tuple(tail for _, tail in blinds if tail),
        )
