"""Texts per channel with variables: rendering, length, lint. Pure; the texts themselves are parts of policies.

A slice puts :class:`MessageText` into its policy and declares the variables its own vars carry:

    ROOM = variable("room", zh="房号", en="Room", sample="3-2-0906")
    class Step(PolicyModel):
        text: MessageText = MessageText(sms="{name}您好，{room}的账单{amount}元，{due}到期：{link}", …)

Variables are written ``{name}``; anything else in braces is a finding of lint and refuses to render.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from anju.foundation.policy.registry import Finding, PolicyModel
from anju.kit.refusal import sentence

MISSING_VARIABLE = sentence(
    "messaging.variable.missing",
    "消息正文用到的变量 {variable} 没有值，请检查模板。",
    "The text uses the variable {variable}, which has no value; check the template.",
)
NO_TEXT = sentence(
    "messaging.text.missing",
    "这条消息没有写{channel}的正文，请在配置中补上。",
    "This message has no text for {channel}; add one in the configuration.",
)

Kind = Literal["text", "money", "day"]
BRACES = re.compile(r"\{([^{}]*)\}")
ONE_PART, MORE_PARTS = 70, 67
# Carriers stop texts with these; two are also unlawful threats towards a tenant (住房租赁条例, in force 2025-09-15).
FORBIDDEN = ("贷款", "中奖", "免费领取", "限时抢购", "断水断电", "换锁")
CHANNELS = {"sms": ("sms",), "inapp": ("inapp_title", "inapp_body"), "email": ("email_subject", "email_body")}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable texts may use. ``kind`` says how a stored value is written: money ``2,214.60``, day ``11月25日``."""

    name: str
    kind: Kind
    zh: str
    en: str
    sample: str


_variables: dict[str, Variable] = {}


def variable(name: str, *, zh: str, en: str, sample: str, kind: Kind = "text") -> Variable:
    """Declare a variable; declaring it again in the same words is allowed, in others refused."""
    declared = Variable(name, kind, zh, en, sample)
    if _variables.setdefault(name, declared) != declared:
        raise ValueError(f"variable {name} is declared twice")
    return declared


def variables() -> dict[str, Variable]:
    """Every declared variable by name, for the policy form's palette."""
    return dict(_variables)


NAME = variable("name", zh="称呼", en="Name", sample="周子昂")
LINK = variable("link", zh="办理链接", en="Link", sample="https://anju.example/b/7Kd2mQ9xLpA")
AMOUNT = variable("amount", zh="金额", en="Amount", sample="2214.60", kind="money")
DUE = variable("due", zh="到期日", en="Due day", sample="2026-11-25", kind="day")
CODE = variable("code", zh="验证码", en="Code", sample="618204")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as a person reads it; ``values`` are the variables used, already written out."""

    title: str
    body: str
    values: Mapping[str, str]


class MessageText(PolicyModel):
    """One notice's texts per channel; an empty text means that the notice does not go by that channel."""

    sms: str = Field("", max_length=500, title="短信", description="前面会自动加上签名；可用变量见右侧")
    inapp_title: str = Field("", max_length=40, title="站内消息标题")
    inapp_body: str = Field("", max_length=500, title="站内消息正文")
    email_subject: str = Field("", max_length=80, title="邮件标题")
    email_body: str = Field("", max_length=4000, title="邮件正文")

    def channels(self) -> tuple[str, ...]:
        """The channels that have a text."""
        return tuple(channel for channel in CHANNELS if self.template(channel)[1])

    def template(self, channel: str) -> tuple[str, str]:
        """Title and body of a channel before the variables are filled; the title is empty for SMS.

        Raises:
            KeyError: texts for that channel do not exist.
        """
        fields = CHANNELS[channel]
        body = str(getattr(self, fields[-1]))
        return (str(getattr(self, fields[0])) if len(fields) > 1 else "", body)

    def render(self, channel: str, vars: Mapping[str, Any]) -> Rendered:
        """Fill in the variables.

        Raises:
            Refused: ``messaging.text.missing`` or ``messaging.variable.missing``.
        """
        title, body = self.template(channel)
        if not body:
            raise NO_TEXT(channel=channel)
        values = {name: _value(name, vars) for name in used(title + body)}
        return Rendered(fill(title, values), fill(body, values), values)

    def preview(self, channel: str, *, signature: str = "") -> Rendered:
        """The text with every variable's sample, an SMS with its signature."""
        shown = self.render(channel, {name: v.sample for name, v in _variables.items()})
        return Rendered(shown.title, signed(shown.body, signature) if channel == "sms" else shown.body, shown.values)

    def lint(self) -> list[Finding]:
        """Unknown variables, forbidden words, lengths. Slices that need a link call :func:`lint_text` themselves."""
        return lint_text(self)


