"""原路退款: what an online payment still holds as credit goes back to the wallet it came from."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.domain.billing.actions import refund_payment
from anju.domain.billing.actions.payments import PAY_BACK
from anju.domain.billing.models import Credit, Payment
from anju.domain.billing.pages.door import money_page
from anju.foundation.access import restrict
from anju.foundation.ui import render
from anju.kit import Money, Refused
from anju.kit.refusal import NOT_FOUND


@require_http_methods(["GET", "POST"])
@money_page(needs=PAY_BACK)
def refund(request: Any, payment_id: int) -> HttpResponse:
    """GET asks how much and why; POST sends it on its way."""
    found = Payment.objects.select_related("lease", "payer").filter(id=payment_id)
    payment = restrict(found, request.actor).first()
    credit = Credit.objects.filter(payment_id=payment_id).first()
    if payment is None or credit is None:
        raise NOT_FOUND()
    typed = {
        "amount": request.POST.get("amount", str(credit.open)).strip(),
        "reason": request.POST.get("reason", "").strip(),
    }
    error = ""
    if request.method == "POST":
        error = _send(request, payment_id, typed)
        if not error:
            messages.success(request, _("退款已发起，一般几分钟到账；结果会记在收款里。"))
            return redirect("billing:payments")
    context = {"payment": payment, "credit": credit, "typed": typed, "error": error}
    return render(request, "billing/refund.html", context, status=422 if error else 200)


def _send(request: Any, payment_id: int, typed: dict[str, str]) -> str:
    """What is wrong with what was typed, in one sentence; empty when the refund is on its way."""
    try:
        amount = Money(Decimal(typed["amount"].replace(",", "")))
    except (InvalidOperation, ValueError):
        return _("请填写退款金额，最多两位小数。")
    if not typed["reason"]:
        return _("请填写退款原因，租客会在钱包里看到。")
    try:
        refund_payment(request.actor, payment_id=payment_id, amount=amount, reason=typed["reason"])
    except Refused as refused:
        return refused.text(request.LANGUAGE_CODE)
    return ""
