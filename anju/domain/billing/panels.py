"""What money says on the pages of tenants and leases: bills, what is owed, the deposit, the next step, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anju.domain.billing.actions.payments import RECORD
from anju.domain.billing.models import Charge
from anju.domain.billing.permissions import VIEW
from anju.domain.billing.queries import Balance, BillFilter, balances, bills
from anju.domain.leases.consequences import After, Line, watches
from anju.domain.leases.queries import leases_of_person
from anju.domain.tenants.narrowing import narrowing
from anju.foundation.access import allows, in_scopes, scope_params, scopes, view
from anju.foundation.access.timelines import Moment, Named, moments, names, related
from anju.foundation.db import clock, fetch, fetch_one, planned, so_many
from anju.foundation.sweeps.explain import facts
from anju.foundation.sweeps.sweep import sweep
from anju.foundation.trace.events import Subject
from anju.foundation.ui import columns, heads, panels
from anju.foundation.ui.columns import Cell
from anju.foundation.ui.formats import money, short_day
from anju.foundation.ui.heads import Badge, Button, Head, Step
from anju.kit import ZERO, Actor, Money

SHORT, LONG = 5, 60
KINDS = dict(Charge.Kind.choices)
REACHED = f"""
SELECT l.id FROM {{own}} own JOIN lease l ON l.id = own.id WHERE {in_scopes("l.scope_id")}
"""
narrowing(
    "arrears", gettext_lazy("有欠款"),
    "p.id IN (SELECT l.payer_id FROM charge c JOIN lease l ON l.id = c.lease_id"
    " WHERE c.open > 0 AND c.due_on < %(as_of)s)", order=20, needs=VIEW,
)  # fmt: skip


def leases_of(request: Any, subject: str, subject_id: int) -> list[int]:
    """The leases whose money belongs on this page, within the viewer's reach; read once a request."""
    kept: dict[tuple[str, int], list[int]] = request.__dict__.setdefault("billing_leases", {})
    key = (subject, subject_id)
    if key not in kept:
        ids = [subject_id] if subject == "lease" else leases_paid_by(subject_id)
        kept[key] = sorted(ids if scopes(request.actor) is None else _reached(request.actor, ids), reverse=True)
    return kept[key]


def _reached(viewer: Actor, ids: Sequence[int]) -> list[int]:
    sql = REACHED.format(own=so_many("unnest(%(ids)s::bigint[]) AS own(id)", len(ids)))
    rows = fetch(planned(sql), {"ids": [*ids], **scope_params(viewer)}) if ids else []
    return [r["id"] for r in rows]


def leases_paid_by(person_id: int) -> list[int]:
    """The leases a person pays for or signed, whoever looks."""
    return [lease_id for lease_id, pays in leases_of_person(person_id).items() if pays]


def account(request: Any, subject: str, subject_id: int) -> tuple[Balance, int | None]:
    """All that is owed and held on this page, and the lease with the oldest debt; read once a request."""
    kept: dict[tuple[str, int], tuple[Balance, int | None]] = request.__dict__.setdefault("billing_accounts", {})
    key = (subject, subject_id)
    if key not in kept:
        ids = leases_of(request, subject, subject_id)
        kept[key] = _together(balances(ids, clock.today())) if ids else (Balance(), None)
    return kept[key]


def _together(found: dict[int, Balance]) -> tuple[Balance, int | None]:
    late = {i: b for i, b in found.items() if b.oldest is not None}
    worst = min(late, key=lambda i: late[i].oldest or date.max) if late else None
    every = list(found.values())
    dues = [b.next_due for b in every if b.next_due is not None]
    return (
        Balance(
            Money.sum(b.owed for b in every),
            Money.sum(b.late for b in every),
            Money.sum(b.credit for b in every),
            Money.sum(b.held for b in every),
            late[worst].oldest if worst else None,
            min(dues, default=None),
            sum(b.late_bills for b in every),
        ),
        worst,
    )


