"""What an actor may do and see, read once and asked often.

Staff: their roles through the access policy in force. Tenants: the permissions declared with the role ``tenant``, for
their own rows. API keys: the scopes of the key, through the registry. The system: everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anju.foundation.access.fields import EVERYBODY, FieldSpec, declared_entity
from anju.foundation.access.permissions import Permission
from anju.foundation.db import clock
from anju.foundation.identity.roles import ADMIN
from anju.kit import Actor

if TYPE_CHECKING:  # actions import this module before Django has its models
    from anju.foundation.access.policies import Access

TENANT = "tenant"

STAFF = """
SELECT s.roles, s.all_projects, (
    SELECT coalesce(array_agg(scope_id ORDER BY scope_id), '{}') FROM staff_scope c WHERE c.staff_id = s.id) AS scopes
FROM staff s WHERE s.id = %(id)s AND s.frozen_at IS NULL
"""


@dataclass(frozen=True)
class ApiRights:
    """What an API key holds: permission codes, fields as ``entity.field``, exports as ``export:entity``; its scopes."""

    scopes: frozenset[str]
    projects: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Rights:
    """One actor's rights. ``projects`` None: every row scope."""

    actor: Actor
    roles: frozenset[str] = frozenset()
    projects: tuple[int, ...] | None = ()
    access: Access | None = None
    api: frozenset[str] = field(default_factory=frozenset)

    def allows(self, needs: Permission) -> bool:
        """Whether the actor may do what this permission guards."""
        match self.actor.kind:
            case "system":
                return True
            case "tenant":
                return TENANT in needs.roles
            case "api":
                return needs.code in self.api
        if ADMIN in self.roles:
            return True
        granted = self.access.actions.get(needs.code) if self.access else None
        return self._holds(needs.roles if granted is None else granted)

    def sees(self, entity: str, spec: FieldSpec) -> bool:
        """Whether the actor may see this field in full."""
        match self.actor.kind:
            case "system":
                return True
            case "tenant":
                return spec.tenant
            case "api":
                return spec.sensitivity == "plain" or f"{entity}.{spec.name}" in self.api
        if spec.sensitivity == "plain":
            return bool(self.roles)
        granted = self.access.fields.get(f"{entity}.{spec.name}") if self.access else None
        return self._holds(spec.default_roles if granted is None else granted)

    def sees_mask(self, entity: str, spec: FieldSpec) -> bool:
        """Whether the actor may see this field's masked variant."""
        if self.actor.kind == "staff":
            return self._holds(spec.mask_roles)
        return self.actor.kind == "api" or self.sees(entity, spec)

    def exports(self, entity: str) -> bool:
        """Whether the actor may export this kind of row."""
        match self.actor.kind:
            case "system":
                return True
            case "tenant":
                return False
            case "api":
                return f"export:{entity}" in self.api
        granted = self.access.exports.get(entity) if self.access else None
        return self._holds(declared_entity(entity).export_roles if granted is None else granted)

    def _holds(self, roles: tuple[str, ...]) -> bool:
        return bool(self.roles) and (roles == EVERYBODY or not self.roles.isdisjoint(roles))


_kept: ContextVar[dict[Actor, Rights] | None] = ContextVar("anju_rights", default=None)
_at_the_door: ContextVar[tuple[Actor, frozenset[str]] | None] = ContextVar("anju_at_the_door", default=None)
_api: list[Callable[[int], ApiRights | None]] = []


def rights_of(actor: Actor) -> Rights:
    """The actor's rights in the organization in scope; a frozen or unknown actor has none."""
    kept = _kept.get()
    if kept is None:
        return _read(actor)
    if actor not in kept:
        seen = _at_the_door.get()
        if seen is not None and seen[0] == actor:
            kept[actor] = Rights(actor, roles=seen[1], projects=None, access=in_force_access())
        else:
            kept[actor] = _read(actor)
    return kept[actor]


@contextmanager
def remembering() -> Iterator[None]:
    """Read each actor's rights once inside; doors open it for the length of a request."""
    token, door = _kept.set({}), _at_the_door.set(None)
    try:
        yield
    finally:
        _at_the_door.reset(door)
        _kept.reset(token)


def known_at_the_door(actor: Actor, roles: Sequence[str], *, all_projects: bool) -> None:
    """What the door read of a member of staff a moment ago need not be read again; limits to projects still are."""
    if all_projects:
        _at_the_door.set((actor, frozenset(roles)))


def forget() -> None:
    """Read rights anew: roles or the access policy changed inside this request."""
    _at_the_door.set(None)
    if (kept := _kept.get()) is not None:
        kept.clear()


def register_api_rights(look_up: Callable[[int], ApiRights | None]) -> None:
    """Say what an API key holds; the slice that keeps the keys registers it once, at start."""
    _api[:] = [look_up]


def _read(actor: Actor) -> Rights:
    match actor.kind:
        case "system":
            return Rights(actor, projects=None)
        case "tenant":
            return Rights(actor)
        case "api":
            held = _api[0](actor.id) if _api else None
            return Rights(actor, api=held.scopes, projects=held.projects) if held else Rights(actor)
    row = clock.beside(STAFF, {"id": actor.id}, id="bigint")
    if row is None:
        return Rights(actor)
    projects = None if row["all_projects"] else tuple(row["scopes"])
    return Rights(actor, roles=frozenset(row["roles"]), projects=projects, access=in_force_access())


def in_force_access() -> Access:
    """The organization's access policy; the standard template while none is released."""
    from anju.foundation.access.policies import Access
    from anju.foundation.policy.store import in_force

    try:
        return in_force(Access).value
    except LookupError:
        return Access()
