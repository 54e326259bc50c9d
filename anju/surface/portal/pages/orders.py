"""What became of a payment: waiting, paid, not paid; and the receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header as content_disposition
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.billing.documents.receipt import receipt_pdf
from anju.domain.billing.models import Payment
from anju.domain.billing.queries import balances
from anju.domain.billing.queries.own import next_bill, own_payment, payment_of_order
from anju.domain.leases.own import require_own
from anju.domain.tenants.own import own_person
from anju.foundation.access.pages import tenant_page
from anju.foundation.db import clock
from anju.foundation.payments.queries import OrderState, order_state
from anju.foundation.payments.repair import check_order
from anju.foundation.ui import render
from anju.foundation.ui.formats import moment
from anju.foundation.ui.page import go_on
from anju.kit import Actor, Money
from anju.kit.refusal import NOT_FOUND
from anju.surface.portal import words
from anju.surface.portal.due import lease_of
from anju.surface.portal.paying import latest_order

LOOKS = 45
"""How often a waiting page asks, every 2 s, before it says that it stops."""
ASK_EVERY = 3
PATIENCE = 4
"""Looks after which the way back to paying is offered."""


def seen(order: OrderState, looks: int) -> dict[str, Any]:
    """An order as its page shows it, after asking the gateway when the callback takes its time."""
    if order.waiting and looks % ASK_EVERY == 0:
        check_order(order.number)
        order = order_state(order.number)
    state = "paid" if order.paid else "waiting" if order.waiting else "ended"
    payment = payment_of_order(order.number) if order.paid else None
    paid_at = Payment.objects.values_list("received_at", flat=True).get(id=payment) if payment else order.paid_at
    return {
        "order": order,
        "payment": payment,
        "paid_at": paid_at,
        "state": state,
        "looks": looks,
        "more": looks < LOOKS,
        "offer": looks >= PATIENCE,
    }


def looks_of(request: HttpRequest) -> int:
    """How often this page has asked already."""
    asked = request.GET.get("n", "")
    return min(int(asked), LOOKS) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0


@tenant_page()
@require_GET
def latest(request: HttpRequest, lease_id: int) -> HttpResponse:
    """Back from the wallet: on to the order that was just handed out."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    require_own(tenant, lease_id)
    order = latest_order(tenant, lease_id)
    return redirect("portal:order", order.number) if order else redirect("portal:home")


@tenant_page()
@require_GET
def order(request: HttpRequest, number: str) -> HttpResponse:
    """A payment under way. It becomes the receipt by itself."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    found = order_state(number)
    if found.subject[0] != "lease":
        raise NOT_FOUND()
    require_own(tenant, found.subject[1])
    looks = looks_of(request)
    facts = seen(found, looks)
    if facts["payment"]:
        return go_on(request, reverse("portal:receipt", args=[facts["payment"]]))
    again = reverse("portal:pay", args=[found.subject[1]])
    facts |= {"again": again, "poll": f"{request.path}?n={looks + 1}", "form": None}
    return render(request, "portal/order.html", facts, block="state")


@tenant_page()
@require_GET
def receipt(request: HttpRequest, payment_id: int) -> HttpResponse:
    """What was paid, when it counts, and what comes next."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    payment = own_payment(tenant, payment_id)
    lease_id = payment["lease_id"]
    coming, account = next_bill(tenant, lease_id), balances([lease_id], clock.today())[lease_id]
    facts = {
        "payment": payment,
        "rows": _rows(request, payment),
        "unused": Money(payment["unused"] or 0),
        "next": coming,
        "coming": words.coming(coming, account.credit) if coming else "",
    }
    return render(request, "portal/receipt.html", facts)


def _rows(request: HttpRequest, payment: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("到账时间"), moment(payment["received_at"])),
        (_("支付方式"), words.method(payment["method"])),
        (_("费用"), words.for_what(payment)),
        (_("收款方"), request.org.name),  # type: ignore[attr-defined]
        (_("收据号"), payment["number"]),
    ]


@tenant_page()
@require_GET
def receipt_file(request: HttpRequest, payment_id: int) -> HttpResponse:
    """The receipt as PDF."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    payment = own_payment(tenant, payment_id)
    lease = lease_of(tenant, payment["lease_id"])
    settled = words.lines(payment["lines"])
    if unused := Money(payment["unused"] or 0):
        settled.append((_("预存（以后的账单自动抵扣）"), "", unused.yuan))
    body = receipt_pdf(
        number=payment["number"],
        company=request.org.name,  # type: ignore[attr-defined]
        head=[
            (_("付款人"), own_person(tenant)["name"]),
            (_("房间"), words.rooms(lease)),
            (_("合同"), lease["number"]),
            (_("到账时间"), moment(payment["received_at"])),
            (_("支付方式"), words.method(payment["method"])),
        ],
        lines=[(what, span, Money(each)) for what, span, each in settled],
        amount=Money(payment["amount"]),
    )
    return file(body, "application/pdf", f"{_('收据')}-{payment['number']}.pdf")


def file(body: bytes, kind: str, name: str) -> HttpResponse:
    """A file to keep, never cached."""
    response = HttpResponse(body, content_type=kind, headers={"Cache-Control": "private, no-store"})
    response.headers["Content-Disposition"] = content_disposition(True, name) or "attachment"
    return response
