"""隐私电话 from the order: asked for with a signal, shown at once; the page is never kept in the phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from anju.domain.workorders import rounds
from anju.foundation.access.pages import staff_page
from anju.foundation.calls.actions import ask, enter_phone
from anju.foundation.calls.permissions import CALL
from anju.foundation.calls.queries import minutes_left
from anju.foundation.ui import render
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND


@sensitive_post_parameters("phone")
@require_http_methods(["GET", "POST"])
@staff_page(needs=CALL)
def call(request: Any, case_id: int) -> HttpResponse:
    """Lend a number and show it, or say why there is none; without an own phone, ask for it first.

    A phone that dropped the page during the call asks for its address anew: that goes to the order.
    """
    row = rounds.one(request.actor, case_id)
    if row is None:
        raise NOT_FOUND()
    if request.method == "GET":
        return redirect(reverse("field:order", args=[case_id]))
    facts: dict[str, Any] = {"number": None, "error": "", "needs_phone": False}
    try:
        if phone := request.POST.get("phone", ""):
            enter_phone(request.actor, phone=phone)
        facts["number"] = number = ask(request.actor, case_id=case_id)
        facts["minutes"] = minutes_left(number.expires_at)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        facts["error"] = refused.text(request.LANGUAGE_CODE)
        facts["needs_phone"] = refused.code in ("calls.no_own_phone", "calls.phone_wrong")
    answer = render(
        request, "field/call.html", {"row": row, "case_id": case_id, **facts}, status=422 if facts["error"] else 200
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
