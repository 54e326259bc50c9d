"""Asking for a number on a case's page; where the provider reports calls."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from anju.foundation.access.pages import staff_page
from anju.foundation.calls import receipts
from anju.foundation.calls.actions import ask, enter_phone
from anju.foundation.calls.permissions import CALL
from anju.foundation.identity.doors import open_door
from anju.kit import Refused

MAX_BYTES = 2_000_000


@sensitive_post_parameters("phone")
@require_POST
@staff_page(needs=CALL)
def call(request: Any, case_id: int) -> HttpResponse:
    """Lend a number; the case's page shows it. A phone typed with it becomes one's own first."""
    person = request.POST.get("person", "")
    try:
        if phone := request.POST.get("phone", ""):
            enter_phone(request.actor, phone=phone)
        ask(request.actor, case_id=case_id, person_id=int(person) if person.isdecimal() else None)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        messages.error(request, refused.text(request.LANGUAGE_CODE))
    else:
        messages.success(request, _("隐私号已开通，请用自己的手机拨打。"))
    return redirect(reverse("flows:case", args=[case_id]))


@open_door("a provider's call report: the secret id inside each row says whether it is ours")
@csrf_exempt
@require_POST
def aliyun_report(request: HttpRequest, org_id: int) -> JsonResponse:
    """SecretStartReport and SecretReport of Aliyun: a JSON array. The provider repeats until it reads ``code`` 0.

    The provider does not sign; a row counts only with the secret id that travelled with the number, so rows that were
    not ours change nothing and are still answered with 0.
    """
    if len(request.body) > MAX_BYTES:
        return JsonResponse({"code": 1, "msg": "内容过大"}, status=413)
    try:
        reports = receipts.read_aliyun(request.body)
    except Refused as refused:
        return JsonResponse({"code": 1, "msg": refused.text()}, status=400)
    receipts.receive(org_id, reports)
    return JsonResponse({"code": 0, "msg": "成功"})
