"""What a report says, in marks: the things it names, what is wrong, in which room, and how far it reaches. Pure.

The rules think in domains and in parts of words of one to three characters, not in sentences somebody was seen to
write: where water runs, one of 漏 渗 淹 湿 is said, whatever stands around it. Marks are kept among an order's terms;
they begin with ``~`` and are not for reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from anju.domain.workorders.sayings import ASIDE, HINTS, IMPLIED, OTHERWISE, TROUBLES
from anju.domain.workorders.things import HALLS, NOTHING, ROOMS, SPOT_ROOMS, THINGS, listed

MARK = "~"
PUBLIC_SPOT = "楼道"
DIGITS = "零一二三四五六七八九"
FLOOR = re.compile(r"(?<!上|下)(负?[0-9]{1,2}|[一二三四五六七八九十]{1,3})[楼层](?!的人)")
WHERE_AFTER = re.compile(
    r"(?:的|那|正|门)?(?:旁边?|边上|边(?!缘)|底下|下面|下边|下头|里面|里头|里边|里|内(?!机)|上面|上方|后面|后头|那边|那里|附近|周围|上(?![不水升]))"
)
WHERE_BEFORE = re.compile(r"(?:[到在从往]|顺着|进了?)(?:了|我家?|的)?$")
NEVER_WHERE = listed("ceiling lift heating wall pipe drain halllight hydrant tv")


def _one_of(rules: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rules))


def _each(rules: Mapping[str, Sequence[str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((mark, _one_of(said)) for mark, said in rules.items())


def _longest(words: Mapping[str, str]) -> re.Pattern[str]:
    """Any of the words, the longest at each place."""
    return _one_of([re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w))])


NAMES = {word: mark for group in (THINGS, ROOMS, HALLS, NOTHING) for mark, words in group.items() for word in words}
USUAL = {word: usual for usual, words in OTHERWISE.items() for word in words}


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Names of things and rooms, other ways of saying, what is beside the point."""
    return _longest(NAMES), _longest(USUAL), _one_of(ASIDE)


@lru_cache(maxsize=1)
def _signs() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], tuple[tuple[str, re.Pattern[str]], ...]]:
    return _each({**TROUBLES, **HINTS}), _each(IMPLIED)


def marks(said: str, spot: str = "") -> tuple[str, ...]:
    """The marks of a report, sorted; last what only says where.

    Args:
        said: what was written, in small letters.
        spot: the room that was chosen, as it is called for people; ``楼道`` for stairs and lift.
    """
    _, otherwise, aside = _patterns()
    text = aside.sub(" ", otherwise.sub(lambda m: USUAL[m[0]], said))
    found, rooms = _named(text)
    plain = text.replace("地漏", "\u3000").replace("灯泡", "灯\u3000")
    signs, implied = _signs()
    found |= {mark for mark, rule in signs if rule.search(plain)}
    found |= {mark for mark, rule in implied if f"?{mark}" not in found and rule.search(plain)}
    found |= {f"f{n}" for n in map(_number, FLOOR.findall(text)) if n}
    if spot in SPOT_ROOMS and not rooms:
        found.add(f"spot{SPOT_ROOMS[spot]}")
    if spot == PUBLIC_SPOT:
        found.add("public")
    return tuple(MARK + mark for mark in sorted(found | rooms, key=lambda m: (m.startswith("?"), m)))


def _named(text: str) -> tuple[set[str], set[str]]:
    """Things and halls, those that only say where with a ``?``; rooms."""
    found, rooms = set[str](), set[str]()
    for hit in _patterns()[0].finditer(text):
        mark = NAMES[hit[0]]
        if mark.startswith("@"):
            rooms.add(mark)
        elif mark in HALLS or mark in NEVER_WHERE:
            found.add(mark)
        elif mark in THINGS:
            where = WHERE_AFTER.match(text, hit.end()) or WHERE_BEFORE.search(text, 0, hit.start())
            found.add(f"?{mark}" if where else mark)
    return found, rooms


def _number(text: str) -> int:
    """一 or 12 or 十八 as a number; 0 for what is below the ground."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS.find(text) if len(text) == 1 else 0
    return max(1, DIGITS.find(tens)) * 10 + max(0, DIGITS.find(ones) if ones else 0)
