"""How long a number is lent, and how often somebody may ask for one."""

from __future__ import annotations

from pydantic import Field

from anju.foundation.policy import PolicyModel, policy


@policy("calls", area="system", zh="隐私电话", en="Masked calls")
class Calls(PolicyModel):
    """Rules of masked calls."""

    minutes: int = Field(
        30,
        ge=5,
        le=240,
        title="隐私号有效期",
        description="过了就拨不通，要重新申请",
        json_schema_extra={"unit": "分钟"},
    )
    per_hour: int = Field(
        20, ge=1, le=200, title="每人每小时最多申请", description="防止滥用", json_schema_extra={"unit": "次"}
    )
