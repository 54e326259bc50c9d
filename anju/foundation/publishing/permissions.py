"""Who may change configuration. The area "system" (rights, review, messages) is the administrators' own."""

from __future__ import annotations

from anju.foundation.access import Permission, permission

VIEW = permission("policies.version.view", zh="查看配置", en="See policies", roles=("manager", "finance"))
EDIT = permission("policies.version.edit", zh="修改配置草稿", en="Edit policy drafts", roles=("manager",))
REVIEW = permission(
    "policies.version.review", zh="复核并发布配置", en="Review and release policies", roles=("manager",)
)
ROLL_BACK = permission("policies.release.roll_back", zh="回退配置", en="Roll policies back", roles=("manager",))
EDIT_SYSTEM = permission("policies.system.edit", zh="修改系统类配置草稿", en="Edit drafts of system policies", roles=())
REVIEW_SYSTEM = permission("policies.system.review", zh="复核系统类配置", en="Review system policies", roles=())

SYSTEM = "system"


def to_edit(area: str) -> Permission:
    """What editing a policy of that area asks for."""
    return EDIT_SYSTEM if area == SYSTEM else EDIT


def to_review(area: str) -> Permission:
    """What reviewing and releasing a policy of that area asks for."""
    return REVIEW_SYSTEM if area == SYSTEM else REVIEW
