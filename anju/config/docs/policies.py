"""policies.md: every policy with its fields, limits and standard template."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticUndefined, to_jsonable_python

from anju.config.docs.catalogue import english
from anju.config.docs.markdown import block, both, code, page, section, table
from anju.foundation.policy.registry import Declared, all_declared
from anju.foundation.publishing.fields import Spec, walk
from anju.foundation.publishing.policies import AREAS
from anju.foundation.publishing.simulation import has_simulator

ABOUT = """
运营者可以自己决定的一切都是配置：在控制台“配置”里修改草稿、检查、模拟、由第二个人复核后发布。默认值就是标准模板。
操作步骤见 [如何修改配置](../how-to/policies.md)。

Whatever an operator may want different is a policy. The default values are the standard template.
How to change one: [policies](../how-to/policies.md).
"""
KINDS = {
    "text": "text", "long": "text", "message": "text with variables", "int": "whole number", "decimal": "number",
    "money": "amount", "bool": "yes / no", "choice": "one of", "choices": "some of", "date": "day",
    "time": "time of day", "datetime": "moment", "group": "group", "list": "list", "map": "one value per key",
    "variant": "one kind of",
}  # fmt: skip
LIMITS = {"ge": "≥ {}", "gt": "> {}", "le": "≤ {}", "lt": "< {}", "multiple_of": "× {}"}
LENGTHS = {"min_length": "at least {}", "max_length": "at most {}", "pattern": "`{}`", "decimal_places": "{} decimals"}
SHORT = 60


def render() -> str:
    """The page."""
    return page("配置", "Policies", ABOUT, *(_policy(p) for p in all_declared()))


def _policy(policy: Declared) -> str:
    area = AREAS.get(policy.area, policy.area)
    facts = [
        f"分组 Area: {both(area, english(area)).replace('<br>', ' · ')}",
        f"格式版本 Schema: {policy.schema}",
        "发布前模拟：按今天的数据 · Simulated on today's data"
        if has_simulator(policy.key)
        else "发布前模拟：不适用 · Simulation: nothing to count",
    ]
    heads = ("字段 Field", "名称 Label", "类型 Type", "范围 Limits", "标准值 Standard", "说明 Help")
    return section(
        f"{policy.zh} · {policy.en} {code(policy.key)}",
        inspect.getdoc(policy.model) or "",
        "\n".join(f"- {fact}" for fact in facts),
        table(heads, (_row(path, spec) for path, spec in walk(policy.model))),
        _template(policy),
    )


def _row(path: str, spec: Spec) -> tuple[str, ...]:
    return (
        code(path),
        both(spec.title, english(spec.title)),
        _type(spec),
        "<br>".join(_limits(spec)),
        _standard(spec),
        both(spec.help, english(spec.help)),
    )


def _type(spec: Spec) -> str:
    kind = KINDS[spec.kind]
    if spec.kind in ("list", "map") and spec.item is not None:
        kind = f"{kind}: {KINDS[spec.item.kind]}"
    unit = both(spec.unit, english(spec.unit)).replace("<br>", " · ")
    return f"{kind} ({unit})" if unit else kind


def _limits(spec: Spec) -> Iterator[str]:
    for name, words in {**LIMITS, **LENGTHS}.items():
        if name in spec.limits:
            yield words.format(spec.limits[name])
    if spec.choices and not spec.source:
        for value, zh in spec.choices.items():
            yield f"{code(value)} {both(zh, english(zh)).replace('<br>', ' · ')}"
    if spec.variables:
        yield "变量 Variables: " + " ".join(code("{" + name + "}") for name in spec.variables)


def _standard(spec: Spec) -> str:
    """The default where it fits into a cell; the template below the table shows the rest."""
    if spec.default is PydanticUndefined or _grants(spec):
        return ""
    text = json.dumps(to_jsonable_python(spec.default), ensure_ascii=False)
    return code(text) if len(text) <= SHORT else "↓"


def _grants(spec: Spec) -> bool:
    """Whether its keys are declared elsewhere: permissions, fields and exports have pages of their own."""
    return spec.kind == "map" and bool(spec.source)


def _template(policy: Declared) -> str:
    elsewhere = {spec.name for path, spec in walk(policy.model) if _grants(spec) and "." not in path}
    body: dict[str, Any] = policy.model().model_dump(mode="json", exclude=elsewhere)
    text = json.dumps(body, ensure_ascii=False, indent=2)
    more = "其余见 permissions.md、entities.md · the rest is in permissions.md and entities.md" if elsewhere else ""
    return "\n\n".join(part for part in (block("json", text, "标准模板 · Standard template"), more) if part)
