"""The next step that reminders bring to the page of a tenant or a lease with debts: remind by hand."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anju.domain.billing.panels import account
from anju.domain.reminders.actions import REMIND
from anju.foundation.db import clock
from anju.foundation.ui import heads
from anju.foundation.ui.formats import money
from anju.foundation.ui.heads import Head, Step


def remind(request: Any, subject: str, subject_id: int) -> Head | None:
    """Remind of what is past due; the preview shows every message before it goes."""
    now, worst = account(request, subject, subject_id)
    if worst is None or now.oldest is None:
        return None
    days = (clock.today() - now.oldest).days
    return Head(
        step=Step(
            10, _("提醒租客付款"), _("欠 {a}，逾期 {n} 天").format(a=money(now.late), n=days), _("发送提醒"),
            reverse("reminders:preview") + f"?id={worst}", "send", "warn",
            reverse("billing:arrears-panel", args=[worst]),
        )
    )  # fmt: skip


@heads.head("person", order=30, needs=REMIND)
def person(request: Any, person_id: int) -> Head | None:
    """On a tenant's page."""
    return remind(request, "person", person_id)


@heads.head("lease", order=30, needs=REMIND)
def lease(request: Any, lease_id: int) -> Head | None:
    """On a lease's page."""
    return remind(request, "lease", lease_id)
