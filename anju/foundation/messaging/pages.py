"""Where providers report what became of messages."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anju.foundation.identity.doors import open_door
from anju.foundation.messaging import receipts
from anju.kit import Refused

MAX_BYTES = 2_000_000


@open_door("a provider's receipt: the keyed check inside each row says whether it is ours")
@csrf_exempt
@require_POST
def aliyun_report(request: HttpRequest, org_id: int) -> JsonResponse:
    """SmsReport of Aliyun: a JSON array of receipts. The provider repeats until it reads ``code`` 0.

    The provider does not sign; a receipt counts only by the keyed check inside the ``out_id`` that travelled with the
    message, so rows that were not ours change nothing and are still answered with 0.
    """
    if len(request.body) > MAX_BYTES:
        return JsonResponse({"code": 1, "msg": "内容过大"}, status=413)
    try:
        reports = receipts.read_aliyun(request.body)
    except Refused as refused:
        return JsonResponse({"code": 1, "msg": refused.text()}, status=400)
    receipts.receive(org_id, reports)
    return JsonResponse({"code": 0, "msg": "接收成功"})
