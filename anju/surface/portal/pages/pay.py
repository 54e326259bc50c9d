"""Bills and paying them: amount, wallet, done."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anju.domain.billing.policies import Billing
from anju.domain.billing.queries import balances
from anju.domain.billing.queries.own import own_bills, own_payments
from anju.foundation.access.pages import tenant_page
from anju.foundation.db import clock
from anju.foundation.policy.store import in_force
from anju.foundation.ui import render
from anju.foundation.ui.formats import money
from anju.kit import Actor, Money, Refused
from anju.surface.portal import words
from anju.surface.portal.due import CHANGED, Due, ahead_of, bill_due, lease_due, lease_of, most_ahead, part_of
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
    terms = in_force(Billing).value
    parts = terms.part_payment and due.amount > Money(terms.least_part)
    facts: dict[str, Any] = {
        "due": due,
        "lines": words.lines(due.charges, "amount" if due.bill else "open"),
        "kind": badge(due, clock.today()) if due.amount else "ok",
        "paid": Money(due.bill["settled"]) if due.bill else None,
        "footer": terms.footer,
        "parts": parts,
        "least": terms.least_part,
        **_way(request),
        **_refusal(request, refused, beside=parts and "some" in request.POST),
    }
    return render(request, "portal/pay.html", facts, status=422 if refused else 200)


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
    lease = lease_of(tenant, lease_id)
    refused: Refused | None = None
    try:
        if (going := resume(request, tenant, _back(lease_id), lease_id)) is not None:
            return going
        if request.method == "POST":
            amount = ahead_of(lease, request.POST.get("amount") or request.POST.get("months", ""))
            wish = Wish(lease_id, amount, _("预存房租"), request.POST.get("wallet", ""))
            return begin(request, tenant, wish, _back(lease_id))
    except Refused as error:
        refused = error
    facts = {
        "lease": lease,
        "room": words.rooms(lease),
        "account": balances([lease_id], clock.today())[lease_id],
        "most": most_ahead(lease),
        "months_options": _months(lease),
        **_way(request),
        "error": refused.text(get_language() or "zh-hans") if refused else "",
        "typed": request.POST.get("amount", ""),
    }
    return render(request, "portal/ahead.html", facts, status=422 if refused else 200)


def _months(lease: dict[str, Any]) -> list[dict[str, str]]:
    """One, three and six months of today's rent, as far as the policy goes."""
    months = in_force(Billing).value.ahead_months
    offered = [n for n in (1, 3, 6) if n <= months]
    amounts = [(n, Money.round(Decimal(lease["monthly"] or 0) * n)) for n in offered]
    words_of = {n: ngettext("%(n)s 个月房租", "%(n)s 个月房租", n) % {"n": n} for n in offered}
    return [{"value": str(yuan), "text": words_of[n], "note": money(yuan)} for n, yuan in amounts]


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
        "payments": [row | {"way": words.method(row["method"])} for row in own_payments(tenant, lease_id)],
    }
    return render(request, "portal/bills.html", facts)
