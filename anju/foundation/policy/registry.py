"""Declaring a policy: a pydantic model with labels, in the slice that obeys it.

    @policy("reminders", area="rent", zh="缴租提醒", en="Rent reminders")
    class Reminders(PolicyModel):
        steps: tuple[Step, ...] = Field(default=..., title="提醒步骤")

The default values are the standard template. ``Field(title=…, description=…)`` are the form's label and help, in
Chinese (the catalogue translates them); constraints become the form's limits. ``json_schema_extra`` may add:

- ``unit``: "天", shown after the field;
- ``choices``: ``{"sms": "短信"}``, the words for a Literal's values or a dict's keys;
- ``ordered``: False where the order of several chosen values means nothing (ticks instead of a sequence);
- ``widget``: ``"message"`` for a text with variables (``variables``: ``{"amount": "应付金额"}``), ``"long"`` for prose;
- ``keys``: the fixed keys of a dict, with their words;
- ``item``: what an item of a list is called ("第 {n} 步") where its model has no ``heading()``;
- ``choices_from``, ``keys_from``: the name of a source of choices that is only known at run time
  (:func:`choices_source`).

A model may override ``heading()``: what one of its items is called in a list ("到期前 3 天").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class PolicyModel(BaseModel):
    """Base of every policy and of the parts inside it: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    policy_key: ClassVar[str] = ""

    def heading(self) -> str:
        """What this part is called among its neighbours in a list; empty: the list's title and its place."""
        return ""

    def title(self) -> str:
        """What the policy is called where its own text says so; empty: as it was declared."""
        return ""

    def lint(self) -> list[Finding]:
        """What a careful colleague would say about this text. Slices override it."""
        return []


@dataclass(frozen=True)
class Finding:
    """One remark of lint.

    ``severity`` "warning" may be published with a written reason; "error" may not. ``path`` is the field's place
    (``steps.1.channel``); ``suggest`` a value for that field that would settle it.
    """

    code: str
    severity: Literal["warning", "error"]
    path: str
    zh: str
    en: str
    suggest: Any = None


@dataclass(frozen=True)
class Declared:
    """A registered policy."""

    key: str
    model: type[PolicyModel]
    schema: int
    area: str
    zh: str
    en: str
    upcasters: dict[int, Upcaster] = field(default_factory=dict)

    def load(self, body: dict[str, Any], schema: int) -> PolicyModel:
        """Read a stored body of any known schema; old ones go through the upcasters, never rewritten."""
        while schema < self.schema:
            body = self.upcasters[schema](body)
            schema += 1
        return self.model.model_validate(body)


ChoicesSource = Callable[[dict[str, Any]], dict[str, str]]
_sources: dict[str, ChoicesSource] = {}


def choices_source(name: str) -> Callable[[ChoicesSource], ChoicesSource]:
    """Register choices that depend on the running product or on the text itself (roles, permissions).

    The function takes the body being edited and gives ``{value: Chinese words}``.
    """

    def register(source: ChoicesSource) -> ChoicesSource:
        _sources[name] = source
        return source

    return register


def choices_of(name: str, body: dict[str, Any]) -> dict[str, str]:
    """The choices of a source for a body; KeyError if nobody registered it."""
    return _sources[name](body)


_declared: dict[str, Declared] = {}
_families: dict[str, Declared] = {}
M = TypeVar("M", bound=type[PolicyModel])
FAMILY_KEY = re.compile(r"([a-z]+)\.[a-z][a-z0-9_]{0,29}")


def policy(
    key: str, *, area: str, zh: str, en: str, schema: int = 1, upcasters: dict[int, Upcaster] | None = None
) -> Callable[[M], M]:
    """Register a policy.

    Args:
        key: its stable name.
        area: where the console shows it: ``rent``, ``people``, ``repairs``, ``system``.
        zh: its name as users say it.
        en: its English name.
        schema: the number of today's shape; older bodies are read through ``upcasters``.
        upcasters: from schema n to n+1.
    """

    def register(model: M) -> M:
        ups = upcasters or {}
        if missing := [n for n in range(1, schema) if n not in ups]:
            raise ValueError(f"policy {key}: no upcaster from schema {missing}")
        model.policy_key = key
        _declared[key] = Declared(key, model, schema, area, zh, en, ups)
        return model

    return register


def policy_family(prefix: str, model: type[PolicyModel], *, area: str, zh: str, en: str) -> None:
    """Register policies that operators make themselves: every key ``prefix.name`` is one, read as ``model``.

    Args:
        prefix: what their keys begin with, before the dot.
        model: their class; its default values are what a new one starts with.
        area: as for :func:`policy`.
        zh: what one is called until its own text says (:meth:`PolicyModel.title`).
        en: the same in English.
    """
    _families[prefix] = Declared(prefix, model, 1, area, zh, en)


def families() -> list[Declared]:
    """What policies of operators' own are read as, by prefix."""
    return [_families[k] for k in sorted(_families)]


def declared(key: str) -> Declared:
    """The registered policy of that key; KeyError if there is none."""
    return _declared[key] if key in _declared else _of_family(key)


def is_of_family(key: str) -> bool:
    """Whether a key names a policy of an operator's own."""
    named = FAMILY_KEY.fullmatch(key)
    return key not in _declared and named is not None and named[1] in _families


@lru_cache(maxsize=1024)
def _of_family(key: str) -> Declared:
    named = FAMILY_KEY.fullmatch(key)
    if named is None or named[1] not in _families:
        raise KeyError(key)
    family = _families[named[1]]
    model = type(family.model.__name__, (family.model,), {"policy_key": key, "__module__": family.model.__module__})
    return replace(family, key=key, model=model)


def all_declared() -> list[Declared]:
    """Every registered policy, by key."""
    return [_declared[k] for k in sorted(_declared)]
