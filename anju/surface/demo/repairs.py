"""The repairs of the demo company's last weeks, lived by the real actions: reported by tenants at the hours at which
things break, taken by whoever is able and near, mended in the time that takes, confirmed, sometimes not mended yet."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from zlib import crc32

from anju.domain.workorders.actions import join, rate, report
from anju.domain.workorders.models import WorkOrder, WorkOrderReport
from anju.domain.workorders.visits import appoint
from anju.domain.workorders.windows import Window
from anju.foundation.db import clock
from anju.foundation.flows.actions import assign, follow, move
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.models import Staff
from anju.kit import Actor
from anju.surface.demo import crewing, equipping
from anju.surface.demo.homes import OWN_ROOM, Home, counted, home_of, homes, neighbour_of
from anju.surface.demo.pictures import broken, mended, photos
from anju.surface.demo.plan import Plan
from anju.surface.demo.world.breakages import Breakage, Visit, breakage, draw
from anju.surface.demo.world.sayings import sayings

WEEKS = timedelta(days=21)
ARRIVAL = time(10, 24)  # of the visitor, on the demo's today
OWN = "own"  # leads the keys of what the visitor's tenant reports
MERGED_AFTER = timedelta(minutes=35)
SOON, HALF_HOUR = timedelta(hours=1), timedelta(minutes=30)
OUTAGE_AT, OUTAGE_SAID, NEIGHBOURS = time(9, 47, 20), "整层停水，好几家都没水了", 3
OUTAGE_FLOORS = range(8, 13)
FIXED_AT_HOME, STILL_OPEN = "燃气灶点不着，换过电池了", "水槽下的水管一直漏水，柜子里都湿了"
MORNING = (6, 7, 7, 8, 8, 8, 9, 9)
Event = tuple[datetime, Callable[[], None]]


@dataclass
class RepairsDays:
    """What breaks in the last three weeks. Each day may be lived twice: what was done already is not done again."""

    plan: Plan

    def __post_init__(self) -> None:
        self.seed, self.last = str(self.plan.seed), self.plan.last
        self.told = {b.key: b for b in self._drawn()}

    def events(self, day: date) -> list[Event]:
        """What happens on a day, in order: each at its moment, within the organization's scope."""
        found = [e for b in self.told.values() for e in self._life(b) if e[0].date() == day]
        if day == self.last:
            found += self._outage()
        return sorted(found, key=lambda e: e[0])

    def _drawn(self) -> Iterator[Breakage]:
        rooms, beds = counted(self.plan.places)
        day = self.last - WEEKS
        while day < self.last:
            yield from draw(self.seed, day, rooms, beds)
            day += timedelta(days=1)
        for b in draw(self.seed, day, rooms, beds):  # the visitor comes in the morning of a bad day
            rng = random.Random(f"{self.seed}:morning:{b.key}")
            at = datetime.combine(day, time(rng.choice(MORNING), rng.randrange(60), rng.randrange(60)), clock.SHANGHAI)
            if b.of is None:
                yield breakage(rng, b.key, at, b.saying)
        yield from self._own()

    def _own(self) -> Iterator[Breakage]:
        """The visitor's own tenant: a stove that was mended, a leak that is being looked at."""

        def at(before: int, hour: int, minute: int, second: int) -> datetime:
            day = self.last - timedelta(days=before)
            return datetime.combine(day, time(hour, minute, second), clock.SHANGHAI)

        rng = random.Random(f"{self.seed}:own")
        stove, leak = (
            breakage(rng, f"{OWN}:{n}", moment, next(s for s in sayings() if s.said == said))
            for n, (said, moment) in enumerate(((FIXED_AT_HOME, at(12, 19, 42, 8)), (STILL_OPEN, at(0, 7, 48, 33))))
        )
        came = Visit(at(12, 20, 25, 41), at(11, 15, 4, 12), at(11, 15, 38, 50), True, stove.saying.result, 30)
        yield replace(
            stove, said=FIXED_AT_HOME, photo=True, by_phone=False, visits=(came,), reopened_at=None, stars=5,
            remark="比约的时间还早", confirmed_at=at(11, 20, 11, 26),
        )  # fmt: skip
        comes = Visit(at(0, 8, 2, 19), at(0, 10, 6, 44), at(0, 11, 10, 0), True, leak.saying.result, 60)
        yield replace(leak, said=STILL_OPEN, photo=True, by_phone=False, visits=(comes,), reopened_at=None)

    def _life(self, b: Breakage) -> Iterator[Event]:
        """Every step of a repair at its moment."""
        yield b.at, partial(self._report, b)
        if b.of is not None and b.at.date() != self.last:
            yield b.at + MERGED_AFTER, partial(self._merge, b)
        for n, visit in enumerate(b.visits):
            if n and b.visits[n - 1].mended and b.reopened_at is not None:
                yield b.reopened_at, partial(self._reopen, b)
            yield visit.accepted, partial(self._accept, b, visit.accepted)
            yield visit.arrived, partial(self._step, b, visit.arrived, "accepted", "arrive")
            yield visit.left, partial(self._leave, b, visit)
        if b.confirmed_at is not None:
            yield b.confirmed_at, partial(self._confirm, b)

    def _report(self, b: Breakage) -> None:
        day = b.at.date()
        lived_in = [h for h in homes(day, day) if h.active]
        first = self.told.get(b.of or "")
        known = _order(first) if first is not None else None
        home = self._home(lived_in, b, day) if known is None else _same(lived_in, known)
        if home is None or _order(b) is not None:
            return
        if known is not None and first is not None and (first.outage or first.saying.spot == "public"):
            neighbour = neighbour_of(lived_in, home, b, day)
            if neighbour is not None and _joins(known, neighbour):
                return
        by = _desk() if b.by_phone else Actor.tenant(home.payer_id)
        taken = broken(b.kind, b.said) if b.photo and not b.by_phone else ()
        report(by, lease_id=home.id, spot=b.saying.spot, said=b.said, photos=taken, entry=_entry(b))

    def _home(self, lived_in: list[Home], b: Breakage, day: date) -> Home | None:
        if b.key.startswith(OWN):
            return next((h for h in lived_in if h.code == OWN_ROOM), None)
        return home_of([h for h in lived_in if h.code != OWN_ROOM], self.seed, b, day)

    def _merge(self, b: Breakage) -> None:
        """The manager sees that it is one thing, while both are open."""
        one, first = _order(b), _order(self.told[b.of or ""])
        if one is None or first is None:
            return
        by = _first_of("manager")
        if follow.refusal(by, case_id=one.case_id, master_id=first.case_id) is None:
            follow(by, case_id=one.case_id, master_id=first.case_id)

    def _accept(self, b: Breakage, at: datetime) -> None:
        order = _waiting(b, at, "new")
        if order is None:
            return
        mate = crewing.able(crewing.crew(), crewing.cities()[order.scope_id], order.kind, b.key)
        if order.case.assignee is None:
            assign(_desk(), case_id=order.case_id, staff_id=mate.id)
        who = Actor.staff(order.case.assignee or mate.id)
        move(who, case_id=order.case_id, step="accept")
        window = _agreed(b, at)
        if window is not None and order.spot != WorkOrder.Spot.PUBLIC:
            appoint(who, case_id=order.case_id, visit=window)

    def _step(self, b: Breakage, at: datetime, stage: str, step: str) -> None:
        order = _waiting(b, at, stage)
        if order is not None:
            move(_by(order), case_id=order.case_id, step=step, photos=photos("door"))

    def _leave(self, b: Breakage, visit: Visit) -> None:
        """Mended, or back soon."""
        order = _waiting(b, visit.left, "onsite")
        if order is None:
            return
        if not visit.mended:
            move(_by(order), case_id=order.case_id, step="release", reason=visit.words)
            return
        parts = b.saying.parts
        facts = {"result": visit.words, "minutes": str(visit.minutes), **({"parts": parts} if parts else {})}
        move(_by(order), case_id=order.case_id, step="finish", facts=facts, photos=mended(b.kind, b.said))
        equipping.spend(_by(order), order, parts, visit.minutes)

    def _reopen(self, b: Breakage) -> None:
        order = _waiting(b, b.reopened_at or b.at, "proof")
        if order is not None:
            move(_reporter(order), case_id=order.case_id, step="reopen", reason=b.why)

    def _confirm(self, b: Breakage) -> None:
        order = _waiting(b, b.confirmed_at or b.at, "proof")
        if order is None:
            return
        tenant = _reporter(order)
        move(tenant, case_id=order.case_id, step="confirm")
        if b.stars is not None:
            rate(tenant, order_id=order.id, stars=b.stars, remark=b.remark)

    def _outage(self) -> Iterator[Event]:
        """This morning the water failed on some floors: one order, its neighbours say that it is the same."""
        at = datetime.combine(self.last, OUTAGE_AT, clock.SHANGHAI)
        yield at, partial(self._dry, at)
        for n in range(1, NEIGHBOURS + 1):
            yield at + timedelta(minutes=6 * n, seconds=17 * n), partial(self._dry_too, at, n)

    def _dry(self, at: datetime) -> None:
        floors = _floors(self.last)
        if floors and not WorkOrder.objects.filter(opened_at=at).exists():
            report(Actor.tenant(floors[0].payer_id), lease_id=floors[0].id, spot="public", said=OUTAGE_SAID)

    def _dry_too(self, at: datetime, n: int) -> None:
        floors, known = _floors(self.last), WorkOrder.objects.filter(opened_at=at).first()
        if known is not None and n < len(floors):
            _joins(known, floors[n])


