"""Row scope: which projects' rows an actor reaches. Every listed row carries an opaque ``scope_id``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from anju.foundation.access.rights import rights_of
from anju.foundation.db import Planned, planned
from anju.kit import Actor

M = TypeVar("M", bound=Model)


def scopes(actor: Actor) -> list[int] | None:
    """The scopes the actor reaches; None: all. Tenants reach none this way: their queries ask for their own rows."""
    projects = rights_of(actor).projects
    return None if projects is None else list(projects)


def restrict(queryset: QuerySet[M], actor: Actor, field: str = "scope_id") -> QuerySet[M]:
    """The rows within the actor's scopes.

    Args:
        queryset: rows of record.
        actor: who looks.
        field: the scope's column, or a path to it (``lease__scope_id``).
    """
    reached = scopes(actor)
    return queryset if reached is None else queryset.filter(**{f"{field}__in": reached})


def in_scopes(column: str) -> str:
    """A condition for plain SQL, with the parameters of :func:`scope_params`: ``in_scopes("l.scope_id")``."""
    return f"(%(scopes)s::bigint[] IS NULL OR {column} = ANY(%(scopes)s::bigint[]))"


IN_SCOPES = re.compile(re.escape(in_scopes("@")).replace("@", r"[\w.]+"))


@lru_cache(maxsize=256)
def _everywhere(sql: str) -> str:
    return IN_SCOPES.sub("true", sql)


def reaching(actor: Actor, sql: str, *, anew: bool = False, **params: Any) -> tuple[Planned | str, dict[str, Any]]:
    """A planned statement with :func:`in_scopes` as this actor asks it: ``fetch(*reaching(viewer, ONE, id=7))``.

    Who reaches everything asks a text without the condition. The server cannot know that it holds for all rows, takes a
    plan that would do for anybody for too dear, and plans anew each time: longer than such a statement runs.

    Args:
        actor: who looks.
        sql: see ``planned``.
        anew: it is planned each time, because what narrows it makes another plan good.
        params: its parameters, but ``scopes``.
    """
    reached = scopes(actor)
    text = _everywhere(sql) if reached is None else sql
    return text if anew else planned(text), {**params, "scopes": reached}


def scope_params(actor: Actor) -> dict[str, list[int] | None]:
    """The parameter ``scopes`` of :func:`in_scopes`."""
    return {"scopes": scopes(actor)}
