"""What an operator may want different about bills and payments."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from anju.foundation.policy import Finding, PolicyModel, policy

ChargeKind = Literal[
    "late_fee",
    "utility",
    "utility_prepay",
    "rent",
    "property",
    "internet",
    "cleaning",
    "service",
    "parking",
    "damage",
    "other",
    "deposit",
]


@policy("billing", area="rent", zh="账单与收款", en="Bills and payments")
class Billing(PolicyModel):
    """When bills go out and what a payment settles first."""

    issue_days_before_due: int = Field(
        10,
        ge=0,
        le=60,
        title="提前几天出账",
        description="账单在应付日之前这么多天生成，租客从这天起能看到并支付。",
        json_schema_extra={"unit": "天"},
    )
    settle_order: Literal["oldest_first", "kind_then_oldest"] = Field(
        "oldest_first",
        title="收款先结清哪一笔",
        description="按应付日先后，或先按下面的费用顺序再按应付日。",
        json_schema_extra={"choices": {"oldest_first": "应付日最早的", "kind_then_oldest": "先按费用顺序"}},
    )
    kind_order: tuple[ChargeKind, ...] = Field(
        (
            "rent",
            "utility",
            "utility_prepay",
            "property",
            "internet",
            "cleaning",
            "service",
            "parking",
            "late_fee",
            "damage",
            "other",
            "deposit",
        ),
        title="费用顺序",
        description="同一天到期的费用按这个顺序结清；排在前面的先结清。",
        json_schema_extra={
            "choices": {
                "rent": "房租",
                "utility": "水电费",
                "utility_prepay": "水电预存",
                "property": "物业费",
                "internet": "网络费",
                "cleaning": "保洁费",
                "service": "服务费",
                "parking": "停车费",
                "late_fee": "滞纳金",
                "damage": "赔偿",
                "other": "其他费用",
                "deposit": "押金",
            }
        },
    )
    footer: str = Field(
        "若您近期有出行计划，请提前完成租金缴纳。",
        max_length=120,
        title="账单末尾的话",
        description="显示在每张账单和对账单的末尾。",
    )

    part_payment: bool = Field(
        True,
        title="允许分次支付",
        description="租客可以先付账单的一部分，余下的仍按原应付日。",
    )
    least_part: int = Field(
        100,
        ge=1,
        le=100_000,
        title="每次最少支付",
        description="分次支付时每次不少于这个金额。",
        json_schema_extra={"unit": "元"},
    )
    ahead_months: int = Field(
        12,
        ge=0,
        le=36,
        title="最多预存",
        description="租客可以提前存入的租金，按当前月租计；0 表示不开放预存。",
        json_schema_extra={"unit": "个月"},
    )

    def lint(self) -> list[Finding]:
        """Bills that go out after the first reminder, and kinds that no payment would ever settle by order."""
        found = []
        if self.issue_days_before_due < 7:
            found.append(
                Finding(
                    "billing.late_issue",
                    "warning",
                    "issue_days_before_due",
                    "出账晚于到期前 7 天，到期前 7 天的提醒将发不出去。",
                    "Bills are issued later than 7 days before they are due, so the first reminder cannot be sent.",
                    suggest=10,
                )
            )
        if len(set(self.kind_order)) != len(self.kind_order):
            found.append(
                Finding(
                    "billing.kind_twice", "error", "kind_order", "同一种费用出现了两次。", "A kind is listed twice."
                )
            )
        return found
