"""The demo company's repairs of the year before, taken over from its old list by the real import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.past import CameBack, PastOrder, import_orders
from anju.foundation.db import clock
from anju.kit import Actor
from anju.surface.demo import crewing
from anju.surface.demo.homes import Home, counted, home_of, homes, neighbour_of
from anju.surface.demo.plan import Plan
from anju.surface.demo.world.breakages import Breakage, draw

SYSTEM = Actor.system()
YEAR = timedelta(days=365)
SEEN_TWICE = timedelta(minutes=40)  # after which the old list's desk gave a repeated report up


def take_over(plan: Plan, day: date) -> None:
    """Bring in what ended before a day, back to a year before the company's last; once, however often it is lived."""
    if WorkOrder.objects.filter(source=WorkOrder.Source.IMPORT).exists():
        return
    since = max(plan.first, plan.last - YEAR)
    rows = [row for row in _rows(plan, since, day) if row.ended_at <= clock.now()]
    if rows:
        import_orders(SYSTEM, rows=rows)


def _rows(plan: Plan, since: date, until: date) -> Iterator[PastOrder]:
    lived_in, mates, cities = homes(since, until), crewing.crew(), crewing.cities()
    rooms, beds = counted(plan.places)
    numbers, days = count(1), (until - since).days
    for day in (since + timedelta(days=n) for n in range(days)):
        present = [h for h in lived_in if h.has(day)]
        told = draw(str(plan.seed), day, rooms, beds)
        firsts = {b.key: b for b in told}
        for b in told:
            home = _home(plan, present, firsts, b, day)
            if home is not None:
                mate = crewing.able(mates, cities[home.scope_id], b.kind, b.key)
                yield _past(b, home, mate.name, f"BX{day:%y%m}-{next(numbers):04}")


def _home(plan: Plan, present: list[Home], firsts: dict[str, Breakage], b: Breakage, day: date) -> Home | None:
    first = firsts.get(b.of or "")
    home = home_of(present, str(plan.seed), first or b, day)
    if home is None or first is None or not (first.outage or first.saying.spot == "public"):
        return home
    return neighbour_of(present, home, b, day) or home


def _past(b: Breakage, home: Home, technician: str, number: str) -> PastOrder:
    if b.of is not None:
        seen: datetime = b.at + SEEN_TWICE
        return PastOrder(number, home.unit_id, b.at, b.said, seen, void=True, priority=b.priority)
    first, last = b.visits[0], b.visits[-1]
    back = CameBack(first.left, b.reopened_at, last.accepted, last.arrived) if b.reopened_at is not None else None
    return PastOrder(
        number, home.unit_id, b.at, b.said, last.left, accepted_at=first.accepted, arrived_at=first.arrived,
        came_back=back, priority=b.priority, technician=technician, result=last.words, parts=b.saying.parts,
        rating=b.stars,
    )  # fmt: skip
