"""A policy's values in the words people use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from pydantic import BaseModel, ValidationError

from anju.foundation.publishing.fields import Spec, about, fields_of, specs, variant_of


def words(spec: Spec, value: Any) -> str:
    """One value, as a line of a difference shows it.

    Args:
        spec: the field.
        value: its value as stored (JSON types).
    """
    if value is None:
        return _("不设")
    match spec.kind:
        case "bool":
            return _("是") if value else _("否")
        case "choice":
            return translated(spec.options.get(str(value), str(value)))
        case "choices":
            return _join(translated(spec.options.get(str(v), str(v))) for v in value)
        case "money":
            return f"¥{value}"
        case "time":
            return str(value)[:5]
        case "list":
            assert spec.item is not None
            return _join(words(spec.item, v) for v in value)
        case "map":
            assert spec.item is not None
            lines = (key_title(spec, k) + _("：") + words(spec.item, v) for k, v in value.items())
            return _("；").join(lines) or _("没有")
        case "group" | "variant":
            return summary(spec, value)
        case _:
            return with_unit(spec, str(value)) if value != "" else _("空")


def with_unit(spec: Spec, text: str) -> str:
    """The text with the field's unit after it."""
    if not spec.unit:
        return text
    return f"{text}{spec.unit}" if spec.unit == "%" else f"{text} {translated(spec.unit)}"


def translated(source: str) -> str:
    """A declared Chinese string in the reader's language."""
    return _(source) if source else ""


def key_title(spec: Spec, key: str) -> str:
    """A map's key as people call it."""
    return translated(spec.options.get(key, key))


def heading(model: type[BaseModel] | None, value: Any) -> str:
    """What an item calls itself, if it can be read and says so."""
    say = getattr(model, "heading", None)
    if model is None or say is None:
        return ""
    try:
        return str(model.model_validate(value).heading())  # type: ignore[attr-defined]
    except (ValidationError, ValueError):
        return ""


def item_title(spec: Spec, value: Any, place: int) -> str:
    """An item of a list by its own heading, or by its place (from 0)."""
    assert spec.item is not None
    model = spec.item.model if spec.item.kind != "variant" else variant_of(spec.item, value)[1]
    return heading(model, value) or (translated(spec.item_word) or _("第 {n} 项")).format(n=place + 1)


def summary(spec: Spec, value: Any) -> str:
    """A nested object in one line: its kind, then its fields' values."""
    if not isinstance(value, dict):
        return str(value)
    parts = [translated(spec.options[variant_of(spec, value)[0]])] if spec.kind == "variant" else []
    parts += [_named(s, value[s.name]) for s in fields_of(spec, value) if value.get(s.name) not in (None, "", [], {})]
    return pgettext("between parts of a sentence", "，").join(parts) or _("空")


def _named(spec: Spec, value: Any) -> str:
    return words(spec, value) if spec.kind == "choice" else f"{translated(spec.title)} {words(spec, value)}"


def title_of(model: type[BaseModel], path: str, body: Any) -> str:
    """A path (``steps.1.channel``) as a trail people can read: 提醒步骤 · 到期前 3 天 · 渠道."""
    with about(body if isinstance(body, dict) else {}):
        return " · ".join(_trail(specs(model), path.split(".") if path else [], body))


def _trail(level: tuple[Spec, ...], parts: list[str], value: Any) -> list[str]:
    if not parts:
        return []
    spec = next((s for s in level if s.name == parts[0]), None)
    if spec is None:
        return [parts[0]]
    return [translated(spec.title), *_inside(spec, parts[1:], _get(value, parts[0]))]


def _inside(spec: Spec, parts: list[str], value: Any) -> list[str]:
    if not parts:
        return []
    if spec.kind in ("group", "variant"):
        return _trail(fields_of(spec, value), parts, value)
    if spec.item is None:
        return []
    here = _get(value, parts[0].replace("~", "."))
    name = key_title(spec, parts[0].replace("~", ".")) if spec.kind == "map" else item_title(spec, here, int(parts[0]))
    return [name, *_inside(spec.item, parts[1:], here)]


def _get(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    return None


def _join(parts: Iterable[str]) -> str:
    return pgettext("between items of a list", "、").join(parts) or _("没有")
