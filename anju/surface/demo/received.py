"""What a phone received, as its owner saw it and as staff explain it: each message's step, state and cause in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from anju.domain.reminders.policies import CHANNEL_WORDS, Reminders
from anju.foundation.db import clock, fetch
from anju.foundation.messaging.channels.base import channel_labels
from anju.foundation.messaging.queries import Shown, what_a_phone_received
from anju.foundation.policy.models import PolicyVersion
from anju.foundation.policy.registry import declared
from anju.foundation.sweeps.explain import Explained, decided, explain
from anju.foundation.ui.formats import short_day
from anju.surface.portal.subjects import leads_to

SHOWN = 60
ACTED = "reminded"
STEP = re.compile(r"reminders:steps\.(\d+)\.text")
LINK = re.compile(r"https?://\S*/b/[0-9A-Za-z]{11}")
ICONS = {"sms": "message", "inapp": "home", "email": "mail"}
FILTERS = ("all", "undelivered", "unread", "clicked")


@dataclass(frozen=True)
class Received:
    """One message on the phone. ``at`` is when it left the house; ``tone`` colours its state."""

    message: Shown
    at: datetime
    step: str
    state: str
    tone: str
    state_icon: str

    @property
    def icon(self) -> str:
        """The app it came through."""
        return ICONS.get(self.message.channel, "message")

    @property
    def channel(self) -> str:
        """Its name."""
        zh, en = channel_labels().get(self.message.channel, (self.message.channel, self.message.channel))
        return en if (get_language() or "").startswith("en") else zh

    @property
    def href(self) -> str:
        """Where a touch leads: its link, else the page of what it is about; empty for neither."""
        return self.message.link or leads_to(self.message)[0]

    @property
    def arrived(self) -> bool:
        """Whether the phone shows it."""
        return self.message.state in ("delivered", "read", "sent", "sending")

    @property
    def body(self) -> Markup:
        """Its text with a link that opens in a new tab, at the address this installation has now."""
        parts, last = [], 0
        for found in LINK.finditer(self.message.body):
            parts.append(escape(self.message.body[last : found.start()]))
            address = self.message.link or found.group()
            parts.append(Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(address, short(address)))
            last = found.end()
        return Markup("").join([*parts, escape(self.message.body[last:])])

    def fits(self, wanted: str) -> bool:
        """Whether a filter shows it."""
        match wanted:
            case "undelivered":
                return self.message.state in ("failed", "sending")
            case "unread":
                return self.message.unread and self.message.channel != "sms"
            case "clicked":
                return self.message.opened > 0
        return True


def short(address: str) -> str:
    """An address without its scheme, as phones show it."""
    return address.partition("://")[2] or address


def received(person_id: int) -> list[Received]:
    """Everything that left the house for a person, newest first, in words."""
    shown = what_a_phone_received(person_id, limit=SHOWN)
    headings = _headings(shown)
    return [
        Received(m, (m.sent_at or m.due_at).astimezone(clock.SHANGHAI), headings.get(m.id) or _kind(m), *_state(m))
        for m in shown
    ]


def _headings(shown: Sequence[Shown]) -> dict[int, str]:
    """The policy's step of each reminder, by message id; the versions are read in one query."""
    steps = {m.id: int(step[1]) for m in shown if (step := STEP.fullmatch(m.template))}
    wanted = {m.version_id for m in shown if m.id in steps}
    policies: dict[int, Any] = {
        v.id: declared(Reminders.policy_key).load(v.body, v.schema)
        for v in PolicyVersion.objects.filter(id__in=wanted).order_by("id")
    }
    found = {}
    for m in shown:
        own = policies[m.version_id].steps if m.version_id in policies else ()
        if m.id in steps and steps[m.id] < len(own):
            found[m.id] = _("{step}提醒").format(step=own[steps[m.id]].heading())
    return found


def _kind(message: Shown) -> str:
    return {"code": _("登录验证码"), "reminder": _("缴租提醒")}.get(message.kind, _("通知"))