def figures(request: Any, subject: str, subject_id: int) -> list[panels.Fact]:
    """欠款, 押金在管, and what was paid ahead."""
    if not leases_of(request, subject, subject_id):
        return []
    now, _worst = account(request, subject, subject_id)
    today = clock.today()
    if now.late > ZERO and now.oldest:
        days = _("逾期 {n} 天，{b} 张账单").format(n=(today - now.oldest).days, b=now.late_bills)
        owed = panels.Fact(_("欠款"), money(now.late), days, "warn")
    elif now.owed > ZERO and now.next_due:
        owed = panels.Fact(_("待付"), money(now.owed), _("{d} 应付").format(d=short_day(now.next_due)))
    else:
        owed = panels.Fact(_("欠款"), money(0), _("已全部付清"))
    ahead = [panels.Fact(_("预存"), money(now.credit))] if now.credit > ZERO else []
    return [owed, panels.Fact(_("押金在管"), money(now.held)), *ahead]


@panels.facts("person", order=10, needs=VIEW)
def person_figures(request: Any, person_id: int) -> list[panels.Fact]:
    """A tenant's money in figures."""
    return figures(request, "person", person_id)


@panels.facts("lease", order=5, needs=VIEW)
def lease_figures(request: Any, lease_id: int) -> list[panels.Fact]:
    """A lease's money in figures."""
    return figures(request, "lease", lease_id)


def said(request: Any, subject: str, subject_id: int) -> Head | None:
    """有欠款, the statement, and recording a payment as the next step for those who may."""
    now, worst = account(request, subject, subject_id)
    ids = leases_of(request, subject, subject_id)
    if not ids:
        return None
    statement = Button(_("对账单"), reverse("billing:statement", args=[worst or ids[0]]), "file-invoice")
    if worst is None or now.oldest is None:
        return Head(buttons=[statement])
    days = (clock.today() - now.oldest).days
    step = None
    if allows(request.actor, RECORD):
        step = Step(
            15, _("核对到账并登记"), _("欠 {a}，逾期 {n} 天").format(a=money(now.late), n=days), _("登记收款"),
            reverse("billing:payment-new", args=[worst]), "cash", "warn",
            reverse("billing:arrears-panel", args=[worst]),
        )  # fmt: skip
    return Head(badges=[Badge(_("有欠款"), "warn", "clock")], buttons=[statement], step=step)


@heads.head("person", order=20, needs=VIEW)
def person_head(request: Any, person_id: int) -> Head | None:
    """A tenant's debts."""
    return said(request, "person", person_id)


@heads.head("lease", order=20, needs=VIEW)
def lease_head(request: Any, lease_id: int) -> Head | None:
    """A lease's debts."""
    return said(request, "lease", lease_id)


COUNTED = """
SELECT count(*)::int AS bills, count(y.in_time)::int AS year, count(*) FILTER (WHERE y.in_time)::int AS in_time
FROM bill b LEFT JOIN LATERAL (
    SELECT NOT EXISTS (SELECT FROM charge c WHERE c.bill_id = b.id AND c.open > 0)
       AND NOT EXISTS (SELECT FROM charge c JOIN allocation a ON a.charge_id = c.id WHERE c.bill_id = b.id
                       AND (a.at AT TIME ZONE 'Asia/Shanghai')::date > b.due_on) AS in_time
    WHERE b.due_on > %(as_of)s::date - 365 AND b.due_on <= %(as_of)s::date) y ON true
WHERE b.lease_id = ANY(%(leases)s::bigint[])
"""


def bill_list(request: Any, subject: str, subject_id: int) -> dict[str, Any] | None:
    """The latest bills, and how punctual they were paid."""
    ids = leases_of(request, subject, subject_id)
    today = clock.today()
    counted = fetch(planned(COUNTED), {"leases": ids, "as_of": today})[0]
    in_time = counted["in_time"]
    limit = LONG if request.resolver_match and request.resolver_match.kwargs.get("tab") == "bills" else SHORT
    rows = bills(request.actor, today, BillFilter(lease_ids=ids), limit=limit)[:limit] if counted["bills"] else []
    note = _("近 12 个月 {n} 期，按时 {k} 期").format(n=counted["year"], k=in_time) if counted["year"] else ""
    return {
        "rows": [row | {"last": row["period_to"] - timedelta(days=1)} for row in rows],
        "count": counted["bills"],
        "note": note,
        "whole": True,
        "flush": True,
        "states": STATES,
        "handles": subject == "person" and len(ids) > 1,
    }


STATES: dict[str, tuple[Any, str]] = {
    "open": (gettext_lazy("待付"), "info"),
    "part": (gettext_lazy("部分已付"), "info"),
    "late": (gettext_lazy("逾期"), "warn"),
    "settled": (gettext_lazy("已付清"), "ok"),
}


