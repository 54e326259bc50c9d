"""发送提醒: first who would get what, then send."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from anju.domain.reminders.actions import REMIND, preview, remind_now, text_of_step
from anju.domain.reminders.call_actions import CALL, plan_call
from anju.foundation.access.pages import staff_page
from anju.foundation.ui import render
from anju.kit import Refused

MOST = 500
WORDS = {
    "send": gettext_lazy("将发送"),
    "already_today": gettext_lazy("今天已提醒过，跳过"),
    "no_contact": gettext_lazy("没有可用手机号，跳过"),
}


def chosen(request: HttpRequest) -> list[int]:
    """The leases named by the request."""
    values = (request.POST if request.method == "POST" else request.GET).getlist("id")
    return [int(v) for v in values if v.isdecimal()][:MOST]


@require_http_methods(["GET", "POST"])
@staff_page(needs=REMIND)
def remind(request: Any) -> HttpResponse:
    """GET shows every message before it goes; POST sends."""
    lease_ids = chosen(request)
    if request.method == "POST":
        sent = remind_now(request.actor, lease_ids=lease_ids)
        messages.success(request, _("已发出 {n} 条提醒").format(n=sent))
        return redirect("billing:arrears")
    rows = preview(request.actor, lease_ids)
    text = text_of_step()
    shown = [
        {
            **row,
            "words": WORDS[row["code"]],
            "text": text.render(
                row["channel"], {**json.loads(row["vars"]), "name": row["name"], "link": _("（支付链接）")}
            ).body,
        }
        for row in rows
    ]
    return render(
        request,
        "reminders/preview.html",
        {"rows": shown, "sending": sum(1 for r in rows if r["code"] == "send"), "chosen": len(lease_ids)},
    )


@require_POST
@staff_page(needs=CALL)
def call(request: Any, lease_id: int) -> HttpResponse:
    """Have a tenant called; the way goes back to the debt."""
    try:
        case = plan_call(request.actor, lease_id=lease_id)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        messages.error(request, refused.text(request.LANGUAGE_CODE))
    else:
        messages.success(request, _("已安排电话 {n}").format(n=case.number))
    return redirect("billing:arrears-panel", lease_id)