def used(text: str) -> list[str]:
    """The variables a text names, in order, each once."""
    return list(dict.fromkeys(BRACES.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put written-out values in place of ``{names}``; every name must have one."""
    return BRACES.sub(lambda m: values[m.group(1)], text)


def signed(text: str, signature: str) -> str:
    """An SMS as the phone shows it: 【signature】text."""
    return f"【{signature}】{text}" if signature else text


def sms_units(text: str) -> int:
    """Length as carriers count it: UTF-16 units, so a character outside the basic plane counts twice."""
    return len(text.encode("utf-16-le")) // 2


def sms_parts(text: str) -> int:
    """How many messages carriers bill: one up to 70 units, otherwise one per 67 begun. Signature included."""
    units = sms_units(text)
    return 1 if units <= ONE_PART else -(-units // MORE_PARTS)


def money(value: Any) -> str:
    """``2214.6`` as ``2,214.60``."""
    return f"{Decimal(str(value)):,.2f}"


def day(value: Any) -> str:
    """``2026-11-25`` as ``11月25日``."""
    on = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return f"{on.month}月{on.day}日"


def _value(name: str, vars: Mapping[str, Any]) -> str:
    value = vars.get(name)
    if value is None or value == "":
        raise MISSING_VARIABLE(variable=name)
    declared = _variables.get(name)
    kind = declared.kind if declared else "text"
    if kind == "money":
        return money(value)
    return day(value) if kind == "day" else str(value)


def lint_text(
    text: MessageText,
    *,
    path: str = "",
    allowed: Sequence[str] | None = None,
    need_link: bool = False,
    forbidden: Sequence[str] = FORBIDDEN,
    signature: str = "安居公寓",
    max_parts: int = 2,
) -> list[Finding]:
    """What a careful colleague says about a text.

    Args:
        text: the texts.
        path: where they stand in the policy (``steps.1.text``), put before the field's name.
        allowed: variables this notice can fill; every declared one if left out.
        need_link: whether a text without ``{link}`` is worth a warning.
        forbidden: words that must not occur.
        signature: counted into an SMS's length.
        max_parts: more SMS parts than this is a warning.
    """
    known = set(_variables if allowed is None else allowed)
    findings: list[Finding] = []
    for channel, fields in CHANNELS.items():
        if not text.template(channel)[1]:
            continue
        for name in fields:
            at = f"{path}.{name}" if path else name
            findings += _lint_words(at, str(getattr(text, name)), known, forbidden)
        at = f"{path}.{fields[-1]}" if path else fields[-1]
        if need_link and "link" not in used(text.template(channel)[1]):
            zh, en = (
                "正文里没有办理链接 {link}，对方收到后无处可点。",
                "The text has no {link}; the reader has nothing to tap.",
            )
            findings.append(Finding("messaging.no_link", "warning", at, zh, en))
    if not text.channels():
        findings.append(
            Finding("messaging.no_text", "error", path, "一个渠道的正文都没有写。", "No channel has a text.")
        )
    elif text.sms and not any(f.severity == "error" for f in findings):
        findings += _lint_length(f"{path}.sms" if path else "sms", text, signature, max_parts)
    return findings


def _lint_words(at: str, text: str, known: set[str], forbidden: Sequence[str]) -> list[Finding]:
    found = []
    for name in used(text):
        if name not in known:
            zh, en = f"变量 {{{name}}} 不存在，发送时无法填入。", f"The variable {{{name}}} does not exist."
            found.append(Finding("messaging.unknown_variable", "error", at, zh, en))
    if text.count("{") != text.count("}") or any(c in BRACES.sub("", text) for c in "{}"):
        found.append(Finding("messaging.braces", "error", at, "大括号没有成对。", "Braces do not match."))
    if at.endswith("sms") and any(c in text for c in "【】"):
        zh, en = "签名会自动加上，正文里不要写【】。", "The signature is added by itself; leave 【】 out."
        found.append(Finding("messaging.signature_in_text", "error", at, zh, en))
    for word in forbidden:
        if word in text:
            zh, en = f"“{word}”会被运营商拦截或违反规定，请换个说法。", f"“{word}” is blocked by carriers or unlawful."
            found.append(Finding("messaging.forbidden_word", "error", at, zh, en))
    return found


def _lint_length(at: str, text: MessageText, signature: str, max_parts: int) -> list[Finding]:
    samples = {name: v.sample for name, v in _variables.items()}
    parts = sms_parts(signed(text.render("sms", samples).body, signature))
    if parts <= max_parts:
        return []
    zh, en = f"这条短信要按 {parts} 条计费，请缩短。", f"This SMS is billed as {parts} parts; shorten it."
    return [Finding("messaging.too_long", "warning", at, zh, en)]
