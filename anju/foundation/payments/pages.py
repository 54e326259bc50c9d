"""Where gateways report. The signature is the viewer; the answer is what the gateway waits for."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anju.foundation.db import clock, org_scope
from anju.foundation.identity.doors import open_door
from anju.foundation.payments.accounts import Opened, all_opened
from anju.foundation.payments.actions import (
    ignore_notice,
    refuse_notice,
    report_not_posted,
    settle_payment,
    settle_refund,
)
from anju.foundation.payments.at_once import settled_at_once
from anju.foundation.payments.gateways import BadNotice, GatewayError, Notice, gateway_kind
from anju.foundation.payments.notices import Receipt
from anju.kit import Actor

log = logging.getLogger(__name__)
SYSTEM = Actor.system()
MAX_BODY = 64 * 1024
FAILED = {
    "wrong_signature": (401, "签名验证失败"),
    "stale": (401, "通知已过期"),
    "probe": (401, "签名验证失败"),
    "wrong_merchant": (403, "商户号不符"),
    "malformed": (400, "通知内容无法识别"),
    "unknown_order": (404, "订单不存在"),
    "unknown_refund": (404, "退款单不存在"),
    "wrong_amount": (409, "金额不符"),
    "paid_twice": (409, "订单已由另一笔交易支付"),
}


@csrf_exempt
@open_door("a gateway's callback: its signature says who it is")
@require_POST
def notify(request: HttpRequest, gateway: str, org: int) -> HttpResponse:
    """Verify a callback, hand it to one action, answer 204 or the reason in the gateway's own form."""
    if int(request.headers.get("content-length") or 0) > MAX_BODY:
        return fail(413, "通知内容过长")
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.body
    try:
        gateway_kind(gateway)
        accounts = all_opened(gateway, org_id=org)
    except KeyError:
        accounts = []
    except GatewayError:  # its certificates cannot be fetched now
        return fail(503, "系统繁忙，请稍后重试")
    if not accounts:
        return fail(404, "商户不存在")
    try:
        account, notice = verified(gateway, org, headers, body)
    except BadNotice as bad:
        if bad.kind != "probe":  # the gateway's own test of whether we check signatures
            with org_scope(org):
                receipt = Receipt.of(gateway, headers, body)
                refuse_notice(SYSTEM, gateway=gateway, kind=bad.kind, receipt=receipt)
        return fail(*FAILED[bad.kind])
    receipt = Receipt.of(gateway, headers, body, id=notice.id, event=notice.event)
    if notice.payment is not None and settled_at_once(org, gateway, account.id, notice.payment, receipt):
        return HttpResponse(status=204)
    return posted(gateway, org, account, notice, receipt)


def verified(gateway: str, org: int, headers: Mapping[str, str], body: bytes) -> tuple[Opened, Notice]:
    """The callback, opened by the account whose keys fit: the active one, or one that was.

    When none fits, keys may have been changed by another process, so the accounts are read again. Raises BadNotice.
    """
    now = clock.wall()
    worst = BadNotice("wrong_signature")
    for fresh in (False, True):
        for account in all_opened(gateway, org_id=org, fresh=fresh):
            try:
                return account, account.gateway.verify_notice(headers, body, now)
            except BadNotice as bad:
                worst = bad
        if worst.kind != "wrong_signature":
            break
    raise worst


def posted(gateway: str, org: int, account: Opened, notice: Notice, receipt: Receipt) -> HttpResponse:
    """Hand a verified callback to its action and answer."""
    try:
        with org_scope(org):
            if notice.payment is not None:
                verdict = settle_payment(
                    SYSTEM, gateway=gateway, account_id=account.id, payment=notice.payment, receipt=receipt
                )
            elif notice.refund is not None:
                verdict = settle_refund(
                    SYSTEM, gateway=gateway, account_id=account.id, told=notice.refund, receipt=receipt
                )
            else:
                verdict = "ignored"
                ignore_notice(SYSTEM, gateway=gateway, receipt=receipt)
    except Exception as error:  # whatever a handler raised, nothing was written and the gateway must repeat
        return not_posted(gateway, org, notice, error)
    if verdict in FAILED:
        return fail(*FAILED[verdict])
    return HttpResponse(status=204)


def not_posted(gateway: str, org: int, notice: Notice, error: Exception) -> HttpResponse:
    """Say that it failed here and leave a problem. An exception's text may hold values: only its class is told."""
    number = notice.payment.number if notice.payment else notice.refund.number if notice.refund else ""
    log.error("callback %s not posted: %s", number, type(error).__name__)
    try:
        with org_scope(org):
            report_not_posted(SYSTEM, gateway=gateway, reference=number, error=type(error).__name__)
    except Exception as again:  # the database itself is away
        log.error("problem of %s not written: %s", number, type(again).__name__)
    return fail(500, "系统繁忙，请稍后重试")


def fail(status: int, message: str) -> JsonResponse:
    """The answer that makes the gateway try again later."""
    return JsonResponse({"code": "FAIL", "message": message}, status=status, json_dumps_params={"ensure_ascii": False})
