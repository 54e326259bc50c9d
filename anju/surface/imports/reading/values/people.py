"""Phones, identity numbers, sex. Values never appear in the refusals."""

from __future__ import annotations

import re
from typing import Literal

from anju.kit import china
from anju.surface.imports.reading.cells import Cell, plain
from anju.surface.imports.reading.refusals import CHOICE, DAMAGED, ID_NUMBER, PHONE

IdKind = Literal["resident", "company", "permit", "passport"]
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")
_SPLIT = re.compile(r"[/、,;|\n&]|或|和|以及|(?<=\d)\s{2,}(?=\d)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})(\d{7,8})(\d{1,6})?")
_SERVICE = re.compile(r"[48]00\d{7}")


def parse_phones(cell: Cell) -> list[str]:
    """The numbers in a cell, in order, without repeats: mobile as 11 digits, landline 0571-88886666, abroad +852….

    Spaces, dashes, +86 and 0086 are dropped; two numbers in a cell are two numbers. Refused: any piece that is no
    number, and numbers that Excel turned into scientific notation.
    """
    text = _text_of_number(cell)
    found: list[str] = []
    for piece in _SPLIT.split(text):
        if piece.strip():
            found += [n for n in _numbers_in(piece) if n not in found]
    if not found:
        raise PHONE()
    return found


def _text_of_number(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else plain(cell)
    text = plain(cell)
    if _SCIENTIFIC.match(text):
        raise DAMAGED()
    return re.sub(r"\.0$", "", text)


def _numbers_in(piece: str) -> list[str]:
    kept = re.sub(r"^[^\d+(]*[:：]?", "", piece)  # "手机: 138…"
    kept = re.sub(r"\(?(微信|同号|本人|配偶|家属|父亲?|母亲?|[一-龥]{1,4})\)?\s*$", "", kept)
    digits = re.sub(r"[\s().\-—–_]|转|ext\.?", "", kept, flags=re.I)
    if digits.startswith("+") and not digits.startswith("+86"):
        return [_abroad(digits)]
    digits = re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}))", "", digits)
    if re.fullmatch(f"(?:{_MOBILE.pattern}){{1,3}}", digits):
        return _MOBILE.findall(digits)
    landline = _LANDLINE.fullmatch(digits)
    if landline and "转" not in kept and landline[3] is None:
        return [_area_split(digits)]
    if landline and "转" in kept:
        number, extension = kept.split("转", 1)
        return [_area_split(re.sub(r"\D", "", number)) + "-" + re.sub(r"\D", "", extension)]
    if _SERVICE.fullmatch(digits):
        return [digits]
    raise PHONE()


def _area_split(digits: str) -> str:
    area = 3 if re.match(r"0(10|2\d)", digits) else 4
    if not 7 <= len(digits) - area <= 8:
        raise PHONE()
    return f"{digits[:area]}-{digits[area:]}"


def _abroad(digits: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(digits, None)
    except phonenumbers.NumberParseException:
        raise PHONE() from None
    if not phonenumbers.is_possible_number(number):
        raise PHONE()
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def parse_id_number(cell: Cell) -> tuple[str, IdKind]:
    """An identity number with its kind.

    Resident identity, a company's unified social credit code (both with check digit, see ``kit.china``), a permit of
    Hong Kong, Macao or Taiwan residents, a passport. Refused: a wrong check digit, and a number that Excel kept as a
    number (only 15 digits survive) or shows in scientific notation.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise DAMAGED() if abs(cell) >= 1e15 else ID_NUMBER()
    if _SCIENTIFIC.match(plain(cell)):
        raise DAMAGED()
    text = re.sub(r"['‘’·]", "", china.plain(plain(cell))).upper()
    if number := china.resident_id(text):
        return number, "resident"
    if number := china.uscc(text):
        return number, "company"
    if re.fullmatch(r"[HMC]\d{8,10}|\d{8}", text):
        return text, "permit"
    if re.fullmatch(r"[A-Z]{1,2}\d{6,8}", text):
        return text, "passport"
    raise ID_NUMBER()


def parse_sex(cell: Cell) -> Literal["male", "female"]:
    """男, 女, 先生, 女士, M, F."""
    text = plain(cell).lower()
    if text in ("男", "男性", "先生", "m", "male", "♂"):
        return "male"
    if text in ("女", "女性", "女士", "小姐", "f", "female", "♀"):
        return "female"
    raise CHOICE()