def _floors(day: date) -> list[Home]:
    """The homes on the upper floors of the building that has most of them."""
    upper: dict[int, list[Home]] = {}
    for home in homes(day, day):
        if home.active and home.floor in OUTAGE_FLOORS and home.code != OWN_ROOM and home.kind == "whole":
            upper.setdefault(home.building_id, []).append(home)
    most = max((len(held) for held in upper.values()), default=0)
    return sorted(next((held for held in upper.values() if len(held) == most), []), key=lambda h: h.code)


def _same(lived_in: list[Home], known: WorkOrder) -> Home | None:
    """The home from which an order was reported first."""
    leases = WorkOrderReport.objects.filter(order=known).order_by("id").values_list("lease_id", flat=True)
    return next((h for h in lived_in if h.id == leases[0]), None)


def _joins(known: WorkOrder, neighbour: Home) -> bool:
    """Whether a neighbour said that it is the same; not where the order has ended or somebody said so already."""
    case = FlowCase.objects.get(id=known.case_id)
    if WorkOrderReport.objects.filter(order=known, person_id=neighbour.payer_id).exists():
        return True
    if case.closed_at is not None or case.stage == "proof" or case.follows_id is not None:
        return False
    join(Actor.tenant(neighbour.payer_id), order_id=known.id, lease_id=neighbour.id)
    return True


