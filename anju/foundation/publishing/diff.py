"""What differs between two texts of a policy, row by row, in the words of its form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel

from anju.foundation.publishing.fields import Spec, about, fields_of, filled, specs, variant_of
from anju.foundation.publishing.words import item_title, key_title, translated, words
from anju.kit.canonical import canonical

NESTED = ("group", "variant")


@dataclass(frozen=True)
class Change:
    """One row of a difference. ``old`` or ``new`` is None where something was added or taken away."""

    path: str
    trail: tuple[str, ...]
    old: str | None
    new: str | None

    @property
    def title(self) -> str:
        """Where it is: 提醒步骤 · 到期前 3 天 · 渠道."""
        return " · ".join(self.trail)


def diff(model: type[BaseModel], old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """The rows that differ, in the form's order. Both bodies have today's schema."""
    with about({**old, **new}):
        return list(_fields(specs(model), old, new, "", ()))


def _fields(
    level: tuple[Spec, ...], old: dict[str, Any], new: dict[str, Any], prefix: str, trail: tuple[str, ...]
) -> Iterator[Change]:
    for spec in level:
        a, b = old.get(spec.name), new.get(spec.name)
        if differ(spec, a, b):
            yield from _one(spec, a, b, f"{prefix}{spec.name}", (*trail, translated(spec.title)))


def differ(spec: Spec, old: Any, new: Any) -> bool:
    """Whether two values mean different things: the order of ticks means nothing."""
    if spec.kind == "choices" and not spec.ordered and isinstance(old, list) and isinstance(new, list):
        return sorted(map(str, old)) != sorted(map(str, new))
    return canonical(old) != canonical(new)


def _one(spec: Spec, old: Any, new: Any, path: str, trail: tuple[str, ...]) -> Iterator[Change]:
    if old is None or new is None:
        yield Change(path, trail, words(spec, old), words(spec, new))
    elif spec.kind in NESTED and variant_tag(spec, old) == variant_tag(spec, new):
        yield from _fields(fields_of(spec, new), old, new, f"{path}.", trail)
    elif spec.kind == "list" and spec.item is not None and spec.item.kind in NESTED:
        yield from _items(spec, old, new, path, trail)
    elif spec.kind == "map":
        yield from _keys(spec, old, new, path, trail)
    else:
        yield Change(path, trail, words(spec, old), words(spec, new))


def variant_tag(spec: Spec, value: Any) -> str:
    """Which variant a value is; the same for every value of a plain group."""
    return variant_of(spec, value)[0] if spec.kind == "variant" else ""


def _items(spec: Spec, old: list[Any], new: list[Any], path: str, trail: tuple[str, ...]) -> Iterator[Change]:
    item = spec.item
    assert item is not None
    matcher = SequenceMatcher(None, [canonical(v) for v in old], [canonical(v) for v in new], autojunk=False)
    for op, a1, a2, b1, b2 in matcher.get_opcodes():
        if op == "equal":
            continue
        for a, b in _pairs(spec, range(a1, a2), range(b1, b2), old, new):
            at = f"{path}.{b}" if b is not None else path
            if a is not None and b is not None:
                yield from _one(item, old[a], new[b], at, (*trail, item_title(spec, new[b], b)))
            elif b is not None:
                yield Change(at, (*trail, item_title(spec, new[b], b)), None, words(item, new[b]))
            elif a is not None:
                yield Change(at, (*trail, item_title(spec, old[a], a)), words(item, old[a]), None)


def _pairs(
    spec: Spec, left: range, right: range, old: list[Any], new: list[Any]
) -> Iterator[tuple[int | None, int | None]]:
    # Items of one name belong together; what is left is paired by place.
    by_title = {item_title(spec, old[a], a): a for a in left}
    pairs: dict[int, int] = {}
    for b in right:
        a = by_title.pop(item_title(spec, new[b], b), None)
        if a is not None:
            pairs[b] = a
    spare = [a for a in left if a not in pairs.values()]
    for b in right:
        yield (pairs[b] if b in pairs else spare.pop(0) if spare else None), b
    for a in spare:
        yield a, None


def _keys(spec: Spec, old: dict[str, Any], new: dict[str, Any], path: str, trail: tuple[str, ...]) -> Iterator[Change]:
    item = spec.item
    assert item is not None
    old, new = filled(spec, old), filled(spec, new)
    for key in [*old, *(k for k in new if k not in old)]:
        here = (*trail, key_title(spec, key))
        if key not in new:
            yield Change(f"{path}.{key.replace('.', '~')}", here, words(item, old[key]), None)
        elif key not in old:
            yield Change(f"{path}.{key.replace('.', '~')}", here, None, words(item, new[key]))
        elif differ(item, old[key], new[key]):
            yield from _one(item, old[key], new[key], f"{path}.{key.replace('.', '~')}", here)
