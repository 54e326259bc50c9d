"""When tenants are reminded of rent, by which channel, in which words (R-02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, JsonValue

from anju.foundation.messaging.texts import MessageText, lint_text, variable
from anju.foundation.policy import Finding, PolicyModel, policy

ROOM = variable("room", zh="房号", en="Room", sample="3-2-0906")
PERIOD = variable("period", zh="账期", en="Period", sample="12月")
DAYS = variable("days", zh="天数", en="Days", sample="3")

# Words of the law frighten good tenants away when they come first (seeds: 避坑提示).
HARSH = ("律师", "起诉", "诉讼", "法院", "强制", "失信", "黑名单")
HARSH_BEFORE_DAY = 8

Channel = Literal["inapp", "sms", "email"]
CHANNEL_WORDS: dict[str, JsonValue] = {"inapp": "站内消息", "sms": "短信", "email": "邮件"}


class Step(PolicyModel):
    """One reminder, counted in days from the due day."""

    offset_days: int = Field(
        title="相对应付日",
        description="负数是到期前，0 是应付日当天，正数是逾期后。",
        ge=-30,
        le=30,
        json_schema_extra={"unit": "天"},
    )
    send_at: time = Field(time(10), title="发送时间", description="仍受各渠道可发送时段限制。")
    together: bool = Field(False, title="各渠道同时发", description="打开后不分先后，一起发送。")
    channels: tuple[Channel, ...] = Field(
        title="做什么",
        description="先后顺序：前一个没送达或没读，再用后一个。",
        min_length=1,
        max_length=3,
        json_schema_extra={"choices": CHANNEL_WORDS},
    )
    text: MessageText = Field(title="话术")

    def heading(self) -> str:
        """What the step is called in its form: 到期前 7 天."""
        if self.offset_days == 0:
            return _("应付日当天")
        text = _("到期前 {n} 天") if self.offset_days < 0 else _("逾期第 {n} 天")
        return text.format(n=abs(self.offset_days))


class CallStep(PolicyModel):
    """A call by a colleague to who still owes so many days after the due day."""

    offset_days: int = Field(4, title="逾期第几天", ge=1, le=60, json_schema_extra={"unit": "天"})
    after_silence: bool = Field(
        False, title="没回音才打", description="只在最近两次消息都没读时安排；读过消息的人先不打扰。"
    )

    def heading(self) -> str:
        """What the step is called in its form: 逾期第 4 天."""
        return _("逾期第 {n} 天").format(n=self.offset_days)


def _step(offset: int, channels: tuple[Channel, ...], at: int, text: MessageText) -> Step:
    return Step(offset_days=offset, channels=channels, send_at=time(at), text=text)


# A reminder may go out before a holiday, by hand, or a day later by the next channel: its words name the due day and
# count nothing from the day they are read, so that they are true on any.
STANDARD = (
    _step(
        -7,
        ("inapp", "sms"),
        10,
        MessageText(
            sms="{name}您好，{room}的{period}账单{amount}元，{due}到期。若您近期有出行计划，可提前支付：{link}",
            inapp_title="{period}账单已出",
            inapp_body="{room} 的{period}账单 ¥{amount}，{due}到期。若您近期有出行计划，可提前支付。",
            email_subject="{period}账单 ¥{amount}，{due}到期",
            email_body="{name}您好：\n\n{room} 的{period}账单 ¥{amount}，最晚{due}支付。\n\n查看明细并支付：{link}\n",
        ),
    ),
    _step(
        -3,
        ("inapp", "sms"),
        10,
        MessageText(
            sms="{name}您好，{room}的{period}账单{amount}元，请最晚在{due}支付，一键支付：{link}",
            inapp_title="{period}账单，{due}到期",
            inapp_body="{room} 的{period}账单 ¥{amount}，最晚{due}支付。",
            email_subject="请最晚在{due}支付：{period}账单 ¥{amount}",
            email_body="{name}您好：\n\n{room} 的{period}账单 ¥{amount} 最晚{due}支付。\n\n支付：{link}\n",
        ),
    ),
    Step(
        offset_days=0,
        channels=("sms", "inapp"),
        together=True,
        send_at=time(9),
        text=MessageText(
            sms="{name}您好，{due}是{room}的付款日，{period}账单{amount}元，请最晚在当天支付：{link}",
            inapp_title="{due}是付款日",
            inapp_body="{room} 的{period}账单 ¥{amount}，请最晚在{due}当天支付。",
            email_subject="{due}是付款日：{period}账单 ¥{amount}",
            email_body="{name}您好：\n\n{room} 的{period}账单 ¥{amount}，请最晚在{due}当天支付。\n\n支付：{link}\n",
        ),
    ),
    _step(
        1,
        ("sms", "inapp"),
        10,
        MessageText(
            sms="{name}您好，{room}的{period}账单{amount}元应于{due}支付，还没收到，请尽快付清：{link}，有困难请联系管家。",
            inapp_title="{period}账单还没有付",
            inapp_body="{room} 的{period}账单 ¥{amount} 应于{due}支付，还没收到，可能您一时没顾上。有困难请联系管家。",
            email_subject="{period}账单 ¥{amount} 还没有付",
            email_body="{name}您好：\n\n{room} 的{period}账单 ¥{amount} 应于{due}支付，还没收到。\n\n支付：{link}\n",
        ),
    ),
)


def _without_calls(body: dict[str, Any]) -> dict[str, Any]:
    """Texts from before there were calls go on without any."""
    return {"calls": [], **body}


@policy("reminders", area="rent", zh="缴租提醒", en="Rent reminders", schema=2, upcasters={1: _without_calls})
class Reminders(PolicyModel):
    """Three reminders before the due day and a gentle one after it; the ladder goes on in the dunning policy."""

    steps: tuple[Step, ...] = Field(
        STANDARD,
        max_length=12,
        title="提醒步骤",
        description="从早到晚排列。同一天落到两步时，只发较晚的一步。",
        json_schema_extra={"item": "第 {n} 步"},
    )
    calls: tuple[CallStep, ...] = Field(
        (CallStep(),),
        max_length=6,
        title="电话任务",
        description="到这一天还没付清，就给客服一个电话任务，出现在“办理”里。同一份合同同时只有一个。",
        json_schema_extra={"item": "第 {n} 次"},
    )
    holidays_earlier: bool = Field(
        True,
        title="节假日提前",
        description="应付日落在法定长假里时，到期前和当天的提醒提前到放假前最后一个工作日。",
    )
    least: int = Field(
        1,
        ge=0,
        le=10000,
        title="低于多少不提醒",
        description="未付金额小于它的账单不提醒。",
        json_schema_extra={"unit": "元"},
    )

    def lint(self) -> list[Finding]:
        """Harsh words early, no reminder before the due day, steps out of order, texts without a link."""
        found: list[Finding] = []
        offsets = [s.offset_days for s in self.steps]
        if offsets != sorted(set(offsets)):
            found.append(
                Finding(
                    "reminders.order",
                    "error",
                    "steps",
                    "提醒步骤要从早到晚排列，且不能有两步在同一天。",
                    "Steps must run from early to late, one a day.",
                )
            )
        if not any(o < 0 for o in offsets):
            found.append(
                Finding(
                    "reminders.no_notice",
                    "warning",
                    "steps",
                    "到期前没有任何提醒，租客可能因忘记而逾期。",
                    "Nothing reminds before the due day.",
                )
            )
        for n, step in enumerate(self.steps):
            found += _lint_step(n, step)
        return found + _lint_calls(self.calls)


def _lint_calls(calls: Sequence[CallStep]) -> list[Finding]:
    days = [c.offset_days for c in calls]
    if days == sorted(set(days)):
        return []
    zh = "电话任务要从早到晚排列，且不能有两次在同一天。"
    return [Finding("reminders.call_order", "error", "calls", zh, "Calls must run from early to late, one a day.")]


def _lint_step(n: int, step: Step) -> list[Finding]:
    place = f"steps.{n}.text"
    found = [*_harsh(n, step, place), *_no_text(n, step, place)]
    if "sms" in step.channels and step.text.sms and "{link}" not in step.text.sms:
        found.append(
            Finding(
                "reminders.no_link",
                "warning",
                f"{place}.sms",
                f"第 {n + 1} 步的短信没有支付链接，租客还要自己去找。",
                f"Step {n + 1}: the SMS has no payment link.",
            )
        )
    return found + [
        Finding(f.code, f.severity, f"{place}.{f.path}", f.zh, f.en, f.suggest) for f in lint_text(step.text)
    ]


def _harsh(n: int, step: Step, place: str) -> list[Finding]:
    text = step.text
    everything = text.sms + text.inapp_title + text.inapp_body + text.email_subject + text.email_body
    words = [w for w in HARSH if w in everything]
    if step.offset_days >= HARSH_BEFORE_DAY or not words:
        return []
    return [
        Finding(
            "reminders.harsh",
            "warning",
            place,
            f"第 {n + 1} 步（相对应付日 {step.offset_days:+d} 天）出现“{'、'.join(words)}”："
            "一开始就强硬会吓跑优质租客。建议先温和提醒，逾期 8 天以后再升级。",
            f"Step {n + 1} threatens too early; remind gently first and escalate after day 8.",
        )
    ]


def _no_text(n: int, step: Step, place: str) -> list[Finding]:
    return [
        Finding(
            "reminders.no_text",
            "error",
            place,
            f"第 {n + 1} 步选了{CHANNEL_WORDS[channel]}，但没有写它的正文。",
            f"Step {n + 1} uses {channel} but has no text for it.",
        )
        for channel in step.channels
        if not step.text.template(channel)[1]
    ]
