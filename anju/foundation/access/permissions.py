"""Permissions, declared by the slice that asks for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """A right to act. ``roles`` are the standard template's holders; the access policy may say otherwise."""

    code: str
    zh: str
    en: str
    roles: tuple[str, ...]


_declared: dict[str, Permission] = {}


def permission(code: str, *, zh: str, en: str, roles: tuple[str, ...]) -> Permission:
    """Declare a permission.

    Args:
        code: ``slice.entity.verb``.
        zh: what it allows, as the access page shows it.
        en: the same in English.
        roles: who has it in the standard template: ``manager``, ``finance``, ``service``, ``maintenance``, ``risk``;
            the ``admin`` role has every permission.
    """
    if code in _declared:
        raise ValueError(f"permission {code} is declared twice")
    _declared[code] = Permission(code, zh, en, roles)
    return _declared[code]


def all_permissions() -> list[Permission]:
    """Every declared permission, by code."""
    return [_declared[c] for c in sorted(_declared)]
