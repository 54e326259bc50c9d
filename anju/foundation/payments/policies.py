"""What an operator may want different about being paid."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from anju.foundation.policy import Finding, PolicyModel, policy

Criterion = Literal["arrival", "fee", "reconciliation"]


@policy("payments", area="rent", zh="在线收款", en="Online payments")
class Payments(PolicyModel):
    """How long a prepared payment waits, when the gateway is asked again, in which order wallets are offered."""

    order_minutes: int = Field(
        120,
        ge=10,
        le=7 * 24 * 60,
        title="付款等待时间",
        description="超过这个时间没有付款的订单会被关闭，租客再付时重新生成。",
        json_schema_extra={"unit": "分钟"},
    )
    first_check_seconds: int = Field(
        60,
        ge=15,
        le=3600,
        title="首次主动查询",
        description="付款通知没有到达时，多久后主动向支付平台查询。",
        json_schema_extra={"unit": "秒"},
    )
    check_minutes_at_most: int = Field(
        30,
        ge=1,
        le=24 * 60,
        title="最长查询间隔",
        description="反复查询时间隔逐次加倍，但不超过这个值。",
        json_schema_extra={"unit": "分钟"},
    )
    priority: tuple[Criterion, ...] = Field(
        ("arrival", "fee", "reconciliation"),
        min_length=1,
        title="支付方式优先级",
        description="按到账时间、手续费、对账成功率排列支付方式，前面的先比较。",
        json_schema_extra={"choices": {"arrival": "到账时间", "fee": "手续费", "reconciliation": "对账成功率"}},
    )

    def lint(self) -> list[Finding]:
        """An order that names a criterion twice says nothing by the second."""
        if len(set(self.priority)) == len(self.priority):
            return []
        return [
            Finding(
                code="payments.priority_repeats",
                severity="error",
                path="priority",
                zh="支付方式优先级里有重复的项。",
                en="The order of payment methods names one criterion twice.",
                suggest=["arrival", "fee", "reconciliation"],
            )
        ]
