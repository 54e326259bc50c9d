"""Reading filters from an address, and writing addresses that change one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode


@dataclass(frozen=True)
class Asked:
    """The query of a list's address. Unknown or malformed values count as not asked."""

    path: str
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str, allowed: Mapping[str, object] | None = None) -> str:
        """A value, or "" if it is not there or not allowed."""
        value = self.values.get(name, "")
        return value if allowed is None or value in allowed else ""

    def number(self, name: str) -> int | None:
        """A whole number of at most nine digits."""
        value = self.values.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 10 else None

    def money(self, name: str) -> Decimal | None:
        """An amount in yuan."""
        try:
            value = Decimal(self.values.get(name, ""))
        except InvalidOperation:
            return None
        return value if value.is_finite() and 0 <= value < 10**9 else None

    def url(self, **changes: object) -> str:
        """This list's address with some values changed; None or "" takes a value away, and paging begins anew."""
        kept = {k: v for k, v in self.values.items() if k not in ("page", "after")}
        changed = {**kept, **{k: "" if v is None else str(v) for k, v in changes.items()}}
        query = urlencode({k: v for k, v in changed.items() if v})
        return f"{self.path}?{query}" if query else self.path
