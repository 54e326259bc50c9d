"""Two years of the demo company, lived day by day: the real sweeps and actions, a moving clock, invented tenants.

Everything a day does is found from the plan and from what is in the database, and may be done twice: a history that was
interrupted goes on from the organization's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from anju.domain.leases.actions import activate_many, draft_lease, end_many
from anju.domain.leases.actions.endings import Ending
from anju.domain.leases.models import Lease
from anju.domain.leases.new import NewLease
from anju.domain.portfolio.actions import set_unit_state
from anju.domain.tenants.actions import register_people
from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.flows.timers import run_timers
from anju.foundation.jobs.ticks import run_due
from anju.kit import Actor
from anju.surface.demo import crewing, equipping, past_repairs, story
from anju.surface.demo.complaints import ComplaintsDays
from anju.surface.demo.moveouts import give_up, settle
from anju.surface.demo.plan import Plan
from anju.surface.demo.repairs import ARRIVAL, WEEKS, Event, RepairsDays
from anju.surface.demo.tenants_days import TenantsDays
from anju.surface.demo.world import RoomNews, Stay

SYSTEM = Actor.system()
Progress = Callable[[int, int, str], None]
DECIDED, EVENING = time(15, 20), time(19, 30)
Key = tuple[str, str]

UNITS = """
SELECT p.name AS project, u.code, u.id, u.state FROM unit u JOIN project p ON p.id = u.scope_id
WHERE u.code = ANY(%(codes)s)
"""


class History:
    """The company's life from the plan's first day to its last (the demo's today)."""

    def __init__(self, org_id: int, plan: Plan) -> None:
        self.org_id, self.plan = org_id, plan
        self.evenings = TenantsDays(plan)
        self.repairs = RepairsDays(plan)
        self.complaints = ComplaintsDays(plan.last)
        self.chapters = {c.day: c for c in story.chapters(plan.first, plan.last)}

    def days(self) -> Iterator[tuple[int, int, str]]:
        """Live every day that is left, telling after each: days done, days in all, the day."""
        first, last = self.plan.first, self.plan.last
        with org_scope(self.org_id):
            day = max(first, clock.today())
        while day <= last:
            self.live_day(day)
            yield (day - first).days + 1, (last - first).days + 1, day.isoformat()
            day += timedelta(days=1)

    def live_day(self, day: date) -> None:
        """One day: people move in and out, the clockwork runs, staff decide, tenants pay and read."""
        self._until(day, time(0, 45))
        with org_scope(self.org_id):
            self._sign(day)
            self._leave(day)
            self._rooms(day)
            if day == self.plan.last:
                self._reserve()
        if day in self.chapters and not self._mends(day):
            self._until(day, DECIDED)
            with org_scope(self.org_id):
                story.tell(self.chapters[day])
        if day == self.plan.last:  # the visitor arrives: what tenants do this evening is still to come
            self._morning(day)
            self._until(day, ARRIVAL)
            return
        if self._mends(day):
            self._mend(day)
        else:
            self._evening(day)

    def _mends(self, day: date) -> bool:
        """Whether it is one of the last weeks, whose repairs are lived."""
        return self.plan.last - day <= WEEKS

    def _mend(self, day: date) -> None:
        """A day of the crew and of the desk, each step at its moment; tenants' evening is one of them."""
        fixed: tuple[tuple[time, Callable[[], None]], ...] = (
            (time(0, 50), lambda: crewing.plan(day)),
            (time(0, 52), lambda: equipping.stock(day)),
            (time(0, 55), lambda: past_repairs.take_over(self.plan, day)),
        )
        steps = [(datetime.combine(day, at, clock.SHANGHAI), step) for at, step in fixed]
        steps += [*self.repairs.events(day), *self.complaints.events(day)]
        if day in self.chapters:
            steps.append((datetime.combine(day, DECIDED, clock.SHANGHAI), partial(story.tell, self.chapters[day])))
        evening = datetime.combine(day, EVENING, clock.SHANGHAI)
        self._live([s for s in steps if s[0] < evening])
        self._evening(day)
        self._live([s for s in steps if s[0] >= evening])

    def _live(self, steps: list[Event]) -> None:
        """Steps in the order of time; what is due by the clock comes first, limits are looked at once an hour."""
        looked = -1
        for at, step in sorted(steps, key=lambda s: s[0]):
            run_due(self.org_id, at, move=True)
            if at.hour != looked:
                looked = at.hour
                run_timers(self.org_id)
            with org_scope(self.org_id):
                step()

    def _evening(self, day: date) -> None:
        self._until(day, EVENING)
        with org_scope(self.org_id):
            settle(self.plan, day)
            give_up(day)
            tapped = self.evenings.live(day)
        self.evenings.tap(tapped)

    def _morning(self, day: date) -> None:
        """The visitor's morning: new reports, some floors without water."""
        arrival = datetime.combine(day, ARRIVAL, clock.SHANGHAI)
        self._live([s for s in (*self.repairs.events(day), *self.complaints.events(day)) if s[0] < arrival])

    def _until(self, day: date, at: time) -> None:
        run_due(self.org_id, datetime.combine(day, at, clock.SHANGHAI), move=True)

    def _sign(self, day: date) -> None:
        signed = self.plan.signed.get(day, ())
        if signed:
            activate_many(SYSTEM, leases=self._new_leases(signed))

    def _new_leases(self, stays: list[Stay]) -> list[NewLease]:
        made = register_people(SYSTEM, rows=[self.plan.people[s.tenant].person for s in stays])
        units = self._units([(s.project, s.unit) for s in stays])
        return [
            NewLease(
                payer_id=person_id,
                unit_ids=(units[stay.project, stay.unit]["id"],),
                terms=stay.terms,
                number=self.plan.numbers[id(stay)],
                signed_on=stay.signed_on,
            )
            for stay, person_id in zip(stays, made.person_ids, strict=True)
            if person_id is not None
        ]

    def _leave(self, day: date) -> None:
        leaving = {self.plan.numbers[id(stay)]: stay for stay in self.plan.leaving.get(day, ())}
        if not leaving:
            return
        found = Lease.objects.filter(number__in=list(leaving)).values_list("id", "number")
        endings = [Ending(i, day, "early_exit" if leaving[number].early else "expired") for i, number in found]
        if endings:
            end_many(SYSTEM, endings=endings)

    def _rooms(self, day: date) -> None:
        news = self.plan.rooms.get(day, [])
        units = self._units([(n.project, n.unit) for n in news]) if news else {}
        together: dict[RoomNews, list[int]] = {}
        for one in news:
            unit = units[one.project, one.unit]
            if unit["state"] != one.state.value:  # said already, by a day that was interrupted
                together.setdefault(RoomNews("", "", one.state, one.ready_on, one.reason), []).append(unit["id"])
        for said, ids in together.items():
            set_unit_state(SYSTEM, unit_ids=ids, state=said.state, ready_on=said.ready_on, reason=said.reason)

    def _reserve(self) -> None:
        if self.plan.reserved and not Lease.objects.filter(status=Lease.Status.DRAFT).exists():
            for new in self._new_leases(self.plan.reserved):
                draft_lease(SYSTEM, new=new)

    def _units(self, keys: list[Key]) -> dict[Key, dict[str, Any]]:
        rows = fetch(UNITS, {"codes": [code for _, code in keys]})
        return {(row["project"], row["code"]): row for row in rows}
