"""The API's own door: a key in the Authorization header opens its organization's scope for the length of the call."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from anju.foundation.access import rights_of
from anju.foundation.access.rights import remembering
from anju.foundation.db import clock, org_scope
from anju.foundation.identity.doors import View, with_door
from anju.foundation.identity.limits import Limit, spend
from anju.foundation.identity.models import Organization
from anju.kit import Actor
from anju.kit.refusal import sentence
from anju.surface.openapi import keys, once, problems
from anju.surface.openapi.models import ApiKey
from anju.surface.openapi.scopes import Scope

PER_MINUTE = Limit("openapi.key", 600, timedelta(minutes=1))
BEARER = "bearer "

KEY_MISSING = sentence(
    "api.key_missing",
    "请求缺少密钥：请在 Authorization 请求头里写 Bearer 和密钥。",
    "The key is missing: send “Authorization: Bearer” and the key.",
)
KEY_UNKNOWN = sentence(
    "api.key_unknown",
    "密钥无效：可能写错、已停用或已过期，请管理员核对。",
    "The key is not valid: mistyped, revoked or expired; ask an administrator.",
)
SCOPE_MISSING = sentence(
    "api.scope_missing",
    "这个密钥没有 {scope} 权限，请管理员建立带这项权限的新密钥。",
    "This key lacks the scope {scope}; ask an administrator for a key that has it.",
)
ALL_PROJECTS = sentence(
    "api.all_projects_needed",
    "这一步涉及全公司，只限部分项目的密钥不能使用。",
    "This concerns the whole organization; a key limited to some projects can not do it.",
)


def key_door(view: View) -> View:
    """A view for holders of a key.

    Inside, ``request.actor`` is ``Actor.api(key id)``, ``request.org`` the organization, and everything happens in one
    transaction, which a problem rolls back. POSTs are carried out once per Idempotency-Key, except those whose
    operation is marked as reading.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return _inside(request, lambda: view(request, *args, **kwargs))
        except Exception as error:
            return problems.of(error)

    return csrf_exempt(with_door(page, "api key"))


def _inside(request: HttpRequest, work: Any) -> HttpResponseBase:
    org_id, key_id = _place(request)
    spend(PER_MINUTE, str(key_id))
    with org_scope(org_id), remembering():
        key = keys.live_key(key_id)
        if key is None:
            raise KEY_UNKNOWN()
        org = Organization.objects.get(id=org_id)
        request.actor, request.org = Actor.api(key.id), org  # type: ignore[attr-defined]
        with translation.override(_language(request, org)):
            response = _answer(request, key, work)
        if response.status_code >= 400:
            transaction.set_rollback(True)
    _note_use(org_id, key)
    return response


def _answer(request: HttpRequest, key: ApiKey, work: Any) -> HttpResponseBase:
    """The work's answer; a refusal of the door itself is told in the same language."""
    try:
        response: HttpResponseBase = once.once(request, key.id, work) if _writes(request) else work()
    except Exception as error:
        return problems.of(error)
    if response.status_code == 405:
        allowed = response.headers.get("Allow", "")
        response = problems.refused(problems.NO_METHOD(method=request.method, allowed=allowed))
        response.headers["Allow"] = allowed
    return response


def _writes(request: HttpRequest) -> bool:
    return request.method == "POST" and not request.path.endswith("/search")


def _place(request: HttpRequest) -> tuple[int, int]:
    sent = request.headers.get("Authorization", "")
    if not sent.lower().startswith(BEARER):
        raise KEY_MISSING()
    token = sent[len(BEARER) :].strip()
    found = keys.place_of(token) if 20 <= len(token) <= 100 else None
    if found is None:
        raise KEY_UNKNOWN()
    return found


def _language(request: HttpRequest, org: Organization) -> str:
    """What the caller asked for, else the organization's."""
    asked = translation.get_language() if "Accept-Language" in request.headers else None
    return asked or org.language


def _note_use(org_id: int, key: ApiKey) -> None:
    today = clock.wall().date()
    if key.last_used_on != today:
        with org_scope(org_id):
            keys.used(key, today)


def require_scope(actor: Actor, scope: Scope) -> None:
    """Refuse unless the key holds the scope.

    Raises:
        Refused: ``api.scope_missing``.
    """
    if scope.key not in rights_of(actor).api:
        raise SCOPE_MISSING(scope=scope.key)


def require_all_projects(actor: Actor) -> None:
    """Refuse a key that is limited to some projects.

    Raises:
        Refused: ``api.all_projects_needed``.
    """
    if rights_of(actor).projects is not None:
        raise ALL_PROJECTS()
