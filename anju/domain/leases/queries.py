"""Reading leases, always through what the viewer may see. The handle stands beside every name (T-02)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from anju.domain.leases.models import Lease, LeaseVersion
from anju.domain.leases.searching import handle
from anju.foundation.access import in_scopes, reaching, scope_params, view
from anju.foundation.db import SqlFile, clock, fetch, fetch_all, fetch_value, planned
from anju.foundation.db.once import once
from anju.foundation.trace.events import timeline
from anju.foundation.ui.kept import counted
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

PAGE = 20
LIST = SqlFile(__file__, "sql/list.sql")
PARTIES = """
SELECT lp.role, lp.person_id, p.name, p.phone_tail, p.phone_mask, lp.from_on, lp.until_on
FROM lease_party lp JOIN person p ON p.id = lp.person_id
WHERE lp.lease_id = %(id)s::bigint ORDER BY lp.until_on IS NOT NULL, lp.from_on, lp.role DESC, lp.id
"""
TERMS = "SELECT terms FROM lease_version WHERE id = %(version)s::bigint"
RATES = "SELECT from_on, to_on, monthly FROM lease_rate WHERE version_id = %(version)s::bigint ORDER BY from_on"
FEES = """
SELECT kind, name, per, amount, from_on, to_on FROM lease_fee WHERE version_id = %(version)s::bigint ORDER BY id
"""
PLACES = """
SELECT u.id, u.code, u.layout, u.area, min(lower(lu.occupied)) AS from_on, max(upper(lu.occupied)) AS until_on
FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id
WHERE lu.lease_id = %(id)s::bigint GROUP BY u.id, u.code, u.layout, u.area ORDER BY from_on, u.code
"""
OF_PERSON = """
SELECT lease_id, bool_or(role IN ('payer', 'tenant')) AS pays FROM lease_party
WHERE person_id = %(person)s::bigint GROUP BY lease_id
"""


@dataclass(frozen=True)
class Page:
    """Rows with the id the next page begins after, None on the last one."""

    rows: list[dict[str, Any]]
    after: int | None


@dataclass(frozen=True)
class Filter:
    """What leases are asked for; what is left out does not count.

    ``ending_until``: held until this day at the latest. ``number`` is a beginning. ``ids`` for batches (exports, bulk).
    """

    project_id: int | None = None
    statuses: Sequence[str] = ()
    payer_id: int | None = None
    person_id: int | None = None
    unit_id: int | None = None
    number: str = ""
    starting_from: date | None = None
    starting_until: date | None = None
    ending_from: date | None = None
    ending_until: date | None = None
    ids: Sequence[int] = field(default=())

    @property
    def by_key(self) -> bool:
        """Whether at most keys narrow it, so that one plan is good for all."""
        return replace(self, project_id=None, payer_id=None, person_id=None, unit_id=None, ids=()) == Filter()

    def conditions(self) -> dict[str, bool]:
        """SQL conditions with whether they apply."""
        return {
            "l.scope_id = %(project_id)s::bigint": self.project_id is not None,
            "l.status = ANY(%(statuses)s)": bool(self.statuses),
            "l.payer_id = %(payer_id)s::bigint": self.payer_id is not None,
            "l.id IN (SELECT lease_id FROM lease_party WHERE person_id = %(person_id)s::bigint)": self.person_id
            is not None,
            "l.id IN (SELECT lease_id FROM lease_unit WHERE unit_id = %(unit_id)s OR leaf_unit_id = %(unit_id)s)": (
                self.unit_id is not None
            ),
            "l.number ^@ %(number)s": bool(self.number),
            "l.start_on >= %(starting_from)s": self.starting_from is not None,
            "l.start_on <= %(starting_until)s": self.starting_until is not None,
            "l.holds_until >= %(ending_from)s": self.ending_from is not None,
            "l.holds_until <= %(ending_until)s": self.ending_until is not None,
            "l.id = ANY(%(ids)s::bigint[])": bool(self.ids),
        }

    def params(self) -> dict[str, Any]:
        """The parameters of the conditions."""
        return vars(self) | {"statuses": list(self.statuses), "ids": list(self.ids)}


def leases(
    viewer: Actor,
    asked: Filter | None = None,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Page:
    """Leases the viewer reaches, the latest first.

    Args:
        viewer: who looks; decides rows and fields.
        asked: the filter.
        after: the last id of the page before.
        before: the first id of the page after, to go back.
        limit: rows in a page.
    """
    asked = asked or Filter()
    rows = _rows(viewer, asked, after=after, before=before, limit=limit + 1)
    more = len(rows) > limit
    rows = rows[-limit:] if before is not None else rows[:limit]
    more = more or (before is not None and bool(rows))
    return Page(view(viewer, "lease", rows), rows[-1]["id"] if more else None)


COUNT = "SELECT count(*) FROM (SELECT FROM lease l WHERE {conditions} LIMIT {limit}) counted"
MOST_COUNTED = 10_000


def lease_count(viewer: Actor, asked: Filter, *, limit: int = MOST_COUNTED) -> int:
    """How many leases fit; one more than ``limit`` for more than that."""
    key = ("leases", str(asked), limit, str(scope_params(viewer)))
    return counted(key, lambda: _count(viewer, asked, limit), most=limit)


def _count(viewer: Actor, asked: Filter, limit: int) -> int:
    sql = COUNT.format(conditions=_where(asked), limit=limit + 1)
    return int(fetch_value(*reaching(viewer, sql, **asked.params())))


def _where(asked: Filter, **more: bool) -> str:
    conditions = {in_scopes("l.scope_id"): True, **asked.conditions()}
    conditions |= {
        "l.id < %(after)s::bigint": more.get("after", False),
        "l.id > %(before)s::bigint": more.get("before", False),
    }
    return " AND ".join(text for text, wanted in conditions.items() if wanted)


def _rows(
    viewer: Actor,
    asked: Filter,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[dict[str, Any]]:
    where = _where(asked, after=after is not None, before=before is not None)
    params = {**asked.params(), "after": after, "before": before, "as_of": clock.today()}
    sql = LIST.text.replace("ORDER BY l.id DESC LIMIT", "ORDER BY l.id LIMIT") if before is not None else LIST.text
    sql = sql.format(conditions=where, limit=limit)
    rows = fetch(*reaching(viewer, sql, anew=not asked.by_key, **params))
    return [row | {"handle": handle(row["number"], row["phone_tail"])} for row in rows]


def lease(viewer: Actor, *, lease_id: int | None = None, number: str = "") -> dict[str, Any]:
    """One lease with its terms, rates, fees, parties with their days, and places.

    Args:
        viewer: who looks.
        lease_id: which, or
        number: its number.

    Raises:
        Refused: ``not_found``, also outside the viewer's projects.
    """
    if lease_id is None:
        lease_id = Lease.objects.filter(number=number).values_list("id", flat=True).first() or 0
    rows = _rows(viewer, Filter(ids=(lease_id,)), limit=1)
    if not rows:
        raise NOT_FOUND()
    return detailed(viewer, rows[0])


def detailed(viewer: Actor, row: dict[str, Any]) -> dict[str, Any]:
    """A row of :func:`leases` with its terms, rates, fees, parties with their days, and places."""
    version, own = {"version": row["current_version_id"]}, {"id": row["id"]}
    terms, rates, fees, parties, places = fetch_all(
        (planned(TERMS), version), (planned(RATES), version), (planned(FEES), version),
        (planned(PARTIES), own), (planned(PLACES), own),
    )  # fmt: skip
    whole = row | {
        "terms": json.loads(terms[0]["terms"]) if terms else None,
        "rates": rates,
        "fees": fees,
        "parties": [p | {"handle": handle(row["number"], p["phone_tail"])} for p in parties],
        "units": places,
    }
    return view(viewer, "lease", [whole])[0]


def leases_of_person(person_id: int) -> dict[int, bool]:
    """The leases a person has a part in, whoever looks, with whether they pay for it or signed it."""
    asked = {"person": person_id}
    return once(("leases of", person_id), lambda: {r["lease_id"]: r["pays"] for r in fetch(planned(OF_PERSON), asked)})


def versions(viewer: Actor, lease_id: int) -> list[dict[str, Any]]:
    """Every version of a lease's terms, newest first: ``n``, ``effective_from``, ``terms``, ``reason``, ``made_at``.

    Raises:
        Refused: ``not_found``, also outside the viewer's projects.
    """
    lease(viewer, lease_id=lease_id)
    fields = ("id", "n", "effective_from", "terms", "deposit", "reason", "made_at")
    return list(LeaseVersion.objects.filter(lease_id=lease_id).order_by("-n").values(*fields))


def lease_timeline(viewer: Actor, lease_id: int, *, limit: int = 50, before: int | None = None) -> list[dict[str, Any]]:
    """What happened on a lease, newest first.

    Raises:
        Refused: ``not_found``, also outside the viewer's projects.
    """
    lease(viewer, lease_id=lease_id)
    return timeline(("lease", lease_id), limit=limit, before=before)


def people_on(lease_ids: Sequence[int], day: date) -> dict[int, list[dict[str, Any]]]:
    """Who has a part in leases on a day, by lease id: ``person_id``, ``role``. One query; for slices above."""
    rows = fetch(
        "SELECT lease_id, person_id, role FROM lease_party WHERE lease_id = ANY(%(ids)s) AND from_on <= %(day)s"
        " AND (until_on IS NULL OR until_on > %(day)s) ORDER BY lease_id, id",
        {"ids": list(lease_ids), "day": day},
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["lease_id"], []).append({"person_id": row["person_id"], "role": row["role"]})
    return found
