"""What search knows about leases and their people: found by number, room, name, pinyin, phone and its tail.

The handle, lease number with phone tail, tells people of one name apart wherever they are shown (T-02).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from anju.foundation.db import SqlFile, fetch
from anju.foundation.search import Entry, index, searchable

PART = 2000
ENTRIES = SqlFile(__file__, "sql/search_entries.sql")

searchable("person", zh="租客", en="Tenant", url="/tenants/{id}", sees=("person", "name"), order=10)
searchable("lease", zh="合同", en="Lease", url="/leases/{id}", sees=("lease", "payer"), order=20)
searchable("unit", zh="房源", en="Unit", url="/units/{id}", order=30)


def handle(number: str, phone_tail: str) -> str:
    """How staff and pages name a tenant beyond doubt: HZ25-0412 · 1234."""
    return f"{number} · {phone_tail}" if phone_tail else number


def index_leases(lease_ids: Sequence[int]) -> int:
    """Put leases, their people and units into the search index, some thousand per query."""
    return sum(index(_entries(lease_ids[n : n + PART])) for n in range(0, len(lease_ids), PART))


def _entries(lease_ids: Sequence[int]) -> Iterator[Entry]:
    people: dict[int, dict[str, Any]] = {}
    units: dict[int, dict[str, Any]] = {}
    for row in fetch(ENTRIES, {"leases": list(lease_ids)}):
        units |= {unit["id"]: unit | {"row": row} for unit in row["units"]}
        people |= {person["id"]: person | {"row": row} for person in row["people"]}
        yield _lease(row)
    yield from map(_person, people.values())
    yield from map(_unit, units.values())


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


def _unit(unit: dict[str, Any]) -> Entry:
    row = unit["row"]
    return Entry(
        "unit", unit["id"], scope_id=row["scope_id"], title=unit["code"], detail=row["project"], codes=(unit["code"],)
    )


def _where(row: dict[str, Any]) -> str:
    rooms = "、".join(u["code"] for u in row["units"][:3])
    more = f" 等 {len(row['units'])} 间" if len(row["units"]) > 3 else ""
    return f"{row['project']} {rooms}{more}"


def _blinds(people: Sequence[dict[str, Any]], key: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(blind) for person in people for blind in person[key])
