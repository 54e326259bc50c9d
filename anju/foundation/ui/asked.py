"""Reading filters from an address, and writing addresses that change one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode


@dataclass(frozen=True)
class Asked:
    """The query of a page's address. Unknown or malformed values count as not asked."""

    path: str
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str, allowed: Mapping[str, object] | None = None) -> str:
        """A value, or "" if it is not there or not allowed."""
        value = self.values.get(name, "")
        return value if allowed is None or value in allowed else ""

    def number(self, name: str) -> int | None:
        """A whole number of at most twelve digits."""
        value = self.values.get(name, "")
        return int(value) if value.isascii() and value.isdecimal() and len(value) <= 12 else None

    def money(self, name: str) -> Decimal | None:
        """An amount in yuan."""
        try:
            value = Decimal(self.values.get(name, ""))
        except InvalidOperation:
            return None
        return value if value.is_finite() and 0 <= value < 10**9 else None

    def day(self, name: str) -> date | None:
        """A day, ``2026-11-22``."""
        try:
            return date.fromisoformat(self.values.get(name, ""))
        except ValueError:
            return None

    def url(self, **changes: object) -> str:
        """This page's address with some values changed; None or "" takes a value away, and paging begins anew."""
        kept = {k: v for k, v in self.values.items() if k not in ("page", "after")}
        changed = {**kept, **{k: "" if v is None else str(v) for k, v in changes.items()}}
        query = urlencode({k: v for k, v in changed.items() if v})
        return f"{self.path}?{query}" if query else self.path
