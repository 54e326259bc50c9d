"""What the marks of a report come to together: a lamp that drips is the ceiling. Pure; kept, as orders stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from anju.domain.workorders.meanings import (
    AROUND,
    BESIDE,
    DOORS,
    GOES_WITH,
    GOES_WITH_IN_ONE,
    HAVE_DOORS,
    HAVE_LIGHTS,
    LIFT_RUNS,
    ON_BATTERY,
    PLACE_WORDS,
    STAINED,
    VAGUE,
    WASTE,
    WET,
)
from anju.domain.workorders.sayings import HINTS, TROUBLES
from anju.domain.workorders.signs import MARK
from anju.domain.workorders.signs import marks as read
from anju.domain.workorders.things import HALLS, OWN, PUBLIC, ROOMS, THINGS

OF_ONE_HOME = frozenset(OWN)
NOBODYS = frozenset(PUBLIC)
NAMED, SIGNS, SPOKEN_ROOMS, PARTS_OF_STAIRS, REACH = (frozenset(t) for t in (THINGS, TROUBLES, ROOMS, HALLS, HINTS))


@dataclass(frozen=True)
class Heard:
    """A report as it is compared.

    Args:
        things: what it is about.
        aside: what it names to say where.
        troubles: what is wrong.
        rooms: rooms it names; if it names none, the one that was chosen.
        chosen: whether the room was only chosen.
        hints: how far it reaches.
        floors: floors it names.
        halls: parts of the stairs it names.
        public: whether it is about what is nobody's.
        words: its other telling words.
        own: things of one home among ``things``.
        core: ``troubles`` that say something.
        kin: what may be the same trouble, whichever thing has it; ``kin_in_one``: if it is one thing.
        beside: things that are one place to look at with ``things``.
        wet_above: whether water comes from above, or its traces are there.
    """

    things: frozenset[str]
    aside: frozenset[str]
    troubles: frozenset[str]
    rooms: frozenset[str]
    chosen: bool
    hints: frozenset[str]
    floors: frozenset[str]
    halls: frozenset[str]
    public: bool
    words: frozenset[str]
    own: frozenset[str]
    core: frozenset[str]
    kin: frozenset[str]
    kin_in_one: frozenset[str]
    beside: frozenset[str]
    wet_above: bool


@dataclass
class _Draft:
    marks: set[str]
    things: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    troubles: set[str] = field(default_factory=set)
    room: str = ""
    public: bool = False


@lru_cache(maxsize=4096)
def heard(terms: tuple[str, ...]) -> Heard:
    """What an order's terms say; those of an order from before there were marks are read again."""
    marks = {t[1:] for t in terms if t.startswith(MARK)} or {m[1:] for m in read(" ".join(terms))}
    rooms, halls, hints = marks & SPOKEN_ROOMS, marks & PARTS_OF_STAIRS, marks & REACH
    spot = next((m[4:] for m in marks if m.startswith("spot@")), "")
    d = _Draft(marks, marks & NAMED, {m[1:] for m in marks if m[0] == "?"}, marks & SIGNS)
    d.room = next(iter(sorted(rooms)), spot)
    d.public = "public" in marks or bool(d.things & NOBODYS) or bool(halls and not d.room)
    for step in STEPS:
        step(d)
    core = d.troubles - VAGUE
    above = bool("ceiling" in d.things and d.troubles & STAINED) or bool("above" in hints and d.troubles & WET)
    return Heard(
        frozenset(d.things), frozenset(d.aside), frozenset(d.troubles), frozenset(rooms or {spot} - {""}), not rooms,
        frozenset(hints), frozenset(m for m in marks if m[0] == "f" and m[1:].isdigit()), frozenset(halls), d.public,
        frozenset(t for t in terms if not t.startswith(MARK)) - PLACE_WORDS, frozenset(d.things & OF_ONE_HOME),
        frozenset(core), _all(core, GOES_WITH), _all(core, GOES_WITH_IN_ONE), _all(d.things, BESIDE), above,
    )  # fmt: skip


