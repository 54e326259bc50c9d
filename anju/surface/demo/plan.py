"""What will happen in the demo company, worked out before anything does: who signs, leaves, pays how, on which day."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from anju.domain.portfolio.places import Place
from anju.surface.demo.story import LADDER_AFTER
from anju.surface.demo.world import (
    PayHabit,
    RoomNews,
    Stay,
    Tenant,
    demo_places,
    pay_plan,
    plan_reservations,
    plan_rooms,
    plan_stays,
    tenants,
)
from anju.surface.demo.world.people import OWN, companies

DEAD_PHONES = 0.012


@dataclass
class Plan:
    """The company from ``first`` to ``last``; the same seed and places give the same plan.

    ``numbers`` are lease numbers by ``id(stay)``: HZ25-0412.
    """

    seed: int
    first: date
    last: date
    places: Sequence[Place] = ()
    stays: list[Stay] = field(init=False)
    people: list[Tenant] = field(init=False)
    signed: dict[date, list[Stay]] = field(init=False)
    leaving: dict[date, list[Stay]] = field(init=False)
    rooms: dict[date, list[RoomNews]] = field(init=False)
    reserved: list[Stay] = field(init=False)
    numbers: dict[int, str] = field(init=False)
    by_number: dict[str, Stay] = field(init=False)

    def __post_init__(self) -> None:
        self.places = self.places or demo_places(self.seed)
        self.stays = plan_stays(self.seed, self.places, self.first, self.last)
        self.rooms = plan_rooms(self.seed, self.stays, self.places, self.last)
        self.reserved = plan_reservations(self.seed, self.stays, self.places, self.last)
        self.people = self._people([*self.stays, *self.reserved])
        self.signed, self.leaving = defaultdict(list), defaultdict(list)
        for stay in self.stays:
            self.signed[stay.signed_on].append(stay)
            if stay.leaves_on is not None:
                self.leaving[stay.leaves_on].append(stay)
        self.numbers = dict(self._numbers([*self.stays, *self.reserved]))
        self.by_number = {self.numbers[id(stay)]: stay for stay in self.stays}
        self._of_tenant: dict[int, list[Stay]] = defaultdict(list)
        for stay in self.stays:
            self._of_tenant[stay.tenant].append(stay)
        self._goes_on = {(s.tenant, s.unit, s.terms.start_on) for s in self.stays}
        self._habits: dict[tuple[str, date], list[PayHabit]] = {}

    @property
    def dead_phones(self) -> list[str]:
        """Numbers that are out of service: their owners changed them and told nobody."""
        dice = random.Random(f"{self.seed}:dead phones")
        return [t.person.phone for n, t in enumerate(self.people) if dice.random() < DEAD_PHONES and n != OWN]

    def renewed(self, stay: Stay) -> bool:
        """Whether the same tenant goes on in the same place on the day a stay ends."""
        return (stay.tenant, stay.unit, stay.leaves_on) in self._goes_on

    def numbers_of(self, stay: Stay) -> list[str]:
        """The leases of a stay's tenant in that place up to this one: a renewal keeps the first one's deposit."""
        own = [s for s in self._of_tenant[stay.tenant] if s.unit == stay.unit and s.signed_on <= stay.signed_on]
        return [self.numbers[id(s)] for s in own]

    def habits(self, lease: str, bill: str, due_on: date) -> list[PayHabit]:
        """How a bill will be paid: the payments to come, none of them after ``last``."""
        if (bill, due_on) not in self._habits:
            self._habits[bill, due_on] = [h for h in self._paid(lease, bill, due_on) if h.day < self.last]
        return self._habits[bill, due_on]

    def _paid(self, lease: str, bill: str, due_on: date) -> list[PayHabit]:
        rng = random.Random(f"{self.seed}:{bill}")
        tenant = self.by_number[lease].tenant
        planned = pay_plan(rng, due_on, late=self.people[tenant].late, reminded=due_on >= self.first + LADDER_AFTER)
        if tenant != OWN:
            return planned
        # The visitor's own tenant pays on the day, and leaves the visitor the bill that is open today.
        return [PayHabit(due_on, 1.0, "wechat", planned[0].minute if planned else 20 * 60)]

    def _people(self, stays: Iterable[Stay]) -> list[Tenant]:
        last = max((s.tenant for s in stays), default=0)
        persons, firms = list(islice(tenants(self.seed), last + 1)), companies(self.seed)
        offices = {s.tenant for s in stays if s.terms.price_unit == "m2_day"}
        return [next(firms) if n in offices else person for n, person in enumerate(persons)]

    def _numbers(self, stays: Iterable[Stay]) -> Iterable[tuple[int, str]]:
        codes = {p.project: p.project_code for p in self.places}
        counts: dict[str, int] = defaultdict(int)
        for stay in stays:
            prefix = f"{codes[stay.project]}{stay.terms.start_on:%y}"
            counts[prefix] += 1
            yield id(stay), f"{prefix}-{counts[prefix]:04}"
