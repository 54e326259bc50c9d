"""The fields an import can fill, and the words people use for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from anju.surface.imports.reading import values
from anju.surface.imports.reading.cells import Cell, plain

Kind = Literal[
    "text", "name", "phone", "id_number", "date", "period", "money", "number", "room", "pay_terms", "term", "moment"
]
PERSONAL: frozenset[str] = frozenset({"name", "phone", "id_number"})
SEALED: frozenset[str] = frozenset({"phone", "id_number"})
PARSERS: dict[str, Callable[[Cell], Any]] = {
    "phone": values.parse_phones,
    "id_number": values.parse_id_number,
    "date": values.parse_date,
    "period": values.parse_dates,
    "money": values.parse_money,
    "number": values.parse_number,
    "room": values.parse_room,
    "pay_terms": values.parse_pay_terms,
    "term": values.parse_term,
    "moment": values.parse_moment,
}


@dataclass(frozen=True)
class Field:
    """One field of a target.

    Args:
        key: its name in the staged row.
        zh: what people see; also a word it is known by.
        words: other column titles for it, Chinese or English, lower case, without spaces inside.
        required: a row without it is bad.
        downwards: blank means "as above" (楼栋 written once for many rooms).
        low, high: limits of a number or amount.
        limit: longest text, characters.
    """

    key: str
    kind: Kind
    zh: str
    en: str
    words: str = ""
    required: bool = False
    downwards: bool = False
    low: int = 0
    high: int = 10_000_000
    limit: int = 120

    @property
    def known_as(self) -> frozenset[str]:
        """All titles that mean this field, folded."""
        return frozenset(fold(w) for w in (self.zh, self.en, *self.words.split()))


@dataclass(frozen=True)
class Unkept:
    """A column that is recognised and deliberately not imported, with the reason people read."""

    words: str
    zh: str
    en: str

    @property
    def known_as(self) -> frozenset[str]:
        """All titles of such a column, folded."""
        return frozenset(fold(w) for w in self.words.split())


UNKEPT: tuple[Unkept, ...] = (
    Unkept("序号 编号 no no. # 行号 原行号 原因 id", "只是行号，不导入。", "A row number; not imported."),
    Unkept(
        "性别 民族 籍贯 婚姻 宗教 年龄 生日 出生日期 照片 宠物 家庭照 学历 政治面貌",
        "不是租赁必需的个人信息，不保存。",
        "Personal data a lease does not need; not kept.",
    ),
    Unkept(
        "备注 说明 remark remarks note notes 其他 签字 经办人",
        "自由文字可能含有他人信息，不导入；原文件会保留。",
        "Free text may hold personal data; not imported, the file is kept.",
    ),
)


def fold(title: str) -> str:
    """A title for comparison: no spaces, brackets with their units, punctuation, case."""
    text = re.sub(r"\((元|¥|m2|平方米|平米|元/月|月|天|必填|选填|rmb|cny)[^)]*\)", "", plain(title).lower())
    return re.sub(r"[\s()\[\]【】*:：、.,_/\-—#'\"]|必填|选填", "", text)


def knows(fields: Iterable[Field]) -> Callable[[str], bool]:
    """Whether a text is a known column title of these fields, for finding the header."""
    words = frozenset().union(*(f.known_as for f in fields), *(u.known_as for u in UNKEPT))

    def known(text: str) -> bool:
        return fold(text) in words

    return known


def unkept(parts: tuple[str, ...]) -> Unkept | None:
    """Why a column with these titles is not imported, if that is decided."""
    for part in parts:
        for group in UNKEPT:
            if fold(part) in group.known_as:
                return group
    return None
