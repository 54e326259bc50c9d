"""What can be found, declared by the slices that own it."""

from __future__ import annotations

from dataclasses import dataclass

from anju.foundation.access import Permission, allows, may_see
from anju.kit import Actor


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of thing that search finds. ``url`` holds ``{id}``; ``order`` sorts kinds in the answer."""

    kind: str
    zh: str
    en: str
    url: str
    needs: Permission | None
    sees: tuple[str, str] | None
    order: int


_kinds: dict[str, Searchable] = {}


def searchable(
    kind: str,
    *,
    zh: str,
    en: str,
    url: str,
    needs: Permission | None = None,
    sees: tuple[str, str] | None = None,
    order: int = 50,
) -> Searchable:
    """Declare a kind.

    Args:
        kind: its stable name (``person``, ``lease``, ``unit``).
        zh: what people call it.
        en: the same in English.
        url: where a hit opens, with ``{id}``.
        needs: the permission to open it; without it the kind is absent.
        sees: ``(entity, field)`` that the title shows; who may not see it does not find the kind.
        order: smaller comes first.
    """
    if kind in _kinds:
        raise ValueError(f"search kind {kind} is declared twice")
    _kinds[kind] = Searchable(kind, zh, en, url, needs, sees, order)
    return _kinds[kind]


def kinds_for(by: Actor) -> dict[str, Searchable]:
    """The kinds this actor may find; none for tenants, who have no search."""
    if by.kind == "tenant":
        return {}
    return {
        k: s
        for k, s in _kinds.items()
        if (s.needs is None or allows(by, s.needs)) and (s.sees is None or may_see(by, *s.sees))
    }
