"""How likely two reports are of one thing, from their marks. Pure; what an order's marks say is worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from anju.domain.workorders.meanings import (
    AROUND,
    BY_WATER,
    COMMON,
    KIN,
    KIN_OF_ONE,
    LIFT_RUNS,
    MECHANICAL,
    NO_SOURCE,
    ONE_PLACE,
    OUTAGES,
    PARTS,
    PLACE_WORDS,
    ROOMS_APART,
    SHOWN_IN,
    VAGUE,
    WET,
    ZONES,
)
from anju.domain.workorders.signs import HINTS, MARK, TROUBLES
from anju.domain.workorders.things import HALLS, ONLY_ONE, OWN, PUBLIC, ROOMS, THINGS

# How alike two reports from one home are: (the same thing?, the same trouble?).
SAME, OPEN, OTHER = "same", "open", "other"
AT_HOME = {
    (SAME, SAME): 1.0, (SAME, OPEN): 0.8, (SAME, OTHER): 0.5,
    (OPEN, SAME): 0.75, (OPEN, OPEN): 0.35, (OPEN, OTHER): 0.15,
    (OTHER, SAME): 0.35, (OTHER, OPEN): 0.1, (OTHER, OTHER): 0.0,
}  # fmt: skip
OTHER_PLACE, KIND, SHARED_WORD = -0.55, 0.05, 0.1
OUTAGE, BY_PIPE, FAR = 0.9, 0.7, 0.3
HALF_SAID = 0.45  # 松了, 响: of what?
ONE_OF_IT = 0.12  # two troubles of the only one of its kind
MANY = frozenset(
    [
        "lift",
        "light",
        "socket",
        "switch",
        "window",
        "roomdoor",
        "tap",
        "lock",
        "wall",
        "pipe",
        "glass",
        "floor",
        "tile",
        "ceiling",
    ]
)
ENTRY = frozenset({"lock", "frontdoor"})
DOORS = {"@entry": "frontdoor", "@balcony": "slidedoor"}
HAVE_DOORS = frozenset(
    [
        "fridge",
        "washer",
        "dryer",
        "lift",
        "wardrobe",
        "cabinet",
        "bathcabinet",
        "shoes",
        "showerroom",
        "lock",
        "frontdoor",
        "roomdoor",
        "slidedoor",
        "entrance",
        "firedoor",
        "screen",
        "parcel",
        "microwave",
        "oven",
        "window",
        "bikeshed",
        "intercom",
        "shower",
        "peephole",
        "bell",
        "glass",
    ]
)
LIVED_IN = frozenset({"@main", "@second", "@living", "@room"})
STAINED = WET | {"bulge", "peel", "mould", "dirty", "stain"}
OF_ONE_HOME = frozenset(OWN)
NOBODYS = frozenset(PUBLIC)
SOUND = frozenset(["lock", "gasmeter", "alarm", "remote", "bell"])  # they run on a battery


@dataclass(frozen=True)
class Said:
    """What a report's marks come to."""

    things: frozenset[str]
    aside: frozenset[str]
    troubles: frozenset[str]
    rooms: frozenset[str]
    spot: str
    hints: frozenset[str]
    floors: frozenset[str]
    halls: frozenset[str]
    public: bool
    words: frozenset[str]

    @property
    def own(self) -> frozenset[str]:
        """Things of one home it is about."""
        return self.things & OF_ONE_HOME

    @property
    def wet_above(self) -> bool:
        """Water comes from above, or out of the wall."""
        if self.things & {"ceiling"} and self.troubles & STAINED:
            return True
        return bool(self.troubles & WET and "above" in self.hints)


