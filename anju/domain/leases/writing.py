"""Rows of leases, many at a time: one statement for versions, rates, fees, leases, parties and units together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.domain.leases.models import LeaseParty
from anju.domain.leases.new import Prepared
from anju.domain.leases.occupancy import Let
from anju.domain.leases.rules import FeeLine, LeaseTerms, Rate
from anju.foundation.db import SqlFile, clock, fetch_value, run_sql
from anju.kit import Money
from anju.kit.canonical import canonical

CHUNK = 5000
VERSIONS = SqlFile(__file__, "sql/versions.sql")
ACTIVATE = SqlFile(__file__, "sql/activate.sql")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version to be written with its complete schedule."""

    id: int
    lease_id: int
    n: int
    effective_from: date
    terms: LeaseTerms
    deposit: Money
    reason: str
    rates: Sequence[Rate]
    fees: Sequence[FeeLine]


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """A lease to be written."""

    id: int
    number: str
    prepared: Prepared
    lets: Sequence[Let]
    version_id: int

    @property
    def scope_id(self) -> int:
        """The project all its units are in."""
        return self.lets[0].scope_id

    def version(self) -> VersionRow:
        """Its first version."""
        p = self.prepared
        terms = p.new.terms
        return VersionRow(self.version_id, self.id, 1, terms.start_on, terms, p.deposit, "", p.rates, p.fees)


def take_ids(table: str, n: int) -> list[int]:
    """``n`` fresh ids of a table of this slice."""
    sql = "SELECT array_agg(nextval(pg_get_serial_sequence(%(table)s, 'id'))) FROM generate_series(1, %(n)s)"
    return list(fetch_value(sql, {"table": table, "n": n}) or [])


def insert_leases(rows: Sequence[LeaseRow]) -> None:
    """Write leases and all that belongs to them, 5,000 at a time."""
    for n in range(0, len(rows), CHUNK):
        part = rows[n : n + CHUNK]
        params = {**_versions([row.version() for row in part]), **_leases(part), **_parties(part), **_units(part)}
        run_sql(f"WITH {VERSIONS} {ACTIVATE}", params | {"at": clock.now()})


def insert_versions(rows: Sequence[VersionRow], then: str, **params: Any) -> None:
    """Write versions and, in the same statement, what changes on their leases.

    Args:
        rows: the versions.
        then: the statement after the ``WITH``.
        params: its further parameters.
    """
    run_sql(f"WITH {VERSIONS} {then}", {**_versions(rows), **params, "at": clock.now()})


def _records(names: str, rows: Iterable[tuple[Any, ...]]) -> str:
    """Rows as the JSON text that ``jsonb_to_recordset`` reads; amounts and days are strings, so they stay exact."""
    keys = names.split()
    return canonical([dict(zip(keys, row, strict=True)) for row in rows])


def _versions(rows: Sequence[VersionRow]) -> dict[str, str]:
    versions = []
    for v in rows:
        terms = v.terms.model_dump(mode="json")
        head = (v.id, v.lease_id, v.n, v.effective_from)
        versions.append((*head, terms, v.terms.proration, v.deposit.yuan, v.reason))
    rates = (
        (v.id, v.lease_id, r.period.start, r.period.end, r.period.start if n else None, r.monthly)
        for v in rows
        for n, r in enumerate(v.rates)
    )
    fees = (
        (v.id, v.lease_id, f.kind, f.name, f.per, f.amount, f.period.start, f.period.end) for v in rows for f in v.fees
    )
    return {
        "versions": _records("id lease n since terms proration deposit reason", versions),
        "rates": _records("version lease since until continues monthly", rates),
        "fees": _records("version lease kind name per amount since until", fees),
    }


def _leases(rows: Sequence[LeaseRow]) -> dict[str, str]:
    names = "id number scope payer status start end actual holds signed cycle anchor offset day version renew"
    leases = []
    for row in rows:
        p, new, terms = row.prepared, row.prepared.new, row.prepared.new.terms
        who = (row.id, row.number, row.scope_id, new.payer_id, p.status.value)
        days = (terms.start_on, terms.end_on, new.ended_on, p.holds.end, new.signed_on)
        billing = (terms.cycle_months, p.anchor_on, terms.due_offset_days, p.anchor_on.day)
        leases.append((*who, *days, *billing, row.version_id, new.auto_renew))
    return {"leases": _records(names, leases)}


def _parties(rows: Sequence[LeaseRow]) -> dict[str, str]:
    role = LeaseParty.Role
    parties = []
    for row in rows:
        new = row.prepared.new
        parts = [(new.payer_id, role.PAYER)]
        parts += [(i, role.TENANT) for i in dict.fromkeys(new.tenant_ids or (new.payer_id,))]
        parts += [(i, role.OCCUPANT) for i in dict.fromkeys(new.occupant_ids)]
        parties += [(row.id, i, r.value, new.terms.start_on, new.ended_on, row.scope_id) for i, r in parts]
    return {"parties": _records("lease person role since until scope", parties)}


def _units(rows: Sequence[LeaseRow]) -> dict[str, str]:
    held = []
    for row in rows:
        by_leaf = {leaf: let.unit_id for let in row.lets for leaf in let.leaves}
        days = row.prepared.holds
        held += [(row.id, unit, leaf, days.start, days.end) for leaf, unit in by_leaf.items()]
    return {"units": _records("lease unit leaf start end", held)}
