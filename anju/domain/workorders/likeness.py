"""How likely two reports are of one thing, from what was heard in them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from anju.domain.workorders.heard import Heard, heard
from anju.domain.workorders.meanings import (
    BY_WATER,
    COMMON,
    ENTRY,
    HOME_WIDE,
    LIFT_RUNS,
    LIVED_IN,
    MANY,
    MECHANICAL,
    NO_SOURCE,
    ON_PIPE,
    OUTAGES,
    PARTS,
    ROOMS_APART,
    SHOWN_IN,
    WET,
    ZONES,
)  # fmt: skip
from anju.domain.workorders.things import ONLY_ONE, listed

# How alike two reports from one home are: (the same thing?, the same trouble?).
SAME, OPEN, OTHER = "same", "open", "other"
AT_HOME = {
    (SAME, SAME): 1.0, (SAME, OPEN): 0.8, (SAME, OTHER): 0.45,
    (OPEN, SAME): 0.75, (OPEN, OPEN): 0.35, (OPEN, OTHER): 0.15,
    (OTHER, SAME): 0.35, (OTHER, OPEN): 0.1, (OTHER, OTHER): 0.0,
}  # fmt: skip
OTHER_PLACE, KIND, SHARED_WORD = -0.55, 0.05, 0.1
AIR, AIRED = listed("smell fumes"), listed("drain toilet fan")
OUTAGE, BY_PIPE, FAR = 0.9, 0.7, 0.3
UNKNOWN = 0.15  # both name a thing that no list has
HALF_SAID = 0.45  # 松了, 响: of what?
ONE_OF_IT = 0.17  # two troubles of the only one of its kind


def likeness(mine: Sequence[str], other: Sequence[str], *, same_kind: bool, near: str) -> float:
    """How likely two reports are of one thing, 0 to 1.

    In one home, or both of stairs and lift: whether they name the same thing, the same trouble, the same place.
    Between homes only what homes share counts: outages in the whole building; water, smell, and noise along a riser.

    Args:
        mine: the terms of one.
        other: the terms of the other.
        same_kind: whether they are of one kind of repair.
        near: how near their places are (:func:`anju.domain.workorders.words.nearness`).
    """
    a, b = heard(tuple(mine)), heard(tuple(other))
    if near == "unit" or (a.public and b.public):
        return _together(a, b, same_kind=same_kind)
    return _between(a, b, near)


def _together(a: Heard, b: Heard, *, same_kind: bool) -> float:
    if _outage(a, b, at_home=True):
        return OUTAGE
    thing = _thing(a, b)
    trouble = _trouble(a, b, one=thing == SAME)
    if thing == OTHER and trouble == SAME and _one_place(a, b):
        thing = SAME
    score = AT_HOME[thing, trouble]
    if (thing, trouble) == (OPEN, SAME) and a.things | b.things and _mechanical(a, b):
        score = HALF_SAID
    if thing == SAME and trouble == OTHER and a.things & b.things - MANY:
        score += ONE_OF_IT
    if not (a.things | b.things) and thing == OPEN and trouble != OTHER and any(len(w) > 1 for w in a.words & b.words):
        score += UNKNOWN
    score += SHARED_WORD * min(2, len(a.words & b.words)) / 2 + (KIND if same_kind else 0.0)
    if _elsewhere(a, b):
        score += OTHER_PLACE
    return max(0.0, min(1.0, score))


def _mechanical(a: Heard, b: Heard) -> bool:
    """Whether only what may be wrong with anything is wrong with both."""
    mine, other = a.core - MECHANICAL, b.core - MECHANICAL
    if not mine or not other:
        return True
    return mine.isdisjoint(other) and (a.kin.isdisjoint(other) or b.kin.isdisjoint(mine))


def _one_place(a: Heard, b: Heard) -> bool:
    if not a.beside.isdisjoint(b.things) or not b.beside.isdisjoint(a.things):
        return True
    piped = ("pipe" in a.things and b.things & ON_PIPE) or ("pipe" in b.things and a.things & ON_PIPE)
    return bool(piped and a.troubles & BY_WATER and b.troubles & BY_WATER)


def _thing(a: Heard, b: Heard) -> str:
    both = a.things & b.things
    if both <= PARTS and a.things - both and b.things - both:
        both = frozenset()
    if not both and a.things & ENTRY and b.things & ENTRY:
        return SAME
    if both or a.things & b.aside or a.aside & b.things:
        return SAME
    return OTHER if a.things and b.things else OPEN


def _trouble(a: Heard, b: Heard, *, one: bool) -> str:
    if "lift" in a.things & b.things and a.troubles and b.troubles:
        runs = a.troubles & LIFT_RUNS and b.troubles & LIFT_RUNS
        return SAME if runs or a.core & b.core else OTHER
    if not (a.kin_in_one if one else a.kin).isdisjoint(b.core):
        return SAME
    return OTHER if a.core and b.core else OPEN


def _elsewhere(a: Heard, b: Heard) -> bool:
    """Whether they name rooms, or floors, that are not one."""
    if a.public and b.public:
        mine, other = ((x.things | x.aside) & ZONES or x.halls for x in (a, b))
        if mine and other and not mine & other and (mine | other) & ZONES:
            return True
        return bool(a.floors and b.floors and not a.floors & b.floors and "lift" not in a.things & b.things)
    if a.things & b.things & ONLY_ONE or ("ac" in a.things & b.things and "@balcony" in a.rooms | b.rooms):
        return False
    if a.troubles & HOME_WIDE and b.troubles & HOME_WIDE and not (a.things | b.things) & MANY:
        return False
    if not a.rooms or not b.rooms or a.rooms & b.rooms:
        return False
    # 卧室 that was only chosen stands for all the rooms people live in; 卧室 that was said, for the bedrooms.
    alike = LIVED_IN if a.chosen or b.chosen else LIVED_IN - {"@living"}
    return not (a.rooms & alike and b.rooms & alike and "@room" in a.rooms | b.rooms)


def _outage(a: Heard, b: Heard, *, at_home: bool = False) -> bool:
    if not at_home and "only" in a.hints | b.hints:
        return False
    both = a.core & b.core
    if both.isdisjoint(OUTAGES):
        return False
    return any(a.own | b.own <= SHOWN_IN[trouble] for trouble in both & OUTAGES)


def _between(a: Heard, b: Heard, near: str) -> float:
    if _outage(a, b):
        return OUTAGE
    if "all" in a.hints | b.hints and "only" not in a.hints | b.hints and _of_all(a, b):
        return BY_PIPE
    if near == "riser" and not (a.public or b.public) and (_water(a, b) or _along(a, b)):
        return BY_PIPE
    return FAR if a.core & b.core else 0.0


def _of_all(a: Heard, b: Heard) -> bool:
    """Whether one that says others have it too, and another, are of one domain."""
    return bool(a.kin & b.core & COMMON and b.kin & a.core & COMMON) and _thing(a, b) != OTHER


def _water(a: Heard, b: Heard) -> bool:
    """Whether water that goes from home to home explains both."""
    wet_a, wet_b = a.troubles & WET or a.wet_above, b.troubles & WET or b.wet_above
    pipes_a, pipes_b = a.troubles & {"clog", "back"}, b.troubles & {"clog", "back"}
    if any(x.things & NO_SOURCE and not x.wet_above for x in (a, b)) or "cause" in a.hints | b.hints:
        return False
    much = "spillpipe" in a.troubles | b.troubles
    apart = _apart(a, b)
    if pipes_a and pipes_b and not apart:
        return True
    if (a.wet_above and "below" in b.hints) or (b.wet_above and "below" in a.hints):
        return True
    if not wet_a or not wet_b:
        return False
    if a.wet_above or b.wet_above or "below" in a.hints | b.hints:
        return not apart or much
    return not apart and not (a.own | b.own) - {"sink", "drain"}


def _apart(a: Heard, b: Heard) -> bool:
    return bool(a.rooms & ROOMS_APART and b.rooms & ROOMS_APART and not a.rooms & b.rooms)


def _along(a: Heard, b: Heard) -> bool:
    """Smell, smoke and noise that a riser or a flue carries."""
    both = a.troubles & b.troubles
    if {"fumes"} & both or ("flue" in a.things & b.things):
        return True
    airy = a.troubles & AIR and b.troubles & AIR
    if airy and not (a.own | b.own) - AIRED and not _apart(a, b):
        return True
    return "noise" in both and "pipe" in a.things | b.things and not (a.own | b.own)
