"""How values travel: amounts and prices as text, days and moments in ISO 8601, ids as numbers, pages by cursor.

Bodies are read strictly: a number is not a text, a field nobody knows is refused. Every reader says what is wrong
without repeating what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from anju.kit import Money
from anju.kit.refusal import sentence

T = TypeVar("T")
LARGEST = 2**63 - 1
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
BULK = 1000
MOST = 200

BAD_CURSOR = sentence(
    "api.bad_cursor",
    "cursor 不对：请原样使用上一页 next 里的值。",
    "The cursor is wrong: use the value of the last page's next as it is.",
)

AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?", re.ASCII)
PRICE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,4})?", re.ASCII)
AREA = re.compile(r"[0-9]{1,8}(\.[0-9]{1,2})?", re.ASCII)
SIGNED = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,4})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def _read(pattern: re.Pattern[str], kind: str, make: Callable[[str], Any]) -> BeforeValidator:
    """Text of one form and nothing else; a default that is made already passes."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            try:
                if pattern.fullmatch(value):
                    return make(value)
            except ValueError:
                pass
        elif value is None or isinstance(value, date | Decimal | Money):
            return value
        raise PydanticCustomError(kind, kind)

    return BeforeValidator(read)


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError
    return day


def _area(text: str) -> Decimal:
    area = Decimal(text)
    if not area:
        raise ValueError
    return area


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    _day(moment.date().isoformat())
    return moment


def _text(pattern: re.Pattern[str], example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern.pattern}$", "examples": [example]})


Id = Annotated[int, Field(ge=1, le=LARGEST)]
BodyId = Annotated[int, Field(ge=1, le=LARGEST, strict=True)]
Day = Annotated[
    date,
    _read(DAY, "api_day", _day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-01-17"]}),
]
Moment = Annotated[
    AwareDatetime,
    _read(MOMENT, "api_moment", _moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-01-17T10:30:00+08:00"]}),
]
Amount = Annotated[Money, _read(AMOUNT, "api_amount", Money), _text(AMOUNT, "2280.00")]
Price = Annotated[Decimal, _read(PRICE, "api_price", Decimal), _text(PRICE, "2280.00")]
Area = Annotated[Decimal, _read(AREA, "api_area", _area), _text(AREA, "68.50")]
Percent = Annotated[Decimal, _read(SIGNED, "api_percent", Decimal), _text(SIGNED, "5")]


def one_line(most: int, least: int = 0) -> StringConstraints:
    """Text of one line: no control characters, at most so many characters. ``Annotated[str, one_line(60)]``."""
    return StringConstraints(min_length=least, max_length=most, pattern=r"^[^\x00-\x1f\x7f]*$")


def _money(value: Decimal | Money) -> str:
    return f"{value.yuan if isinstance(value, Money) else value:.2f}"


def _price(value: Decimal) -> str:
    """At least two decimals, more where the price has them."""
    plain = value.normalize()
    return f"{plain:.2f}" if int(plain.as_tuple().exponent) > -2 else f"{plain:f}"


MoneyOut = Annotated[
    Decimal | Money,
    PlainSerializer(_money, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+\.\d{2}$", "examples": ["2280.00"]}),
    Field(union_mode="left_to_right"),
]
PriceOut = Annotated[
    Decimal,
    PlainSerializer(_price, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+\.\d{2,4}$", "examples": ["2280.00"]}),
]


class Body(BaseModel):
    """What is sent: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Asked(BaseModel):
    """What a list is narrowed to, from the address."""

    model_config = ConfigDict(frozen=True)


class Paged(Asked):
    """One page of a list."""

    cursor: str = Field("", max_length=400)
    limit: int = Field(50, ge=1, le=MOST)


class Out(BaseModel):
    """What is answered. A field the key may not see is absent."""


class Page(Out, Generic[T]):
    """Rows of a list, and the cursor of the next page; null on the last one."""

    items: list[T]
    next: str | None


def page(rows: list[dict[str, Any]], after: tuple[int, ...] | int | None, of: str) -> dict[str, Any]:
    """A page as it is answered.

    Args:
        rows: as the viewer may see them.
        after: ids or an offset the next page begins after; never a name.
        of: which list; a cursor opens only its own.
    """
    if after is None:
        return {"items": rows, "next": None}
    place = [after] if isinstance(after, int) else list(after)
    return {"items": rows, "next": signing.Signer(salt=f"anju.api.{of}").sign_object(place)}


def place(cursor: str, of: str) -> tuple[int, ...] | None:
    """Where a page begins; None for the first.

    Raises:
        Refused: ``api.bad_cursor``.
    """
    if not cursor:
        return None
    try:
        found = signing.Signer(salt=f"anju.api.{of}").unsign_object(cursor)
    except (signing.BadSignature, ValueError):
        raise BAD_CURSOR() from None
    return tuple(int(n) for n in found)


def more(rows: list[dict[str, Any]], limit: int) -> tuple[list[dict[str, Any]], bool]:
    """Rows of a query that reads one too many, and whether there is another page."""
    return rows[:limit], len(rows) > limit
