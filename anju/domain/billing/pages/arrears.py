"""逾期清单: who owes what, most urgent first; the panel beside it says why and what to do next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.domain.billing.actions import record_payments
from anju.domain.billing.models import Bill, Charge
from anju.domain.billing.pages.door import money_page
from anju.domain.billing.pages.explained import why_of
from anju.domain.billing.pages.lists import ARREARS
from anju.domain.billing.pages.words import words
from anju.domain.billing.permissions import VIEW
from anju.domain.billing.queries import ArrearsFilter, arrears, arrears_count, arrears_totals, balances, charges
from anju.foundation.access import may_export
from anju.foundation.access.parts import drawn_parts
from anju.foundation.db import clock
from anju.foundation.lists.listing import Listing
from anju.foundation.messaging.queries import contacts_with
from anju.foundation.ui import nav, render
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.formats import short_day
from anju.kit.refusal import NOT_FOUND

PAGE = 20
KINDS = dict(Charge.Kind.choices)
ORDER = [k for k in KINDS if k != "deposit"] + ["deposit"]
VIEWS: dict[str, dict[str, Any]] = {
    "": {},
    "short": {"max_days": 3},
    "calls": {"min_days": 4, "max_days": 7},
    "long": {"min_days": 8},
}
SORTS = {"": "urgency", "amount": "amount"}


def waiting(request: HttpRequest) -> int:
    """The rail's number: leases past due."""
    actor = request.actor  # type: ignore[attr-defined]
    return arrears_count(actor, clock.today())


nav.entry(
    "charges", gettext_lazy("收租"), "coin-yuan", "billing:arrears", order=50, permission=VIEW,
    count=waiting, shared=True,
)  # fmt: skip


def wanted(asked: Asked, project_id: int | None) -> ArrearsFilter:
    """The filter an address asks for."""
    view = VIEWS[asked.text("view", VIEWS)]
    return ArrearsFilter(
        project_id=asked.number("project") or project_id,
        building_id=asked.number("building"),
        min_days=max(1, asked.number("days") or view.get("min_days", 1)),
        max_days=view.get("max_days"),
        min_owed=asked.money("owed") or ArrearsFilter.min_owed,
        sort="amount" if asked.text("sort", SORTS) == "amount" else "urgency",
    )


@require_GET
@money_page(needs=VIEW)
def arrears_list(request: Any) -> HttpResponse:
    """The list; filters and order are in its address."""
    return render(request, "billing/arrears.html", list_context(request), block="list")


def list_context(request: Any) -> dict[str, Any]:
    """What the list shows; the panel's page shows it too."""
    asked, today = Asked("/rent/arrears", request.GET.dict()), clock.today()
    found = wanted(asked, request.session.get("console_project"))
    page = asked.number("page") or 1
    rows = arrears(request.actor, today, found, offset=(page - 1) * PAGE, limit=PAGE)
    return {
        "asked": asked,
        "listing": Listing(request, ARREARS, asked),
        "filter": found,
        "rows": rows[:PAGE],
        "totals": arrears_totals(request.actor, today, found),
        "page": page,
        "more": len(rows) > PAGE,
        "standing": views(asked),
        "may_export": may_export(request.actor, "arrears"),
        "today": today,
        "open_id": None,
        "words": words,
    }


def views(asked: Asked) -> list[dict[str, Any]]:
    """The list's standing views."""
    words = {"": _("全部逾期"), "short": _("1–3 天"), "calls": _("4–7 天"), "long": _("8 天以上")}
    now = asked.text("view", VIEWS)
    return [{"text": text, "href": asked.url(view=key, days=None), "on": key == now} for key, text in words.items()]


def _line(charge: dict[str, Any]) -> tuple[str, Any]:
    """房租 2026-11-17 至 2026-12-16, and what is open of it."""
    what = charge["label"] or KINDS[charge["kind"]]
    last = date.fromordinal(charge["period_to"].toordinal() - 1)
    if last <= charge["period_from"] or charge["kind"] == "deposit":
        return str(what), charge["open"]
    days = {"what": what, "first": short_day(charge["period_from"]), "last": short_day(last)}
    return _("{what} {first} 至 {last}").format(**days), charge["open"]


@require_GET
@money_page(needs=VIEW)
def arrears_panel(request: Any, lease_id: int) -> HttpResponse:
    """One lease's arrears: money, why, last contacts. Beside the list, or the list with it open."""
    today = clock.today()
    rows = arrears(request.actor, today, ArrearsFilter(lease_id=lease_id, min_days=0), limit=1)
    if not rows:
        raise NOT_FOUND()
    row = rows[0]
    open_charges = charges(request.actor, lease_id=lease_id, only_open=True)
    bill = Bill.objects.filter(lease_id=lease_id, due_on=row["oldest_due_on"]).order_by("id").first()
    context = {
        "late": row,
        "lines": [_line(c) for c in sorted(open_charges, key=lambda c: (c["due_on"], ORDER.index(c["kind"]), c["id"]))],
        "balance": balances([lease_id], today)[lease_id],
        "bill": bill,
        "why_answer": why_of(request.actor, "reminders", bill.id, today, shown_day(request, today)) if bill else None,
        "contacts": contacts_with(row["person_id"], limit=6),
        "parts": drawn_parts(request, "arrears", lease_id),
        "may_record": record_payments.refusal(request.actor, payments=[]) is None,
        "today": today,
        "words": words,
    }
    if request.headers.get("HX-Target") == "why" and bill:
        return render(request, "billing/arrears_panel.html", context, block="why")
    if request.htmx:
        return render(request, "billing/arrears_panel.html", context, block="panel")
    return render(request, "billing/arrears_panel.html", {**list_context(request), **context, "open_id": lease_id})


def shown_day(request: Any, today: date) -> date:
    """The day the stepper stands on: asked for by address, three days ahead otherwise; within a year."""
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        day = today + timedelta(days=3)
    return min(max(day, today - timedelta(days=366)), today + timedelta(days=366))
