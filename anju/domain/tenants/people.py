"""Many people at once: recognising those who are known, encrypting and inserting the new ones, set-based."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from anju.domain.tenants.rules import ReadPerson, Value
from anju.foundation.crypto import KeyClass, blind_index, person_encrypt_many, tail_index
from anju.foundation.db import SqlFile, clock, fetch, fetch_value, run_sql

CHUNK = 5000
CONTACTS = ("phone", "email", "wechat")
REGISTER = SqlFile(__file__, "sql/register_people.sql")
KNOWN = """
SELECT DISTINCT ON (p.name, x.blind) p.id, p.name, x.blind
FROM (
    SELECT person_id, blind FROM contact_point WHERE blind = ANY(%(blinds)s) AND kind = 'phone'
    UNION ALL
    SELECT person_id, blind FROM identity_document WHERE blind = ANY(%(blinds)s)
) x JOIN person p ON p.id = x.person_id
ORDER BY p.name, x.blind, p.id
"""
TAKE_IDS = """
SELECT array_agg(nextval(pg_get_serial_sequence('person', 'id'))) FROM generate_series(1, %(n)s)
"""
Signature = tuple[str, bytes]


def blind_kind(value: Value) -> str:
    """Which blind index a value belongs to."""
    return {"account": "bank_account"}.get(value.kind, value.kind if value.kind in CONTACTS else "id_number")


def signatures(person: ReadPerson) -> list[Signature]:
    """What a person is recognised by: the name together with the phone, or with the document."""
    known_by = [v for v in (person.phone, person.document) if v is not None]
    return [(person.name, blind_index(blind_kind(v), v.value)) for v in known_by]


def match_or_make(people: Sequence[ReadPerson]) -> tuple[list[int], list[int]]:
    """Ids of people in the order given, and which of them are new.

    The same name with the same phone or document is the same person; without either everybody is new.
    """
    ids: list[int] = []
    new: list[int] = []
    rest = iter(people)
    while part := list(islice(rest, CHUNK)):
        part_ids, part_new = _match_or_make(part)
        ids += part_ids
        new += part_new
    return ids, new


def _match_or_make(part: list[ReadPerson]) -> tuple[list[int], list[int]]:
    marks = [signatures(person) for person in part]
    rows = fetch(KNOWN, {"blinds": [blind for own in marks for _, blind in own]})
    known: dict[Signature, int] = {(row["name"], bytes(row["blind"])): row["id"] for row in rows}
    ids, new = [], []
    free = iter(take_ids(sum(not any(m in known for m in own) for own in marks)))
    for person, own in zip(part, marks, strict=True):
        person_id = next((known[m] for m in own if m in known), None)
        if person_id is None:
            person_id = next(free)
            new.append((person_id, person))
        known |= dict.fromkeys(own, person_id)
        ids.append(person_id)
    if new:
        insert(new)
    return ids, [person_id for person_id, _ in new]


def take_ids(n: int) -> list[int]:
    """``n`` fresh person ids."""
    return list(fetch_value(TAKE_IDS, {"n": n}) or [])


def insert(people: Sequence[tuple[int, ReadPerson]]) -> None:
    """Insert persons under their ids, everything sensitive encrypted with their own keys."""
    contacts = [(i, v) for i, p in people for v in p.contacts]
    documents = [(i, p.document) for i, p in people if p.document]
    accounts = [(i, p.bank, p.account) for i, p in people if p.account]
    phones = [p.phone for _, p in people]
    run_sql(
        REGISTER,
        {
            "at": clock.now(),
            "today": clock.today(),
            "p_id": [i for i, _ in people],
            "p_kind": [p.kind for _, p in people],
            "p_name": [p.name for _, p in people],
            "p_sort": [p.sort_key for _, p in people],
            "p_segment": [p.segment for _, p in people],
            "p_mask": [phone.mask if phone else "" for phone in phones],
            "p_tail": [phone.value[-4:] if phone else "" for phone in phones],
            "c_kind": [v.kind for _, v in contacts],
            "c_tail": [tail_index("phone", v.value) if v.kind == "phone" else None for _, v in contacts],
            "d_kind": [v.kind for _, v in documents],
            "b_bank": [bank for _, bank, _ in accounts],
            **_sealed("c", "contact", contacts),
            **_sealed("d", "identity", documents),
            **_sealed("b", "payment", [(i, v) for i, _, v in accounts]),
        },
    )


def _sealed(prefix: str, cls: KeyClass, values: Iterable[tuple[int, Value]]) -> dict[str, Any]:
    """The parallel arrays of encrypted values that the statement takes."""
    own = list(values)
    return {
        f"{prefix}_person": [i for i, _ in own],
        f"{prefix}_enc": person_encrypt_many([(i, cls, v.value.encode()) for i, v in own]) if own else [],
        f"{prefix}_mask": [v.mask for _, v in own],
        f"{prefix}_blind": [blind_index(blind_kind(v), v.value) for _, v in own],
    }
