"""A policy as a tree of form nodes. Nothing here needs the body to be valid: what was typed is shown as typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python

from anju.foundation.publishing.fields import Spec, about, fields_of, filled, specs, variant_of
from anju.foundation.publishing.words import heading, item_title, key_title, translated, words

CHOSEN = ("choice", "choices", "variant")
DOT = "~"  # stands for a dot inside a map's key, because dots part the path


@dataclass
class Node:
    """One field as the page draws it. ``value`` is what the control holds: text, bool, or a list of chosen values.

    The page adds ``findings``, the variables a text may ``insert``, and ``previews`` of messages.
    """

    path: str
    spec: Spec
    label: str
    help: str
    value: Any = None
    error: str = ""
    said: str = ""
    changed: bool = False
    choices: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Remark] = field(default_factory=list)
    insert: list[tuple[str, str]] = field(default_factory=list)
    previews: list[tuple[str, str]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Which control it is."""
        return self.spec.kind

    @property
    def id(self) -> str:
        """An element id."""
        return "f-" + self.path.replace(".", "-").replace(DOT, "_")

    @property
    def unit(self) -> str:
        """The unit in the reader's language."""
        return translated(self.spec.unit)

    @property
    def long(self) -> bool:
        """Whether its text needs more than a line."""
        return self.spec.long

    @property
    def in_order(self) -> bool:
        """Whether the order of the chosen values counts."""
        return self.spec.ordered

    @property
    def places(self) -> int:
        """How many values may be chosen."""
        return min(int(self.spec.limits.get("max_length", len(self.choices))), len(self.choices))

    @property
    def excerpt(self) -> str:
        """The first words inside, for a folded part."""
        words_inside = (c.value for c in self.children if isinstance(c.value, str) and c.kind != "choice")
        return next(filter(None, words_inside), "")

    @property
    def faulty(self) -> bool:
        """Whether it or anything below it has an error."""
        return bool(self.error) or any(c.faulty for c in self.children)

    @property
    def remarked(self) -> int:
        """How many open remarks stand here and below."""
        return sum(not r.reason for r in self.findings) + sum(c.remarked for c in self.children)

    @property
    def wanted(self) -> bool:
        """Whether a folded part should be open: something in it asks for attention."""
        return self.faulty or self.changed or self.remarked > 0

    def walk(self) -> Iterator[Node]:
        """Itself and everything below."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Remark:
    """A finding of lint as the form shows it.

    ``reason`` is why it was kept; ``open`` whether the reader may settle it here.
    """

    place: str
    path: str
    severity: str
    text: str
    suggests: bool
    reason: str = ""
    open: bool = True


def tree(
    model: type[BaseModel],
    body: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    changed: Sequence[str] = (),
) -> list[Node]:
    """The form's nodes.

    Args:
        model: the policy.
        body: JSON values; may be incomplete or wrong.
        errors: one sentence per path.
        changed: paths that differ from the version in force.
    """
    draw = _Draw(errors or {}, tuple(changed))
    with about(body):
        return [draw.node(s, s.name, body.get(s.name, _default(s))) for s in specs(model)]


@dataclass(frozen=True)
class _Draw:
    errors: Mapping[str, str]
    changed: tuple[str, ...]

    def node(self, spec: Spec, path: str, value: Any, label: str = "") -> Node:
        node = Node(path, spec, label or translated(spec.title), translated(spec.help), _shown(spec, value))
        node.said = _said(spec, value)
        node.error = self.errors.get(path, "")
        node.changed = any(c == path or c.startswith(f"{path}.") for c in self.changed)
        node.choices = [(key, translated(word)) for key, word in spec.options.items()] if spec.kind in CHOSEN else []
        node.children = self.below(spec, path, value)
        return node

    def below(self, spec: Spec, path: str, value: Any) -> list[Node]:
        if spec.kind in ("group", "variant") and value is not None:
            held = value if isinstance(value, dict) else {}
            return [self.node(s, f"{path}.{s.name}", held.get(s.name, _default(s))) for s in fields_of(spec, held)]
        if spec.kind == "list" and spec.item is not None:
            items = value if isinstance(value, list) else []
            return [self.node(spec.item, f"{path}.{i}", v, item_title(spec, v, i)) for i, v in enumerate(items)]
        if spec.kind == "map" and spec.item is not None:
            held = filled(spec, value)
            keys = [*spec.options, *(k for k in held if k not in spec.options)]
            return [
                self.node(spec.item, f"{path}.{k.replace('.', DOT)}", held.get(k, blank(spec.item)), key_title(spec, k))
                for k in keys
            ]
        return []


def _said(spec: Spec, value: Any) -> str:
    """The value in words, where there are words for it; a half-typed one has none."""
    if spec.kind in ("group", "map") or (spec.kind == "list" and spec.item and spec.item.kind in ("group", "variant")):
        return ""
    if spec.kind == "variant":
        return translated(spec.options[variant_of(spec, value)[0]])
    return words(spec, value) if value is not None or spec.nullable else ""


def _default(spec: Spec) -> Any:
    return to_jsonable_python(spec.default, fallback=str) if spec.default is not PydanticUndefined else blank(spec)


def _shown(spec: Spec, value: Any) -> Any:
    match spec.kind:
        case "bool":
            return bool(value)
        case "choices":
            return [str(v) for v in value] if isinstance(value, list) else []
        case "variant":
            return variant_of(spec, value)[0] if value is not None else ""
        case "group":
            return heading(spec.model, value)
        case "list" | "map":
            return ""
        case "time":
            return "" if value is None else str(value)[:5]
        case _:
            return "" if value is None else str(value)


def blank(spec: Spec) -> Any:
    """What a new item starts with: the model's own defaults, nothing where it has none."""
    if spec.nullable:
        return None
    match spec.kind:
        case "group" | "variant":
            start: dict[str, Any] = {}
            if spec.kind == "variant":
                start[spec.discriminator] = variant_of(spec, None)[0]
            return {**start, **{s.name: _default(s) for s in fields_of(spec, start)}}
        case "list" | "choices":
            return []
        case "map":
            return {}
        case "bool":
            return False
        case "choice":
            return next(iter(spec.values.values()), "")
        case _:
            return ""


def hang(nodes: Sequence[Node], remarks: Sequence[Remark]) -> list[Remark]:
    """Put each remark on the node it is about, or on the nearest above it; returns those about the whole."""
    by_path = {n.path.replace(DOT, "."): n for top in nodes for n in top.walk()}
    homeless: list[Remark] = []
    for remark in remarks:
        parts = remark.path.replace(DOT, ".").split(".")
        found = (by_path.get(".".join(parts[:n])) for n in range(len(parts), 0, -1))
        node = next((n for n in found if n is not None), None)
        (node.findings if node is not None else homeless).append(remark)
    return homeless
