"""Entities and their fields, declared by the slice that owns them, each with a sensitivity and a retention.

A slice's ``fields.py`` is found at start. A row shown to anybody may hold declared fields only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

Sensitivity = Literal["plain", "name", "contact", "location", "identity", "payment"]
EVERYBODY = ("*",)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of an entity.

    Args:
        name: its key in rows.
        zh: its label.
        en: its English label.
        sensitivity: ``plain`` is shown to everyone and not in the access policy; the others are personal data.
        default_roles: who sees it in the standard template; ``EVERYBODY`` for all staff.
        mask: makes the variant ``<name>_mask``, which rows may also hold ready-made.
        mask_roles: who sees the masked variant.
        retention: how long it is kept: ``permanent``, ``lease_end+1y``, ``approval+7d``, ``lease``.
        tenant: whether tenants see it on their own rows; notes of staff say no.
    """

    name: str
    zh: str
    en: str
    sensitivity: Sensitivity = "plain"
    default_roles: tuple[str, ...] = ()
    mask: Callable[[str], str] | None = None
    mask_roles: tuple[str, ...] = EVERYBODY
    retention: str = "permanent"
    tenant: bool = True

    @property
    def mask_name(self) -> str:
        """The masked variant's key."""
        return f"{self.name}_mask"


@dataclass(frozen=True)
class Entity:
    """A kind of row with its declared fields. ``export_roles`` may export it in the standard template."""

    key: str
    zh: str
    en: str
    fields: dict[str, FieldSpec]
    masks: dict[str, FieldSpec]
    export_roles: tuple[str, ...]


_entities: dict[str, Entity] = {}


def entity(
    key: str, *, zh: str, en: str, fields: tuple[FieldSpec, ...] | list[FieldSpec], export_roles: tuple[str, ...] = ()
) -> Entity:
    """Declare an entity.

    Args:
        key: its stable name (``person``, ``charge``).
        zh: what users call it.
        en: the same in English.
        fields: everything a row of it may hold.
        export_roles: who may export it in the standard template.

    Raises:
        ValueError: declared twice, or a field of personal data has no one to see it.
    """
    if key in _entities:
        raise ValueError(f"entity {key} is declared twice")
    by_name: dict[str, FieldSpec] = {}
    for spec in fields:
        if spec.sensitivity not in get_args(Sensitivity):
            raise ValueError(f"{key}.{spec.name}: unknown sensitivity {spec.sensitivity}")
        if spec.sensitivity != "plain" and not spec.default_roles:
            raise ValueError(f"{key}.{spec.name} is personal data: say who sees it")
        if spec.name in by_name:
            raise ValueError(f"{key}.{spec.name} is declared twice")
        by_name[spec.name] = spec
    masks = {spec.mask_name: spec for spec in fields if spec.mask is not None}
    _entities[key] = Entity(key, zh, en, by_name, masks, tuple(export_roles))
    return _entities[key]


def declared_entity(key: str) -> Entity:
    """The declared entity; KeyError if there is none."""
    return _entities[key]


def all_entities() -> list[Entity]:
    """Every declared entity, by key."""
    return [_entities[k] for k in sorted(_entities)]
