"""账单: the list, one bill with its lines, why it exists, what was sent about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.billing.models import Charge
from anju.domain.billing.pages.arrears import shown_day
from anju.domain.billing.pages.door import money_page
from anju.domain.billing.pages.explained import made_by, why_of
from anju.domain.billing.pages.lists import BILLS
from anju.domain.billing.pages.words import BILL_STATES, words
from anju.domain.billing.permissions import VIEW
from anju.domain.billing.queries import BillFilter, bill, bills, charges
from anju.foundation.access import may_export
from anju.foundation.db import clock
from anju.foundation.lists.listing import Listing
from anju.foundation.messaging.queries import contacts_about
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked

PAGE = 20
KINDS = dict(Charge.Kind.choices)


def wanted(asked: Asked, project_id: int | None) -> BillFilter:
    """The filter an address asks for."""
    state = asked.text("state", BILL_STATES)
    return BillFilter(
        project_id=asked.number("project") or project_id,
        building_id=asked.number("building"),
        lease_id=asked.number("lease"),
        due_from=asked.day("from"),
        due_to=asked.day("to"),
        state=state or None,  # type: ignore[arg-type]  # text() gives one of BILL_STATES
    )


@require_GET
@money_page(needs=VIEW)
def bill_list(request: Any) -> HttpResponse:
    """Bills, newest first."""
    asked, today = Asked("/rent/bills", request.GET.dict()), clock.today()
    found = wanted(asked, request.session.get("console_project"))
    rows = bills(request.actor, today, found, after=asked.number("after"), limit=PAGE)
    now = asked.text("state", BILL_STATES)
    views = [{"text": _("全部"), "href": asked.url(state=None), "on": not now}]
    views += [{"text": text, "href": asked.url(state=key), "on": key == now} for key, (text, _t) in BILL_STATES.items()]
    context = {
        "asked": asked,
        "listing": Listing(request, BILLS, asked),
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "standing": views,
        "may_export": may_export(request.actor, "bill"),
        "words": words,
        "last_day": last_day,
        "found": found,
        "lease": rows[0] if found.lease_id and rows else None,
    }
    return render(request, "billing/bills.html", context, block="list")


@require_GET
@money_page(needs=VIEW)
def bill_page(request: Any, bill_id: int) -> HttpResponse:
    """One bill."""
    today = clock.today()
    row = bill(request.actor, today, bill_id)
    lines = charges(request.actor, bill_id=bill_id)
    context = {
        "bill": row,
        "lines": sorted(lines, key=lambda c: c["id"]),
        "kinds": KINDS,
        "contacts": contacts_about("bill", bill_id, limit=20),
        "words": words,
        "why_answer": why_of(request.actor, "reminders", bill_id, today, shown_day(request, today)),
        "billed": made_by(request.actor, "billing", row["lease_id"], row["issued_on"], row["run_id"]),
        "last_day": last_day,
    }
    if request.headers.get("HX-Target") == "why":
        return render(request, "billing/bill.html", context, block="why")
    return render(request, "billing/bill.html", context)


def last_day(line: dict[str, Any]) -> date:
    """The last day a line covers, as people write it."""
    return date.fromordinal(line["period_to"].toordinal() - 1)
