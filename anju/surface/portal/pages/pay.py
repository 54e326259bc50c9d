"""Bills and paying them: amount, wallet, done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anju.domain.billing.policies import Billing
from anju.domain.billing.queries import balances
from anju.domain.billing.queries.own import month_of, own_bills, own_payments
from anju.foundation.access.pages import tenant_page
from anju.foundation.db import clock
from anju.foundation.policy.store import in_force
from anju.foundation.ui import render
from anju.kit import Actor, Money, Refused
from anju.surface.portal import words
from anju.surface.portal.ahead import ahead_of, least_ahead, month_words, most_ahead, offers
from anju.surface.portal.due import CHANGED, Due, bill_due, lease_due, lease_of, part_of
from anju.surface.portal.in_wallet import Wish
from anju.surface.portal.pages.home import badge
from anju.surface.portal.paying import begin, blocked, resume, wallets


@tenant_page()
@require_http_methods(["GET", "POST"])
def bill(request: HttpRequest, bill_id: int) -> HttpResponse:
    """One bill: what for, until when, and the way to pay it."""
    return _pay(request, bill_due(request.actor, bill_id))  # type: ignore[attr-defined]


@tenant_page()
@require_http_methods(["GET", "POST"])
def everything(request: HttpRequest, lease_id: int) -> HttpResponse:
    """All that a lease owes, in one payment."""
    return _pay(request, lease_due(request.actor, lease_id))  # type: ignore[attr-defined]


def _pay(request: HttpRequest, due: Due) -> HttpResponse:
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "GET":
        try:
            lease_id: int = due.lease["id"]
            return resume(request, tenant, _back(lease_id), lease_id, due.amount) or _page(request, due)
        except Refused as refused:
            return _page(request, due, refused)
    if not due.amount:
        messages.success(request, _("已经付清了，没有重复扣款。"))
        return redirect(request.path)
    try:
        if "some" in request.POST:
            amount = part_of(due.amount, request.POST.get("amount", ""))
        elif request.POST.get("shown") == str(due.amount):
            amount = due.amount
        else:
            raise CHANGED(owed=due.amount)
        return begin(request, tenant, _wish(request, due, amount), _back(due.lease["id"]))
    except Refused as refused:
        return _page(request, due, refused)


def _wish(request: HttpRequest, due: Due, amount: Money) -> Wish:
    return Wish(due.lease["id"], amount, due.title, request.POST.get("wallet", ""))


def _back(lease_id: int) -> str:
    return reverse("portal:latest-order", args=[lease_id])


def _page(request: HttpRequest, due: Due, refused: Refused | None = None) -> HttpResponse:
    terms, today = in_force(Billing).value, clock.today()
    parts = terms.part_payment and due.amount > Money(terms.least_part)
    facts: dict[str, Any] = {
        "due": due,
        "lines": words.lines(due.charges, "amount" if due.bill else "open"),
        "kind": badge(due, today) if due.amount else "ok",
        "paid": Money(due.bill["settled"]) if due.bill else None,
        "receipts": [] if due.amount else _receipts(request.actor, due),  # type: ignore[attr-defined] # the door's
        "footer": terms.footer if due.due_on and due.due_on > today else "",
        "parts": parts,
        "least": terms.least_part,
        **_way(request),
        **_refusal(request, refused, beside=parts and "some" in request.POST),
    }
    return render(request, "portal/pay.html", facts, status=422 if refused else 200)


def _receipts(tenant: Actor, due: Due) -> list[dict[str, Any]]:
    """The payments that settled a bill; none on the page of all that a lease owes."""
    return _paid(own_payments(tenant, due.lease["id"], bill_id=due.bill["id"])) if due.bill else []


def _paid(payments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Payments with the way they came, as ``paid_rows`` shows them."""
    return [row | {"way": words.method(row["method"])} for row in payments]


def _way(request: HttpRequest) -> dict[str, Any]:
    found = wallets()
    chosen = request.POST.get("wallet") or (found[0]["value"] if found else "")
    return {"wallets": found, "wallet": chosen, "blocked": blocked(request)}


def _refusal(request: HttpRequest, refused: Refused | None, *, beside: bool) -> dict[str, Any]:
    """What was refused: beside the amount that was typed, or above the page."""
    said = refused.text(get_language() or "zh-hans") if refused else ""
    above, near = ("", said) if beside else (said, "")
    return {"error": above, "amount_error": near, "typed": request.POST.get("amount", "")}


@tenant_page()
@require_http_methods(["GET", "POST"])
def ahead(request: HttpRequest, lease_id: int) -> HttpResponse:
    """Pay before anything is due; later bills are settled from it."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    lease, today = lease_of(tenant, lease_id), clock.today()
    owed, own = balances([lease_id], today)[lease_id].owed, bool(request.POST.get("amount"))
    refused: Refused | None = None
    try:
        if (going := resume(request, tenant, _back(lease_id), lease_id)) is not None:
            return going
        if request.method == "POST":
            amount = ahead_of(lease, owed, request.POST.get("amount") or request.POST.get("months", ""))
            wish = Wish(lease_id, amount, _("预存房租"), request.POST.get("wallet", ""))
            return begin(request, tenant, wish, _back(lease_id))
    except Refused as error:
        refused = error
    month, most = month_of(tenant, lease_id, today), most_ahead(lease, owed)
    amounts = offers(lease, owed, month)
    facts = {
        "lease": lease,
        "room": words.rooms(lease),
        "owed": owed,
        "least": least_ahead(most),
        "most": most,
        "amounts": amounts,
        "chosen": request.POST.get("months") or next((offer["value"] for offer in amounts), ""),
        "month": month_words(month),
        **_way(request),
        **_refusal(request, refused, beside=own and bool(most)),
    }
    return render(request, "portal/ahead.html", facts, status=422 if refused else 200)


@tenant_page()
@require_GET
def bills(request: HttpRequest, lease_id: int) -> HttpResponse:
    """All bills and receipts of a lease."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    lease = lease_of(tenant, lease_id)
    found = own_bills(tenant, clock.today(), lease_id)
    facts = {
        "lease": lease,
        "room": words.rooms(lease),
        "bills": [row | {"title": words.bill_title(row)} for row in found],
        "payments": _paid(own_payments(tenant, lease_id)),
    }
    return render(request, "portal/bills.html", facts)
