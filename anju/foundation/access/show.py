"""Rows as an actor may see them. Pages, API, exports and search take their rows from here; nothing else masks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anju.foundation.access.fields import Entity, declared_entity
from anju.foundation.access.rights import Rights, rights_of
from anju.kit import Actor
from anju.kit.refusal import sentence

NO_EXPORT = sentence(
    "access.no_export",
    "您的岗位不能导出{what}，请联系管理员。",
    "Your role may not export {what}; ask an administrator.",
)


def view(actor: Actor, entity: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with what the actor may see; the rest is absent, not empty.

    A field with a mask leaves its masked variant (``phone_mask``) where the actor may see that.

    Args:
        actor: who looks; for a tenant the rows must already be that tenant's own.
        entity: what the rows are.
        rows: mappings of declared fields.

    Raises:
        KeyError: a row holds a field that the entity does not declare.
    """
    declared, held = declared_entity(entity), rights_of(actor)
    seen: dict[str, bool] = {}
    return [_row(declared, held, row, seen) for row in rows]


def _row(entity: Entity, held: Rights, row: Mapping[str, Any], seen: dict[str, bool]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if name not in seen:
            seen[name] = _sees(entity, held, name)
        if seen[name]:
            shown[name] = value
        elif (spec := entity.fields.get(name)) and spec.mask and value and held.sees_mask(entity.key, spec):
            shown.setdefault(spec.mask_name, spec.mask(str(value)))
    return shown


def _sees(entity: Entity, held: Rights, name: str) -> bool:
    if name in entity.fields:
        return held.sees(entity.key, entity.fields[name])
    if name in entity.masks:
        return held.sees_mask(entity.key, entity.masks[name])
    raise KeyError(f"{entity.key}.{name} is not declared; add it to the slice's fields.py")


def may_see(actor: Actor, entity: str, field: str) -> bool:
    """Whether the actor may see this field (or masked variant): decides columns, filters and search."""
    return _sees(declared_entity(entity), rights_of(actor), field)


def visible_fields(actor: Actor, entity: str) -> list[str]:
    """Every declared field the actor may see, masked variants included where the full one is not."""
    declared, held = declared_entity(entity), rights_of(actor)
    names = []
    for spec in declared.fields.values():
        if held.sees(entity, spec):
            names.append(spec.name)
        elif spec.mask and held.sees_mask(entity, spec):
            names.append(spec.mask_name)
    return names


def may_export(actor: Actor, entity: str) -> bool:
    """Whether the actor may export rows of this kind."""
    return rights_of(actor).exports(entity)


def require_export(actor: Actor, entity: str) -> None:
    """Refuse with ``access.no_export`` unless the actor may export rows of this kind."""
    if not may_export(actor, entity):
        raise NO_EXPORT(what=declared_entity(entity).zh)
