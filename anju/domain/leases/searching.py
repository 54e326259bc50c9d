"""What search knows about leases and their people: found by number, room, name, pinyin, phone and its tail.

The handle, lease number with phone tail, tells people of one name apart wherever they are shown (T-02).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.leases.permissions import VIEW
from anju.domain.tenants.hooks import on_people_changed
from anju.foundation.db import SqlFile, fetch
from anju.foundation.search import Entry, index, searchable

PART = 2000
ENTRIES = SqlFile(__file__, "sql/search_entries.sql")

searchable("lease", zh="合同", en="Lease", url="/leases/{id}", needs=VIEW, sees=("lease", "payer"), order=20)


def handle(number: str, phone_tail: str) -> str:
    """How staff and pages name a tenant beyond doubt: HZ25-0412 · 1234."""
    return f"{number} · {phone_tail}" if phone_tail else number


def index_leases(lease_ids: Sequence[int]) -> int:
    """Put leases and their people into the search index, some thousand per query."""
    return sum(index(_entries(lease_ids[n : n + PART])) for n in range(0, len(lease_ids), PART))


@on_people_changed
def index_people_with_leases(person_ids: list[int]) -> None:
    """People whose phone changed are found by the new one, with the handle of their latest lease."""
    rows = fetch("SELECT DISTINCT lease_id FROM lease_party WHERE person_id = ANY(%(ids)s)", {"ids": person_ids})
    index_leases(sorted(row["lease_id"] for row in rows))


def _entries(lease_ids: Sequence[int]) -> Iterator[Entry]:
    people: dict[int, dict[str, Any]] = {}
    for row in fetch(ENTRIES, {"leases": list(lease_ids)}):
        people |= {person["id"]: person | {"row": row} for person in row["people"]}
        yield _lease(row)
    yield from map(_person, people.values())


def _lease(row: dict[str, Any]) -> Entry:
    payer = next((p for p in row["people"] if p["id"] == row["payer_id"]), row["people"][0])
    return Entry(
        "lease",
        row["id"],
        scope_id=row["scope_id"],
        title=f"{payer['name']} {row['number']}",
        handle=handle(row["number"], payer["phone_tail"]),
        detail=_where(row),
        names=tuple(p["name"] for p in row["people"]),
        codes=(row["number"], *(u["code"] for u in row["units"])),
        phone_blinds=_blinds(row["people"], "blinds"),
        tail_blinds=_blinds(row["people"], "tails"),
    )


def _person(person: dict[str, Any]) -> Entry:
    row = person["row"]
    return Entry(
        "person",
        person["id"],
        scope_id=person["scope_id"],
        title=person["name"],
        handle=handle(row["number"], person["phone_tail"]),
        detail=_where(row),
        names=(person["name"],),
        codes=(row["number"],),
        phone_blinds=_blinds([person], "blinds"),
        tail_blinds=_blinds([person], "tails"),
    )


def _where(row: dict[str, Any]) -> str:
    rooms = _("、").join(u["code"] for u in row["units"][:3])
    more = f" 等 {len(row['units'])} 间" if len(row["units"]) > 3 else ""
    return f"{row['project']} {rooms}{more}"


def _blinds(people: Sequence[dict[str, Any]], key: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(blind) for person in people for blind in person[key])
