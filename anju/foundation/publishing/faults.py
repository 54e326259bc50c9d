"""What is wrong with a field, in one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from anju.foundation.publishing.fields import Spec, fields_of
from anju.foundation.publishing.words import translated, with_unit


def must_be_filled(spec: Spec) -> str:
    """A field that must hold something is empty."""
    return _("请填写{field}。").format(field=translated(spec.title))


def must_be_a_sum(spec: Spec) -> str:
    """Not an amount of money."""
    return _("请填金额，最多两位小数，如 2280.00。")


SENTENCES: Mapping[str, Any] = {
    "int_type": gettext_lazy("请填整数，如 3。"),
    "int_parsing": gettext_lazy("请填整数，如 3。"),
    "int_from_float": gettext_lazy("请填整数，如 3。"),
    "decimal_type": gettext_lazy("请填数字，如 0.5。"),
    "decimal_parsing": gettext_lazy("请填数字，如 0.5。"),
    "float_type": gettext_lazy("请填数字，如 0.5。"),
    "float_parsing": gettext_lazy("请填数字，如 0.5。"),
    "finite_number": gettext_lazy("请填数字，如 0.5。"),
    "decimal_max_places": gettext_lazy("最多 {decimal_places} 位小数。"),
    "decimal_max_digits": gettext_lazy("数字太长，最多 {max_digits} 位。"),
    "decimal_whole_digits": gettext_lazy("数字太大，整数部分最多 {whole_digits} 位。"),
    "greater_than_equal": gettext_lazy("不能小于 {ge}。"),
    "greater_than": gettext_lazy("要大于 {gt}。"),
    "less_than_equal": gettext_lazy("不能大于 {le}。"),
    "less_than": gettext_lazy("要小于 {lt}。"),
    "multiple_of": gettext_lazy("要是 {multiple_of} 的倍数。"),
    "string_too_short": gettext_lazy("至少写 {min_length} 个字。"),
    "string_too_long": gettext_lazy("最多 {max_length} 个字，请缩短。"),
    "string_pattern_mismatch": gettext_lazy("格式不对，请照说明填写。"),
    "literal_error": gettext_lazy("请从列表里选一项。"),
    "enum": gettext_lazy("请从列表里选一项。"),
    "union_tag_invalid": gettext_lazy("请从列表里选一项。"),
    "union_tag_not_found": gettext_lazy("请从列表里选一项。"),
    "too_short": gettext_lazy("至少要有 {min_length} 项。"),
    "too_long": gettext_lazy("最多 {max_length} 项。"),
    "bool_type": gettext_lazy("请选“是”或“否”。"),
    "bool_parsing": gettext_lazy("请选“是”或“否”。"),
    "extra_forbidden": gettext_lazy("这一项已经不用了，请刷新页面。"),
}
DAY = gettext_lazy("请填日期，如 2026-12-01。")
HOUR = gettext_lazy("请填时间，如 09:00。")
OTHER = gettext_lazy("这一项填得不对，请照说明填写。")
UNITED = ("ge", "gt", "le", "lt", "multiple_of")


def said(spec: Spec | None, type_: str, context: Mapping[str, Any]) -> str:
    """One pydantic error as a sentence.

    Args:
        spec: the field it is about, for its name and unit.
        type_: pydantic's error type.
        context: its facts.
    """
    if type_ in ("value_error", "assertion_error"):
        # Validators of policies raise ValueError with a Chinese sentence, which the catalogue translates.
        return translated(str(context.get("error", ""))) or str(OTHER)
    if type_ == "missing" or (spec is not None and type_ == "string_too_short" and context.get("min_length") == 1):
        return must_be_filled(spec) if spec is not None else str(OTHER)
    if type_.startswith("time_"):
        return str(HOUR)
    if type_.startswith(("date_", "datetime_")):
        return str(DAY)
    facts = {k: with_unit(spec, str(v)) if spec and k in UNITED else v for k, v in context.items()}
    return str(SENTENCES.get(type_, OTHER)).format_map(facts)


def faults(level: Sequence[Spec], body: Mapping[str, Any], fault: ValidationError) -> dict[str, str]:
    """One sentence per faulty path; the first error of a field wins."""
    found: dict[str, str] = {}
    for error in fault.errors(include_url=False, include_input=False):
        path, spec = place(level, body, error["loc"])
        found.setdefault(path, said(spec, error["type"], error.get("ctx", {})))
    return found


def place(level: Sequence[Spec], body: Mapping[str, Any], loc: Sequence[int | str]) -> tuple[str, Spec | None]:
    """pydantic's location as a path of the form: the tags of variants and the ``[key]`` marks are left out."""
    here: Any = body
    spec: Spec | None = None
    path: list[str] = []
    for part in loc:
        if spec is not None and spec.kind == "variant" and part in spec.variants and part not in _names(spec, here):
            continue
        if part == "[key]":
            break
        spec = _below(level, spec, here, str(part))
        path.append(str(part).replace(".", "~") if isinstance(here, Mapping) and spec is not None else str(part))
        here = _get(here, part)
    return ".".join(path), spec


def _names(spec: Spec, here: Any) -> set[str]:
    return {s.name for s in fields_of(spec, here)}


def _below(level: Sequence[Spec], spec: Spec | None, here: Any, part: str) -> Spec | None:
    if spec is None or spec.kind in ("group", "variant"):
        known = level if spec is None else fields_of(spec, here)
        found = next((s for s in known if s.name == part), None)
        return found if found is not None or spec is None else spec
    return spec.item or spec


def _get(here: Any, part: int | str) -> Any:
    if isinstance(here, Mapping):
        return here.get(str(part))
    if isinstance(here, Sequence) and isinstance(part, int) and part < len(here):
        return here[part]
    return None