@lru_cache(maxsize=4096)
def said(terms: tuple[str, ...]) -> Said:
    """What an order's terms say."""
    marks = {t[1:] for t in terms if t.startswith(MARK)}
    things = {m for m in marks if m in THINGS}
    troubles = {m for m in marks if m in TROUBLES}
    halls = {m for m in marks if m in HALLS}
    rooms = frozenset(m for m in marks if m in ROOMS)
    spot = next((m[4:] for m in marks if m.startswith("spot@")), "")
    public = "public" in marks or bool(things & NOBODYS) or bool(halls and not rooms and not spot)
    aside = {m[1:] for m in marks if m.startswith("?")}
    if "nopower" in troubles and things & SOUND:
        troubles = troubles - {"nopower"} | {"dead"}
    if "nospin" in troubles:
        troubles -= {"leak"}
    if things & {"heating"}:
        troubles -= {"nohot", "nocool", "noheat"}
        if marks & {"nocool", "noheat"} or ("nohot" in marks and "cold" not in marks):
            troubles.add("cold")
    if troubles & WET and "above" in marks and "machine" not in marks:
        aside |= things & {"light", "tile", "stove"}
        things = things - {"light", "tile", "bed", "stove"} | {"ceiling"}
    if troubles & WET and things & OF_ONE_HOME == {"light"}:
        things = things - {"light"} | {"ceiling"}
    if troubles & WET:
        aside |= things & AROUND
        things -= AROUND
    if not things and "machine" not in marks:
        things = aside - AROUND
    if {"lift", "light"} <= things:
        troubles = troubles - LIFT_RUNS | {"dark"}
    if "pest" in troubles:
        troubles -= WET
    if things & {"fridge", "hood", "yuba", "lift", "rack", "mirrorlight"}:
        things -= {"light", "mirror"}
    if (things & OF_ONE_HOME) - {"tap"} and troubles - {"back"}:
        things -= {"pipe"}
    if troubles & {"noignite", "nohot"} and "nogas" in troubles and things & {"heater"}:
        troubles -= {"nogas"}
    if things & {"window", "drawer"}:
        things -= {"lock", "door"}
    if "door" in things:
        things.discard("door")
        if not things & HAVE_DOORS:
            things.add("entrance" if public else DOORS.get(next(iter(rooms), spot), "roomdoor"))
    if things & {"alarm"} and (public or "all" in marks):
        things = things - {"alarm"} | {"firealarm"}
        public = True
    if spot == "@entry" and "roomdoor" in things:
        things = things - {"roomdoor"} | {"frontdoor"}
    if public:
        if things & {"light", "bedlamp"}:
            things = things - {"light"} | ({"halllight"} if not things & {"lift"} else {"light"})
        if halls and not things and troubles & {"dark", "nopower"}:
            things.add("halllight")
        if things & {"frontdoor"}:
            things = things - {"frontdoor"} | {"entrance"}
    return Said(
        frozenset(things), frozenset(aside), frozenset(troubles), rooms, spot, frozenset(m for m in marks if m in HINTS),
        frozenset(m for m in marks if m[0] == "f" and m[1:].isdigit()), frozenset(halls), public,
        frozenset(t for t in terms if not t.startswith(MARK)) - PLACE_WORDS,
    )  # fmt: skip


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
    a, b = said(tuple(mine)), said(tuple(other))
    if near == "unit" or (a.public and b.public):
        return _together(a, b, same_kind=same_kind)
    return _between(a, b, near)


def _together(a: Said, b: Said, *, same_kind: bool) -> float:
    if _outage(a, b, at_home=True):
        return OUTAGE
    thing, near = _thing(a, b), _one_place(a, b)
    trouble = _trouble(a, b, one=thing == SAME)
    if thing == OTHER and trouble == SAME and near:
        thing = SAME
    score = AT_HOME[thing, trouble]
    if (thing, trouble) == (OPEN, SAME) and a.things | b.things and _mechanical(a, b):
        score = HALF_SAID
    if thing == SAME and trouble == OTHER and a.things & b.things - MANY:
        score += ONE_OF_IT
    score += SHARED_WORD * min(2, len(a.words & b.words)) / 2 + (KIND if same_kind else 0.0)
    if _elsewhere(a, b):
        score += OTHER_PLACE
    return max(0.0, min(1.0, score))


def _mechanical(a: Said, b: Said) -> bool:
    """Whether only what may be wrong with anything is wrong with both."""
    mine, other = (x.troubles - VAGUE - MECHANICAL for x in (a, b))
    return not mine & other and not any(mine & kin and other & kin for kin in KIN)


def _one_place(a: Said, b: Said) -> bool:
    wet = a.troubles & BY_WATER and b.troubles & BY_WATER
    return any(a.things & near and b.things & near for near in ONE_PLACE if wet or "pipe" not in near)


