"""The access policy: which role may do what, see which field and export what; for pages, API and exports alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, gettext
from pydantic import Field

from anju.foundation.access.fields import EVERYBODY, all_entities
from anju.foundation.access.permissions import all_permissions
from anju.foundation.identity.roles import ADMIN
from anju.foundation.policy import Finding, PolicyModel, policy
from anju.foundation.policy.registry import choices_source

Grants = dict[str, tuple[str, ...]]


class Role(PolicyModel):
    """A role that staff can hold."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,29}$", title="代号", description="不可更改，用于接口和记录")
    zh: str = Field(min_length=1, max_length=12, title="名称")
    en: str = Field("", max_length=30, title="英文名称")


STANDARD_ROLES = (
    Role(key="manager", zh="店长", en="Manager"),
    Role(key="finance", zh="财务", en="Finance"),
    Role(key="service", zh="客服", en="Service"),
    Role(key="maintenance", zh="维修", en="Maintenance"),
    Role(key="risk", zh="风控", en="Risk"),
)


def standard_actions() -> Grants:
    """Every declared permission with its standard roles."""
    return {p.code: tuple(r for r in p.roles if r != "tenant") for p in all_permissions()}


def standard_fields() -> Grants:
    """Every declared field of personal data with its standard roles."""
    return {
        f"{e.key}.{spec.name}": spec.default_roles
        for e in all_entities()
        for spec in e.fields.values()
        if spec.sensitivity != "plain"
    }


def standard_exports() -> Grants:
    """Every declared entity with the roles that may export it."""
    return {e.key: e.export_roles for e in all_entities()}


@choices_source("access.roles")
def roles_of(body: dict[str, Any]) -> dict[str, str]:
    """The roles that a grant may name: those of the text being edited, and everybody."""
    given = body.get("roles") or [r.model_dump() for r in STANDARD_ROLES]
    return {
        EVERYBODY[0]: gettext("所有员工"),
        **{str(r["key"]): _word(r["zh"], r["en"]) for r in given if r.get("key")},
    }


@choices_source("access.actions")
def actions_by_word(body: dict[str, Any]) -> dict[str, str]:
    """Every declared permission."""
    return {p.code: _word(p.zh, p.en) for p in all_permissions()}


@choices_source("access.fields")
def fields_by_word(body: dict[str, Any]) -> dict[str, str]:
    """Every declared field of personal data, after its entity."""
    return {
        f"{e.key}.{spec.name}": f"{_word(e.zh, e.en)} · {_word(spec.zh, spec.en)}"
        for e in all_entities()
        for spec in e.fields.values()
        if spec.sensitivity != "plain"
    }


@choices_source("access.exports")
def exports_by_word(body: dict[str, Any]) -> dict[str, str]:
    """Every declared entity."""
    return {e.key: _word(e.zh, e.en) for e in all_entities()}


def _word(zh: str, en: str) -> str:
    return en if en and (get_language() or "").startswith("en") else zh


def _grants(make: Callable[[], Grants], keys: str, title: str, description: str) -> Any:
    words = {"keys_from": f"access.{keys}", "choices_from": "access.roles"}
    return Field(default_factory=make, title=title, description=description, json_schema_extra={**words})


@policy("access", area="system", zh="岗位权限", en="Roles and access")
class Access(PolicyModel):
    """Who may do and see what. What the text does not mention follows the standard template, so that a new feature
    comes with its standard roles."""

    roles: tuple[Role, ...] = Field(STANDARD_ROLES, title="岗位", description="管理员拥有全部操作权限，不在此列")
    actions: Grants = _grants(standard_actions, "actions", "操作权限", "每项操作由哪些岗位执行")
    fields: Grants = _grants(standard_fields, "fields", "字段可见", "每项个人信息由哪些岗位看到")
    exports: Grants = _grants(standard_exports, "exports", "导出", "每类数据由哪些岗位导出")

    def role_keys(self) -> set[str]:
        """Every role that staff can be given."""
        return {role.key for role in self.roles} | {ADMIN}

    def lint(self) -> list[Finding]:
        """Unknown roles are errors; a lock on identity data that opens wider than the standard is a warning."""
        known = self.role_keys() | set(EVERYBODY)
        findings = [
            Finding(
                "access.unknown_role",
                "error",
                f"{part}.{key}",
                f"没有“{role}”这个岗位。",
                f"There is no role “{role}”.",
            )
            for part, grants in (("actions", self.actions), ("fields", self.fields), ("exports", self.exports))
            for key, roles in grants.items()
            for role in roles
            if role not in known
        ]
        return findings + self._wider_than_standard()

    def _wider_than_standard(self) -> list[Finding]:
        standard = standard_fields()
        found = []
        for key, roles in self.fields.items():
            usual = standard.get(key, ())
            if EVERYBODY[0] not in usual and (more := [r for r in roles if r not in usual]):
                names = "、".join(more)
                found.append(
                    Finding(
                        "access.wider_than_standard",
                        "warning",
                        f"fields.{key}",
                        f"比标准模板多给了 {names}：个人信息应只给确有需要的岗位。",
                        f"Wider than the standard by {', '.join(more)}: personal data is for those who need it.",
                        list(usual),
                    )
                )
        return found
