"""Payment terms (押一付三) and lengths (12个月, 1年, 一年半)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from anju.surface.imports.reading.cells import Cell, plain
from anju.surface.imports.reading.refusals import PAY_TERMS, TERM
from anju.surface.imports.reading.values.numerals import whole

_CYCLES = {"月": 1, "双月": 2, "季": 3, "季度": 3, "半年": 6, "半": 6, "年": 12, "全年": 12, "整年": 12}
_N = "([0-9零〇一二三四五六七八九十两]+)"
_DEPOSIT_PAY = re.compile(f"押{_N}(?:个?月)?付(?:{_N}(?:个?月)?|(半年|一?年|季度?))")
_PAY = re.compile(r"(?:按|每)?(双月|季度|季|半年|全年|整年|年|月)(?:付|度付|缴|交|结)?(?:[(（].*[)）])?")
_LENGTH = re.compile(f"{_N}?(年|个?月|天|日)?(半)?(?:{_N}个?月)?")


@dataclass(frozen=True, slots=True)
class PayTerms:
    """Deposit in months of rent (None when unsaid) and the length of a payment cycle in months."""

    deposit_months: int | None
    cycle_months: int


def parse_pay_terms(cell: Cell) -> PayTerms:
    """押一付三 → 1 month of deposit, paid every 3 months; 季付 → every 3 months; 免押月付 → no deposit, monthly."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return PayTerms(None, _cycle(int(cell)))
    text = re.sub(r"[\s,，/+、-]", "", plain(cell)).replace("壹", "一").replace("贰", "二").replace("叁", "三")
    match = _DEPOSIT_PAY.fullmatch(text)
    if match:
        deposit = _whole(match[1])
        if deposit > 12:
            raise PAY_TERMS()
        cycle = _whole(match[2]) if match[2] else _CYCLES[match[3].removeprefix("一")]
        return PayTerms(deposit, _cycle(cycle))
    free = re.sub(r"^(免押金?|零押金?|无押金?|0押金?)", "", text)
    match = _PAY.fullmatch(free)
    if match is None:
        raise PAY_TERMS()
    return PayTerms(0 if free != text else None, _CYCLES[match[1]])


def _whole(text: str) -> int:
    number = whole(text)
    if number is None:
        raise PAY_TERMS()
    return number


def _cycle(months: int) -> int:
    if months not in (1, 2, 3, 4, 6, 12):
        raise PAY_TERMS()
    return months


def parse_term(cell: Cell) -> int:
    """A length in whole months: 12个月, 1年, 一年半, 半年, 12, 1年3个月. Days are refused."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _months(Decimal(repr(cell)))
    text = plain(cell).replace(" ", "")
    decimal = re.fullmatch(r"(\d+\.\d+)(年|个?月)?", text)
    if decimal:
        return _months(Decimal(decimal[1]) * (12 if decimal[2] == "年" else 1))
    if text == "半年":
        return 6
    match = _LENGTH.fullmatch(text)
    if match is None or match[1] is None or match[2] in ("天", "日"):
        raise TERM()
    number, more = whole(match[1]), whole(match[4] or "0")
    if number is None or more is None:
        raise TERM()
    if match[2] != "年":
        return _months(Decimal(number))
    return _months(Decimal(number * 12 + (6 if match[3] else 0) + more))


def _months(months: Decimal) -> int:
    if months != months.to_integral_value() or not 1 <= months <= 600:
        raise TERM()
    return int(months)