def _registered(subject: str) -> None:
    panels.register(
        subject, "bills", gettext_lazy("账单"), order=15, template="billing/bills_panel.html",
        read=lambda request, i: bill_list(request, subject, i), needs=VIEW,
    )  # fmt: skip


_registered("person")
_registered("lease")


def owed_cells(found: dict[int, Balance], today: date) -> dict[int, Cell]:
    """What is past due, by subject."""
    return {
        i: Cell(money(b.late), _("逾期 {n} 天").format(n=(today - b.oldest).days), "warn", b.late.yuan)
        for i, b in found.items()
        if b.late > ZERO and b.oldest is not None
    }


@columns.column("lease", "owed", gettext_lazy("欠款"), order=30, needs=VIEW, num=True, kind="money")
def lease_owed(request: Any, ids: list[int]) -> dict[int, Cell]:
    """What leases owe past due."""
    return owed_cells(balances(ids, clock.today()), clock.today()) if ids else {}


PAYERS = "SELECT payer_id, array_agg(id) AS leases FROM lease WHERE payer_id = ANY(%(people)s) GROUP BY payer_id"


@columns.column("person", "owed", gettext_lazy("欠款"), order=30, needs=VIEW, num=True, kind="money")
def person_owed(request: Any, people: list[int]) -> dict[int, Cell]:
    """What tenants owe past due, over all their leases."""
    payers = {r["payer_id"]: r["leases"] for r in fetch(PAYERS, {"people": people})} if people else {}
    found = balances([i for ids in payers.values() for i in ids], clock.today())
    return owed_cells({p: _together({i: found[i] for i in ids})[0] for p, ids in payers.items()}, clock.today())


@related("lease")
def bills_of_lease(lease_id: int) -> list[Subject]:
    """A lease's timeline shows what was done about its bills."""
    return _bills([lease_id])


@related("person")
def bills_of_person(person_id: int) -> list[Subject]:
    """And so does its tenant's."""
    return _bills(leases_paid_by(person_id))


LATEST = "SELECT b.id FROM {own} JOIN bill b ON b.lease_id = own.id ORDER BY b.id DESC LIMIT 120"


def _bills(leases: Sequence[int]) -> list[Subject]:
    own = so_many("unnest(%(leases)s::bigint[]) AS own(id)", len(leases))
    rows = fetch(planned(LATEST.format(own=f"{own} own")), {"leases": [*leases]})
    return [("bill", row["id"]) for row in rows]


DECIDED = """
SELECT d.as_of, d.code, d.detail, d.sweep, d.subject_id, v.number AS version, d.bill
FROM (
    SELECT d.as_of, d.code, d.detail, d.subject_id, d.version_id, d.run_id, r.sweep, NULL AS bill
    FROM decision d JOIN sweep_run r ON r.id = d.run_id AND r.sweep = 'billing'
    WHERE d.subject_id IN (SELECT id FROM {own} own)
    UNION ALL
    SELECT d.as_of, d.code, d.detail, d.subject_id, d.version_id, d.run_id, r.sweep, b.number
    FROM bill b JOIN decision d ON d.subject_id = b.id JOIN sweep_run r ON r.id = d.run_id AND r.sweep = 'reminders'
    WHERE b.lease_id IN (SELECT id FROM {own} own)
) d LEFT JOIN policy_version v ON v.id = d.version_id
ORDER BY d.as_of DESC, d.run_id DESC LIMIT %(limit)s::int
"""


def decisions(request: Any, subject: str, subject_id: int, limit: int) -> list[Moment]:
    """What the engines decided about these leases and their bills, each with its why."""
    ids = leases_of(request, subject, subject_id)
    sql = DECIDED.format(own=so_many("unnest(%(leases)s::bigint[]) AS own(id)", len(ids)))
    rows = fetch(planned(sql), {"leases": ids, "limit": limit}) if ids else []
    return [_decided(row) for row in rows]


