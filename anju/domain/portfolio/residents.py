"""Who lives in units and who comes and goes: portfolio's pages show it, the slice of leases knows it.

register_residents(Leases())      # once, when the app is ready
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from anju.kit import Actor


@dataclass(frozen=True, slots=True)
class Resident:
    """Who holds a lease, as the viewer may see it. ``name`` is "" where the viewer may see none.

    ``short`` is for pictures that everybody walks past (顾*); ``handle`` is the lease number and the phone's tail.
    """

    lease_id: int
    person_id: int
    number: str
    name: str
    short: str
    handle: str
    monthly: object = None


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody moves into a unit, or a lease of it ends, on ``day`` (the last day of the lease)."""

    day: date
    kind: Literal["in", "end"]
    unit_id: int
    unit: str
    lease_id: int
    person_id: int
    name: str
    handle: str


class Residents(Protocol):
    """What a slice above tells about leases; every call is one or two queries."""

    def who(self, viewer: Actor, lease_ids: Sequence[int]) -> dict[int, Resident]:
        """Who holds these leases, by lease id; leases out of the viewer's reach are left out."""

    def moves(self, viewer: Actor, unit_ids: Sequence[int], first: date, until: date) -> list[Move]:
        """Who comes and goes in these leaf units from ``first`` to ``until`` (both included), in order of days."""


class Nobody:
    """Without leases nobody lives anywhere."""

    def who(self, viewer: Actor, lease_ids: Sequence[int]) -> dict[int, Resident]:
        """Nobody."""
        return {}

    def moves(self, viewer: Actor, unit_ids: Sequence[int], first: date, until: date) -> list[Move]:
        """Nobody comes or goes."""
        return []


_registered: list[Residents] = [Nobody()]


def register_residents(source: Residents) -> None:
    """Say who knows about leases; the last one registered answers."""
    _registered[:] = [source]


def residents() -> Residents:
    """Who knows about leases."""
    return _registered[0]
