"""What leases say on a tenant's pages: where they live, until when, with whom; views and columns of the list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.domain.leases.models import LeaseParty
from anju.domain.leases.permissions import ACTIVATE, END, VIEW
from anju.domain.leases.plain import STATES, TONES, length_words, span_words, terms_words
from anju.domain.leases.policies import Leases
from anju.domain.leases.queries import Filter, detailed, lease, leases, leases_of_person
from anju.domain.leases.rules import LeaseTerms
from anju.domain.leases.searching import handle
from anju.domain.tenants.narrowing import narrowing
from anju.foundation.access import allows
from anju.foundation.access.timelines import related
from anju.foundation.db import clock, fetch
from anju.foundation.db.once import once
from anju.foundation.policy.store import in_force
from anju.foundation.trace.events import Subject
from anju.foundation.ui import columns, heads, panels
from anju.foundation.ui.columns import Cell
from anju.foundation.ui.formats import iso
from anju.foundation.ui.heads import Badge, Button, Head, Step

ORDER = {"active": 0, "awaiting": 1, "draft": 2, "ended": 3, "cancelled": 4}
ROLES = dict(LeaseParty.Role.choices)
PART = "p.id IN (SELECT lp.person_id FROM lease_party lp JOIN lease l ON l.id = lp.lease_id WHERE {where})"
SHOWN = 20

narrowing("living", gettext_lazy("在住"), PART.format(where="l.status = 'active' AND lp.until_on IS NULL"), order=10)
narrowing(
    "arriving", gettext_lazy("待搬入"), PART.format(where="l.status = 'awaiting' AND lp.until_on IS NULL"), order=30
)
narrowing(
    "ending", gettext_lazy("30 天内到期"),
    PART.format(where="l.status = 'active' AND lp.until_on IS NULL AND l.holds_until <= %(as_of)s::date + 30"),
    order=40,
)  # fmt: skip
narrowing(
    "left", gettext_lazy("已退租"),
    "p.scope_id IS NOT NULL AND NOT EXISTS (SELECT FROM lease_party lp JOIN lease l ON l.id = lp.lease_id"
    " WHERE lp.person_id = p.id AND lp.until_on IS NULL AND l.status IN ('active', 'awaiting', 'draft'))", order=50,
)  # fmt: skip

# Each person's lease that matters: the running one before the awaited, the latest before older ones.
LATEST = """
SELECT DISTINCT ON (lp.person_id) lp.person_id, l.id, l.number, l.status, l.start_on, l.holds_until, l.actual_end_on,
       p.phone_tail, place.codes
FROM lease_party lp JOIN lease l ON l.id = lp.lease_id JOIN person p ON p.id = lp.person_id
LEFT JOIN LATERAL (
    SELECT string_agg(DISTINCT u.code, '、') AS codes FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id
    WHERE lu.lease_id = l.id) place ON true
WHERE lp.person_id = ANY(%(people)s)
ORDER BY lp.person_id, array_position(%(order)s::text[], l.status::text), l.start_on DESC, l.id DESC
"""


def latest(people: list[int]) -> dict[int, dict[str, Any]]:
    """The lease that matters, by person; two columns of a list show it, and it is read once."""
    asked = {"people": people, "order": list(ORDER)}
    rows = once(("latest leases", tuple(people)), lambda: fetch(LATEST, asked)) if people else []
    return {row["person_id"]: row for row in rows}


@columns.column("person", "lease", gettext_lazy("房间与合同"), order=10, needs=VIEW)
def where(request: Any, people: list[int]) -> dict[int, Cell]:
    """Room, and the handle that tells namesakes apart."""
    return {
        i: Cell(
            row["codes"] or _("未定房间"),
            own := handle(row["number"], row["phone_tail"]),
            plain=f"{row['codes'] or ''} {own}",
        )
        for i, row in latest(people).items()
    }


def _handle(row: dict[str, Any]) -> str:
    return handle(row["number"], row["phone_tail"])


@columns.column("person", "until", gettext_lazy("合同"), order=20, needs=VIEW)
def until(request: Any, people: list[int]) -> dict[int, Cell]:
    """The lease's state and its last day."""
    today, soon = clock.today(), in_force(Leases).value.ending_days
    cells = {}
    for i, row in latest(people).items():
        last = (row["actual_end_on"] or row["holds_until"]) - timedelta(days=1)
        near = row["status"] == "active" and last < today + timedelta(days=soon)
        over = row["status"] == "active" and last < today
        words = _("到期未退") if over else str(STATES[row["status"]])
        note = (
            _("{d} 搬入").format(d=iso(row["start_on"]))
            if row["status"] == "awaiting"
            else _("至 {d}").format(d=iso(last))
        )
        cells[i] = Cell(words, note, "danger" if over else "warn" if near else "", f"{words} {note}")
    return cells


@related("person")
def leases_of(person_id: int) -> list[Subject]:
    """A person's timeline shows the events of their leases."""
    return [("lease", lease_id) for lease_id in leases_of_person(person_id)]


def rows_of(request: Any, person_id: int) -> list[dict[str, Any]]:
    """A person's leases within reach, the one that matters first; read once a request."""
    kept: dict[int, list[dict[str, Any]]] = request.__dict__.setdefault("leases_of_people", {})
    if person_id not in kept:
        found = leases(request.actor, Filter(person_id=person_id), limit=SHOWN).rows
        kept[person_id] = sorted(found, key=lambda r: (ORDER[r["status"]], -r["start_on"].toordinal()))
    return kept[person_id]


