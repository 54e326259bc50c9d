"""The numbers of the cockpit, each from the slice that keeps it; nothing is computed twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from anju.domain.billing.queries import curve
from anju.domain.portfolio.status import LET
from anju.kit import Actor
from anju.kit.period import add_months


@dataclass(frozen=True)
class Month:
    """What fell due in a month, and what of it has been settled since. ``first`` is its first day."""

    first: date
    due: Decimal
    settled: Decimal

    @property
    def last(self) -> date:
        """Its last day."""
        return add_months(self.first, 1) - timedelta(days=1)

    @property
    def name(self) -> str:
        """``2026-11``."""
        return f"{self.first:%Y-%m}"

    @property
    def open(self) -> Decimal:
        """What is still to come."""
        return self.due - self.settled

    @property
    def share(self) -> Decimal | None:
        """How much of it is settled, 0 to 1; None where nothing fell due."""
        return self.settled / self.due if self.due else None


def months(
    viewer: Actor, today: date, count: int, *, project_id: int | None = None, building_id: int | None = None
) -> list[Month]:
    """The last months up to this one, the company's silent beginning left out.

    Args:
        viewer: decides which projects are summed.
        today: the business day.
        count: how many months, this one included.
        project_id: only this project.
        building_id: only this building.
    """
    this = today.replace(day=1)
    first, after = add_months(this, 1 - count), add_months(this, 1)
    kept = {r["month"]: r for r in curve(viewer, first, after, project_id=project_id, building_id=building_id)}
    found: list[Month] = []
    for n in range(count):
        day = add_months(first, n)
        row = kept.get(day, {"due": Decimal(0), "settled": Decimal(0)})
        if found or row["due"] or row["settled"]:
            found.append(Month(day, row["due"], row["settled"]))
    return found


@dataclass(frozen=True)
class House:
    """A building or project with how many of its leaf units are let; ``place`` is what the room map is asked for."""

    id: int
    place: dict[str, int]
    name: str
    note: str
    units: int
    let: int
    vacant: int

    @property
    def share(self) -> Decimal | None:
        """How much is let, 0 to 1."""
        return Decimal(self.let) / self.units if self.units else None


def houses(counts: list[dict[str, Any]], named: dict[int, dict[str, Any]], key: str) -> list[House]:
    """Counts of units by status as houses, in the order of ``named``.

    Args:
        counts: rows of ``portfolio.queries.occupancy``.
        named: ``place``, ``name`` and ``note`` of what is shown, by id.
        key: ``building_id`` or ``scope_id``.
    """
    sums: dict[int, list[int]] = {i: [0, 0, 0] for i in named}
    for row in counts:
        if (own := sums.get(row[key])) is not None:
            own[0] += row["units"]
            own[1] += row["units"] * (row["status"] in LET)
            own[2] += row["units"] * (row["status"] == "vacant")
    return [House(i, one["place"], one["name"], one["note"], *sums[i]) for i, one in named.items() if sums[i][0]]


def chart(found: list[Month], names: tuple[str, str], gap: str) -> dict[str, Any]:
    """The picture of receivable against received: two lines and what lies between them."""
    return {
        "x": [m.name for m in found],
        "due": [float(m.due) for m in found],
        "got": [float(m.settled) for m in found],
        "names": list(names),
        "gap": gap,
    }
