"""Recurring engines as they travel: plans, runs, decisions, proofs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from pydantic import Field

from anju.surface.openapi.wire import Asked, Body, Day, Id, Out


class CodeOut(Out):
    """A decision's code and its words; ``acts`` when it has an effect."""

    code: str
    words: str
    acts: bool


class SweepOut(Out):
    """A recurring engine."""

    key: str
    name: str
    subject: str
    codes: list[CodeOut]


class Sweeps(Out):
    """All engines, in the order a day runs them."""

    items: list[SweepOut]


class SweepDay(Asked):
    """On which business day."""

    as_of: Day | None = Field(None, description=_("哪一天，默认今天"))


class PinnedOut(Out):
    """A policy version that was obeyed."""

    key: str
    number: int


class PlanOut(Out):
    """What would be decided, by code; nothing is written."""

    sweep: str
    as_of: date
    candidates: int
    tally: dict[str, int]
    policies: list[PinnedOut]


class RunIn(Body):
    """Which day to run; ``fresh``: once more although the day is done (idempotent)."""

    as_of: Day | None = None
    fresh: bool = False


class RunOut(Out):
    """One run of an engine for a day. Candidates are the sum of its tally."""

    id: int
    sweep: str
    as_of: date
    attempt: int
    state: str
    candidates: int
    tally: dict[str, int]
    policies: list[PinnedOut]
    started_at: datetime
    ended_at: datetime | None


class SubjectAsked(Asked):
    """Which subject, on which day."""

    subject_id: Id = Field(description=_("合同或账单的编号，看自动任务的 subject"))
    as_of: Day | None = Field(None, description=_("哪一天，默认今天；可以是将来"))


class DecidedAsked(Asked):
    """Which subject."""

    subject_id: Id


class DecisionOut(Out):
    """A decision about one subject and why. ``live``: computed now, written nowhere."""

    sweep: str
    subject_id: int
    as_of: date
    code: str
    words: str
    detail: dict[str, Any]
    policy_number: int | None
    live: bool
    in_window: bool
    run_id: int | None
    effect_id: int | None


class Decisions(Out):
    """What runs decided about a subject, newest first."""

    items: list[DecisionOut]


class ProofOf(Asked):
    """Of the decision about which subject."""

    subject_id: Id


class Step(Out):
    """A sibling's hash on the way from the leaf to the root."""

    side: str
    hash: str


class ProofOut(Out):
    """SHA-256 of 0x00 and ``leaf``, then of 0x01, left and right up the path, gives ``root``; ``event_root`` is what
    the event of the batch holds."""

    leaf: str
    path: list[Step]
    root: str
    event_root: str
    holds: bool
