"""Dates in every style of a rent roll. Two readings are refused, never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from anju.surface.imports.reading.cells import Cell, plain
from anju.surface.imports.reading.refusals import (
    DATE,
    DATE_AMBIGUOUS,
    DATE_NO_DAY,
    DATE_NO_YEAR,
    DATE_ORDER,
)
from anju.surface.imports.reading.values.numerals import digits_of, whole

EPOCH = date(1899, 12, 30)  # Excel's day 0, its leap year error of 1900 included
SERIALS = range(18264, 73051)  # 1950-01-01 … 2099-12-31
YEARS = range(1950, 2100)
_TIME = re.compile(
    r"[T ]?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?(Z|\+08:?00)?"
    r"|[(（]?(周|星期|礼拜)[一二三四五六日天][)）]?"
)
_CHINESE_DATE = re.compile(
    r"([〇零一二三四五六七八九]{4}|[〇零一二三四五六七八九]{2})?年?([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)
_NUMBER = re.compile(r"\d+")
_NOT_DATE = re.compile(r"[^\d\s./\-年月日号至到~—–_,、()起止从由]")
_MONTH_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?$|^(\d{1,2})[./-](\d{1,2})$")


def parse_date(cell: Cell, *, year: int | None = None) -> date:
    """One date.

    Args:
        cell: a date, an Excel serial number (45717), or text: 2025/3/1, 2025.3.1, 2025年3月1日, 25-3-1, 20250301,
            二〇二五年三月一日, 3月1日, with or without time and weekday.
        year: the year of the table, for dates written without one.
    """
    found = _dates(cell, year)
    if len(found) != 1:
        raise DATE()
    return found[0]


def parse_dates(cell: Cell, *, year: int | None = None) -> tuple[date, date]:
    """A run of days "2025.3.1-2026.2.28", as (first day, last day), both inside.

    A second date without a year takes the first's, or the next year when it would lie before it.
    """
    found = _dates(cell, year)
    if len(found) != 2:
        raise DATE()
    first, last = found
    if last < first:
        raise DATE_ORDER()
    return first, last


def _dates(cell: Cell, year: int | None) -> list[date]:
    if isinstance(cell, datetime):
        return [cell.date()]
    if isinstance(cell, date):
        return [cell]
    if isinstance(cell, bool):
        raise DATE()
    if isinstance(cell, int | float):
        return _from_number(str(int(cell)), year) if float(cell).is_integer() or cell > 1000 else _refuse()
    text = _CHINESE_DATE.sub(_arabic, _TIME.sub("", plain(cell)))
    if not text or _NOT_DATE.search(text) or len(text) > 60:
        raise DATE()
    return _from_numbers(_NUMBER.findall(text), text, year)


def _refuse() -> list[date]:
    raise DATE()


def _arabic(match: re.Match[str]) -> str:
    head = f"{digits_of(match[1])}年" if match[1] else ""
    return f"{head}{whole(match[2])}月{whole(match[3])}日"


def _from_numbers(numbers: list[str], text: str, year: int | None) -> list[date]:
    if len(numbers) == 1:
        return _from_number(numbers[0], year)
    if len(numbers) == 2:
        if all(len(n) == 8 for n in numbers):
            return [_packed(n) for n in numbers]
        return [_without_year(numbers, text, year)]
    if len(numbers) == 3:
        return [_triple(numbers)]
    if len(numbers) == 4 and max(map(len, numbers)) <= 2 and year:
        first = _day(year, int(numbers[0]), int(numbers[1]))
        return [first, _after(first, numbers[2:])]
    if len(numbers) == 5 and len(numbers[0]) in (2, 4):
        first = _triple(numbers[:3])
        return [first, _after(first, numbers[3:])]
    if len(numbers) == 6:
        return [_triple(numbers[:3]), _triple(numbers[3:])]
    raise DATE()


def _from_number(digits: str, year: int | None) -> list[date]:
    if len(digits) == 5 and int(digits) in SERIALS:
        return [EPOCH + timedelta(days=int(digits))]
    if len(digits) == 8:
        return [_packed(digits)]
    if len(digits) == 16:
        return [_packed(digits[:8]), _packed(digits[8:])]
    if len(digits) == 6:
        return [_six(digits)]
    raise DATE()


def _six(digits: str) -> date:
    """250301 is a day; 202503 is a month; 201203 could be either."""
    month = int(digits[:4]) in YEARS and 1 <= int(digits[4:]) <= 12
    try:
        day = _day(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except Exception:
        raise (DATE_NO_DAY() if month else DATE()) from None
    if month:
        raise DATE_AMBIGUOUS()
    return day


def _packed(digits: str) -> date:
    return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _triple(numbers: list[str]) -> date:
    a, b, c = numbers
    if len(a) == 4:
        return _day(int(a), int(b), int(c))
    if len(c) == 4:  # 3/1/2025 and 1/3/2025 are both in use
        return _month_and_day(int(c), int(a), int(b))
    if len(a) == 2 and len(b) <= 2 and len(c) <= 2:
        return _day(2000 + int(a), int(b), int(c))
    if len(c) == 2 and len(a) == 1:
        return _month_and_day(2000 + int(c), int(a), int(b))
    raise DATE()


def _month_and_day(year: int, one: int, two: int) -> date:
    if one == two or two > 12:
        return _day(year, one, two)
    if one > 12:
        return _day(year, two, one)
    raise DATE_AMBIGUOUS()


def _without_year(numbers: list[str], text: str, year: int | None) -> date:
    if len(numbers[0]) == 4:
        raise DATE_NO_DAY()
    if not _MONTH_DAY.search(text):
        raise DATE()
    if year is None:
        raise DATE_NO_YEAR()
    return _day(year, int(numbers[0]), int(numbers[1]))


def _after(first: date, month_day: list[str]) -> date:
    month, day = int(month_day[0]), int(month_day[1])
    same = _day(first.year, month, day)
    return same if same >= first else _day(first.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise DATE()
    try:
        return date(year, month, day)
    except ValueError:
        raise DATE() from None
