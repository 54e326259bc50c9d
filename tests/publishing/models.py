"""A policy with every kind of field, as slices may declare them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator

from anju.foundation.policy import Finding, PolicyModel
from anju.kit import Money


class BySms(PolicyModel):
    kind: Literal["sms"] = "sms"
    signature: str = Field("安居", min_length=2, max_length=8, title="签名")


class ByCall(PolicyModel):
    kind: Literal["call"] = "call"
    times: int = Field(1, ge=1, le=3, title="次数", json_schema_extra={"unit": "次"})


By = Annotated[
    BySms | ByCall,
    Field(discriminator="kind", title="做什么", json_schema_extra={"choices": {"sms": "短信", "call": "语音"}}),
]


class Words(PolicyModel):
    sms: str = Field("", max_length=70, title="短信正文")

    def lint(self) -> list[Finding]:
        return [Finding("words.empty", "error", "sms", "正文是空的。", "Empty.")] if not self.sms else []


class Step(PolicyModel):
    day: int = Field(title="第几天", ge=-30, le=30, json_schema_extra={"unit": "天"})
    by: By = Field(BySms(), title="做什么", json_schema_extra={"choices": {"sms": "短信", "call": "语音"}})
    at: time = Field(time(10), title="时间")
    words: Words = Field(Words(sms="您好"), title="话术")

    def heading(self) -> str:
        return f"到期前 {-self.day} 天" if self.day < 0 else f"逾期第 {self.day} 天"


class Everything(PolicyModel):
    """Every kind of field."""

    steps: tuple[Step, ...] = Field((Step(day=-3), Step(day=1)), max_length=4, title="步骤")
    grace: int = Field(3, ge=0, le=30, title="宽限天数", description="几天内不算逾期", json_schema_extra={"unit": "天"})
    fee: Money = Field(Money("50.00"), title="手续费")
    rate: Decimal = Field(Decimal("0.05"), ge=0, le=1, max_digits=5, decimal_places=4, title="费率")
    cap: Money | None = Field(None, title="封顶")
    quiet: bool = Field(True, title="免打扰")
    order: Literal["old", "new"] = Field(
        "old", title="顺序", json_schema_extra={"choices": {"old": "旧的先", "new": "新的先"}}
    )
    channels: tuple[Literal["sms", "email"], ...] = Field(
        ("sms",), min_length=1, title="渠道", json_schema_extra={"choices": {"sms": "短信", "email": "邮件"}}
    )
    since: date = Field(date(2026, 1, 1), title="起始日")
    waits: tuple[int, ...] = Field((1, 5), title="等待", json_schema_extra={"unit": "分钟"})
    note: str = Field("", max_length=20, title="备注")
    letter: str = Field("", max_length=400, title="信")
    rights: dict[str, tuple[Literal["boss", "clerk"], ...]] = Field(
        {"rent.waive": ("boss",), "rent.see": ("boss", "clerk")},
        title="权限",
        json_schema_extra={
            "keys": {"rent.waive": "减免", "rent.see": "查看"},
            "choices": {"boss": "店长", "clerk": "前台"},
        },
    )

    @field_validator("note")
    @classmethod
    def polite(cls, value: str) -> str:
        if "滚" in value:
            raise ValueError("请换个客气的说法。")
        return value

    def lint(self) -> list[Finding]:
        if self.steps and self.steps[0].day > 0 and isinstance(self.steps[0].by, ByCall):
            zh = "一开始就打电话太强硬，建议先发短信。"
            return [Finding("everything.harsh", "warning", "steps.0.by", zh, "Too harsh.", {"kind": "sms"})]
        return []
