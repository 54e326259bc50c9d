"""Standing views of the list of tenants, brought by slices above: who lives here, who owes, who is about to leave.

narrowing("arrears", gettext_lazy("有欠款"), "p.id IN (SELECT …)", order=20, needs=VIEW)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A view of the list. ``sql`` is a condition on ``p`` (person) that may use ``%(as_of)s``."""

    key: str
    label: Any
    sql: str
    order: int
    needs: Any


_known: dict[str, Narrowing] = {}


def narrowing(key: str, label: Any, sql: str, *, order: int, needs: Any = None) -> None:
    """Bring a view.

    Args:
        key: stable name, in the address.
        label: what it is called, a ``gettext_lazy`` string.
        sql: a condition on ``p``; it may use ``%(as_of)s`` and no other parameter.
        order: place, small first.
        needs: the permission asked of the viewer.
    """
    if key in _known:
        raise ValueError(f"the view {key} of tenants is registered twice")
    _known[key] = Narrowing(key, label, sql, order, needs)


def narrowings() -> list[Narrowing]:
    """Every view, in order."""
    return sorted(_known.values(), key=lambda n: n.order)


def condition(key: str) -> str:
    """The SQL of a view; everybody for an unknown one."""
    return _known[key].sql if key in _known else "true"
