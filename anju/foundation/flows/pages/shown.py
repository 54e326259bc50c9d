"""Cases as pages show them: one line of an inbox, one case with what may be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from anju.foundation.access import allows
from anju.foundation.db import clock
from anju.foundation.flows import who
from anju.foundation.flows.actions import assign, claim, go_on, move, part, pause
from anju.foundation.flows.actions.joining import followers
from anju.foundation.flows.definition import ASSIGNEE, CaseField, Flow, Transition
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.diagram import Drawing, drawn
from anju.foundation.flows.files import Shot, shots
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.foundation.flows.permissions import JOIN
from anju.foundation.flows.queries import visits
from anju.foundation.flows.subjects import Shown, subject_of
from anju.foundation.flows.titles import Said, said
from anju.foundation.identity.models import Staff
from anju.foundation.ui.formats import duration

NOTHING = Shown("")


@dataclass(frozen=True)
class Line:
    """A case in a list."""

    case: FlowCase
    flow: Flow
    subject: Shown
    assignee: str

    @cached_property
    def said(self) -> Said:
        """What the product composed of it, in the reader's language."""
        return said(self.case)

    @property
    def title(self) -> str:
        """What it is called; empty where nobody said."""
        return self.said.title

    @property
    def stage(self) -> str:
        """The stage's word."""
        found = self.flow.stage(self.case.stage)
        return found.word if found else self.case.stage

    @property
    def priority(self) -> str:
        """The class's word."""
        return self.flow.class_word(self.case.priority)

    @property
    def due(self) -> str:
        """How much is left of the most pressing limit."""
        return left_words(self.case)

    @property
    def late(self) -> bool:
        """Whether that limit has passed."""
        return self.case.due_at is not None and self.case.due_at < clock.now()

    @property
    def urgent(self) -> bool:
        """Whether it is about to pass."""
        return not self.late and self.case.warn_at is not None and self.case.warn_at <= clock.now()


def left_words(case: FlowCase) -> str:
    """``还有 25 分``, ``超时 2 时``, ``计时已暂停``."""
    if case.paused_at is not None:
        return _("计时已暂停")
    if case.due_at is None:
        return "—"
    left = case.due_at - clock.now()
    words = _("超时 {d}") if left.total_seconds() < 0 else _("还有 {d}")
    return words.format(d=duration(left))


def lines(request: Any, cases: Iterable[FlowCase]) -> list[Line]:
    """Cases with their definitions, subjects and people, each kind asked once."""
    rows = list(cases)
    flows = {
        (c.flow, c.version_id): kept(c.flow, c.version_id) for c in {(c.flow, c.version_id): c for c in rows}.values()
    }
    staff = dict(Staff.objects.filter(id__in={c.assignee for c in rows if c.assignee}).values_list("id", "name"))
    subjects: dict[tuple[str, int], Shown] = {}
    for kind in {c.subject_kind for c in rows if c.subject_kind}:
        if (known := subject_of(kind)) is not None:
            ids = [c.subject_id for c in rows if c.subject_kind == kind]
            subjects |= {(kind, i): s for i, s in known.show(request, ids).items()}
    return [
        Line(
            c,
            flows[(c.flow, c.version_id)],
            subjects.get((c.subject_kind, c.subject_id), NOTHING),
            staff.get(c.assignee, "") if c.assignee else "",
        )
        for c in rows
    ]


@dataclass(frozen=True)
class Step:
    """A step that may be taken now, with what it asks for."""

    transition: Transition
    fields: tuple[tuple[CaseField, bool], ...]

    @property
    def asks(self) -> bool:
        """Whether a form is needed."""
        return bool(self.fields or self.transition.photos or self.transition.reason)


