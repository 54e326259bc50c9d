"""Making, ending and recognising keys.

made = create_key(by, name="财务系统", scopes=["billing:read"])     # made.token is shown once
create(org_id=1, name="财务系统", scopes=["all"])                   # for ``anju apikey``
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db.models import Q

from anju.domain.portfolio.models import Project
from anju.foundation.access import ApiRights, all_permissions, allows, register_api_rights, restrict
from anju.foundation.access import scopes as reached_by
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, org_scope, scoped_org
from anju.foundation.identity.models import Organization
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND, sentence
from anju.surface.openapi.models import ApiKey, ApiKeyPlace
from anju.surface.openapi.permissions import MANAGE_KEYS
from anju.surface.openapi.scopes import SCOPES, rights, with_included

ALL = "all"

NO_NAME = sentence(
    "api_key.no_name", "请写明密钥的用途，例如“财务系统对接”。", "Say what the key is for, e.g. “accounting system”."
)
NO_SCOPE = sentence("api_key.no_scope", "请至少选择一项权限：{known}。", "Choose at least one scope: {known}.")
UNKNOWN_SCOPE = sentence(
    "api_key.unknown_scope", "没有 {scope} 这项权限，可选：{known}。", "There is no scope {scope}; choose from {known}."
)
BEYOND_OWN = sentence(
    "api_key.beyond_own",
    "您自己没有 {scope} 包含的权限，不能把它交给密钥。",
    "You do not hold what {scope} contains, so you can not give it to a key.",
)
PAST = sentence("api_key.expires_in_past", "到期时间要晚于现在。", "The key must expire later than now.")
REVOKED = sentence("api_key.already_revoked", "这个密钥已经停用。", "This key is revoked already.")


@dataclass(frozen=True)
class NewKey:
    """A key just made. ``token`` is what the caller sends; it can not be shown again, so its repr hides it."""

    key: ApiKey
    token: str

    def __repr__(self) -> str:
        return f"NewKey({self.key.id})"


def hashed(token: str) -> str:
    """How a key is stored; its text has 240 random bits, so a plain hash can not be searched."""
    return sha256(token.encode()).hexdigest()


def can_create(
    by: Actor,
    *,
    name: str,
    scopes: Sequence[str],
    projects: Sequence[int] | None = None,
    expires_at: datetime | None = None,
) -> None:
    """A key has a name, known scopes no wider than its maker's rights, and projects its maker reaches."""
    if not name.strip():
        raise NO_NAME()
    if not scopes:
        raise NO_SCOPE(known="、".join(SCOPES))
    for key in scopes:
        if key not in SCOPES:
            raise UNKNOWN_SCOPE(scope=key, known="、".join(SCOPES))
    if expires_at is not None and expires_at <= clock.wall():
        raise PAST()
    _within_own(by, scopes, projects)


def _within_own(by: Actor, scopes: Sequence[str], projects: Sequence[int] | None) -> None:
    declared = {p.code: p for p in all_permissions()}
    for scope in with_included(scopes):
        if not all(allows(by, declared[code]) for code in scope.permissions):
            raise BEYOND_OWN(scope=scope.key)
    if projects is None:
        if reached_by(by) is not None:
            raise NOT_FOUND()
        return
    found = restrict(Project.objects.filter(id__in=projects), by, field="id").count()
    if not projects or found != len(set(projects)):
        raise NOT_FOUND()


@action("openapi.key.create", needs=MANAGE_KEYS, check=can_create)
def create_key(
    act: Act,
    *,
    name: str,
    scopes: Sequence[str],
    projects: Sequence[int] | None = None,
    expires_at: datetime | None = None,
) -> NewKey:
    """Make a key.

    Args:
        name: what it is for.
        scopes: keys of ``SCOPES``.
        projects: the projects it reaches; None for all.
        expires_at: wall time, zone-aware; None for never.

    Refused: no name; no or unknown scopes; scopes or projects beyond the maker's own; an end in the past.
    """
    token = f"anju_{secrets.token_hex(4)}_{secrets.token_urlsafe(30)}"
    key = ApiKey.objects.create(
        name=name.strip()[:60],
        prefix=token[:13],
        token_hash=hashed(token),
        scopes=list(dict.fromkeys(scopes)),
        projects=None if projects is None else sorted(set(projects)),
        created_by=str(act.by),
        created_at=clock.wall(),
        expires_at=expires_at,
    )
    ApiKeyPlace.objects.create(token_hash=key.token_hash, org_id=key.org_id, key_id=key.id)
    act.trace("api_key", key.id, scopes=key.scopes, projects=key.projects, expires=str(expires_at or ""))
    return NewKey(key, token)


def can_revoke(by: Actor, *, key_id: int) -> None:
    """A key is revoked once."""
    key = ApiKey.objects.filter(id=key_id).first()
    if key is None:
        raise NOT_FOUND()
    if key.revoked_at is not None:
        raise REVOKED()


@action("openapi.key.revoke", needs=MANAGE_KEYS, check=can_revoke)
def revoke_key(act: Act, *, key_id: int) -> None:
    """End a key at once; its row and what it did stay on record. Refused: unknown; revoked already."""
    live = ApiKey.objects.filter(id=key_id, revoked_at=None)
    if not live.update(revoked_at=clock.wall(), revoked_by=str(act.by)):
        raise REVOKED()
    ApiKeyPlace.objects.filter(org_id=scoped_org(), key_id=key_id).delete()
    act.trace("api_key", key_id)


def place_of(token: str) -> tuple[int, int] | None:
    """Organization and key id of a key's text; None for one that was never made or is revoked. Needs no scope."""
    return ApiKeyPlace.objects.filter(token_hash=hashed(token)).values_list("org_id", "key_id").first()


def live_key(key_id: int) -> ApiKey | None:
    """The key, unless revoked or expired. Needs the organization's scope."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=clock.wall())
    return ApiKey.objects.filter(unexpired, id=key_id, revoked_at=None).first()


def used(key: ApiKey, day: date) -> None:
    """Note the day a key was last used; one update a day."""
    ApiKey.objects.filter(id=key.id).exclude(last_used_on=day).update(last_used_on=day)


def rights_of_key(key_id: int) -> ApiRights | None:
    """What a key holds, for ``foundation.access``."""
    key = live_key(key_id)
    if key is None:
        return None
    return ApiRights(rights(key.scopes), None if key.projects is None else tuple(key.projects))


def create(*, org_id: int, name: str, scopes: list[str]) -> str:
    """Make a key for a whole organization from the command line; ``all`` stands for every scope. Returns the key.

    Refused: an unknown organization, and whatever :func:`create_key` refuses.
    """
    if not Organization.objects.filter(id=org_id).exists():
        raise NOT_FOUND()
    with org_scope(org_id):
        return create_key(Actor.system(), name=name, scopes=list(SCOPES) if ALL in scopes else scopes).token


register_api_rights(rights_of_key)
