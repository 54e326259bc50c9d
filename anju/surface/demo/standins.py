"""The providers' stand-ins that ``anju standins`` serves for drill organizations."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings

from anju.foundation.calls.standins.aliyun_dypls import AliyunDypls
from anju.foundation.identity.models import Organization
from anju.foundation.messaging import receipts
from anju.foundation.messaging.standins.aliyun_sms import AliyunSms
from anju.foundation.payments.standins.wechat import WechatStandIn
from anju.foundation.payments.standins.wechat_keys import ensure_wechat_keys
from anju.surface.demo import company
from anju.surface.demo.company import sms_secret
from anju.surface.demo.plan import Plan

KEY = "drill"
NOT_IN_SERVICE = "MOBILE_NOT_ON_SERVICE"


def applications() -> dict[str, Callable[..., Any]]:
    """The WSGI applications by mount."""
    wechat = WechatStandIn(ensure_wechat_keys(settings.HOME), file=settings.HOME / "standins" / "wechat.sqlite")
    wechat.start()
    sms = AliyunSms(
        secret_of=lambda key: sms_secret(key) if key.startswith(KEY) else None,
        report_url_of=lambda key: f"{settings.BASE_URL}/messages/report/aliyun/{key.removeprefix(KEY)}",
        store=settings.HOME / "standins" / "sms.json",
        background=True,
    )
    if (org := Organization.objects.filter(name=company.NAME, drill=True).first()) is not None:
        dead = Plan(company.SEED, company.OPENING, company.TODAY).dead_phones
        sms.behave(company.sms_key(org.id), undelivered=dict.fromkeys(dead, NOT_IN_SERVICE))
    calls = AliyunDypls(
        secret_of=lambda key: sms_secret(key) if key.startswith(KEY) else None,
        report_url_of=lambda key: f"{settings.BASE_URL}/calls/report/aliyun/{key.removeprefix(KEY)}",
        background=True,
    )
    return {"/wechat": wechat.wsgi, "/sms": sms.wsgi, "/calls": calls.wsgi}


def mounted(application: Callable[..., Any], at: str) -> Callable[..., Any]:
    """An application as a server below ``at`` calls it: it sees only what comes after."""

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "").removeprefix(at)
        return application({**environ, "SCRIPT_NAME": at, "PATH_INFO": path}, start_response)

    return call


def sms_in_process() -> AliyunSms:
    """The SMS service without sockets, reporting straight to our own door: for the years of history."""

    def post(url: str, rows: list[dict[str, Any]]) -> None:
        receipts.receive(int(url.rpartition("/")[2]), receipts.read_aliyun(json.dumps(rows).encode()))

    return AliyunSms(
        secret_of=lambda key: sms_secret(key) if key.startswith(KEY) else None,
        report_url_of=lambda key: key.removeprefix(KEY),
        post=post,
        store=settings.HOME / "standins" / "sms.json",
    )
