"""Reading what a person wrote about something broken: how urgent, of what kind, by which words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from anju.domain.workorders import english
from anju.domain.workorders.likeness import likeness
from anju.domain.workorders.signs import MARK, marks
from anju.domain.workorders.synonyms import SYNONYMS

__all__ = ["Dictionary", "Place", "Read", "likeness", "nearness", "readable"]

USUAL = 2  # the class of what no word says anything about
MOST_TERMS, MOST_MARKS = 24, 18
NOISE_TEXT = (
    "的 了 是 在 我 我们 我家 家 家里 有 和 也 都 就 还 很 太 一直 已经 现在 今天 "
    "昨天 刚刚 突然 麻烦 请 帮 帮忙 看 看看 一下 师傅 你好 您好 谢谢 这个 那个 里 里面 "
    "下 上 下面 上面 地方 一个 有点 不 没 没有 又 再 出 来 去 到 把 被 给 用 会 能 要 "
    "想 说 吗 呢 啊 吧 好像 可能 需要 维修 修 报修 问题 情况 "
)
NOISE = frozenset(NOISE_TEXT.split())
# What a thing is called says what kind of repair it is; the first kind that is named wins, from left to right here.
NAMES = (
    ("heat", ("热水", "热水器", "暖气", "地暖", "取暖", "浴霸", "壁挂炉")),
    ("air", ("空调", "制冷", "不冷", "不凉", "外机")),
    ("network", ("网络", "宽带", "wifi", "断网", "路由", "网速")),
    ("lock", ("锁", "门", "窗", "钥匙", "把手", "纱窗")),
    ("power", ("电路", "跳闸", "插座", "停电", "没电", "断电", "漏电", "灯", "开关", "火花")),
    ("appliance", ("冰箱", "洗衣机", "油烟机", "燃气灶", "灶", "微波炉", "电视", "家电", "煤气", "燃气")),
    ("water", ("水", "马桶", "下水", "堵", "漏", "渗", "龙头", "花洒", "地漏", "管")),
    ("wall", ("墙", "地板", "瓷砖", "发霉", "起皮", "掉漆", "天花板", "吊顶", "柜", "裂缝", "床", "桌")),
)  # fmt: skip
KINDS = tuple((kind, (*names, *english.NAMES[kind])) for kind, names in NAMES)
# What stands right before a word and denies it.
DENIED = re.compile(
    r"(?:[不没未]|(?:\b(?:no|not|never|without|stopped)|n't)(?: (?:any|more|longer|a|the|see|been))* )$"
)
FARTHEST_DENIAL = 24
LATIN = re.compile(r"[a-z0-9]+")
CHINESE = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True)
class Read:
    """What was read.

    Args:
        priority: the suggested class, 0 the most urgent.
        cues: the words that suggested it, as written.
        kind: what kind of repair.
        terms: its telling words in their usual form, sorted.
    """

    priority: int
    cues: tuple[str, ...]
    kind: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Dictionary:
    """An operator's words: cues by class, from the most urgent; groups of words that mean the same."""

    cues: tuple[tuple[str, ...], ...]
    synonyms: tuple[str, ...]

    def read(self, said: str, spot: str = "") -> Read:
        """Read a report. ``spot``: where, as chosen; it counts as a word."""
        text = said.lower()
        priority, cues = self._class(text.replace("’", "'"))
        kind = next((k for k, names in KINDS if _any(names).search(text)), "other")
        return Read(priority, cues, kind, self.terms(text, spot))

    def _class(self, text: str) -> tuple[int, tuple[str, ...]]:
        for priority, words in enumerate(self.cues):
            if found := tuple(w for w in words if _said(w, text)):
                return priority, tuple(w for w in found if not any(w != o and w in o for o in found))
        return USUAL, ()

    def terms(self, said: str, spot: str = "") -> tuple[str, ...]:
        """The marks of a report and its telling words, each once, in the form its group begins with.

        Known words are found in the text itself, the longest at each place (不下水, 没热水 are not 水); what lies
        between them is segmented. Where there are too many, marks stay before words.
        """
        text = f"{spot} {said}"
        usual, known = _usual(self.synonyms), _known(self.synonyms)
        found = {usual[word] for word in known.findall(text)} if known else set()
        for word in _cut(known.sub(" ", text) if known else text):
            if word in NOISE or not (CHINESE.search(word) or LATIN.fullmatch(word)):
                continue
            found.add(usual.get(word, word)[:20])
        signs = marks(_plain(said, self.synonyms), spot)[:MOST_MARKS]
        return (*sorted(found)[: MOST_TERMS - len(signs)], *signs)


def _said(word: str, text: str) -> bool:
    """Whether a cue stands there and is not denied: 不漏水, 没停电, 打不着火, not leaking name what there is not."""
    return any(
        not DENIED.search(text, max(0, found.start() - FARTHEST_DENIAL), found.start())
        for found in _any((word,)).finditer(text)
    )


@lru_cache(maxsize=1024)
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    """Where one of them is said: a Chinese word anywhere, a Latin one where a word begins (leaks, no clock)."""
    plain = [word.lower() for word in words]
    return re.compile("|".join((r"(?<![a-z])" if LATIN.match(w) else "") + re.escape(w) for w in plain))


def readable(terms: Iterable[str]) -> list[str]:
    """The terms that are words, sorted."""
    return sorted(t for t in terms if not t.startswith(MARK))


def _plain(said: str, synonyms: tuple[str, ...]) -> str:
    """The text, with words that an operator added in the form their group begins with: the rules know that one."""
    usual, added = _usual(synonyms), _added(synonyms)
    return added.sub(lambda m: usual[m[0]], said) if added else said


@lru_cache(maxsize=256)
def _added(synonyms: tuple[str, ...]) -> re.Pattern[str] | None:
    words = sorted(_usual(synonyms).keys() - _usual(SYNONYMS).keys(), key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, words))) if words else None


@lru_cache(maxsize=256)
def _usual(synonyms: tuple[str, ...]) -> dict[str, str]:
    return {word: group.split()[0] for group in synonyms for word in group.lower().split()}


@lru_cache(maxsize=256)
def _known(synonyms: tuple[str, ...]) -> re.Pattern[str] | None:
    words = sorted(_usual(synonyms), key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, words))) if words else None


def _cut(text: str) -> Sequence[str]:
    words: list[str] = rjieba.cut(text)
    return [w.strip() for w in words if w.strip()]


@dataclass(frozen=True)
class Place:
    """Where something is broken: its building, the room (None for stairs and lift), floor, line and entrance."""

    building: int
    unit: int | None
    floor: int | None
    line: str
    entrance: str


def nearness(a: Place, b: Place) -> str:
    """How near two places of one building are: ``unit``, ``riser`` (one line, next floor), ``building``."""
    if a.unit is not None and a.unit == b.unit:
        return "unit"
    riser = a.line and a.line == b.line and a.entrance == b.entrance
    if riser and a.floor is not None and b.floor is not None and abs(a.floor - b.floor) <= 1:
        return "riser"
    return "building"