def _state(m: Shown) -> tuple[str, str, str]:
    """A message's state in words, its colour and its icon."""
    if m.state == "failed":
        return m.why_not or _("没有送达"), "danger", "alert-circle"
    if m.opened:
        return _("已送达，链接点过 {n} 次").format(n=m.opened), "ok", "hand-click"
    if m.state == "read":
        return _("已读"), "ok", "eye-check"
    if m.fell_back_at is not None:
        return _("没有读，已换渠道"), "warn", "arrows-exchange"
    if m.state == "delivered":
        return (_("已送达"), "ok", "checks") if m.channel == "sms" else (_("已送达，未读"), "info", "checks")
    return (_("已发出，等回执"), "info", "send") if m.state == "sent" else (_("正在发送"), "info", "loader")


def words(found: Explained) -> str:
    """A decision in the reader's language."""
    return found.en if (get_language() or "").startswith("en") else found.zh


@dataclass(frozen=True)
class Why:
    """Why a message went: question, answer in sentences, the rule."""

    question: str
    reasons: list[str]
    rule: str


def why(one: Received, all_: Sequence[Received]) -> Why | None:
    """The decision behind a message; None where no sweep decided (a code that somebody asked for)."""
    m = one.message
    question = _("为什么发这条{channel}？").format(channel=one.channel)
    if m.subject_kind != "bill":
        return Why(question, [_("有人用这个手机号登录租客端，系统发出验证码。")], "") if m.kind == "code" else None
    day = m.due_at.astimezone(clock.SHANGHAI).date()
    same = [r for r in all_ if r.message.subject_id == m.subject_id and r.step == one.step and r.message.id < m.id]
    before = [r.channel for r in same if r.message.fell_back_at is not None]
    made = next((d for d in decided("reminders", m.subject_id, limit=40) if d.as_of <= day and d.code == ACTED), None)
    passed_on = _("{channel}没有送达或没有读，换成{next}。")
    reasons = [passed_on.format(channel=before[0], next=one.channel)] if before else []
    if made is None:
        return Why(question, [*reasons, _("由员工手动发出，用的是提醒规则里的话术。")], "")
    judged = _("{day} 判定：{what}，这一步是“{step}”。")
    reasons.append(judged.format(day=short_day(made.as_of), what=words(made), step=one.step))
    return Why(question, reasons, _("规则：缴租提醒 第 {n} 版").format(n=made.version_number))


OWED = """
SELECT b.id, b.number, b.due_on, b.period_from, sum(c.open) AS open
FROM lease l JOIN bill b ON b.lease_id = l.id JOIN charge c ON c.bill_id = b.id
WHERE l.payer_id = %(person)s AND c.open > 0 GROUP BY b.id, b.number, b.due_on, b.period_from ORDER BY b.due_on, b.id
"""


def owed(person_id: int) -> list[dict[str, Any]]:
    """A person's open bills, the oldest first."""
    return fetch(OWED, {"person": person_id})


def next_step(bills: Sequence[dict[str, Any]], today: date) -> str:
    """What comes next if nobody pays, asked of the reminder plan itself."""
    coming = [found for bill in bills[:3] if (found := _coming(bill["id"], today)) is not None]
    if not bills:
        return _("没有待付账单，不会再提醒。")
    if not coming:
        return _("提醒步骤已经走完，转入催缴。")
    found = min(coming, key=lambda f: f.as_of)
    channels = "、".join(dict.fromkeys(str(CHANNEL_WORDS[r["channel"]]) for r in found.rows if r.get("channel")))
    if not channels:
        return _("{day}：{what}").format(day=short_day(found.as_of), what=words(found))
    return _("{day} 还没付，就发{channels}").format(day=short_day(found.as_of), channels=channels)


def _coming(bill_id: int, today: date) -> Explained | None:
    """What will be decided about a bill next, today's own decision left out when it is carried out already."""
    for day in (today, today + timedelta(days=1)):
        found = explain("reminders", bill_id, day)
        if found.in_window and found.code == ACTED:
            return found
        if found.detail.get("next"):
            return explain("reminders", bill_id, date.fromisoformat(found.detail["next"]))
    return None
