"""Amounts and measures: ¥2,280, 2280元/月, 2千3, 1.2万, 61.49㎡."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from anju.surface.imports.reading.cells import Cell, plain
from anju.surface.imports.reading.refusals import MONEY, MONEY_PER, MONEY_TWO, NUMBER
from anju.surface.imports.reading.values.numerals import spoken

FEN = Decimal("0.01")
LIMIT = Decimal(100_000_000)
_CURRENCY = re.compile(r"^(人民币|rmb|cny|¥|￥|\$(?=\d))\s*|\s*(rmb|cny)$", re.I)
_PER = re.compile(r"\s*(?:/|每|一|per)\s*(个?月|months?|季度?|年|天|日|m2|平米|平方米?|平方|[人间套床])", re.I)
_TWO = re.compile(r"\d\s*(?:[-~至到、]|/(?=\s*\d))\s*[¥￥]?\d")
_PERS = {"月": "月", "m": "月", "季": "季", "年": "年", "天": "天", "日": "天", "平": "平方米"}
_HEAD = re.compile(r"^(约|共|合计|每?月租金?|租金|押金|月付)[:：]?\s*")


@dataclass(frozen=True, slots=True)
class Price:
    """An amount of yuan, rounded to the fen, per 月, 季, 年, 天, 平方米, or "" when unsaid."""

    yuan: Decimal
    per: str = ""


def parse_price(cell: Cell) -> Price:
    """An amount with its unit of time, if any. A spreadsheet's long fractions are rounded half up to the fen."""
    if isinstance(cell, bool):
        raise MONEY()
    if isinstance(cell, int | float):
        return Price(_checked(Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)))
    text = _HEAD.sub("", plain(cell))
    per = ""
    for unit in _PER.findall(text):
        key = "平" if unit.lower() == "m2" else unit.lower().removeprefix("个")[0]
        per = _PERS.get(key, per)
    text = _PER.sub("", text)
    text = re.sub(r"\s*(元|块钱?|圆)(整|正)?(/|$)?", "", _CURRENCY.sub("", text)).strip()
    if _TWO.search(text):
        raise MONEY_TWO()
    return Price(_checked(_number(text)), per)


def parse_money(cell: Cell) -> Decimal:
    """An amount of yuan per month, or of no period; a price per year, quarter, day or m² is refused."""
    price = parse_price(cell)
    if price.per not in ("", "月"):
        raise MONEY_PER(per=price.per)
    return price.yuan


def parse_number(cell: Cell) -> Decimal:
    """A plain number with an optional unit of area or count (㎡, 平米, 平, 层, 间, 人); no rounding."""
    if isinstance(cell, bool):
        raise NUMBER()
    if isinstance(cell, int | float):
        return _shortest(Decimal(repr(cell)))
    text = re.sub(r"\s*(m2|平方米|平米|平方|平|层|楼|间|人|张|床|个|套|°)$", "", plain(cell), flags=re.I)
    text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,10})?", text):
        raise NUMBER()
    return _shortest(Decimal(text))


def _shortest(number: Decimal) -> Decimal:
    """24.0 and 24 are one number, also as text."""
    return Decimal(format(number.normalize(), "f"))


def _number(text: str) -> Decimal:
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        text, sign = text[1:-1], -1  # accountants' negative
    if text.startswith("-"):
        text, sign = text[1:], -1
    text = _CURRENCY.sub("", text)
    grouped = re.fullmatch(r"\d{1,3}([, ]\d{3})+(\.\d+)?", text)
    text = re.sub(r"[, ]", "", text) if grouped else text.strip()
    amount = spoken(text) if re.fullmatch(r"[\d.]+|[\d.]+[百千仟万wWkK]\d*|[^\d.\s-]+", text) else None
    if amount is None or not amount.is_finite():
        raise MONEY()
    return amount * sign


def _checked(amount: Decimal) -> Decimal:
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise MONEY()
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)
