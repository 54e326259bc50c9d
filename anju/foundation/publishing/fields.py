"""What a policy's fields are, read from its pydantic model: the common ground of form, difference and words."""

from __future__ import annotations

import enum
import types
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

from anju.foundation.policy.registry import choices_of
from anju.kit import Money

Kind = Literal[
    "text", "long", "message", "int", "decimal", "money", "bool", "choice", "choices", "date", "time", "datetime",
    "group", "list", "map", "variant",
]  # fmt: skip

SCALARS: dict[type, Kind] = {
    bool: "bool",
    int: "int",
    float: "decimal",
    Decimal: "decimal",
    Money: "money",
    str: "text",
    datetime: "datetime",
    date: "date",
    time: "time",
}
LINE = 100  # longer texts get several lines
LISTS = (list, tuple, set, frozenset)
LIMITS = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern", "decimal_places")


@dataclass(frozen=True)
class Spec:
    """One field as a person meets it. ``title``, ``help`` and ``choices`` are Chinese source strings."""

    name: str
    kind: Kind
    title: str
    help: str = ""
    unit: str = ""
    nullable: bool = False
    limits: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    ordered: bool = False
    model: type[BaseModel] | None = None
    item: Spec | None = None
    variants: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    discriminator: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    default: Any = PydanticUndefined
    item_word: str = ""
    source: str = ""

    @property
    def long(self) -> bool:
        """Whether its text needs more than a line; line breaks at its end are then part of it."""
        most = int(self.limits.get("max_length", 0)) if self.kind == "text" else 0
        return self.kind in ("long", "message") or most > LINE

    @property
    def options(self) -> Mapping[str, str]:
        """The choices (a map's keys), those of a source read for the text at hand (:func:`about`)."""
        if not self.source:
            return self.choices
        return choices_of(self.source, _about.get() or {})


_about: ContextVar[dict[str, Any] | None] = ContextVar("anju_policy_text", default=None)


def filled(spec: Spec, value: Any) -> dict[str, Any]:
    """A map with its known keys: one that the text does not mention follows the standard template."""
    held = dict(value) if isinstance(value, dict) else {}
    standard = to_jsonable_python(spec.default, fallback=str) if isinstance(spec.default, dict) else {}
    return {**{k: standard[k] for k in spec.options if k in standard}, **held}


@contextmanager
def about(body: Mapping[str, Any]) -> Iterator[None]:
    """Inside, choices that depend on the text are those of this one."""
    token = _about.set(dict(body))
    try:
        yield
    finally:
        _about.reset(token)


@cache
def specs(model: type[BaseModel]) -> tuple[Spec, ...]:
    """The fields of a model, in their order of declaration.

    Raises:
        TypeError: a field has a type that no form can show; its slice must choose another.
    """
    return tuple(of_field(name, info) for name, info in model.model_fields.items())


