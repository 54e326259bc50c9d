"""Chinese numerals in short amounts and dates: 二〇二五, 十二, 两千三, 1.2万."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "俩": 2, "壹": 1, "贰": 2, "叁": 3}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "拾": 10, "佰": 100, "仟": 1000}
_ALL = "".join(DIGITS) + "".join(UNITS)
CHINESE = re.compile(f"[{_ALL}]+")


def digits_of(text: str) -> str:
    """Chinese digits read one by one, as years are written: 二〇二五 → 2025."""
    return "".join(str(DIGITS[c]) if c in DIGITS else c for c in text)


def whole(text: str) -> int | None:
    """A whole Chinese number below 100 million: 十二 → 12, 两千三百 → 2300; plain digits too; None if it is none."""
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    if not text or not CHINESE.fullmatch(text):
        return None
    if not any(c in UNITS for c in text):
        return int(digits_of(text))
    total = section = digit = 0
    for c in text:
        if c in DIGITS:
            digit = DIGITS[c]
        elif UNITS[c] == 10000:
            total, section, digit = (total + section + digit) * 10000, 0, 0
        else:
            section, digit = section + (digit or 1) * UNITS[c], 0
    return total + section + digit


def spoken(text: str) -> Decimal | None:
    """An amount as spoken; a last digit hangs on the unit before it: 2千3 → 2300, 1.2万 → 12000, 1万2 → 12000."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([百千仟万wWkK])(\d*)", text)
    if match:
        unit = {"百": 100, "千": 1000, "仟": 1000, "k": 1000, "万": 10000, "w": 10000}[match[2].lower()]
        rest = Decimal(match[3]) if match[3] else Decimal(0)
        if match[3] and len(match[3]) == 1:
            rest *= unit // 10
        return Decimal(match[1]) * unit + rest
    tail = re.fullmatch(f"([{_ALL}]*)([百千仟佰万])([{''.join(DIGITS)}])", text)
    if tail and tail[3] not in "〇零":
        base = whole(tail[1] + tail[2])
        return None if base is None else Decimal(base + DIGITS[tail[3]] * UNITS[tail[2]] // 10)
    try:
        number = whole(text)
        return Decimal(number if number is not None else text)
    except InvalidOperation:
        return None
