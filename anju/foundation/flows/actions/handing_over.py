"""Handing over all of a colleague's cases, when somebody leaves or is away (T-10)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from anju.foundation.access import in_scopes, scope_params
from anju.foundation.access.rights import Rights, in_force_access, rights_of
from anju.foundation.actions import Act, action
from anju.foundation.db import fetch
from anju.foundation.flows.permissions import HAND_OVER
from anju.foundation.flows.permissions import MOVE as MOVE_RIGHT
from anju.foundation.identity.models import Staff
from anju.foundation.identity.roles import ADMIN
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

# Whom a case suits is decided as for one case: of its team, within whose projects it lies. The others go to their team.
SUITS = """(
    %(to)s::bigint IS NOT NULL AND (%(all_teams)s OR team = '' OR team = ANY(%(roles)s::text[]))
    AND (%(projects)s::bigint[] IS NULL OR scope_id IS NULL OR scope_id = ANY(%(projects)s::bigint[]))
)"""
HELD = f"""
assignee = %(of)s AND closed_at IS NULL AND (%(flow)s = '' OR flow = %(flow)s)
AND (scope_id IS NULL OR {in_scopes("scope_id")})
"""
MOVE = f"""
UPDATE flow_case SET assignee = CASE WHEN {SUITS} THEN %(to)s::bigint END, rev = rev + 1
WHERE {HELD} RETURNING id, assignee
"""
COUNT = f"""
SELECT flow, count(*)::int AS count, count(*) FILTER (WHERE {SUITS})::int AS suits,
       count(*) FILTER (WHERE due_at < %(now)s)::int AS late
FROM flow_case WHERE {HELD} GROUP BY flow ORDER BY flow
"""
TAKERS = f"""
SELECT c.flow, s.id, s.name, s.roles, sum(c.n)::int AS suits
FROM (SELECT flow, team, scope_id, count(*) AS n FROM flow_case WHERE {HELD} GROUP BY flow, team, scope_id) c
JOIN staff s ON s.id <> %(of)s AND s.frozen_at IS NULL
  AND (c.team = '' OR c.team = ANY(s.roles) OR %(admin)s = ANY(s.roles))
  AND (c.scope_id IS NULL OR s.all_projects
       OR EXISTS (SELECT FROM staff_scope p WHERE p.staff_id = s.id AND p.scope_id = c.scope_id))
GROUP BY c.flow, s.id, s.name, s.roles ORDER BY c.flow, s.name, s.id
"""
LEFT_BEHIND = """
SELECT DISTINCT s.id FROM staff s JOIN flow_case c ON c.assignee = s.id AND c.closed_at IS NULL
WHERE s.frozen_at IS NOT NULL ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Held:
    """The open cases of one flow that a colleague holds: how many, how many would suit the other, how many are late."""

    flow: str
    count: int
    suits: int
    late: int


def held_by(by: Actor, staff_id: int, to_staff_id: int | None, *, now: Any) -> list[Held]:
    """What a hand-over would move, by flow, within the actor's projects; writes nothing.

    Args:
        by: who looks.
        staff_id: whose cases.
        to_staff_id: who would get them; None: their teams.
        now: the moment for what is late, zone-aware.
    """
    params = {**_params(by, staff_id, to_staff_id, ""), "now": now}
    return [Held(**row) for row in fetch(COUNT, params)]


@dataclass(frozen=True, slots=True)
class Taker:
    """A colleague who may take cases of a flow, and how many of those that would be handed over."""

    id: int
    name: str
    suits: int


def takers(by: Actor, staff_id: int) -> dict[str, list[Taker]]:
    """Who may take what a colleague holds, by flow: of the cases' teams, within their projects, with the right to act.

    Args:
        by: who looks; only cases within their projects count.
        staff_id: whose cases.
    """
    access, found = in_force_access(), defaultdict[str, list[Taker]](list)
    for row in fetch(TAKERS, {"of": staff_id, "flow": "", "admin": ADMIN, **scope_params(by)}):
        rights = Rights(Actor.staff(row["id"]), roles=frozenset(row["roles"]), access=access)
        if rights.allows(MOVE_RIGHT):
            found[row["flow"]].append(Taker(row["id"], row["name"], row["suits"]))
    return dict(found)


@action("flows.case.hand_over", needs=HAND_OVER)
def hand_over(act: Act, *, staff_id: int, to_staff_id: int | None, flow: str = "") -> int:
    """Hand all open cases of a colleague, within one's projects, to another or back to their teams; returns how many.

    A case that is not for the other (another team, another project) goes back to its team.

    Args:
        staff_id: whose.
        to_staff_id: to whom; None: to whoever of the teams takes them.
        flow: only those of this flow; empty: of all.

    Raises:
        Refused: ``not_found`` where the other does not work here (any more), or is the same.
    """
    moved = fetch(MOVE, _params(act.by, staff_id, to_staff_id, flow))
    if not moved:
        act.nothing_changed()
        return 0
    # One event for all: every case's timeline shows it by its link.
    links = tuple(("flow_case", row["id"]) for row in moved)
    kept = sum(row["assignee"] is not None for row in moved)
    act.trace("staff", staff_id, links=links, count=len(moved), to=to_staff_id, to_teams=len(moved) - kept)
    return len(moved)


def left_behind() -> list[int]:
    """Colleagues whose accounts are frozen and who still hold open cases."""
    return [row["id"] for row in fetch(LEFT_BEHIND)]


def _params(by: Actor, staff_id: int, to_staff_id: int | None, flow: str) -> dict[str, Any]:
    given: dict[str, Any] = {"all_teams": False, "roles": [], "projects": []}
    if to_staff_id is not None:
        usable = Staff.objects.filter(id=to_staff_id, frozen_at__isnull=True).exclude(id=staff_id)
        if not usable.exists():
            raise NOT_FOUND()
        held = rights_of(Actor.staff(to_staff_id))
        projects = None if held.projects is None else sorted(held.projects)
        if not held.allows(MOVE_RIGHT):  # who may take no step is given none
            to_staff_id = None
        given = {"all_teams": ADMIN in held.roles, "roles": sorted(held.roles), "projects": projects}
    return {"of": staff_id, "to": to_staff_id, "flow": flow, **given, **scope_params(by)}