def of_field(name: str, info: FieldInfo) -> Spec:
    """One field's spec."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    spec = _of_type(name, info.annotation, extra, _discriminator(info))
    limits = {k: getattr(m, k) for m in info.metadata for k in LIMITS if getattr(m, k, None) is not None}
    default = info.get_default(call_default_factory=True) if not info.is_required() else PydanticUndefined
    return replace(
        spec,
        title=info.title or spec.title,
        help=info.description or "",
        unit=str(extra.get("unit", "")),
        limits=limits,
        default=default,
        item_word=str(extra.get("item", "")),
    )


def _discriminator(info: FieldInfo) -> str:
    return info.discriminator if isinstance(info.discriminator, str) else ""


def _of_type(name: str, annotation: Any, extra: Mapping[str, Any], discriminator: str) -> Spec:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return of_field(name, FieldInfo.from_annotation(annotation))
    if origin in (Union, types.UnionType):
        return _of_union(name, args, extra, discriminator)
    if origin is Literal:
        return _choice(name, {str(a): a for a in args}, extra)
    if origin in LISTS:
        return _of_list(name, args, extra, ordered=origin in (list, tuple))
    if origin in (dict, Mapping):
        return _of_map(name, args, extra)
    if isinstance(annotation, type):
        if issubclass(annotation, enum.Enum):
            labels = {str(m.value): str(getattr(m, "label", m.name)) for m in annotation}
            return _choice(name, {str(m.value): m.value for m in annotation}, {"choices": labels, **extra})
        if issubclass(annotation, BaseModel):
            return Spec(name, "group", name, model=annotation)
        for known, kind in SCALARS.items():
            if issubclass(annotation, known):
                return _scalar(name, kind, extra)
    raise TypeError(f"no form field for {name}: {annotation}")


def _scalar(name: str, kind: Kind, extra: Mapping[str, Any]) -> Spec:
    if kind == "text" and (extra.get("choices") or extra.get("choices_from")):
        return _choice(name, {k: k for k in extra.get("choices", {})}, extra)
    if kind == "text" and extra.get("widget") in ("message", "long"):
        kind = extra["widget"]
    return Spec(name, kind, name, variables=dict(extra.get("variables", {})))


def _choice(name: str, values: Mapping[str, Any], extra: Mapping[str, Any]) -> Spec:
    labels = {str(k): str(v) for k, v in dict(extra.get("choices", {})).items()}
    source = str(extra.get("choices_from", ""))
    return Spec(name, "choice", name, choices={k: labels.get(k, k) for k in values}, values=values, source=source)


def _of_union(name: str, args: Iterable[Any], extra: Mapping[str, Any], discriminator: str) -> Spec:
    kinds = [a for a in args if a is not type(None)]
    nullable = len(kinds) < len(tuple(args))
    if len(kinds) == 1:
        return replace(_of_type(name, kinds[0], extra, discriminator), nullable=nullable)
    if not discriminator:
        raise TypeError(f"no form field for {name}: a union needs a discriminator")
    variants = {str(tag): kind for kind in kinds for tag in get_args(kind.model_fields[discriminator].annotation)}
    labels = {str(k): str(v) for k, v in dict(extra.get("choices", {})).items()}
    titles = {tag: labels.get(tag) or str(kind.model_config.get("title") or tag) for tag, kind in variants.items()}
    return Spec(
        name, "variant", name, nullable=nullable, choices=titles, variants=variants, discriminator=discriminator
    )


def _of_list(name: str, args: tuple[Any, ...], extra: Mapping[str, Any], *, ordered: bool) -> Spec:
    if len(args) > 1 and args[1] is not Ellipsis:
        raise TypeError(f"no form field for {name}: name the parts of a fixed tuple in a model")
    item = _of_type(name, args[0], extra, "")
    if item.kind == "choice":
        return replace(item, kind="choices", ordered=ordered and extra.get("ordered", True) is True)
    return Spec(name, "list", name, item=item, ordered=ordered)


def _of_map(name: str, args: tuple[Any, ...], extra: Mapping[str, Any]) -> Spec:
    keys = {"choices": extra.get("keys", {}), "choices_from": extra.get("keys_from", "")}
    key = _of_type(name, args[0], keys, "")
    inner = {k: v for k, v in extra.items() if k not in ("keys", "keys_from")}
    item = _of_type(name, args[1], {"ordered": False, **inner}, "")
    return Spec(name, "map", name, choices=key.choices, source=key.source, item=item)


def variant_of(spec: Spec, value: Any) -> tuple[str, type[BaseModel]]:
    """The tag and model of a discriminated value; the first variant if the value names none."""
    tag = str(value.get(spec.discriminator, "")) if isinstance(value, dict) else ""
    if tag not in spec.variants:
        tag = next(iter(spec.variants))
    return tag, spec.variants[tag]


def fields_of(spec: Spec, value: Any) -> tuple[Spec, ...]:
    """The fields below a group or variant; the discriminator itself is left out."""
    if spec.kind == "variant":
        return tuple(s for s in specs(variant_of(spec, value)[1]) if s.name != spec.discriminator)
    assert spec.model is not None
    return specs(spec.model)


def walk(model: type[BaseModel], prefix: str = "") -> Iterable[tuple[str, Spec]]:
    """Every field of a model with its path, for structural tests: titles present, forms possible."""
    for spec in specs(model):
        yield from _below(spec, f"{prefix}{spec.name}")


def _below(spec: Spec, path: str) -> Iterable[tuple[str, Spec]]:
    yield path, spec
    if spec.model is not None:
        yield from walk(spec.model, f"{path}.")
    if spec.item is not None and spec.item.kind in ("group", "variant", "list", "map"):
        yield from list(_below(spec.item, f"{path}.*"))[1:]
    for tag, variant in spec.variants.items():
        yield from walk(variant, f"{path}({tag}).")


def source_strings(model: type[BaseModel]) -> set[str]:
    """Every Chinese source string of a policy's form: what its English catalogue must hold."""
    found: set[str] = set()
    for _path, spec in walk(model):
        found |= {spec.title, spec.help, spec.unit, spec.item_word, *spec.choices.values(), *spec.variables.values()}
    return found - {""}
