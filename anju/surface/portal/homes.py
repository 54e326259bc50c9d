"""A tenant's leases as homes: which are over, and which goes on with the same rooms under a new number.

A renewal by a new contract begins the day the one before ends; nothing else ties the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from anju.surface.portal import words

Row = dict[str, Any]


def day_after(lease: Row) -> date:
    """The day after a lease's last."""
    end: date = lease["actual_end_on"] or lease["holds_until"]
    return end


def is_over(lease: Row) -> bool:
    """Whether it has ended."""
    return bool(lease["status"] == "ended")


def renews(lease: Row, earlier: Row) -> bool:
    """Whether ``lease`` goes on where ``earlier`` ended, with the same rooms.

    One that ended on the day it began was never lived in: nothing goes on from it, least of all itself.
    """
    adjoining = earlier["start_on"] < day_after(earlier) == lease["start_on"]
    return adjoining and set(lease["unit_ids"]) == set(earlier["unit_ids"])


def earlier_ones(lease: Row, leases: Sequence[Row]) -> list[Row]:
    """The leases that this one renewed, the latest first."""
    found: list[Row] = []
    while (before := next((row for row in leases if renews(found[-1] if found else lease, row)), None)) is not None:
        found.append(before)
    return found


def next_one(lease: Row, leases: Sequence[Row]) -> Row | None:
    """The lease that renewed this one."""
    return next((row for row in leases if renews(row, lease)), None)


def place(lease: Row) -> str:
    """Where it is; of one that is over, from when to when it was."""
    if not is_over(lease):
        return str(lease["project"])
    last = day_after(lease) - timedelta(days=1)
    return _("已结束・%(a)s 至 %(b)s") % {"a": f"{lease['start_on']:%Y-%m}", "b": f"{last:%Y-%m}"}


def others(lease: Row | None, leases: Sequence[Row]) -> list[Row]:
    """The other leases, to go on to: ``id``, ``room``, ``place``."""
    rest = [row for row in leases if lease and row["id"] != lease["id"]]
    return [{"id": row["id"], "room": words.rooms(row), "place": place(row)} for row in rest]
