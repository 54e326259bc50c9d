"""Policies as they are, or were, in force. They are changed in the console, by two people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from anju.foundation.access import require
from anju.foundation.db import clock
from anju.foundation.policy.registry import Declared
from anju.foundation.policy.store import in_force
from anju.foundation.publishing.permissions import VIEW
from anju.foundation.publishing.versions import all_standing, policy_of
from anju.kit.refusal import NOT_FOUND
from anju.surface.openapi.operations import Call, reads
from anju.surface.openapi.resources.portfolio import OnDay
from anju.surface.openapi.scopes import POLICIES_READ
from anju.surface.openapi.wire import Out

router = Router(tags=[_("配置")])


class PolicyListed(Out):
    """A policy and the version in force now; null while none is released."""

    key: str
    name: str
    area: str
    number: int | None


class Policies(Out):
    """All policies."""

    items: list[PolicyListed]


class PolicyOut(Out):
    """A policy's text on a day, with the defaults of this release filled in."""

    key: str
    name: str
    area: str
    as_of: date
    number: int
    version_id: int
    body: dict[str, Any]


def _named(policy: Declared) -> dict[str, str]:
    english = (get_language() or "").startswith("en")
    return {"key": policy.key, "name": policy.en if english else policy.zh, "area": policy.area}


@reads(
    router,
    "/policies",
    needs=POLICIES_READ,
    answers=Policies,
    summary=_("配置列表"),
    description=_("全部配置和现行版本号。"),
)
def list_policies(request: Call) -> Any:
    """All policies."""
    require(request.actor, VIEW)
    return {
        "items": [
            {**_named(s.policy), "number": s.in_force.version.number if s.in_force else None} for s in all_standing()
        ]
    }


@reads(
    router,
    "/policies/{key}",
    needs=POLICIES_READ,
    answers=PolicyOut,
    summary=_("现行配置"),
    description=_("某一天生效的内容和版本；默认今天。"),
)
def get_policy(request: Call, key: str, asked: Query[OnDay]) -> Any:
    """One policy on a day."""
    require(request.actor, VIEW)
    policy = policy_of(key)
    as_of = asked.as_of or clock.today()
    try:
        found = in_force(policy.model, as_of)
    except LookupError:
        raise NOT_FOUND() from None
    named = _named(policy)
    body = found.value.model_dump(mode="json")
    return {**named, "as_of": as_of, "number": found.number, "version_id": found.version_id, "body": body}
