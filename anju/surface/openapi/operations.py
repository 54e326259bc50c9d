"""Declaring operations: what they need, what they answer, how they are described.

    @reads(router, "/units", needs=PORTFOLIO_READ, answers=Page[UnitOut], summary=_("房源列表"), description=_("…"))
    def list_units(request: Call, asked: Query[UnitsAsked]) -> Any: ...

Summaries and descriptions are Chinese (gettext_noop); the document translates them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router

from anju.foundation.identity.models import Organization
from anju.kit import Actor
from anju.surface.openapi import once
from anju.surface.openapi.door import require_scope
from anju.surface.openapi.problems import UnknownFilters
from anju.surface.openapi.scopes import Scope
from anju.surface.openapi.wire import Out

F = TypeVar("F", bound=Callable[..., Any])


class Call(HttpRequest):
    """A request inside the key's door."""

    actor: Actor
    org: Organization


class FieldError(Out):
    """One field that can not be read."""

    field: str
    detail: str


class Problem(Out):
    """Why something was not done (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] = []


class Key:
    """What an operation asks of the key; django-ninja runs it before it reads parameters."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __init__(self, needs: Scope) -> None:
        self.needs = needs
        self.known: frozenset[str] = frozenset()

    def __call__(self, request: Call) -> Actor:
        require_scope(request.actor, self.needs)
        if unknown := set(request.GET) - self.known:
            raise UnknownFilters(unknown)
        return request.actor


PROBLEMS = {401: Problem, 403: Problem, 422: Problem, 429: Problem}
MARK = {
    "name": once.HEADER,
    "in": "header",
    "required": True,
    "description": gettext_noop("本次操作独有的编号，重试时保持不变；7 天内同一编号只执行一次。"),
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "example": "5b0e1c1c-6f0f-4c4a-9a55-6e8a1c2f7d10",
}


def reads(
    router: Router, path: str, *, needs: Scope, answers: Any, summary: str, description: str, post: bool = False
) -> Callable[[F], F]:
    """An operation that changes nothing. ``post``: what is asked for is too personal for an address."""
    method = "POST" if post else "GET"
    return _operation(router, method, path, needs, {200: answers}, summary, description, {})


def writes(
    router: Router, path: str, *, needs: Scope, answers: Any, summary: str, description: str, status: int = 200
) -> Callable[[F], F]:
    """An operation that changes something, once per Idempotency-Key."""
    extra: dict[str, Any] = {"parameters": [MARK]}
    found = {status: answers, 400: Problem, 404: Problem, 409: Problem, 413: Problem}
    return _operation(router, "POST", path, needs, found, summary, description, extra)


def _operation(
    router: Router,
    method: str,
    path: str,
    needs: Scope,
    answers: dict[int, Any],
    summary: str,
    description: str,
    extra: dict[str, Any],
) -> Callable[[F], F]:
    key = Key(needs)
    responses = {**answers, **PROBLEMS} | ({404: Problem} if "{" in path else {})
    if method == "POST":
        responses[400] = Problem

    def register(view: F) -> F:
        name = getattr(view, "__name__", "")
        made = router.api_operation(
            [method],
            path,
            auth=key,
            response=responses,
            operation_id=name,
            summary=summary,
            description=description,
            exclude_unset=True,
            openapi_extra={"x-scope": needs.key, **extra},
        )(view)
        for model in view._ninja_operation.models:  # type: ignore[attr-defined]
            if model.__ninja_param_source__ == "query":
                key.known |= frozenset(model.__ninja_flatten_map__)
        return made

    return register
