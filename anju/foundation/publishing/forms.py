"""A policy as a form: a tree of nodes from a body, and the body back from what a browser posted.

Names are flat paths: ``steps.1.channel``. A form is always posted whole, so an absent checkbox is False and an absent
list is empty.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel, ValidationError

from anju.foundation.publishing.faults import faults, must_be_a_sum, must_be_filled
from anju.foundation.publishing.fields import Spec, fields_of, specs, variant_of
from anju.foundation.publishing.nodes import DOT, Node, Remark, blank, hang, tree

__all__ = ["Node", "Posted", "Read", "Remark", "blank", "edit_list", "hang", "put", "read", "tree", "valid"]

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Read:
    """What was posted: the body as far as it could be read, and one sentence per faulty field (by path)."""

    body: dict[str, Any]
    errors: dict[str, str]


def read(model: type[BaseModel], posted: Posted) -> Read:
    """The body that a browser posted.

    Args:
        model: the policy.
        posted: lists of values by flat name, as ``dict(request.POST.lists())``.
    """
    reader = _Reader(posted)
    body = reader.fields(specs(model), "")
    # A top field that could not even be read is left out, so that the others are checked too.
    unread = {path.split(".")[0] for path in reader.said}
    try:
        model.model_validate({k: v for k, v in body.items() if k not in unread})
    except ValidationError as fault:
        found = {path: said for path, said in faults(specs(model), body, fault).items() if path not in unread}
        return Read(body, {**found, **reader.said})
    return Read(body, reader.said)


def valid(model: type[BaseModel], body: Mapping[str, Any]) -> dict[str, Any]:
    """A readable body in its one stored form: every field present, JSON types.

    Raises:
        pydantic.ValidationError: it does not fit.
    """
    return model.model_validate(body).model_dump(mode="json")


class _Reader:
    def __init__(self, posted: Posted) -> None:
        self.posted = dict(posted)
        self.said: dict[str, str] = {}

    def fields(self, level: Sequence[Spec], prefix: str) -> dict[str, Any]:
        return {s.name: self.value(s, f"{prefix}{s.name}") for s in level}

    def value(self, spec: Spec, path: str) -> Any:
        sent = self.posted.get(path, ())
        match spec.kind:
            case "group":
                if spec.nullable and not self.below(path):
                    return None
                return self.fields(fields_of(spec, {}), f"{path}.")
            case "variant":
                if spec.nullable and not (sent and sent[-1]):
                    return None
                held = {spec.discriminator: sent[-1] if sent else ""}
                tag = variant_of(spec, held)[0]
                return {spec.discriminator: tag, **self.fields(fields_of(spec, {spec.discriminator: tag}), f"{path}.")}
            case "list":
                assert spec.item is not None
                return [self.value(spec.item, f"{path}.{i}") for i in self.places(spec.item, path)]
            case "map":
                assert spec.item is not None
                return {k.replace(DOT, "."): self.value(spec.item, f"{path}.{k}") for k in self.below(path)}
            case "choices":
                return [spec.values.get(v, v) for v in sent if v]
            case "bool":
                return bool(sent) and sent[-1] not in ("", "0", "false")
        return self.scalar(spec, path, sent[-1] if sent else "")

    def places(self, item: Spec, path: str) -> range:
        """The items of a list as 0…n-1: empty lines are dropped, and what was posted is renumbered to match."""
        sent = sorted(int(n) for n in self.below(path) if n.isascii() and n.isdecimal())
        if item.kind not in ("group", "variant", "list", "map", "choices", "bool"):
            sent = [n for n in sent if "".join(self.posted.get(f"{path}.{n}", ())).strip()]
        for place, n in enumerate(sent):
            old, new = f"{path}.{n}", f"{path}.{place}"
            moved = [k for k in self.posted if place != n and (k == old or k.startswith(f"{old}."))]
            for k in [k for k in self.posted if moved and (k == new or k.startswith(f"{new}."))]:
                del self.posted[k]
            for k in moved:
                self.posted[new + k[len(old) :]] = self.posted.pop(k)
        return range(len(sent))

    def below(self, path: str) -> list[str]:
        start = f"{path}."
        return list(dict.fromkeys(n[len(start) :].split(".")[0] for n in self.posted if n.startswith(start)))

    def scalar(self, spec: Spec, path: str, text: str) -> Any:
        if spec.kind in ("text", "long", "message"):
            typed = text.replace("\r\n", "\n")
            typed = typed if spec.long else typed.strip()
            return None if spec.nullable and not typed.strip() else typed
        typed = unicodedata.normalize("NFKC", text).strip()
        if not typed:
            if spec.kind == "choice" and (spec.source or "" in spec.values):
                return ""  # "none of them" is one of the choices
            if not spec.nullable:
                self.fault(spec, path, must_be_filled)
            return None
        if spec.kind == "choice":
            return spec.values.get(typed, typed)
        if spec.kind in ("int", "decimal", "money"):
            typed = typed.replace(",", "").replace("¥", "").replace(" ", "")
            return self.number(spec, path, typed)
        return typed

    def number(self, spec: Spec, path: str, typed: str) -> Any:
        if spec.kind == "int":
            return int(typed) if typed.removeprefix("-").isdecimal() and typed.isascii() else typed
        try:
            number = Decimal(typed)
        except InvalidOperation:
            return typed if spec.kind == "decimal" else self.fault(spec, path, must_be_a_sum, typed)
        if spec.kind == "money":
            if not number.is_finite() or number != round(number, 2):
                return self.fault(spec, path, must_be_a_sum, typed)
            return str(round(number, 2))
        return typed

    def fault(self, spec: Spec, path: str, sentence: Callable[[Spec], str], typed: Any = None) -> Any:
        self.said[path] = sentence(spec)
        return typed


def edit_list(model: type[BaseModel], body: dict[str, Any], op: str, path: str) -> dict[str, Any]:
    """Add, remove or move an item of a list, without needing the body to be valid.

    Args:
        model: the policy.
        body: as read from the form.
        op: ``add`` (path of the list), ``remove``, ``up``, ``down`` (path of the item).
        path: where.
    """
    parts = path.split(".")
    if op == "add":
        target, spec = _find(model, body, parts)
        if isinstance(target, list) and spec is not None and spec.item is not None:
            target.append(blank(spec.item) if not spec.item.nullable else "")
        return body
    target, _ = _find(model, body, parts[:-1])
    at = int(parts[-1]) if parts[-1].isdigit() else -1
    if not isinstance(target, list) or not 0 <= at < len(target):
        return body
    if op == "remove":
        target.pop(at)
    to = at + {"up": -1, "down": 1}.get(op, 0)
    if op in ("up", "down") and 0 <= to < len(target):
        target[at], target[to] = target[to], target[at]
    return body


def put(model: type[BaseModel], body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The body with one field replaced: how a suggestion of lint is taken over. Unknown paths change nothing."""
    *way, last = path.split(".")
    target, _ = _find(model, body, way)
    if isinstance(target, dict) and last in target:
        target[last] = value
    elif isinstance(target, list) and last.isdigit() and int(last) < len(target):
        target[int(last)] = value
    return body


def _find(model: type[BaseModel], body: dict[str, Any], parts: Sequence[str]) -> tuple[Any, Spec | None]:
    here: Any = body
    level, spec = specs(model), None
    for part in parts:
        if isinstance(here, dict):
            key = part.replace(DOT, ".")
            spec = (
                spec.item
                if spec is not None and spec.kind == "map"
                else next((s for s in level if s.name == part), None)
            )
            here = here.get(key)
        elif isinstance(here, list) and part.isdigit() and int(part) < len(here):
            spec, here = (spec.item if spec else None), here[int(part)]
        else:
            return None, None
        if spec is not None and spec.kind in ("group", "variant"):
            level = fields_of(spec, here)
    return here, spec
