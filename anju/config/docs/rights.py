"""permissions.md, actions.md, entities.md: who may do what, what can be done, what rows hold."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from itertools import groupby

from anju.config.docs.markdown import both, code, codes, page, section, table
from anju.foundation.access import FieldSpec, all_permissions
from anju.foundation.access.fields import EVERYBODY, Entity, all_entities
from anju.foundation.access.policies import STANDARD_ROLES
from anju.foundation.actions import Action, registry
from anju.foundation.files.purposes import all_purposes

PERMISSIONS = """
操作由代码声明，岗位由配置 `access` 决定；下面是标准模板。管理员（admin）拥有全部操作权限。
空着的一列表示只有管理员或系统可以执行。

Declared by the code, given to roles by the policy `access`; below is its standard template. Administrators have all.
A permission without a role is the administrators' or the system's own.
"""
ACTIONS = """
只有操作能写数据：页面、接口、后台任务和导入都调用它们。每个操作检查权限、在一个事务里完成、写入可核对的记录。

An action is the only way to write. Pages, API, jobs and imports call them; each asks its permission, runs in one
transaction and is traced under its name ([events](events.md)).
"""
ENTITIES = """
每一行数据能有哪些字段、属于哪类个人信息、标准模板里谁能看到、保留多久。没有权限的字段不会出现在页面、接口、导出和搜索里。

What a row may hold, how sensitive it is, who sees it in the standard template and how long it is kept. A field somebody
may not see is absent from pages, API, exports and search. Sensitivity other than `plain` is personal data.
"""


def permissions() -> str:
    """The page of permissions."""
    roles = [r.key for r in STANDARD_ROLES]
    heads = ("权限 Permission", "含义 Meaning", *(f"{r.zh}<br>{r.en}" for r in STANDARD_ROLES))
    groups = groupby(all_permissions(), key=lambda p: p.code.partition(".")[0])
    parts = [
        section(
            code(name),
            table(
                heads,
                ((code(p.code), both(p.zh, p.en), *("✓" if r in p.roles else " " for r in roles)) for p in held),
            ),
        )
        for name, held in groups
    ]
    return page("权限", "Permissions", PERMISSIONS, *parts)


def actions() -> str:
    """The page of actions."""
    groups = groupby(sorted(registry().values(), key=lambda a: a.name), key=lambda a: a.name.partition(".")[0])
    heads = ("操作 Action", "需要 Needs", "参数 Arguments", "做什么 What it does")
    parts = [section(code(name), table(heads, (_action(a) for a in known))) for name, known in groups]
    return page("操作", "Actions", ACTIONS, *parts)


def _action(action: Action[..., object]) -> tuple[str, ...]:
    said = (inspect.getdoc(action.body) or "").partition("\n\n")[0].replace("\n", " ")
    arguments = [p for name, p in inspect.signature(action.body).parameters.items() if name != "act"]
    return code(action.name), code(action.needs.code), "<br>".join(code(_argument(p)) for p in arguments), said


def _argument(parameter: inspect.Parameter) -> str:
    default = "" if parameter.default is inspect.Parameter.empty else f" = {parameter.default!r}"
    return f"{parameter.name}: {parameter.annotation}{default}"


def entities() -> str:
    """The page of entities and of purposes of files."""
    return page("数据与字段", "Entities", ENTITIES, *(_entity(e) for e in all_entities()), _files())


def _entity(entity: Entity) -> str:
    heads = ("字段 Field", "名称 Label", "类别 Sensitivity", "谁能看到 Seen by", "打码后 Masked", "保留 Kept")
    fields = entity.fields.values()
    plain = "，".join(f"{code(f.name)} {f.zh}{_not_own(f)}" for f in fields if f.sensitivity == "plain")
    return section(
        f"{entity.zh} · {entity.en} {code(entity.key)}",
        f"导出 Exported by: {_who(entity.export_roles)}",
        table(heads, (_field(spec) for spec in fields if spec.sensitivity != "plain")),
        f"非个人信息 plain: {plain}" if plain else "",
    )


def _field(spec: FieldSpec) -> tuple[str, ...]:
    masked = f"{code(spec.mask_name)}: {_who(spec.mask_roles)}" if spec.mask else ""
    seen = _who(spec.default_roles) + _not_own(spec)
    return code(spec.name), both(spec.zh, spec.en), spec.sensitivity, seen, masked, spec.retention


def _not_own(spec: FieldSpec) -> str:
    return "" if spec.tenant else "（租客本人不可见 not by the tenant）"


def _who(roles: Iterable[str]) -> str:
    held = tuple(roles)
    if held == EVERYBODY:
        return "所有员工 all staff"
    return codes(held) if held else "仅管理员 administrators only"


def _files() -> str:
    heads = ("用途 Purpose", "名称 Name", "格式 Types", "上限 Largest", "加密 Sealed by", "保留 Kept")
    rows = (
        (
            code(p.key),
            both(p.zh, p.en),
            "<br>".join(p.media),
            f"{p.max_bytes >> 20} MB",
            f"本人密钥 person's key: {p.person_class}" if p.person_class else "公司密钥 organization's key",
            p.retention,
        )
        for p in all_purposes()
    )
    return section(
        "文件 · Files", "文件按内容判断格式，加密存放。Types are told by content; stored encrypted.", table(heads, rows)
    )
