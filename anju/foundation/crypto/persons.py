"""Person keys in three classes, wrapped by the organization's key; made on first use, set-based."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anju.foundation.crypto.ciphers import new_key, seal, unseal
from anju.foundation.crypto.org import org_keys
from anju.foundation.db import fetch, scoped_org
from anju.kit.refusal import sentence

KeyClass = Literal["contact", "identity", "payment"]
CLASSES: tuple[KeyClass, ...] = get_args(KeyClass)
Owner = tuple[int, KeyClass]

ERASED = sentence(
    "crypto.erased",
    "这项个人数据已按保存期限或本人要求销毁，无法恢复。",
    "This personal data was destroyed, at the end of its retention or on request; it cannot be brought back.",
)

FIND = """
SELECT person_id, cls, wrapped FROM person_key
WHERE (person_id, cls) IN (SELECT p, c FROM unnest(%(persons)s::bigint[], %(classes)s::text[]) AS wanted(p, c))
"""
ADD = """
INSERT INTO person_key (person_id, cls, wrapped, created_at)
SELECT p, c, w, now() FROM unnest(%(persons)s::bigint[], %(classes)s::text[], %(wrapped)s::bytea[]) AS added(p, c, w)
ORDER BY p, c
ON CONFLICT (org_id, person_id, cls) DO NOTHING RETURNING person_id, cls
"""


def person_encrypt(person_id: int, cls: KeyClass, plain: bytes) -> bytes:
    """Encrypt one value under a person's key of that class; the key is made on first use."""
    return person_encrypt_many([(person_id, cls, plain)])[0]


def person_decrypt(person_id: int, cls: KeyClass, sealed: bytes) -> bytes:
    """Open one value.

    Raises:
        Refused: ``crypto.erased`` when the key was destroyed, ``crypto.damaged`` when the value is not this person's.
    """
    plain = person_decrypt_many([(person_id, cls, sealed)])[0]
    if plain is None:
        raise ERASED()
    return plain


def person_encrypt_many(values: Sequence[tuple[int, KeyClass, bytes]]) -> list[bytes]:
    """Encrypt many values of many persons, in two or three statements whatever their number.

    Args:
        values: ``(person_id, class, plain)``; a person may occur often.

    Returns:
        the sealed values in the same order.
    """
    keys = _find_or_make({(person, cls) for person, cls, _ in values})
    org = scoped_org()
    return [seal(keys[person, cls], plain, _bound(org, person, cls)) for person, cls, plain in values]


def person_decrypt_many(values: Sequence[tuple[int, KeyClass, bytes]]) -> list[bytes | None]:
    """Open many values, in one statement; None where the key was destroyed.

    Raises:
        Refused: ``crypto.damaged`` when a value is not that person's.
    """
    keys = _find({(person, cls) for person, cls, _ in values})
    org = scoped_org()
    return [
        unseal(keys[person, cls], sealed, _bound(org, person, cls)) if (person, cls) in keys else None
        for person, cls, sealed in values
    ]


def _find_or_make(owners: set[Owner]) -> dict[Owner, AESGCM]:
    if unknown := {cls for _, cls in owners} - set(CLASSES):
        raise ValueError(f"unknown key classes {sorted(unknown)}")
    keys = _find(owners)
    if missing := sorted(owners - keys.keys()):
        keys |= _make(missing)
        # Another transaction was faster with these: its key counts, ours was never stored.
        if lost := owners - keys.keys():
            keys |= _find(lost)
    return keys


def _find(owners: Iterable[Owner]) -> dict[Owner, AESGCM]:
    wanted = list(owners)
    if not wanted:
        return {}
    wrapping, org = org_keys().wrapping, scoped_org()
    rows = fetch(FIND, {"persons": [p for p, _ in wanted], "classes": [c for _, c in wanted]})
    return {
        (row["person_id"], row["cls"]): AESGCM(
            unseal(wrapping, row["wrapped"], _key_bound(org, row["person_id"], row["cls"]))
        )
        for row in rows
    }


def _make(owners: list[Owner]) -> dict[Owner, AESGCM]:
    wrapping, org = org_keys().wrapping, scoped_org()
    fresh = {owner: new_key() for owner in owners}
    rows = fetch(
        ADD,
        {
            "persons": [p for p, _ in owners],
            "classes": [c for _, c in owners],
            "wrapped": [seal(wrapping, fresh[owner], _key_bound(org, *owner)) for owner in owners],
        },
    )
    stored: list[Owner] = [(row["person_id"], row["cls"]) for row in rows]
    return {owner: AESGCM(fresh[owner]) for owner in stored}


def _bound(org: int, person: int, cls: str) -> bytes:
    return f"value|{org}|{person}|{cls}".encode()


def _key_bound(org: int, person: int, cls: str) -> bytes:
    return f"person-key|{org}|{person}|{cls}".encode()
