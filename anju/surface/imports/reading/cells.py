"""What a cell may hold, and how blank looks."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Merge = tuple[int, int, int, int]  # top, left, bottom, right; 0-based, inclusive

_BLANK = frozenset(
    [
        "无",
        "/",
        "\\",
        "-",
        "--",
        "---",
        "—",
        "——",
        "–",
        "_",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "nil",
        "暂无",
        "空",
        "无信息",
        "没有",
        "未填",
        "不详",
        "(空)",
        "（空）",
        ".",
        "。",
        "?",
        "？",
        "*",
    ]
) | {""}
_ERRORS = frozenset(["#REF!", "#VALUE!", "#N/A", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!"])
_SPACES = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060\ufeff\u3000\xa0]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALF = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if chr(c - 0xFEE0).isalnum()} | {0x3000: 0x20, 0xA0: 0x20}


def tidy(cell: Cell) -> str:
    """The cell as text for keeping: half-width letters and digits, single spaces; Chinese punctuation stays."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ", "minutes")
    if not isinstance(cell, str):
        return str(cell)
    return _SPACES.sub(" ", _INVISIBLE.sub("", cell).translate(_HALF)).strip()


def plain(cell: Cell) -> str:
    """The cell as text for parsing: compatibility forms folded (￥ → ¥, ： → :, ㎡ → m2), no spaces at the ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", tidy(cell))).strip()


def is_blank(cell: Cell) -> bool:
    """Whether the cell says nothing: empty, 无, /, -, ——, N/A…"""
    return cell is None or (isinstance(cell, str) and tidy(cell).lower() in _BLANK)


def is_error(cell: Cell) -> bool:
    """Whether the cell is an Excel formula error such as #REF!."""
    return isinstance(cell, str) and tidy(cell).upper() in _ERRORS


def is_formula(cell: Cell) -> bool:
    """Whether the text would run as a formula in a spreadsheet."""
    text = tidy(cell) if isinstance(cell, str) else ""
    return bool(re.match(r"[=@]|[+-](?=[A-Za-z(])|\|cmd", text)) and len(text) > 1
