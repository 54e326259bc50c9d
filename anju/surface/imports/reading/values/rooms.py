"""Room codes: 3-1-1208, 3号楼1单元1208, A1203, 5-302-3床, 1208室, 12层1208-A."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from anju.surface.imports.reading.cells import Cell, plain
from anju.surface.imports.reading.refusals import ROOM, ROOM_DATE
from anju.surface.imports.reading.values.numerals import CHINESE, whole

_WORDS = re.compile(
    r"^(?:(?P<building>[0-9A-Z]{1,4})(?:号楼|幢|栋|座|号(?=\d)|楼(?=\d)))?\s*[-#]?"
    r"(?:(?P<entrance>[0-9A-Z]{1,2})(?:单元|门洞|梯))?\s*[-#]?"
    r"(?:(?P<floor>-?\d{1,3}|B\d)(?:层|楼|F)\s*[-#]?)?"
    r"(?P<number>[A-Z]{0,3}\d{1,5}[A-Z]?)(?:号?房间?|室|号)?"
    r"(?:[-#]?(?P<part>[A-Z]|[A-Z0-9]{1,2}(?=床|号床|卧|间)|主卧|次卧|小卧|南卧|北卧|东卧|西卧)(?P<what>号?床位?|卧|间)?)?$"
)
_DASHES = re.compile(r"^[0-9A-Z]{1,6}(?:-[0-9A-Z]{1,6}){1,4}(?:号?床位?)?$")


@dataclass(frozen=True, slots=True)
class Room:
    """Where a unit is: ``number`` is the room, ``part`` a bed or a room of a shared flat, ``code`` all of it."""

    building: str
    entrance: str
    floor: int | None
    number: str
    part: str
    is_bed: bool

    @property
    def code(self) -> str:
        """3-1-1208, A1203, 5-302-3床."""
        parts = [p for p in (self.building, self.entrance) if p]
        tail = f"{self.part}床" if self.is_bed else self.part
        return "-".join([*parts, self.number, *([tail] if tail else [])])


def parse_room(cell: Cell) -> Room:
    """A room code in one of the styles in use. A cell that Excel turned into a date (3-1 → 3月1日) is refused."""
    if isinstance(cell, date):
        raise ROOM_DATE()
    if isinstance(cell, bool):
        raise ROOM()
    text = re.sub(r"\s*-\s*|\s+", lambda m: "-" if "-" in m[0] else "", re.sub("[—–_~/#]", "-", plain(cell).upper()))
    text = re.sub(r"\.0$", "", text)
    if not text or len(text) > 30:
        raise ROOM()
    text = re.sub(f"({CHINESE.pattern})(?=号楼|栋|幢|座|单元|层|楼)", lambda m: str(whole(m[1])), text)
    if _DASHES.match(text):
        return _dashed(text)
    match = _WORDS.match(text)
    if match is None:
        raise ROOM()
    part = match["part"] or ""
    is_bed = "床" in (match["what"] or "")
    if match["what"] in ("卧", "间"):
        part += match["what"]
    floor = _floor(match["floor"]) if match["floor"] else _floor_of(match["number"])
    return Room(match["building"] or "", match["entrance"] or "", floor, match["number"], part, is_bed)


def _dashed(text: str) -> Room:
    """3-1-1208 is building, entrance, room; 5-302-3床 ends in a bed; 1208-A in a part of the flat."""
    is_bed = "床" in text
    parts = re.sub(r"号?床位?$", "", text).split("-")
    part = ""
    if is_bed or (len(parts) >= 2 and re.fullmatch(r"[A-Z]", parts[-1]) and re.search(r"\d{2}", parts[-2])):
        part = parts.pop()
    *before, number = parts
    if not re.search(r"\d", number) or len(before) > 3:
        raise ROOM()
    building = before[0] if before else ""
    entrance = before[1] if len(before) > 1 else ""
    floor = _floor(before[2]) if len(before) > 2 else _floor_of(number)
    return Room(building, entrance, floor, number, part, is_bed)


def _floor(text: str) -> int | None:
    try:
        return -int(text[1:]) if text.startswith("B") else int(text)
    except ValueError:
        return None


def _floor_of(number: str) -> int | None:
    """1208 is on the 12th floor, 302 on the 3rd, A1203 on the 12th; 8 does not say."""
    digits = re.sub(r"\D", "", number)
    return int(digits[:-2]) or None if 3 <= len(digits) <= 4 else None
