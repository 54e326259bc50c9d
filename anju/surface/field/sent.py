"""What a phone sends after the event: one step of a case, with pictures that arrived in pieces; counted once.

The row that claims the phone's key, the step and its pictures commit together: killed in between, nothing is left and
the phone sends it again. A second phone with the same entry waits for the first and gets its answer.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from anju.domain.workorders import windows
from anju.domain.workorders.visits import appoint
from anju.foundation.db import clock, fetch_one, run_sql
from anju.foundation.files import parts
from anju.foundation.flows.actions import move
from anju.foundation.flows.files import Upload
from anju.foundation.flows.models import FlowCase
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

KEPT = timedelta(days=90)
VISIT = "@visit"  # no step of a flow: the appointment, which waits in the phone among the steps
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
CLAIM = """
INSERT INTO field_entry (key, staff_id, case_id, stage, at) VALUES (%(key)s, %(me)s, %(case)s, '', %(now)s)
ON CONFLICT (org_id, staff_id, key) DO NOTHING RETURNING id
"""
KNOWN = "SELECT stage FROM field_entry WHERE key = %(key)s AND staff_id = %(me)s"
STANDS = "UPDATE field_entry SET stage = %(stage)s WHERE id = %(id)s"


# No text in the database holds a NUL; an entry that fails instead of being refused holds up all behind it in the phone.
Written = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class Picture(BaseModel):
    """A picture whose pieces were sent before."""

    key: str = Field(pattern=UUID)
    size: int = Field(gt=0)
    name: Written = Field("photo.jpg", max_length=120)


class Entry(BaseModel):
    """A step as the phone wrote it down. Times are the phone's own milliseconds since 1970, right or wrong."""

    model_config = ConfigDict(extra="ignore")
    key: str = Field(pattern=UUID)
    case: int = Field(gt=0, lt=2**63)
    step: str = Field(max_length=30)
    at: int
    phone_now: int
    facts: dict[str, Written] = Field(default_factory=dict, max_length=40)
    reason: Written = Field("", max_length=500)
    photos: tuple[Picture, ...] = Field((), max_length=9)


@dataclass(frozen=True)
class Outcome:
    """Where the case stands now; ``again``: it had been sent before."""

    stage: str
    again: bool


def carry_out(by: Actor, entry: Entry) -> Outcome:
    """Take the step that a phone wrote down, once.

    Args:
        by: the technician.
        entry: the step.

    Raises:
        Refused: as :func:`anju.foundation.flows.actions.move` refuses; ``files.parts_missing``. Nothing is kept then.
    """
    me = {"key": entry.key, "me": by.id}
    with transaction.atomic(), ExitStack() as open_files:
        claimed = fetch_one(CLAIM, {**me, "case": _existing(entry.case), "now": clock.wall()})
        if claimed is None:
            known = fetch_one(KNOWN, me)
            return Outcome(known["stage"] if known else "", again=True)
        photos = tuple(
            Upload(p.name, open_files.enter_context(parts.whole(by, p.key, size=p.size))) for p in entry.photos
        )
        stage = _taken(by, entry, photos)
        run_sql(STANDS, {"id": claimed["id"], "stage": stage})
        for photo in entry.photos:
            parts.drop(by, photo.key)
    return Outcome(stage, again=False)


def _taken(by: Actor, entry: Entry, photos: tuple[Upload, ...]) -> str:
    """Take the step, or appoint the visit, as of when it was done; the stage afterwards."""
    if entry.step != VISIT:
        return move(
            by, case_id=entry.case, step=entry.step, facts=entry.facts, reason=entry.reason, photos=photos,
            at=done_at(entry),
        ).stage  # fmt: skip
    said = entry.facts
    wanted = windows.typed(said.get("on", ""), said.get("starts", ""), said.get("ends", ""))
    appoint(by, case_id=entry.case, visit=wanted, at=done_at(entry))
    return FlowCase.objects.values_list("stage", flat=True).get(id=entry.case)


def _existing(case_id: int) -> int:
    if not FlowCase.objects.filter(id=case_id).exists():
        raise NOT_FOUND()
    return case_id


def done_at(entry: Entry) -> datetime:
    """When it was done by our clock: as long ago as the phone's own clock says. A phone a day off tells it right.

    Args:
        entry: with both of the phone's times.
    """
    ago = max(0, entry.phone_now - entry.at)
    return clock.now() - timedelta(milliseconds=min(ago, int(KEPT.total_seconds() * 1000)))


def forget(before: timedelta = KEPT) -> int:
    """Delete what no phone sends again; returns how many."""
    return run_sql("DELETE FROM field_entry WHERE at < %(since)s", {"since": clock.wall() - before})
