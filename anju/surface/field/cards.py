"""An order as the technician's phone shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from anju.domain.workorders.policies import CLASS_ICONS
from anju.domain.workorders.visits import BEFORE_ARRIVAL
from anju.domain.workorders.windows import Window, of_row
from anju.foundation.db import clock
from anju.foundation.flows.definition import ASSIGNEE, TEAM, Flow, Transition
from anju.foundation.flows.definitions import kept
from anju.foundation.ui.formats import day, duration, time_of_day

FLOW = "repair"
MAP = "https://uri.amap.com/search?"


@dataclass(frozen=True)
class Card:
    """One order in a list or on its page. ``row`` is of :mod:`anju.domain.workorders.rounds`."""

    row: dict[str, Any]
    far: str = ""  # how far it is from where the technician is, in words

    @cached_property
    def flow(self) -> Flow:
        """Its definition, of the version it began with."""
        return kept(FLOW, self.row["version_id"])

    @property
    def icon(self) -> str:
        """The picture of its class."""
        return CLASS_ICONS[min(self.row["priority"], len(CLASS_ICONS) - 1)]

    @property
    def class_word(self) -> str:
        """``P1 漏水漏电``."""
        return self.flow.class_word(self.row["priority"])

    @property
    def opened(self) -> str:
        """When it was reported: the time of today, the day before today."""
        at: datetime = self.row["opened_at"]
        return time_of_day(at) if at.astimezone(clock.SHANGHAI).date() == clock.today() else day(at)

    @property
    def limit(self) -> str:
        """What the most pressing limit asks for: 到场."""
        found = self.flow.limit(self.row["limit_key"] or "")
        return found.word if found else ""

    @property
    def left(self) -> timedelta | None:
        """Until then; negative once it has passed; None without a limit."""
        due: datetime | None = self.row["due_at"]
        return None if due is None else due - clock.now()

    @property
    def left_word(self) -> str:
        """``1 时 31 分``."""
        return duration(self.left) if self.left is not None else ""

    @property
    def due_word(self) -> str:
        """``修好还剩 1 时 31 分``; ``响应超 12 分`` once it has passed; empty without a limit."""
        if self.left is None:
            return ""
        return (_("%(w)s超 %(d)s") if self.late else _("%(w)s还剩 %(d)s")) % {"w": self.limit, "d": self.left_word}

    @property
    def late(self) -> bool:
        """Whether it has passed."""
        return self.left is not None and self.left < timedelta()

    @property
    def due_ms(self) -> int:
        """Milliseconds until then, for the phone to count down by its own clock, whatever that says."""
        return int(self.left.total_seconds() * 1000) if self.left is not None else 0

    @cached_property
    def visit(self) -> Window | None:
        """When somebody comes, by the last word."""
        return of_row(self.row)

    @property
    def missed(self) -> bool:
        """Whether an appointment has passed and nobody came."""
        return bool(self.visit and self.visit.agreed and self.visit.over and self.row["stage"] in BEFORE_ARRIVAL)

    @property
    def visit_word(self) -> str:
        """``约 21:00–21:30``; ``租客方便 明天 09:00–12:00``; ``约的 21:00–21:30 已过``; empty for what is of no use."""
        if self.visit is None or (self.visit.over and not self.missed):
            return ""
        if self.missed:
            return _("约的 {t} 已过").format(t=self.visit.word)
        return (_("约 {t}") if self.visit.agreed else _("租客方便 {t}")).format(t=self.visit.word)

    @property
    def pressing(self) -> str:
        """What its line in a list says first: the limit that has passed or runs, the visit, or where it stands."""
        if not self.row["assignee"] and not self.late:
            return _("待接单")
        return (self.visit_word if not self.late else "") or self.due_word or self.stage

    @property
    def stage(self) -> str:
        """The stage's word."""
        found = self.flow.stage(self.row["stage"])
        return found.word if found else self.row["stage"]

    @property
    def next(self) -> Transition | None:
        """The main step from here."""
        return next((t for t in self.flow.steps_from(self.row["stage"]) if t.main and works(t)), None)

    @property
    def way(self) -> str:
        """Where a map finds the house; never the room."""
        keyword = f"{self.row['address']} {self.row['project']}".strip()
        return MAP + urlencode({"keyword": keyword, "src": "anju", "callnative": 1})


def works(step: Transition) -> bool:
    """Whether a step is one that a technician takes."""
    return not {ASSIGNEE, TEAM}.isdisjoint(step.actors)


def path_of(flow: Flow) -> list[Transition]:
    """The technician's main steps from the start, in order: 接单, 到场, 修好了."""
    found: list[Transition] = []
    stage = flow.start.key
    while (step := next((t for t in flow.steps_from(stage) if t.main and works(t)), None)) is not None:
        if step in found:
            break
        found.append(step)
        stage = step.to or stage
    return found
