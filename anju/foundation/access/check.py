"""May this actor do that?"""

from __future__ import annotations

from anju.foundation.access.permissions import Permission
from anju.foundation.access.rights import rights_of
from anju.kit import Actor
from anju.kit.refusal import NOT_ALLOWED


def allows(actor: Actor, needs: Permission) -> bool:
    """Whether the actor holds the permission. The system holds all."""
    return rights_of(actor).allows(needs)


def require(actor: Actor, needs: Permission) -> None:
    """Refuse with ``not_allowed`` unless the actor holds the permission."""
    if not allows(actor, needs):
        raise NOT_ALLOWED(permission=needs.code)
