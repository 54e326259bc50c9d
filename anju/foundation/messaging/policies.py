"""How messages go out: hours, retries, when the next channel takes over."""

from __future__ import annotations

from datetime import datetime, time

from pydantic import Field

from anju.foundation.messaging.texts import MessageText, lint_text
from anju.foundation.policy import Finding, PolicyModel, policy


class Hours(PolicyModel):
    """From when to when a channel may be used, in Beijing time; ``start`` ≤ t < ``end``."""

    start: time = Field(time(8), title="最早")
    end: time = Field(time(21), title="最晚")

    def hold(self, at: datetime) -> bool:
        """Whether a message at that moment has to wait."""
        return not self.start <= at.time().replace(tzinfo=None) < self.end


@policy("messaging", area="system", zh="消息发送", en="Messages")
class Messaging(PolicyModel):
    """Rules every outgoing message obeys, whatever slice wrote it."""

    sms_hours: Hours = Field(Hours(), title="短信可发送时段", description="验证码等紧急消息不受限制")
    email_hours: Hours = Field(Hours(start=time(7), end=time(22)), title="邮件可发送时段")
    retry_minutes: tuple[int, ...] = Field(
        (1, 5, 30),
        title="重试间隔",
        description="服务商暂时出错时依次等待，用完即算失败",
        json_schema_extra={"unit": "分钟"},
    )
    wait_hours: int = Field(
        24,
        ge=1,
        le=240,
        title="换渠道等待",
        description="未送达或未读超过多久，改用下一个渠道",
        json_schema_extra={"unit": "小时"},
    )
    link_days: int = Field(30, ge=1, le=365, title="链接有效期", json_schema_extra={"unit": "天"})
    file_texts: bool = Field(
        True, title="自动报备短信正文", description="新正文第一次要发送时自动提交给短信服务商审核，通过后再发"
    )
    code: MessageText = Field(
        MessageText(sms="您的验证码是{code}，5分钟内有效，请勿告诉他人。"),
        title="验证码短信",
    )

    def must_wait(self, channel: str, at: datetime) -> bool:
        """Whether a channel is outside its hours at that business moment; in-app messages never are."""
        hours = {"sms": self.sms_hours, "email": self.email_hours}.get(channel)
        return hours is not None and hours.hold(at)

    def lint(self) -> list[Finding]:
        """Hours that allow nothing, and what is wrong with the code's text."""
        findings = lint_text(self.code, path="code", allowed=("code",))
        for name, hours in (("sms_hours", self.sms_hours), ("email_hours", self.email_hours)):
            if hours.start >= hours.end:
                zh, en = (
                    "最早时间要在最晚时间之前，否则一条也发不出。",
                    "The start must be before the end, or nothing goes.",
                )
                findings.append(Finding("messaging.no_hours", "error", f"{name}.end", zh, en))
        return findings
