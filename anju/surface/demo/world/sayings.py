"""What tenants of the demo say is broken and what technicians write when it is mended, by kind, class and season."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "repairs.txt"
ALL_YEAR = frozenset(range(1, 13))
IN_SEASON = 3  # what belongs to a season is said so many times as often in it as what may break at any time
OFTEN_ADDED = 0.45
# Nothing in them may name a thing or say how urgent it is: the words before decide that.
ADDED = (
    "麻烦尽快看看", "晚上七点以后家里有人", "周末都在家", "谢谢师傅", "昨天就这样了", "中午方便", "来之前打个电话",
    "有点急", "我白天上班，下班才回来", "可以让合租的室友接一下", "辛苦了", "照片发了",
)  # fmt: skip
ADDED_IN_A_HURRY = ("麻烦尽快看看", "急，能马上来吗", "一直没好")
CLOSING = ("", "", "", "，租客当面试过", "，拍照留存", "，现场已清理", "，交代了用法", "，约两天后回访")
BACK_SOON = ("缺配件，明天带来再修", "要换的型号仓库没有，已下单", "需要两个人，约同事再来", "租客临时出门，改约")
NOT_MENDED = (
    "昨晚又这样了", "好了半天又不行", "还是老样子", "师傅走后两小时又出问题", "只好了一点，没根治",
    "换了一处，旁边又坏了",
)  # fmt: skip
REMARKS = {
    5: ("", "", "来得很快", "师傅很专业", "修得仔细，还帮忙擦干净了", "态度好", "比约的时间还早", "一次就弄好了"),
    4: ("", "", "修好了，就是等得久一点", "不错", "来晚了二十分钟，修得可以"),
    3: ("", "约了两次才来", "修好了，垃圾没带走", "一般"),
    2: ("来了两趟才弄好", "等了三天", "没提前打电话"),
    1: ("还是没彻底修好", "态度不好，催了四次"),
}  # fmt: skip


@dataclass(frozen=True)
class Saying:
    """Something that breaks: where (``spot``), in which months, the tenant's words, the technician's, parts used."""

    kind: str
    priority: int
    months: frozenset[int]
    spot: str
    said: str
    result: str
    parts: str

    @property
    def of_season(self) -> bool:
        """Whether it does not break all the year."""
        return self.months != ALL_YEAR


@cache
def sayings() -> tuple[Saying, ...]:
    """Everything that the file knows."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    return tuple(_read(line) for line in lines if line and not line.startswith("#"))


def sayings_of(kind: str, priority: int, month: int) -> list[Saying]:
    """What of a kind and class can break in a month."""
    return [s for s in sayings() if (s.kind, s.priority) == (kind, priority) and month in s.months]


def some_saying(rng: random.Random, kind: str, priority: int, month: int, *, unlike: Saying | None = None) -> Saying:
    """One of them, what belongs to the season more often; ``unlike``: rather another one than this, at the same spot,
    as the next person would say it."""
    able = sayings_of(kind, priority, month)
    others = [s for s in able if unlike is not None and s != unlike and s.spot == unlike.spot]
    able = others or able
    return rng.choices(able, weights=[IN_SEASON if s.of_season else 1 for s in able])[0]


def as_said(rng: random.Random, saying: Saying) -> str:
    """The words of one tenant: some add when they are at home, some a thank you."""
    more = ADDED_IN_A_HURRY if saying.priority == 0 else ADDED
    return f"{saying.said}，{rng.choice(more)}" if rng.random() < OFTEN_ADDED else saying.said


def as_written(rng: random.Random, saying: Saying) -> str:
    """The words of one technician."""
    return f"{saying.result}{rng.choice(CLOSING)}"


def _read(line: str) -> Saying:
    head, said, result, parts = (part.strip() for part in line.split("|"))
    kind, priority, months, spot = head.split()
    return Saying(kind, int(priority), _months(months), spot, said, result, parts)


def _months(text: str) -> frozenset[int]:
    """``*``, ``6``, ``7-9``; ``11-2`` goes over the end of the year."""
    if text == "*":
        return ALL_YEAR
    first, _, last = text.partition("-")
    start, end = int(first), int(last or first)
    return frozenset(range(start, end + 1)) if start <= end else ALL_YEAR - frozenset(range(end + 1, start))
