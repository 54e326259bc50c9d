"""One message: what became of it, and why it was written — by a rule on a day, or by somebody's hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.billing.models import Bill
from anju.domain.billing.pages.explained import why_of
from anju.domain.billing.pages.why_panels import shown_day
from anju.domain.tenants import messages as told_messages
from anju.domain.tenants.permissions import VIEW_CONTACTS
from anju.domain.tenants.queries import person
from anju.foundation.access import allows
from anju.foundation.access.pages import staff_page
from anju.foundation.access.timelines import names_of
from anju.foundation.db import clock, fetch_one
from anju.foundation.messaging.explaining import explained_at
from anju.foundation.messaging.queries import message_row
from anju.foundation.policy.models import PolicyVersion
from anju.foundation.publishing.permissions import VIEW as VIEW_POLICIES
from anju.foundation.publishing.versions import policy_of
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.trace import told
from anju.foundation.ui import render
from anju.foundation.ui.formats import moment
from anju.kit.refusal import NOT_FOUND

explained_at("reminders:message")

WRITTEN = """
SELECT action, actor, at, body FROM trace_event
WHERE stream_kind = %(kind)s AND stream_id = %(id)s AND (body::jsonb ->> 'message_id')::bigint = %(message)s
ORDER BY id LIMIT 1
"""


@require_GET
@staff_page(needs=VIEW_CONTACTS)
def message_page(request: HttpRequest, message_id: int) -> HttpResponse:
    """A message with its reason; ``?on=`` asks what would be decided on another day."""
    row = message_row(message_id)
    if row is None or row["to_person"] is None:
        raise NOT_FOUND()
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "m": row,
        "tenant": person(actor, row["to_person"]),
        "bill": Bill.objects.filter(id=row["subject_id"]).first() if row["subject_kind"] == "bill" else None,
        "title": _("{channel}{notice}").format(
            channel=told_messages.channel(row["channel"]), notice=told_messages.notice(row["kind"])
        ),
        "result": told_messages.result(row),
        "detail": told_messages.detail(row),
        "kind": told_messages.TONES.get(row["state"], ""),
        "answer": answer(request, row),
    }
    return render(request, "reminders/message.html", context, block="why")


def answer(request: Any, row: dict[str, Any]) -> dict[str, Any]:
    """Why a message was written, and what the rules say about its bill on another day."""
    today = clock.today()
    other = shown_day(request, today)
    run = SweepRun.objects.filter(id=row["run_id"]).first() if row["run_id"] else None
    if run is not None:
        return why_of(request.actor, run.sweep, row["subject_id"], today, other, run=(run.id, run.as_of))
    said = by_hand(request, row)
    if row["subject_kind"] == "bill":
        said["other"] = why_of(request.actor, "reminders", row["subject_id"], today, other)["other"]
    return said


def by_hand(request: Any, row: dict[str, Any]) -> dict[str, Any]:
    """The answer for a message that no sweep wrote: who caused it, by what, when."""
    event = fetch_one(WRITTEN, {"kind": row["subject_kind"], "id": row["subject_id"], "message": row["id"]})
    basis = version_link(request, row["version_id"])
    if event is None:
        return {"decided_at": "", "decision": _("没有留下是谁发起的"), "reasons": [], "basis": basis, "other": None}
    cause = {**event, "action": event["action"].removesuffix(".message")}
    who = names_of([event["actor"]])[event["actor"]]
    return {
        "decided_at": moment(event["at"]),
        "decision": _("由{who}发起：{what}").format(who=who, what=told.words(cause)),
        "reasons": [{"ok": True, "text": _("不是自动任务写的，没有规则判定")}],
        "basis": basis,
        "other": None,
    }


def version_link(request: Any, version_id: int | None) -> dict[str, str] | None:
    """The policy version whose words it used; linked for those who may read configuration."""
    version = PolicyVersion.objects.filter(id=version_id).first() if version_id else None
    if version is None:
        return None
    policy = policy_of(version.key)
    name = policy.en if (get_language() or "").startswith("en") else policy.zh
    href = f"/policies/{version.key}" if allows(request.actor, VIEW_POLICIES) else ""
    return {"text": f"{name} v{version.number}", "href": href, "note": _("话术"), "proof_href": ""}
