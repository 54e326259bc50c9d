"""Exact amounts in CNY (yuan, two decimals); rounding happens once and by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import total_ordering
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

FEN = Decimal("0.01")


@total_ordering
class Money:
    """An amount of yuan, exact to the fen.

    Construct it from an int (yuan), a str or a Decimal that has no more than two decimals;
    anything finer must be rounded by name with :meth:`round`. Floats are refused.
    """

    __slots__ = ("_yuan",)

    def __init__(self, yuan: int | str | Decimal = 0) -> None:
        if isinstance(yuan, float):
            raise TypeError("Money is never made from a float")
        try:
            value = Decimal(yuan)
        except InvalidOperation:
            raise ValueError("not an amount") from None
        if not value.is_finite():
            raise ValueError("Money must be finite")
        exact = value.quantize(FEN)
        if exact != value:
            raise ValueError(f"{yuan} is finer than a fen; round it by name")
        self._yuan = exact + Decimal(0)  # turns -0.00 into 0.00

    @classmethod
    def round(cls, yuan: Decimal) -> Money:
        """Round half up (away from zero) to the fen: the house's only rounding, once per line."""
        return cls(yuan.quantize(FEN, rounding=ROUND_HALF_UP))

    @classmethod
    def fen(cls, fen: int) -> Money:
        """From an integer number of fen, as payment gateways count."""
        return cls(Decimal(fen) / 100)

    @classmethod
    def sum(cls, amounts: Iterable[Money]) -> Money:
        """The total; zero for nothing."""
        return cls(sum((a._yuan for a in amounts), Decimal(0)))

    @property
    def yuan(self) -> Decimal:
        """The amount as a Decimal with two decimals."""
        return self._yuan

    @property
    def in_fen(self) -> int:
        """The amount as an integer number of fen."""
        return int(self._yuan * 100)

    def split(self, parts: int, *, remainder_to: Literal["first", "last"]) -> list[Money]:
        """Split into ``parts`` equal shares that add up exactly; odd fen go one each to the first or last shares."""
        if parts < 1:
            raise ValueError("parts must be at least 1")
        sign = -1 if self._yuan < 0 else 1
        share, rest = divmod(abs(self.in_fen), parts)
        shares = [share + 1] * rest + [share] * (parts - rest)
        if remainder_to == "last":
            shares.reverse()
        return [Money.fen(sign * s) for s in shares]

    def allocate(self, weights: Sequence[Decimal | int]) -> list[Money]:
        """Split by weights (largest remainder), exact in total."""
        total = sum((Fraction(w) for w in weights), Fraction(0))
        if total <= 0 or any(w < 0 for w in weights):
            raise ValueError("weights must be non-negative and not all zero")
        exact = [abs(self.in_fen) * Fraction(w) / total for w in weights]
        floors = [int(e) for e in exact]
        left = abs(self.in_fen) - sum(floors)
        for i in sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))[:left]:
            floors[i] += 1
        sign = -1 if self._yuan < 0 else 1
        return [Money.fen(sign * f) for f in floors]

    def __add__(self, other: Money) -> Money:
        return Money(self._yuan + other._yuan)

    def __sub__(self, other: Money) -> Money:
        return Money(self._yuan - other._yuan)

    def __neg__(self) -> Money:
        return Money(-self._yuan)

    def __abs__(self) -> Money:
        return Money(abs(self._yuan))

    def __mul__(self, n: int) -> Money:
        if not isinstance(n, int):
            raise TypeError("multiply by a whole number, or compute in Decimal and Money.round it")
        return Money(self._yuan * n)

    def __bool__(self) -> bool:
        return bool(self._yuan)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and self._yuan == other._yuan

    def __lt__(self, other: Money) -> bool:
        return self._yuan < other._yuan

    def __hash__(self) -> int:
        return hash(self._yuan)

    def __repr__(self) -> str:
        return f"Money('{self._yuan}')"

    def __str__(self) -> str:
        return f"{self._yuan:.2f}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def load(value: Any) -> Money:
            return value if isinstance(value, Money) else cls(value)

        return core_schema.no_info_plain_validator_function(
            load, serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="always")
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"type": "string", "format": "decimal", "pattern": r"^-?\d+\.\d{2}$", "examples": ["2280.00"]}


ZERO = Money(0)
