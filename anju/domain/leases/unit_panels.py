"""What a unit's pages show of its leases: who lives there, who comes and goes, the leases over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.domain.leases.models import Lease, LeaseRate
from anju.domain.leases.queries import Filter, leases
from anju.domain.leases.searching import handle
from anju.domain.portfolio.residents import Move, Resident, register_residents
from anju.foundation.access import in_scopes, scope_params, view
from anju.foundation.db import clock, fetch
from anju.foundation.ui import panels
from anju.foundation.ui.formats import iso, money
from anju.kit import Actor
from anju.kit.masks import mask_name
from anju.kit.period import Period

SHOWN = 12
WORDS = dict(Lease.Status.choices)
TONES = {"active": "ok", "awaiting": "info", "draft": "line", "ended": "neutral", "cancelled": "neutral"}
WHO = f"""
SELECT l.id, l.number, l.payer_id, p.name AS payer, p.phone_tail
FROM lease l JOIN person p ON p.id = l.payer_id
WHERE l.id = ANY(%(leases)s) AND {in_scopes("l.scope_id")}
"""
MOVES = f"""
SELECT m.day, m.kind, u.id AS unit_id, u.code, l.id, l.number, l.payer_id, p.name AS payer, p.phone_tail
FROM (
    SELECT DISTINCT lu.lease_id, lu.unit_id, 'in' AS kind, lower(lu.occupied) AS day
    FROM lease_unit lu WHERE lu.leaf_unit_id = ANY(%(units)s) AND lower(lu.occupied) BETWEEN %(first)s AND %(until)s
    UNION ALL
    SELECT DISTINCT lu.lease_id, lu.unit_id, 'end', upper(lu.occupied) - 1
    FROM lease_unit lu WHERE lu.leaf_unit_id = ANY(%(units)s) AND upper(lu.occupied) - 1 BETWEEN %(first)s AND %(until)s
) m
JOIN lease l ON l.id = m.lease_id AND l.status = CASE m.kind WHEN 'in' THEN 'awaiting' ELSE 'active' END
JOIN unit u ON u.id = m.unit_id
JOIN person p ON p.id = l.payer_id
WHERE {in_scopes("l.scope_id")}
ORDER BY m.day, m.kind DESC, u.code
"""


class LeaseResidents:
    """Residents as leases know them."""

    def who(self, viewer: Actor, lease_ids: Sequence[int]) -> dict[int, Resident]:
        """Who holds these leases, by lease id."""
        rows = fetch(WHO, {"leases": sorted(set(lease_ids)), **scope_params(viewer)}) if lease_ids else []
        return {row["id"]: _resident(row) for row in view(viewer, "lease", rows)}

    def moves(self, viewer: Actor, unit_ids: Sequence[int], first: date, until: date) -> list[Move]:
        """Who comes and goes in these leaf units, in order of days."""
        found = fetch(MOVES, {"units": list(unit_ids), "first": first, "until": until, **scope_params(viewer)})
        fields = ("id", "number", "payer_id", "payer", "phone_tail")
        people = view(viewer, "lease", [{key: row[key] for key in fields} for row in found])
        return [
            Move(row["day"], row["kind"], row["unit_id"], row["code"], row["id"], one.person_id, one.name, one.handle)
            for row, one in zip(found, map(_resident, people), strict=True)
        ]


def _resident(row: dict[str, Any]) -> Resident:
    name = row.get("payer") or row.get("payer_mask") or ""
    return Resident(
        row["id"],
        row["payer_id"],
        row["number"],
        name,
        mask_name(name),
        handle(row["number"], row.get("phone_tail", "")),
    )


register_residents(LeaseResidents())


def history(request: HttpRequest, unit_id: int) -> dict[str, Any]:
    """The leases of a unit, the latest first."""
    page = leases(request.actor, Filter(unit_id=unit_id), limit=SHOWN)  # type: ignore[attr-defined]
    rows = [row | {"last_day": _last_day(row)} for row in page.rows]
    return {"rows": rows, "more": page.after is not None, "unit_id": unit_id, "words": WORDS, "tones": TONES}


panels.register(
    "unit",
    "leases",
    gettext_lazy("合同"),
    order=10,
    template="leases/unit_panel.html",
    read=history,
    tab=False,
)


@panels.facts("unit", order=10)
def tenancy(request: Any, unit_id: int) -> list[panels.Fact]:
    """The lease that holds a unit today, or what the last one paid."""
    today = clock.today()
    rows = leases(request.actor, Filter(unit_id=unit_id, statuses=("active", "awaiting", "ended")), limit=5).rows
    now = [r for r in rows if r["status"] == "active" and r["start_on"] <= today]
    held = next(iter(now or [r for r in rows if r["start_on"] > today]), None)
    if held is not None:
        days = _("{first} 至 {last}").format(first=iso(held["start_on"]), last=iso(_last_day(held)))
        return [panels.Fact(_("租期"), days), *_rent(held, _("月租"), _("{rent} / 月"))]
    return _rent(rows[0], _("上一租约"), _("{rent}，租了 {n} 个月")) if rows else []


def _rent(row: dict[str, Any], label: str, words: str) -> list[panels.Fact]:
    """The rent of today, after the end the last one; nothing for who may not see it."""
    if "monthly" not in row:
        return []
    last = LeaseRate.objects.filter(version_id=row["current_version_id"]).order_by("-to_on")
    monthly = row["monthly"] if row["monthly"] is not None else last.values_list("monthly", flat=True).first()
    months = max(1, round(((row["actual_end_on"] or row["holds_until"]) - row["start_on"]).days / 30.4375))
    return [panels.Fact(label, words.format(rent=money(monthly), n=months))]


def _last_day(row: dict[str, Any]) -> date:
    return Period(row["start_on"], row["actual_end_on"] or row["holds_until"]).last_day