def detail_of(request: Any, lease_id: int, row: dict[str, Any] | None = None) -> dict[str, Any]:
    """A lease with all that belongs to it, read once a request; ``row`` is its row of a list where one was read."""
    kept: dict[int, dict[str, Any]] = request.__dict__.setdefault("lease_details", {})
    if lease_id not in kept:
        kept[lease_id] = detailed(request.actor, row) if row else lease(request.actor, lease_id=lease_id)
    return kept[lease_id]


def last_day(row: dict[str, Any]) -> date:
    """The last day a lease holds its places."""
    after: date = row["actual_end_on"] or row["holds_until"]
    return after - timedelta(days=1)


@heads.head("person", order=10, needs=VIEW)
def head(request: Any, person_id: int) -> Head | None:
    """Handle, room, and whether the person lives here."""
    rows = rows_of(request, person_id)
    if not rows:
        return Head(badges=[Badge(_("没有合同"), "line")])
    row = rows[0]
    marks = {
        "active": Badge(_("在住"), "ok", "home"), "awaiting": Badge(_("待搬入"), "info", "door-enter"),
        "draft": Badge(_("草稿"), "line", "file-pencil"), "ended": Badge(_("已退租"), "neutral", "door-exit"),
        "cancelled": Badge(_("已取消"), "neutral", "file-x"),
    }  # fmt: skip
    line = [f"{row['project']} {_('、').join(row['units'])}".strip()]
    own = reverse("leases:lease", args=[row["id"]])
    return Head(
        handle=row["handle"],
        badges=[marks[row["status"]]],
        line=line,
        buttons=[Button(_("看合同"), own, "file-text")],
        step=next_step(request, row, own),
    )


def next_step(request: Any, row: dict[str, Any], own: str) -> Step | None:
    """What a lease asks for, of those who may do it: an expired one first, then a move-in, then one that ends soon."""
    today, last, status = clock.today(), last_day(row), row["status"]
    may_end, may_activate = allows(request.actor, END), allows(request.actor, ACTIVATE)
    if status == "active" and last < today and may_end:
        gone = _("{n} 天前到期，{d}").format(n=(today - last).days, d=iso(last))
        return Step(20, _("办理退租或顺延"), gone, _("去办理"), own, "file-diff", "danger")
    if status == "active" and (last - today).days <= in_force(Leases).value.ending_days and may_end:
        left = _("合同 {d} 到期，还有 {n} 天").format(d=iso(last), n=(last - today).days)
        return Step(40, _("确认是否续租"), left, _("看合同"), own, "file-text")
    if status == "awaiting" and (row["start_on"] - today).days <= 7 and may_end:
        return Step(30, _("准备搬入"), _("{d} 起租").format(d=iso(row["start_on"])), _("看合同"), own, "key", "info")
    if status == "draft" and may_activate:
        return Step(35, _("让合同生效"), _("合同还是草稿，房源尚未占用"), _("去生效"), own, "file-check", "info")
    return None


@panels.facts("person", order=30, needs=VIEW)
def facts(request: Any, person_id: int) -> list[panels.Fact]:
    """Until when the lease that matters runs."""
    rows = rows_of(request, person_id)
    if not rows or rows[0]["status"] == "cancelled":
        return []
    row, today = rows[0], clock.today()
    last, term = last_day(row), length_words(row["start_on"], row["end_on"])
    left = (last - today).days
    if row["status"] == "ended":
        return [panels.Fact(_("合同结束"), iso(last), term)]
    words = _("还有 {n} 天").format(n=left) if left >= 0 else _("已过 {n} 天").format(n=-left)
    tone = "danger" if left < 0 else "warn" if left <= in_force(Leases).value.ending_days else ""
    return [panels.Fact(_("合同到期"), iso(last), _("，").join((term, words)), tone)]


def contracts(request: Any, person_id: int) -> dict[str, Any] | None:
    """The lease that matters in words, and the others."""
    rows = rows_of(request, person_id)
    if not rows:
        return {"rows": [], "count": 0, "lines": []}
    first = detail_of(request, rows[0]["id"], rows[0])
    terms = LeaseTerms.model_validate(first["terms"]) if first.get("terms") else None
    lines = terms_words(first, terms)[:7] if terms else [(_("租期"), span_words(first["start_on"], first["end_on"]))]
    return {
        "title": _("合同 {n}").format(n=first["number"]),
        "note": STATES[first["status"]],
        "links": [(_("打开"), reverse("leases:lease", args=[first["id"]]))],
        "rows": [row | {"last_day": last_day(row)} for row in rows],
        "lines": lines,
        "count": len(rows),
        "states": STATES,
        "tones": TONES,
    }


def together(request: Any, person_id: int) -> dict[str, Any] | None:
    """Who else has a part in the lease that matters."""
    rows = rows_of(request, person_id)
    parties = detail_of(request, rows[0]["id"], rows[0]).get("parties", []) if rows else []
    others = {p["person_id"]: p for p in parties if p["person_id"] != person_id}
    return {"people": list(others.values()), "roles": ROLES, "count": len(others), "flush": bool(others)}


panels.register(
    "person",
    "leases",
    gettext_lazy("合同"),
    order=20,
    template="leases/person_panel.html",
    read=contracts,
    needs=VIEW,
    side=True,
)
panels.register(
    "person", "people", gettext_lazy("同住人"), order=50, template="leases/people_panel.html", read=together, needs=VIEW
)
