"""Where addresses come from. The slice that owns people registers one source; messaging never reads its tables.

@register_contact_source
class TenantContacts: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact point, opened for sending. Lives in memory only.

    ``refusal`` is empty when it may be used, otherwise why not: ``address.stale`` (号码失效), ``address.blocked``
    (the person's settings), ``address.malformed``.
    """

    contact_id: int
    person_id: int
    name: str
    address: str
    refusal: str = ""

    def __repr__(self) -> str:
        return f"Contact({self.contact_id})"


class ContactSource(Protocol):
    """What messaging asks of the slice that owns people. Each call is set-based: a fixed number of statements."""

    def contacts(self, contact_ids: Sequence[int]) -> Mapping[int, Contact]:
        """The contact points by id, address and name decrypted; ids that are gone are left out."""
        ...

    def names(self, person_ids: Sequence[int]) -> Mapping[int, str]:
        """How to address persons (称呼), for messages that need no address."""
        ...

    def preferred(self, person_ids: Sequence[int], channel: str) -> Mapping[int, int]:
        """The usable contact point of each person for a channel (``sms``, ``email``); persons without one are left
        out.
        """
        ...


Phones = Callable[[Sequence[int]], Mapping[int, str]]
_source: list[ContactSource] = []
_phones: list[Phones] = []


def register_staff_phones(phones: Phones) -> Phones:
    """Make a function the source of colleagues' phones: numbers by staff id; those without one are left out."""
    _phones[:] = [phones]
    return phones


def staff_phones(staff_ids: Sequence[int]) -> Mapping[int, str]:
    """The phones of colleagues that may be paged by SMS."""
    return _phones[0](staff_ids) if _phones and staff_ids else {}


def register_contact_source(source: type[ContactSource]) -> type[ContactSource]:
    """Make a class the source of contacts; there is one per installation."""
    if _source and type(_source[0]).__qualname__ != source.__qualname__:
        raise ValueError("contacts already have a source")
    _source[:] = [source()]
    return source


def contact_source() -> ContactSource:
    """The registered source.

    Raises:
        LookupError: no slice registered one.
    """
    if not _source:
        raise LookupError("no slice registered a contact source")
    return _source[0]


@contextmanager
def using_contact_source(source: ContactSource) -> Iterator[ContactSource]:
    """Put another source in its place for a while (tests of this slice, the channel drill)."""
    before = list(_source)
    _source[:] = [source]
    try:
        yield source
    finally:
        _source[:] = before
