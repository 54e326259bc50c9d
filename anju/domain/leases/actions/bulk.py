"""Bringing many leases into force at once: imports, the API, the demo, the loader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from anju.domain.leases import numbers
from anju.domain.leases.actions.activation import NUMBER_TAKEN, last_resort, own_units, unknown_people
from anju.domain.leases.hooks import on_activated
from anju.domain.leases.new import NewLease, Prepared, prepare
from anju.domain.leases.occupancy import Holdings, Let, lock_units
from anju.domain.leases.permissions import IMPORT
from anju.domain.leases.searching import index_leases
from anju.domain.leases.writing import LeaseRow, insert_leases, take_ids
from anju.foundation.access import scopes
from anju.foundation.actions import Act, action
from anju.foundation.db import clock
from anju.foundation.trace.proof import leaf_hash, merkle_root
from anju.kit import Refused
from anju.kit.canonical import canonical
from anju.kit.refusal import NOT_FOUND

T = TypeVar("T")
Refusals = dict[int, Refused]


@dataclass(frozen=True)
class Activated:
    """What became of leases: ids in the order given, None where refused; refusals by index."""

    lease_ids: list[int | None]
    refused: Refusals

    @property
    def new_ids(self) -> list[int]:
        """Ids of those in force."""
        return [i for i in self.lease_ids if i is not None]


@action("leases.lease.import", needs=IMPORT)
def activate_many(act: Act, *, leases: Sequence[NewLease]) -> Activated:
    """Bring many leases into force at once, history included; a fixed number of statements per 5,000.

    Good ones go in, bad ones come back with their reason; among leases that exclude each other the first given wins.
    One event proves all: it holds the Merkle root over ``id|number|terms`` and is linked to every lease.

    Refused per lease: terms that may not be agreed; unknown people or units; a number in use; a unit held by another.
    """
    refused: Refusals = {}
    lets = lock_units(unit for new in leases for unit in new.unit_ids)
    today = clock.today()
    prepared = _each(range(len(leases)), refused, lambda n: prepare(leases[n], today))
    reached = scopes(act.by)
    units = _each(prepared, refused, lambda n: own_units(reached, leases[n], lets))
    strangers = unknown_people(leases)
    units = _each(units, refused, lambda n: _known(leases[n], units[n], strangers))
    units = _numbered(leases, units, refused)
    units = _free(leases, prepared, units, refused)
    rows = _rows(leases, prepared, units)
    if not rows:
        act.nothing_changed()
        return Activated([None] * len(leases), refused)
    with last_resort():
        insert_leases(list(rows.values()))
    ids = [row.id for row in rows.values()]
    index_leases(ids)
    _trace(act, list(rows.values()))
    on_activated.tell(act, ids)
    return Activated([rows[n].id if n in rows else None for n in range(len(leases))], refused)


def _each(which: Iterable[int], refused: Refusals, work: Callable[[int], T]) -> dict[int, T]:
    """Do something for each lease; what is refused is noted and does not stop the others."""
    done = {}
    for n in which:
        try:
            done[n] = work(n)
        except Refused as refusal:
            refused[n] = refusal
    return done


def _known(new: NewLease, lets: list[Let], strangers: set[int]) -> list[Let]:
    if new.person_ids & strangers:
        raise NOT_FOUND()
    return lets


def _numbered(leases: Sequence[NewLease], units: dict[int, list[Let]], refused: Refusals) -> dict[int, list[Let]]:
    """Those whose own number is free, also among each other."""
    used = numbers.taken([leases[n].number for n in units if leases[n].number])

    def claim(n: int) -> list[Let]:
        number = leases[n].number
        if number in used:
            raise NUMBER_TAKEN(number=number)
        if number:
            used.add(number)
        return units[n]

    return _each(units, refused, claim)


def _free(
    leases: Sequence[NewLease], prepared: dict[int, Prepared], units: dict[int, list[Let]], refused: Refusals
) -> dict[int, list[Let]]:
    """Those whose units nobody holds, neither a stored lease nor one given before."""
    if not units:
        return units
    since = min(prepared[n].holds.start for n in units)
    holdings = Holdings((leaf for lets in units.values() for let in lets for leaf in let.leaves), since)

    def hold(n: int) -> list[Let]:
        holdings.check(units[n], prepared[n].holds)
        holdings.add(units[n], prepared[n].holds, leases[n].number or f"#{n + 1}")
        return units[n]

    return _each(units, refused, hold)


def _rows(
    leases: Sequence[NewLease], prepared: dict[int, Prepared], units: dict[int, list[Let]]
) -> dict[int, LeaseRow]:
    """What will be written, with numbers and ids."""
    numbers.skip_numbers(leases[n].number for n in units)
    unnumbered = [n for n in units if not leases[n].number]
    prefixes = [numbers.prefix(units[n][0].project_code, leases[n].terms.start_on) for n in unnumbered]
    given = dict(zip(unnumbered, numbers.take_numbers(prefixes), strict=True))
    ids = zip(take_ids("lease", len(units)), take_ids("lease_version", len(units)), strict=True)
    return {
        n: LeaseRow(lease_id, leases[n].number or given[n], prepared[n], units[n], version_id)
        for n, (lease_id, version_id) in zip(units, ids, strict=True)
    }


def _trace(act: Act, rows: Sequence[LeaseRow]) -> None:
    leaves = []
    links: dict[tuple[str, int], None] = {}
    for row in rows:
        new = row.prepared.new
        leaves.append(leaf_hash(f"{row.id}|{row.number}|{canonical(new.terms.model_dump(mode='json'))}"))
        links |= dict.fromkeys([("lease", row.id), *(("person", i) for i in sorted(new.person_ids))])
        links |= dict.fromkeys(("unit", i) for i in new.unit_ids)
    root = merkle_root(leaves).hex()
    act.trace("lease_batch", rows[0].id, links=tuple(links), leases=len(rows), root=root)
