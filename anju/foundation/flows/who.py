"""Who may take a step of a case: by role and row scope, as the one who claimed it, as a tenant it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from anju.foundation.access.rights import in_force_access, rights_of
from anju.foundation.db import Planned, fetch_value
from anju.foundation.flows.definition import ASSIGNEE, REPORTER, SPECIAL, SYSTEM, TEAM, Flow
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.roles import ADMIN
from anju.kit import Actor

NAME = Planned("SELECT name FROM staff WHERE id = %(id)s", id="bigint")


def may(by: Actor, case: FlowCase, actors: Sequence[str]) -> bool:
    """Whether the actor is one of those named.

    Args:
        by: who acts.
        case: the case; a member of staff must reach its row scope.
        actors: roles and ``@`` names of a definition.
    """
    match by.kind:
        case "system":
            return True
        case "api":
            return sees(by, case)
        case "tenant":
            return REPORTER in actors and by.id in case.persons
    rights = rights_of(by)
    if not sees(by, case):
        return False
    if not rights.roles.isdisjoint(actors):
        return True
    # What only the tenant may say, nobody says for the tenant, an administrator neither.
    if ADMIN in rights.roles and not set(actors) <= {REPORTER, SYSTEM}:
        return True
    if ASSIGNEE in actors and case.assignee == by.id:
        return True
    return TEAM in actors and case.team in rights.roles


class Placed(Protocol):
    """What says who sees a case."""

    @property
    def persons(self) -> list[int]: ...
    @property
    def scope_id(self) -> int | None: ...


def sees(by: Actor, case: Placed) -> bool:
    """Whether a case lies within the actor's row scope, or concerns the tenant."""
    if by.kind == "tenant":
        return by.id in case.persons
    rights = rights_of(by)
    if by.kind == "staff" and not rights.roles:
        return False
    return rights.projects is None or case.scope_id is None or case.scope_id in rights.projects


def may_open(by: Actor, flow: Flow) -> bool:
    """Whether the actor may begin such a case."""
    match by.kind:
        case "system" | "api":
            return True
        case "tenant":
            return REPORTER in flow.opens
    rights = rights_of(by)
    return ADMIN in rights.roles or not rights.roles.isdisjoint(flow.opens)


def supervises(by: Actor, case: FlowCase, flow: Flow) -> bool:
    """Whether the actor may reassign, reclass and pause."""
    return may(by, case, flow.supervisors)


def words(actors: Sequence[str]) -> str:
    """Those named, as people say it: 维修或办理人."""
    roles = {r.key: r for r in in_force_access().roles}
    english = _("或").isascii()
    named = [
        _(SPECIAL[a])
        if a in SPECIAL
        else (roles[a].en or roles[a].zh)
        if english and a in roles
        else roles[a].zh
        if a in roles
        else a
        for a in actors
        if a != SYSTEM or len(actors) == 1
    ]
    return _("或").join(named)


def staff_name(staff_id: int | None) -> str:
    """A colleague's name; empty for nobody."""
    if staff_id is None:
        return ""
    return fetch_value(NAME, {"id": staff_id}) or ""
