"""How changes of configuration are reviewed: itself a policy."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext, gettext_noop
from pydantic import Field

from anju.foundation.policy import Finding, PolicyModel, policy

Area = Literal["rent", "people", "repairs", "flows", "system"]
AREAS = {"rent": "收租与催缴", "people": "租客与合同", "repairs": "维修", "flows": "流程", "system": "系统与权限"}


class ReviewGroup(PolicyModel):
    """Who has to agree before a change in one area goes live."""

    name: str = Field(min_length=1, max_length=20, title="复核组")
    areas: tuple[Area, ...] = Field(
        ("rent",), min_length=1, title="负责的配置", json_schema_extra={"choices": dict(AREAS), "ordered": False}
    )
    quorum: int = Field(1, ge=1, le=3, title="需要几人同意", json_schema_extra={"unit": "人"})

    def heading(self) -> str:
        return gettext(self.name)


GROUPS = (
    ReviewGroup(name=gettext_noop("收租组"), areas=("rent",)),
    ReviewGroup(name=gettext_noop("运营组"), areas=("people", "repairs", "flows")),
    ReviewGroup(name=gettext_noop("管理组"), areas=("system",)),
)


@policy("publishing", area="system", zh="配置的复核与发布", en="Review and release of configuration")
class Publishing(PolicyModel):
    """Four eyes on every change; what happens where there is only one pair."""

    groups: tuple[ReviewGroup, ...] = Field(
        GROUPS, max_length=8, title="复核组", description="本人不能复核自己写的版本；没有复核组的配置需要一人同意。"
    )
    alone_hours: int = Field(
        24,
        ge=24,
        le=168,
        title="只有一位管理员时的等待",
        description="没有第二个人可以复核时，版本等这么久才生效，期间可以撤销，并在记录里标出。",
        json_schema_extra={"unit": "小时"},
    )

    def group(self, area: str) -> ReviewGroup:
        """The group that reviews an area; one person of any kind where none is named."""
        return next((g for g in self.groups if area in g.areas), ReviewGroup(name=gettext_noop("任何有复核权限的人")))

    def lint(self) -> list[Finding]:
        """An area that two groups claim: the second would never be asked."""
        found, seen = [], dict[str, str]()
        for i, group in enumerate(self.groups):
            for area in group.areas:
                if area in seen:
                    zh = f"“{AREAS[area]}”已由“{seen[area]}”复核，这一组不会被问到。"
                    en = f"{area} is already reviewed by another group; this one would never be asked."
                    found.append(Finding("publishing.area_twice", "error", f"groups.{i}.areas", zh, en))
                seen.setdefault(area, group.name)
        return found
