"""What an inspection is called and why it is made: written down in Chinese, said again in the reader's language."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from anju.domain.workorders.actions import SHORT_KINDS
from anju.domain.workorders.heat import HotSpot, entrance_word
from anju.domain.workorders.inspection_flow import NAME
from anju.domain.workorders.models import WorkOrder
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.titles import Said, composed

LONGEST = 120
WORDS = {kind: word.removesuffix("报修") for kind, word in SHORT_KINDS.items()}
KINDS = {word: WorkOrder.Kind(kind) for kind, word in WORDS.items()}
TITLE = re.compile(r"(?P<where>.+?)(?: (?P<floors>-?\d+(?:–-?\d+)?) 层)? (?P<what>\w*)巡检")
WHY = re.compile(r"近 (?P<days>\d+) 天 (?P<n>\d+) 单(?P<what>\w*?)报修(?:，同一立管 (?P<line>.+))?")


def title_of(spot: HotSpot) -> str:
    """Where and what, ``3栋2单元 3–5 层 水管巡检``."""
    floors = "" if spot.low is None else f" {floors_of(spot)} 层"
    return f"{spot.building}{_unit(spot.entrance)}{floors} {WORDS[spot.kind]}巡检"[:LONGEST]


def floors_of(spot: HotSpot) -> str:
    """``3–5``, or ``3`` where it is one floor."""
    return str(spot.low) if spot.low == spot.high else f"{spot.low}–{spot.high}"


def why_of(spot: HotSpot, days: int) -> str:
    """How many repairs of a kind there were of late."""
    riser = f"，同一立管 {spot.line}" if spot.line else ""
    return f"近 {days} 天 {spot.n} 单{WORDS[spot.kind]}报修{riser}"


def _unit(entrance: str) -> str:
    """An entrance as written down; one that has its word already keeps it."""
    return f"{entrance}单元" if entrance.isdecimal() else entrance


def say(case: FlowCase) -> Said | None:
    """The same in the reader's language; None for an inspection that somebody wrote down in words of their own."""
    title = TITLE.fullmatch(case.title)
    if title is None or title["what"] not in KINDS or case.dedupe is None:
        return None
    entrance = case.dedupe.split(":")[2]  # as a hot spot is named: building, kind, entrance, line, band
    building = title["where"].removesuffix(_unit(entrance))
    where = [building, entrance_word(entrance) if entrance else ""]
    where += [_("{n} 层").format(n=title["floors"])] if title["floors"] else []
    named = _("{where}，{what}巡检").format(where=" ".join(filter(None, where)), what=KINDS[title["what"]].label)
    return Said(named, _why(str(case.facts.get("why", ""))))


def _why(text: str) -> dict[str, str]:
    why = WHY.fullmatch(text)
    if why is None or why["what"] not in KINDS:
        return {}
    told = _("近 {days} 天 {n} 单{what}报修").format(days=why["days"], n=why["n"], what=KINDS[why["what"]].label)
    return {"why": told + (_("，同一立管 {line}").format(line=why["line"]) if why["line"] else "")}


composed(NAME, say)