def _thing(a: Said, b: Said) -> str:
    both = a.things & b.things
    if both <= PARTS and a.things - both and b.things - both:
        both = frozenset()
    if not both and a.things & ENTRY and b.things & ENTRY:
        return SAME
    if both or a.things & b.aside or a.aside & b.things:
        return SAME
    return OTHER if a.things and b.things else OPEN


def _trouble(a: Said, b: Said, *, one: bool) -> str:
    mine, other = a.troubles - VAGUE, b.troubles - VAGUE
    if "lift" in a.things & b.things and a.troubles & LIFT_RUNS and b.troubles & LIFT_RUNS:
        return SAME
    if mine & other or any(mine & kin and other & kin for kin in (KIN + KIN_OF_ONE if one else KIN)):
        return SAME
    return OTHER if mine and other else OPEN


def _elsewhere(a: Said, b: Said) -> bool:
    """Whether they name rooms, or floors, that are not one."""
    if a.public and b.public:
        mine, other = ((x.things | x.aside) & ZONES or x.halls for x in (a, b))
        if mine and other and not mine & other and (mine | other) & ZONES:
            return True
        return bool(a.floors and b.floors and not a.floors & b.floors and "lift" not in a.things & b.things)
    if a.things & b.things & ONLY_ONE or (
        "ac" in a.things & b.things and "@balcony" in {a.spot, b.spot} | a.rooms | b.rooms
    ):
        return False
    mine, other = a.rooms or frozenset({a.spot}), b.rooms or frozenset({b.spot})
    if not any(mine) or not any(other) or mine & other:
        return False
    if not a.rooms or not b.rooms:  # 卧室 was chosen: it stands for the rooms people live in
        return not (mine & LIVED_IN and other & LIVED_IN and "@room" in mine | other)
    bedrooms = LIVED_IN - {"@living"}
    return not (mine & bedrooms and other & bedrooms and "@room" in mine | other)


def _outage(a: Said, b: Said, *, at_home: bool = False) -> bool:
    if not at_home and "only" in a.hints | b.hints:
        return False
    return any(
        not (a.own - SHOWN_IN[trouble]) and not (b.own - SHOWN_IN[trouble])
        for trouble in a.troubles & b.troubles & OUTAGES
    )


def _between(a: Said, b: Said, near: str) -> float:
    if _outage(a, b):
        return OUTAGE
    if "all" in a.hints | b.hints and "only" not in a.hints | b.hints and _of_all(a, b):
        return BY_PIPE
    if near == "riser" and not a.public | b.public and (_water(a, b) or _along(a, b)):
        return BY_PIPE
    return FAR if a.troubles & b.troubles - VAGUE else 0.0


def _of_all(a: Said, b: Said) -> bool:
    """Whether one that says others have it too, and another, are of one domain."""
    mine, other = a.troubles & COMMON, b.troubles & COMMON
    return bool(mine & other or any(mine & kin and other & kin for kin in KIN)) and _thing(a, b) != OTHER


def _water(a: Said, b: Said) -> bool:
    """Whether water that goes from home to home explains both."""
    wet_a, wet_b = a.troubles & WET or a.wet_above, b.troubles & WET or b.wet_above
    pipes_a, pipes_b = a.troubles & {"clog", "back"}, b.troubles & {"clog", "back"}
    if (a.things | b.things) & NO_SOURCE or "cause" in a.hints | b.hints:
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


def _apart(a: Said, b: Said) -> bool:
    mine, other = (x.rooms or frozenset({x.spot}) for x in (a, b))
    return bool(mine & ROOMS_APART and other & ROOMS_APART and not mine & other)


def _along(a: Said, b: Said) -> bool:
    """Smell, smoke and noise that a riser or a flue carries."""
    both = a.troubles & b.troubles
    if {"fumes"} & both or ("flue" in a.things & b.things):
        return True
    air = frozenset({"smell", "fumes"})
    if air & a.troubles and air & b.troubles and not (a.own | b.own) - {"drain", "toilet", "fan"} and not _apart(a, b):
        return True
    return "noise" in both and "pipe" in a.things | b.things and not a.own | b.own
