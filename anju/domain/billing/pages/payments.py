"""收款: the list, and recording money that came in by bank or cash."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anju.domain.billing.actions import record_payment
from anju.domain.billing.actions.payments import PAY_BACK, RECORD
from anju.domain.billing.models import Payment
from anju.domain.billing.pages.door import money_page
from anju.domain.billing.pages.lists import PAYMENTS
from anju.domain.billing.permissions import VIEW_PAYMENTS
from anju.domain.billing.queries import ArrearsFilter, arrears, balances, payments
from anju.domain.leases.models import Lease
from anju.foundation.access import allows, may_export, restrict
from anju.foundation.db import clock
from anju.foundation.lists.listing import Listing
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.kit import Money, Refused
from anju.kit.refusal import NOT_FOUND

PAGE = 20
METHODS = [("bank", Payment.Method.BANK.label), ("cash", Payment.Method.CASH.label)]


@require_GET
@money_page(needs=VIEW_PAYMENTS)
def payment_list(request: Any) -> HttpResponse:
    """Payments, newest first."""
    asked = Asked("/rent/payments", request.GET.dict())
    rows = payments(request.actor, lease_id=asked.number("lease"), after=asked.number("after"), limit=PAGE)
    context = {
        "asked": asked,
        "listing": Listing(request, PAYMENTS, asked),
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "methods": dict(Payment.Method.choices),
        "may_export": may_export(request.actor, "payment"),
        "may_refund": allows(request.actor, PAY_BACK),
    }
    return render(request, "billing/payments.html", context, block="list")


@require_http_methods(["GET", "POST"])
@money_page(needs=RECORD)
def payment_new(request: Any, lease_id: int) -> HttpResponse:
    """Record one payment of a lease; a repeated reference is the payment that is there already."""
    lease = restrict(Lease.objects.select_related("payer").filter(id=lease_id), request.actor).first()
    if lease is None:
        raise NOT_FOUND()
    typed = request.POST.dict() if request.method == "POST" else {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        amount, errors = _read(typed)
        if amount is not None and not errors:
            try:
                made = record_payment(
                    request.actor,
                    lease_id=lease_id,
                    amount=amount,
                    method=typed["method"],
                    received_at=datetime.combine(_day(typed), time(12), clock.SHANGHAI),
                    source=f"{typed['method']}:{typed['reference'].strip()}",
                )
            except Refused as refused:
                errors["amount"] = refused.text(request.LANGUAGE_CODE)
            else:
                messages.success(request, _("已登记收款 {n}，并结清了到期的账单。").format(n=made.number))
                return redirect("billing:payments")
    balance = balances([lease_id], clock.today())[lease_id]
    context = {
        "lease": lease,
        "balance": balance,
        "typed": typed or {"amount": str(balance.owed or ""), "day": clock.today().isoformat(), "method": "bank"},
        "errors": errors,
        "methods": METHODS,
        "late": arrears(request.actor, clock.today(), ArrearsFilter(lease_id=lease_id), limit=1),
    }
    return render(request, "billing/payment_new.html", context, status=422 if errors else 200)


def _day(typed: dict[str, str]) -> Any:
    return datetime.strptime(typed.get("day", ""), "%Y-%m-%d").date()  # noqa: DTZ007 a day has no zone


def _read(typed: dict[str, str]) -> tuple[Money | None, dict[str, str]]:
    """The typed amount, and one sentence per field that needs another look."""
    errors = {}
    amount = None
    try:
        amount = Money(Decimal(typed.get("amount", "").replace(",", "").replace("，", "").strip()))
    except (InvalidOperation, ValueError):
        errors["amount"] = _("请填写金额，最多两位小数，例如 2280.00。")
    try:
        if _day(typed) > clock.today():
            errors["day"] = _("到账日期不能晚于今天。")
    except ValueError:
        errors["day"] = _("请选择到账日期。")
    if not typed.get("reference", "").strip():
        errors["reference"] = _("请填写银行流水号或收据号，同一笔不会重复入账。")
    elif len(typed["reference"].strip()) > 60:
        errors["reference"] = _("流水号最多 60 个字。")
    if typed.get("method") not in dict(METHODS):
        errors["method"] = _("请选择收款方式。")
    return amount, errors
