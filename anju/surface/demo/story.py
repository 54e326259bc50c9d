"""What the people of the demo company decided over its two years, so that its reminders have a past.

At first housekeepers called everybody by hand and only the due day was announced; after a year the whole ladder was
switched on, later a step was added, and on the demo's today a draft waits for a second person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from anju.foundation.messaging.texts import MessageText
from anju.foundation.policy.models import PolicyVersion
from anju.foundation.publishing import actions as publish
from anju.foundation.publishing.actions.drafts import findings
from anju.foundation.staffing.queries import all_staff
from anju.kit import Actor

KEY = "reminders"
LADDER_AFTER = timedelta(days=365)
THIRD_DAY = MessageText(
    sms="{name}您好，{room}的{period}账单{amount}元已于{due}到期，请支付：{link}，如有困难可申请分期，管家会联系您。",
    inapp_title="账单已于{due}到期",
    inapp_body="{room} 的{period}账单 ¥{amount} 已于{due}到期。如有困难，可以申请分期，管家会联系您。",
    email_subject="{period}账单 ¥{amount} 已于{due}到期",
    email_body="{name}您好：\n\n{room} 的{period}账单 ¥{amount} 已于{due}到期。\n\n支付：{link}\n",
)
Body = dict[str, Any]


@dataclass(frozen=True)
class Chapter:
    """One decision, known by its ``note``; ``change`` writes the new text from the one before and the template.

    ``why_so`` answers what lint remarks; ``released`` is False where it still waits for review.
    """

    day: date
    author: str
    reviewer: str
    note: str
    change: Callable[[Body, Body], Body]
    why_so: str = "和现行规则一样，这里不改。"
    released: bool = True


def chapters(first: date, last: date) -> list[Chapter]:
    """The decisions between the company's first day and the demo's today."""
    return [
        Chapter(
            first, "许婧", "周敏", "开业初期由管家逐户电话提醒，系统只在应付日当天发一条。", _only_the_due_day,
            why_so="到期前由管家电话提醒，不靠系统。",
        ),
        Chapter(
            first + LADDER_AFTER, "许婧", "周敏", "过去一年每月约 15% 的账单逾期，改用完整的提醒步骤。", _standard
        ),
        Chapter(
            last - timedelta(days=83), "许婧", "周敏", "逾期三天仍未付的，再提醒一次并告知可以分期。", _third_day
        ),
        Chapter(
            last - timedelta(days=1), "周敏", "", "当天提醒挪到 9:30，避开早高峰。", _half_past_nine, released=False
        ),
    ]  # fmt: skip


def tell(chapter: Chapter) -> None:
    """Carry a decision out by the actions that staff use; one that is carried out already stays."""
    if PolicyVersion.objects.filter(key=KEY, note=chapter.note).exists():
        return
    author = _staff(chapter.author)
    draft = publish.start_draft(author, key=KEY)
    template = PolicyVersion.objects.get(key=KEY, number=1).body
    body = chapter.change(draft.body, template)
    draft = publish.save_draft(author, version_id=draft.id, rev=draft.rev, body=body, note=chapter.note)
    for found in findings(draft):
        publish.keep_finding(author, version_id=draft.id, code=found.code, path=found.path, reason=chapter.why_so)
    publish.simulate_draft(author, version_id=draft.id)
    publish.submit(author, version_id=draft.id)
    if chapter.released:
        publish.approve(_staff(chapter.reviewer), version_id=draft.id, reason="影响已核对，同意。")


def _staff(name: str) -> Actor:
    return Actor.staff(next(member.id for member in all_staff() if member.name == name))


def _only_the_due_day(now: Body, template: Body) -> Body:
    return {**now, "steps": [step for step in template["steps"] if step["offset_days"] == 0]}


def _standard(now: Body, template: Body) -> Body:
    return {**now, "steps": template["steps"]}


def _third_day(now: Body, template: Body) -> Body:
    last = now["steps"][-1]
    return {**now, "steps": [*now["steps"], {**last, "offset_days": 3, "text": THIRD_DAY.model_dump(mode="json")}]}


def _half_past_nine(now: Body, template: Body) -> Body:
    return {**now, "steps": [{**s, "send_at": "09:30:00"} if s["offset_days"] == 0 else s for s in now["steps"]]}
