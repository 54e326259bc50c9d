"""What files are for. A file without a declared purpose cannot be stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anju.foundation.crypto import KeyClass
from anju.foundation.files.media import DOCUMENTS
from anju.kit import Actor

if TYPE_CHECKING:
    from anju.foundation.files.models import StoredFile

MIB = 1024 * 1024


@dataclass(frozen=True)
class Purpose:
    """What a kind of file is for, how large and of which types it may be, how long it stays, who may open it."""

    key: str
    zh: str
    en: str
    media: tuple[str, ...]
    max_bytes: int
    retention: str
    person_class: KeyClass | None
    may_open: Callable[[Actor, StoredFile], bool]


_declared: dict[str, Purpose] = {}


def purpose(
    key: str,
    *,
    zh: str,
    en: str,
    may_open: Callable[[Actor, StoredFile], bool],
    media: tuple[str, ...] = DOCUMENTS,
    max_bytes: int = 20 * MIB,
    retention: str = "permanent",
    person_class: KeyClass | None = None,
) -> Purpose:
    """Declare a purpose, in the slice that stores such files.

    Args:
        key: ``slice.what``.
        zh: what users call such a file.
        en: the same in English.
        may_open: whether this actor may open this file; the system always may.
        media: accepted media types, checked against the content and not the name.
        max_bytes: the largest accepted size.
        retention: how long it is kept (``permanent``, ``lease_end+1y``, ``approval+7d``).
        person_class: which key of the person seals it, for files that erasure must reach; None: the organization's.
    """
    if key in _declared:
        raise ValueError(f"file purpose {key} is declared twice")
    _declared[key] = Purpose(key, zh, en, media, max_bytes, retention, person_class, may_open)
    return _declared[key]


def declared_purpose(key: str) -> Purpose:
    """The declared purpose; KeyError if there is none."""
    return _declared[key]


def all_purposes() -> list[Purpose]:
    """Every declared purpose, by key."""
    return [_declared[k] for k in sorted(_declared)]
