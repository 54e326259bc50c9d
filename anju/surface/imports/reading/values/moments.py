"""Moments: a day as :mod:`dates` reads it, with the time of day if somebody wrote one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from anju.foundation.db.clock import SHANGHAI
from anju.surface.imports.reading.cells import Cell, plain
from anju.surface.imports.reading.refusals import TIME
from anju.surface.imports.reading.values.dates import EPOCH, SERIALS, parse_date

_CLOCK = re.compile(
    r"T?\s*(?P<part>上午|下午|中午|晚上|傍晚|凌晨|早上|早|晚)?\s*(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d+)?)?|[点时](?:(?P<half>半)|(?P<more>\d{1,2})分?)?)"
    r"\s*(?P<half_day>[AaPp]\.?[Mm]\.?)?(?P<zone>Z|\+08:?00)?"
)
_AFTERNOON = {"下午", "晚上", "傍晚", "晚"}


def parse_moment(cell: Cell, *, year: int | None = None) -> tuple[date, time | None]:
    """A day and, where one is written, the time of day in China.

    Args:
        cell: a date with or without time, an Excel serial number with or without a fraction, or text:
            2025/3/1 14:05, 2025年3月1日 下午2点半, 2025-03-01T06:05:00Z, 3月1日 9:05.
        year: the year of the table, for days written without one.
    """
    if isinstance(cell, datetime):
        at = cell.astimezone(SHANGHAI) if cell.tzinfo else cell
        return at.date(), at.time().replace(microsecond=0, tzinfo=None) if at.time() != time.min else None
    if isinstance(cell, float) and not cell.is_integer() and int(cell) in SERIALS:
        at = datetime.combine(EPOCH, time()) + timedelta(seconds=round(cell * 86400))
        return at.date(), at.time()
    text = plain(cell) if isinstance(cell, str) else ""
    found = _CLOCK.search(text)
    if found is None:
        return parse_date(cell, year=year), None
    day = parse_date(f"{text[: found.start()]} {text[found.end() :]}".strip(), year=year)
    at_time = _time(found)
    if found["zone"] == "Z":
        here = datetime.combine(day, at_time, UTC).astimezone(SHANGHAI)
        return here.date(), here.time()
    return day, at_time


def _time(found: re.Match[str]) -> time:
    """Refused: ``import.cell.time`` for 25:00 and the like."""
    hour, part = int(found["hour"]), found["part"] or ""
    minute = 30 if found["half"] else int(found["minute"] or found["more"] or 0)
    half_day = (found["half_day"] or "").lower()[:1]
    if (half_day == "p" or part in _AFTERNOON or (part == "中午" and hour < 3)) and hour < 12:
        hour += 12
    if hour == 12 and (half_day == "a" or part == "凌晨"):
        hour = 0
    try:
        return time(hour, minute, int(found["second"] or 0))
    except ValueError:
        raise TIME() from None


def order_moments(moments: list[tuple[str, tuple[date, time | None]]]) -> tuple[dict[str, datetime], list[str]]:
    """Moments that follow each other, and the names of those that lie before the one they should follow.

    A day without a time is as early on it as can be: at midnight, or together with what went before on the same day.

    Args:
        moments: name and moment, in the order they happened.
    """
    placed: dict[str, datetime] = {}
    wrong, last = [], None
    for name, (day, clock) in moments:
        at = datetime.combine(day, clock or time(), SHANGHAI)
        if clock is None and last is not None and day == last.date():
            at = last
        if last is not None and at < last:
            wrong.append(name)
            continue
        placed[name] = last = at
    return placed, wrong
