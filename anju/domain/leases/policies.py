"""What an operator decides about leases."""

from __future__ import annotations

from pydantic import Field

from anju.foundation.policy.registry import PolicyModel, policy


@policy("leases", area="rent", zh="合同", en="Leases")
class Leases(PolicyModel):
    """When a lease counts as ending, and how far ahead hold-over goes."""

    ending_days: int = Field(
        30,
        ge=1,
        le=180,
        title="即将到期天数",
        description="距合同到期不超过这些天的房源显示为“即将到期”。",
        json_schema_extra={"unit": "天"},
    )
    hold_over_after_days: int = Field(
        7,
        ge=0,
        le=60,
        title="到期几天后顺延",
        description="到期未退又未续签的合同先显示“到期未退”，满这么多天后自动顺延并继续出账。",
        json_schema_extra={"unit": "天"},
    )
    hold_over_months: int = Field(
        1,
        ge=1,
        le=12,
        title="每次顺延月数",
        description="到期未退又未续签时，每次按原条件顺延的月数（民法典第七百三十四条）。",
        json_schema_extra={"unit": "个月"},
    )