def _decided(row: dict[str, Any]) -> Moment:
    engine, english = sweep(row["sweep"]), (get_language() or "").startswith("en")
    code = engine.words(row["code"])
    words = (code.en if english else code.zh).format_map(facts(row["detail"]))
    if row["sweep"] == "billing":
        why = reverse("leases:tab", args=[row["subject_id"], "why"]) + f"?on={row['as_of'].isoformat()}"
    else:
        why = reverse("billing:bill", args=[row["subject_id"]])
    about = f"{engine.en if english else engine.zh} v{row['version']}" if row["version"] else ""
    bill = _("，账单 {n}").format(n=row["bill"]) if row["bill"] else ""
    at = datetime.combine(row["as_of"], time(6), clock.SHANGHAI)
    tone = "info" if code.acts else ""
    return Moment(at, "git-branch", _("判定：{w}").format(w=words), about + bill, tone, "decision", why)


@moments("person", about="decision", needs=VIEW)
def person_decisions(request: Any, person_id: int, limit: int) -> list[Moment]:
    """Decisions about a tenant's leases and bills."""
    return decisions(request, "person", person_id, limit)


@moments("lease", about="decision", needs=VIEW)
def lease_decisions(request: Any, lease_id: int, limit: int) -> list[Moment]:
    """Decisions about a lease and its bills."""
    return decisions(request, "lease", lease_id, limit)


ADDED = """
SELECT c.kind, c.name, c.period_from, c.period_to, c.due_on, c.amount, c.reverses_id FROM charge c
WHERE c.lease_id = %(lease)s AND c.id > %(last)s ORDER BY c.period_from, c.reverses_id NULLS LAST, c.id
"""
LAST = "SELECT coalesce(max(id), 0) AS id FROM charge WHERE lease_id = %(lease)s"


@watches
def rebilled(by: Actor, lease_id: int) -> After:
    """What a change of a lease would do to periods that are billed already."""
    shown = allows(by, VIEW)
    last = (fetch_one(LAST, {"lease": lease_id}) or {"id": 0})["id"]

    def look() -> list[Line]:
        rows = fetch(ADDED, {"lease": lease_id, "last": last}) if shown else []
        if not rows:
            return []
        total = sum((row["amount"] for row in rows), Decimal(0))
        paired: dict[str, tuple[Decimal, Decimal]] = {}
        for row in rows:  # what is taken back beside what takes its place
            before, after = paired.get(_period(row), (Decimal(0), Decimal(0)))
            back = row["reverses_id"] is not None
            paired[_period(row)] = (before - row["amount"], after) if back else (before, after + row["amount"])
        lines = [Line(period, money(before), money(after)) for period, (before, after) in paired.items()]
        return [*lines, Line(_("账单差额"), "", money(total, plus=True), "", "warn" if total > 0 else "ok")]

    return look


def _period(row: dict[str, Any]) -> str:
    what = row["name"] or str(KINDS[row["kind"]])
    return _("{what} {a} 至 {b}").format(
        what=what, a=short_day(row["period_from"]), b=short_day(row["period_to"] - timedelta(days=1))
    )


PAID = f"""
SELECT y.id, y.lease_id, l.number AS lease, p.name FROM payment y JOIN lease l ON l.id = y.lease_id
JOIN person p ON p.id = l.payer_id WHERE y.id = ANY(%(ids)s) AND {in_scopes("y.scope_id")}
"""
BILLED = f"""
SELECT b.id, b.lease_id, b.number AS lease, p.name FROM bill b JOIN lease l ON l.id = b.lease_id
JOIN person p ON p.id = l.payer_id WHERE b.id = ANY(%(ids)s) AND {in_scopes("b.scope_id")}
"""


def _named(request: Any, sql: str, ids: list[int]) -> list[dict[str, Any]]:
    if not allows(request.actor, VIEW):
        return []
    return view(request.actor, "bill", fetch(sql, {"ids": ids, **scope_params(request.actor)}))


def _called(row: dict[str, Any], href: str) -> Named:
    return Named(f"{row.get('name', '')} {row['lease']}".strip(), href)


@names("payment")
def payments_named(request: Any, ids: list[int]) -> dict[int, Named]:
    """Payments within reach, for feeds: whose they are."""
    rows = _named(request, PAID, ids)
    return {r["id"]: _called(r, reverse("leases:lease", args=[r["lease_id"]])) for r in rows}


@names("bill")
def bills_named(request: Any, ids: list[int]) -> dict[int, Named]:
    """Bills within reach, for feeds."""
    return {r["id"]: _called(r, reverse("billing:bill", args=[r["id"]])) for r in _named(request, BILLED, ids)}