def _all(words: set[str], of: dict[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(words).union(*[of[word] for word in words if word in of])


def _instead(held: set[str], gone: str, come: str) -> None:
    if gone in held:
        held.discard(gone)
        held.add(come)


def _seeming(d: _Draft) -> None:
    """Troubles that are meant otherwise for the thing that has them."""
    if d.things & ON_BATTERY:
        _instead(d.troubles, "nopower", "dead")
    if "nospin" in d.troubles or "pest" in d.troubles:
        d.troubles -= WET if "pest" in d.troubles else {"leak"}
    if "pest" in d.troubles:
        d.aside |= d.things & AROUND
        d.things -= AROUND
    if d.things & {"tap", "shower"}:
        _instead(d.troubles, "shut", "leak")
    if "heating" in d.things:
        if d.troubles & {"nocool", "noheat", "nohot"}:
            d.troubles.add("cold")
        d.troubles -= {"nohot", "nocool", "noheat"}
    if "heater" in d.things and d.troubles & {"noignite", "nohot"}:
        d.troubles.discard("nogas")


def _wet(d: _Draft) -> None:
    """Water shows in one thing and comes from another."""
    if not d.troubles & WET:
        return
    if "above" in d.marks and "machine" not in d.marks:
        d.aside |= d.things & {"light", "tile", "stove"}
        d.things = d.things - {"light", "tile", "bed", "stove"} | {"ceiling"}
    if d.things & OF_ONE_HOME == {"light"}:
        _instead(d.things, "light", "ceiling")
    d.aside |= d.things & AROUND
    d.things -= AROUND


def _where(d: _Draft) -> None:
    """What only says where is what it is about, if nothing else is named."""
    if not d.things and "machine" not in d.marks:
        d.things = d.aside - AROUND
    if d.things & OF_ONE_HOME and d.things & {"wall"}:
        d.aside.add("wall")
        d.things -= {"wall"}
    if "slow" in d.troubles and (d.things | d.aside) & WASTE:
        d.troubles.add("clog")


def _parts(d: _Draft) -> None:
    """Parts belong to the thing they are of."""
    if "tap" in d.things:
        d.aside |= d.things & {"sink", "basin"}
        d.things -= {"sink", "basin"}
    if {"lift", "light"} <= d.things:
        d.troubles = d.troubles - LIFT_RUNS | {"dark"}
    if d.things & HAVE_LIGHTS:
        d.things -= {"light", "mirror"}
    if d.things & OF_ONE_HOME - {"tap"} and d.troubles - {"back"}:
        d.things -= {"pipe"}
    if d.things & {"window", "drawer"}:
        d.things -= {"lock", "door"}


def _doors(d: _Draft) -> None:
    """门 alone is the door of the room it is in."""
    if "door" in d.things:
        d.things.discard("door")
        if not d.things & HAVE_DOORS:
            d.things.add("entrance" if d.public else DOORS.get(d.room, "roomdoor"))
    if "spot@entry" in d.marks:
        _instead(d.things, "roomdoor", "frontdoor")


def _halls(d: _Draft) -> None:
    """What is nobody's is called as at home."""
    if "alarm" in d.things and (d.public or "all" in d.marks):
        _instead(d.things, "alarm", "firealarm")
        d.public = True
    if not d.public:
        return
    if "lift" not in d.things and d.things & {"light", "bedlamp"}:
        d.things = d.things - {"light"} | {"halllight"}
    if d.marks & PARTS_OF_STAIRS and not d.things and d.troubles & {"dark", "nopower"}:
        d.things.add("halllight")
    _instead(d.things, "frontdoor", "entrance")


STEPS: tuple[Callable[[_Draft], None], ...] = (_seeming, _wet, _where, _parts, _doors, _halls)