@dataclass
class Sheet:
    """One case to one reader."""

    request: Any
    line: Line

    @property
    def case(self) -> FlowCase:
        """The case."""
        return self.line.case

    @property
    def flow(self) -> Flow:
        """Its definition."""
        return self.line.flow

    @cached_property
    def steps(self) -> list[Step]:
        """Those whose action would not refuse."""
        by, case, flow = self.request.actor, self.case, self.flow
        offered = [t for t in flow.steps_from(case.stage) if move.refusal(by, case_id=case.id, step=t.key) is None]
        return [Step(t, self._fields(t)) for t in offered]

    def _fields(self, t: Transition) -> tuple[tuple[CaseField, bool], ...]:
        keys = [(k, True) for k in t.fields] + [(k, False) for k in t.optional]
        return tuple((f, needed) for k, needed in keys if (f := self.flow.field(k)) is not None)

    @cached_property
    def waiting(self) -> list[tuple[str, str]]:
        """Steps from here that somebody else takes: what, who."""
        mine = {s.transition.key for s in self.steps}
        return [(t.word, who.words(t.actors)) for t in self.flow.steps_from(self.case.stage) if t.key not in mine]

    @property
    def may_claim(self) -> bool:
        """Whether it is free and one's own team's."""
        return self.case.assignee is None and claim.refusal(self.request.actor, case_id=self.case.id) is None

    @property
    def may_assign(self) -> bool:
        """Whether one may give it to somebody."""
        return assign.refusal(self.request.actor, case_id=self.case.id, staff_id=None) is None

    @property
    def may_join(self) -> bool:
        """Whether one may merge it into another."""
        free = self.case.closed_at is None and self.case.follows_id is None
        by = self.request.actor
        return free and allows(by, JOIN) and who.supervises(by, self.case, self.flow)

    @property
    def may_part(self) -> bool:
        """Whether one may take it out of the case it follows."""
        return self.case.follows_id is not None and part.refusal(self.request.actor, case_id=self.case.id) is None

    @cached_property
    def master(self) -> FlowCase | None:
        """The case it was merged into."""
        return FlowCase.objects.get(id=self.case.follows_id) if self.case.follows_id else None

    @cached_property
    def merged(self) -> list[Line]:
        """What was merged into it."""
        return lines(self.request, followers(self.case))

    @property
    def may_pause(self) -> bool:
        """Whether its clocks may be stopped."""
        return bool(self.flow.pauses) and pause.refusal(self.request.actor, case_id=self.case.id, reason="") is None

    @property
    def may_go_on(self) -> bool:
        """Whether one may let the clocks run on."""
        return self.case.paused_at is not None and go_on.refusal(self.request.actor, case_id=self.case.id) is None

    @property
    def pause_reasons(self) -> list[tuple[str, str]]:
        """Why its clocks may be stopped."""
        return [(p.key, p.word) for p in self.flow.pauses]

    @cached_property
    def colleagues(self) -> list[tuple[str, str]]:
        """Who may get it: those of its team, or everybody if it has none."""
        rows = Staff.objects.filter(frozen_at__isnull=True).order_by("name").only("id", "name", "roles")
        team = self.case.team
        return [(str(s.id), s.name) for s in rows if not team or team in s.roles]

    @cached_property
    def limits(self) -> list[dict[str, Any]]:
        """Its time limits, the running ones first."""
        rows = FlowLimit.objects.filter(case_id=self.case.id).order_by("ended_at", "due_at")
        causes = dict(self.causes)
        return [
            {"word": x.word, "limit": row, "cause": causes.get(row.cause, "")}
            for row in rows
            if (x := self.flow.limit(row.key)) is not None
        ]

    @property
    def causes(self) -> list[tuple[str, str]]:
        """Why a limit may have been passed."""
        return [(c.key, c.word) for c in self.flow.causes]

    @property
    def may_explain(self) -> bool:
        """Whether one may say why."""
        return who.may(self.request.actor, self.case, (*self.flow.supervisors, ASSIGNEE))

    @cached_property
    def values(self) -> list[tuple[str, str]]:
        """What it records."""
        shown = []
        for f in self.flow.fields:
            value = self.line.said.facts.get(f.key, self.case.facts.get(f.key))
            if value not in (None, ""):
                shown.append((f.word, f.said(value)))
        return shown

    @cached_property
    def photos(self) -> list[Shot]:
        """Its pictures for this reader, newest first."""
        return shots(self.request.actor, self.case.id)[::-1]

    @cached_property
    def went(self) -> list[Any]:
        """The stages it was in."""
        return visits(self.case.id)

    @cached_property
    def drawing(self) -> Drawing:
        """The diagram."""
        visited = [v.stage for v in self.went]
        return drawn(self.flow, stage=self.case.stage, visited=visited, priority=self.case.priority)

    @property
    def path(self) -> list[dict[str, str]]:
        """The way so far and where it stands, as a list: the diagram in words."""
        notes = {v.stage: v.entered_at for v in self.went}
        found = []
        for v in self.went:
            stage = self.flow.stage(v.stage)
            word = stage.word if stage else v.stage
            found.append({"text": word, "state": "now" if v.left_at is None else "done", "at": notes[v.stage]})
        return found
