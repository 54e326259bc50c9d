"""Of many who go for one case, by claiming it or by a step that claims, all but one are told who has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.foundation.db import Planned, fetch_one, scoped_org
from anju.foundation.flows import who
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.refusals import TAKEN
from anju.kit import Actor
from anju.kit.together import SingleFlight

NEXT = Planned("SELECT * FROM flow_case_next(%(case)s)", case="bigint")
PATIENCE = 1.0  # seconds; whoever takes a case has it in milliseconds


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of a case, what says whether it is taken and who may know."""

    id: int
    number: str
    flow: str
    version_id: int
    scope_id: int | None
    persons: list[int]
    assignee: int | None
    closed_at: datetime | None
    follows_id: int | None
    held_by: str | None


# Of those who want a case in one process one asks who has it, for all who wait: the answer is the same for everybody of
# the organization, and who may know it each is asked by itself.
_asked = SingleFlight[dict[str, Any] | None](PATIENCE)


def after_others(by: Actor, *, case_id: int, step: str = "", **_: Any) -> None:
    """Wait for whoever is taking the case; who then finds it taken learns that here, before anything else is asked.

    Args:
        by: who wants it.
        case_id: which.
        step: by which step; empty: by claiming it.

    Raises:
        Refused: ``flow.taken``. Whatever else stands against it, the action's check says.
    """
    row = _asked((scoped_org(), case_id), lambda: fetch_one(NEXT, {"case": case_id}))
    if row is None:
        return
    case = Wanted(**row)
    if case.assignee in (None, by.id) or case.closed_at or case.follows_id or not who.sees(by, case):
        return
    if step:
        transition = kept(case.flow, case.version_id).transition(step)
        if transition is None or transition.claims != "claim":
            return
    raise TAKEN(number=case.number, who=case.held_by or "")