def _order(b: Breakage) -> WorkOrder | None:
    """The order that a report became; it is known by its moment."""
    return WorkOrder.objects.select_related("case").filter(opened_at=b.at).exclude(source="import").first()


def _entry(b: Breakage) -> str:
    """Half are at home, one in ten lets the technician in alone, the others say nothing."""
    part = crc32(b.key.encode()) % 10
    return "home" if part < 5 else "away" if part == 5 else ""


def _agreed(b: Breakage, accepted: datetime) -> Window | None:
    """Most visits that are not at once are agreed on the phone, to the half hour."""
    visit = next((v for v in b.visits if v.accepted == accepted), None)
    if visit is None or visit.arrived - accepted < SOON or crc32(b.key.encode()) % 7 < 2:
        return None
    starts = visit.arrived.replace(minute=visit.arrived.minute // 30 * 30, second=0, microsecond=0)
    return Window(starts, starts + HALF_HOUR, agreed=True)


def _waiting(b: Breakage, at: datetime, stage: str) -> WorkOrder | None:
    """The order, where it stands at a stage since before this moment and goes its own way."""
    order = _order(b)
    if order is None or order.case.stage != stage or order.case.stage_at > at or order.case.follows_id is not None:
        return None
    return order


def _by(order: WorkOrder) -> Actor:
    assert order.case.assignee is not None
    return Actor.staff(order.case.assignee)


def _reporter(order: WorkOrder) -> Actor:
    first = WorkOrderReport.objects.filter(order=order).order_by("id").values_list("person_id", flat=True)
    return Actor.tenant(first[0])


def _desk() -> Actor:
    """The service desk, where people call."""
    return _first_of("service")


def _first_of(role: str) -> Actor:
    ids = Staff.objects.filter(frozen_at__isnull=True, roles__contains=[role]).order_by("id")
    return Actor.staff(ids.values_list("id", flat=True)[0])
