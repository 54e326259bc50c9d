"""What a lease's own page shows of it: terms with the schedule of rents, versions side by side, people and places."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.domain.leases.models import Lease, LeaseParty
from anju.domain.leases.permissions import VIEW
from anju.domain.leases.person_panels import detail_of, last_day, next_step
from anju.domain.leases.plain import STATES, TONES, length_words, span_words, terms_words
from anju.domain.leases.policies import Leases
from anju.domain.leases.queries import Filter, leases, versions
from anju.domain.leases.rules import LeaseTerms, rates
from anju.domain.portfolio.models import Unit
from anju.domain.tenants.messages import messages
from anju.domain.tenants.permissions import VIEW_CONTACTS
from anju.foundation.access import allows, may_see
from anju.foundation.access.timelines import Moment, Named, moments, names
from anju.foundation.db import clock
from anju.foundation.policy.store import in_force
from anju.foundation.ui import heads, panels
from anju.foundation.ui.formats import iso
from anju.foundation.ui.heads import Badge, Head

ROLES = dict(LeaseParty.Role.choices)
MARKS = {
    "active": "file-check",
    "awaiting": "door-enter",
    "draft": "file-pencil",
    "ended": "door-exit",
    "cancelled": "file-x",
}
SIDE_BY_SIDE = 4


def draft_of(row: dict[str, Any]) -> dict[str, Any]:
    """What a draft says, as it was typed; nothing for leases in force."""
    kept = Lease.objects.filter(id=row["id"], status=Lease.Status.DRAFT).values_list("draft", flat=True).first()
    return kept or {}


@heads.head("lease", order=10, needs=VIEW)
def state(request: Any, lease_id: int) -> Head:
    """State and next step."""
    row = detail_of(request, lease_id)
    marks = [Badge(STATES[row["status"]], TONES[row["status"]], MARKS[row["status"]])]
    if row["status"] == "active" and last_day(row) < clock.today():
        marks.append(Badge(_("到期未退"), "danger", "alert-triangle"))
    return Head(badges=marks, step=next_step(request, row, reverse("leases:lease", args=[lease_id])))


@panels.facts("lease", order=10, needs=VIEW)
def days(request: Any, lease_id: int) -> list[panels.Fact]:
    """The last day and how far it is."""
    row = detail_of(request, lease_id)
    last, term = last_day(row), length_words(row["start_on"], row["end_on"])
    left = (last - clock.today()).days
    if row["status"] != "active":
        return [panels.Fact(_("租期"), iso(last), _("自 {d}，{t}").format(d=iso(row["start_on"]), t=term))]
    note = _("还有 {n} 天").format(n=left) if left >= 0 else _("已过 {n} 天").format(n=-left)
    tone = "danger" if left < 0 else "warn" if left <= in_force(Leases).value.ending_days else ""
    return [panels.Fact(_("合同到期"), iso(last), _("，").join((term, note)), tone)]


def terms(request: Any, lease_id: int) -> dict[str, Any]:
    """What was agreed in words, and the rents it comes to; a draft's as they would be."""
    row = detail_of(request, lease_id)
    kept, schedule = row.get("terms"), row.get("rates", [])
    if kept is None and may_see(request.actor, "lease", "draft") and (draft := draft_of(row)):
        kept = draft["terms"]
        agreed = rates(LeaseTerms.model_validate(kept))
        schedule = [{"from_on": r.period.start, "to_on": r.period.end, "monthly": r.monthly} for r in agreed]
    said = terms_words(row, LeaseTerms.model_validate(kept)) if kept else []
    today = clock.today()
    return {
        "lines": said or [(_("租期"), span_words(row["start_on"], row["end_on"]))],
        "rates": [
            r | {"last": r["to_on"] - timedelta(days=1), "on": r["from_on"] <= today < r["to_on"]} for r in schedule
        ],
        "note": _("第 {n} 版").format(n=row["version"]) if row.get("version") else "",
    }


def history(request: Any, lease_id: int) -> dict[str, Any] | None:
    """Versions of the terms side by side, the newest first; what changed from one to the next is marked."""
    row = detail_of(request, lease_id)
    if "terms" not in row:
        return None
    found = versions(request.actor, lease_id)
    columns = []
    for version in found[:SIDE_BY_SIDE]:
        kept = LeaseTerms.model_validate(version["terms"])
        columns.append({"version": version, "lines": dict(terms_words(row | {"deposit": version["deposit"]}, kept))})
    labels = list(dict.fromkeys(label for c in columns for label in c["lines"]))
    table = [
        (label, [(c["lines"].get(label, "—"), _differs(columns, n, label)) for n, c in enumerate(columns)])
        for label in labels
    ]
    return {"columns": columns, "table": table, "count": len(found), "tab_only": True, "flush": True}


def _differs(columns: list[dict[str, Any]], n: int, label: str) -> bool:
    """Whether this version changed the line against the one before it."""
    return n + 1 < len(columns) and columns[n]["lines"].get(label) != columns[n + 1]["lines"].get(label)


def people_and_places(request: Any, lease_id: int) -> dict[str, Any]:
    """Everybody with their parts and days, and the units with theirs."""
    row = detail_of(request, lease_id)
    units = row["units"] if row["units"] and isinstance(row["units"][0], dict) else []
    if not units and row["status"] == "draft":
        wanted = draft_of(row).get("unit_ids", [])
        known = Unit.objects.filter(id__in=wanted).values("id", "code", "layout")
        units = [unit | {"from_on": None, "until_on": None} for unit in known]
    shown = {"parties": _merged(row.get("parties", [])), "units": [u | {"last": _last(u["until_on"])} for u in units]}
    return {**shown, "flush": True}


def _last(until: date | None) -> date | None:
    return until - timedelta(days=1) if until else None


def _merged(parties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for a person's parts of the same days: 付款人、承租人."""
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for part in parties:
        key = (part["person_id"], part["from_on"], part["until_on"])
        line = lines.setdefault(key, part | {"roles": [], "last": _last(part["until_on"])})
        line["roles"].append(str(ROLES[part["role"]]))
    return [line | {"roles": _("、").join(line["roles"])} for line in lines.values()]


@moments("lease", about="message", needs=VIEW_CONTACTS)
def messages_to_payer(request: Any, lease_id: int, limit: int) -> list[Moment]:
    """What was sent to the one who pays."""
    return messages(request, detail_of(request, lease_id)["payer_id"], limit)


@names("lease")
def leases_named(request: Any, ids: list[int]) -> dict[int, Named]:
    """Leases within reach, for feeds."""
    rows = leases(request.actor, Filter(ids=ids), limit=len(ids)).rows if allows(request.actor, VIEW) else []
    names_by_id = {r["id"]: f"{r.get('payer', '')} {r['number']}".strip() for r in rows}
    return {i: Named(text, reverse("leases:lease", args=[i])) for i, text in names_by_id.items()}


panels.register(
    "lease", "terms", gettext_lazy("条款"), order=10, template="leases/terms_panel.html", read=terms, needs=VIEW,
    tab=False, side=True,
)  # fmt: skip
panels.register(
    "lease", "people", gettext_lazy("租客与房源"), order=40, template="leases/parties_panel.html",
    read=people_and_places, needs=VIEW, tab=False,
)  # fmt: skip
panels.register(
    "lease", "versions", gettext_lazy("条款版本"), order=50, template="leases/versions_panel.html", read=history,
    needs=VIEW,
)  # fmt: skip
