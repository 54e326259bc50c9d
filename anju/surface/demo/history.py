"""Two years of the demo company, lived day by day: the real sweeps and actions, a moving clock, invented tenants.

Everything a day does is found from what is in the database and the seed, and may be done twice: a history that was
interrupted goes on from the organization's clock.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice

from anju.domain.billing.actions import NewPayment, record_payments
from anju.domain.leases.actions import activate_many, end_many
from anju.domain.leases.actions.endings import Ending
from anju.domain.leases.models import Lease
from anju.domain.leases.new import NewLease
from anju.domain.tenants.actions import register_people
from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.jobs.ticks import run_due
from anju.foundation.messaging.actions import mark_read
from anju.kit import Actor, Money
from anju.surface.demo.world import Stay, Tenant, demo_places, pay_plan, plan_stays, tenants
from anju.surface.demo.world.people import companies

SYSTEM = Actor.system()
Progress = Callable[[int, int, str], None]
READS = 0.55  # of app messages, within a day
READING_DAYS = 60  # older red dots are nobody's business any more

OPEN_BILLS = """
SELECT b.number, b.due_on, l.id AS lease_id, p.name, p.phone_tail, sum(c.open) AS open, sum(c.amount) AS amount
FROM charge c JOIN bill b ON b.id = c.bill_id JOIN lease l ON l.id = b.lease_id JOIN person p ON p.id = l.payer_id
WHERE c.open > 0 AND c.due_on BETWEEN %(from)s AND %(to)s
GROUP BY b.id, b.number, b.due_on, l.id, p.name, p.phone_tail ORDER BY b.id
"""
UNIT_IDS = """
SELECT p.name AS project, u.code, u.id FROM unit u JOIN project p ON p.id = u.scope_id WHERE u.code = ANY(%(codes)s)
"""
UNREAD = """
SELECT m.id, m.to_person FROM message m
WHERE m.channel = 'inapp' AND m.state = 'delivered' AND m.read_at IS NULL AND m.delivered_at >= %(since)s ORDER BY m.id
"""


@dataclass
class History:
    """The company's life from ``first`` to ``last`` (the demo's today)."""

    org_id: int
    seed: int
    first: date
    last: date
    stays: list[Stay] = field(init=False)
    people: list[Tenant] = field(init=False)
    by_day: dict[date, list[int]] = field(init=False)
    leaving: dict[date, list[int]] = field(init=False)
    reminded_from: date = field(init=False)

    def __post_init__(self) -> None:
        self.stays = plan_stays(self.seed, demo_places(self.seed), self.first, self.last)
        persons = list(islice(tenants(self.seed), max((s.tenant for s in self.stays), default=0) + 1))
        firms = companies(self.seed)
        offices = {s.tenant for s in self.stays if s.terms.price_unit == "m2_day"}
        self.people = [next(firms) if n in offices else person for n, person in enumerate(persons)]
        self.by_day, self.leaving = defaultdict(list), defaultdict(list)
        for n, stay in enumerate(self.stays):
            self.by_day[stay.signed_on].append(n)
            if stay.leaves_on is not None:
                self.leaving[stay.leaves_on].append(n)
        # For its first year the company collected by hand; then it put the reminder ladder to work.
        self.reminded_from = self.first + timedelta(days=365)

    def days(self) -> Iterator[tuple[int, int, str]]:
        """Live every day that is left until ``last``, telling after each: days done, days in all, the day."""
        with org_scope(self.org_id):
            day = max(self.first, clock.today())
        while day <= self.last:
            self.live_day(day)
            yield (day - self.first).days + 1, (self.last - self.first).days + 1, day.isoformat()
            day += timedelta(days=1)

    def live_day(self, day: date) -> None:
        """One day: people move in and out, the clockwork runs, tenants pay and read."""
        run_due(self.org_id, datetime.combine(day, time(0, 45), clock.SHANGHAI), move=True)
        with org_scope(self.org_id):
            self._sign(day)
            self._leave(day)
        run_due(self.org_id, datetime.combine(day, time(19, 30), clock.SHANGHAI), move=True)
        with org_scope(self.org_id):
            self._pay(day)
            if (self.last - day).days <= READING_DAYS:
                self._read(day)

    def _sign(self, day: date) -> None:
        signed = [self.stays[n] for n in self.by_day.get(day, ())]
        if not signed:
            return
        made = register_people(SYSTEM, rows=[self.people[s.tenant].person for s in signed])
        ids = {(u["project"], u["code"]): u["id"] for u in fetch(UNIT_IDS, {"codes": [s.unit for s in signed]})}
        leases = [
            NewLease(
                payer_id=person_id,
                unit_ids=(ids[stay.project, stay.unit],),
                terms=stay.terms,
                number=self.number(stay),
                signed_on=stay.signed_on,
            )
            for stay, person_id in zip(signed, made.person_ids, strict=True)
            if person_id is not None
        ]
        activate_many(SYSTEM, leases=leases)

    def _leave(self, day: date) -> None:
        numbers = {self.number(self.stays[n]): self.stays[n] for n in self.leaving.get(day, ())}
        if not numbers:
            return
        found = Lease.objects.filter(number__in=list(numbers)).values_list("id", "number")
        endings = [Ending(i, day, "early_exit" if numbers[number].early else "expired") for i, number in found]
        if endings:
            end_many(SYSTEM, endings=endings)

    def _pay(self, day: date) -> None:
        span = {"from": day - timedelta(days=80), "to": day + timedelta(days=9)}
        payments = [p for bill in fetch(OPEN_BILLS, span) for p in self._paid_today(bill, day)]
        if payments:
            record_payments(SYSTEM, payments=payments)

    def _paid_today(self, bill: dict[str, object], day: date) -> Iterator[NewPayment]:
        rng = random.Random(f"{self.seed}:{bill['number']}")
        due_on: date = bill["due_on"]  # type: ignore[assignment]
        late = self._pays_late(str(bill["name"]), str(bill["phone_tail"]))
        for n, habit in enumerate(pay_plan(rng, due_on, late=late, reminded=due_on >= self.reminded_from)):
            if habit.day != day:
                continue
            still_open = Money(bill["open"])  # type: ignore[arg-type]
            amount = still_open if habit.share == 1.0 else Money.round(still_open.yuan / 2)
            at = datetime.combine(day, time(habit.minute // 60, habit.minute % 60), clock.SHANGHAI)
            source = f"{habit.method}:{bill['number']}:{n + 1}"
            yield NewPayment(bill["lease_id"], amount, habit.method, min(at, clock.now()), source)  # type: ignore[arg-type]

    def _pays_late(self, name: str, tail: str) -> bool:
        if not hasattr(self, "_late"):
            self._late = {(t.person.name, t.person.phone[-4:]) for t in self.people if t.late}
        return (name, tail) in self._late

    def _read(self, day: date) -> None:
        since = datetime.combine(day - timedelta(days=1), time(), clock.SHANGHAI)
        rng = random.Random(f"{self.seed}:{day}:read")
        for message in fetch(UNREAD, {"since": since}):
            if rng.random() < READS:
                mark_read(
                    Actor.tenant(message["to_person"]), person_id=message["to_person"], message_ids=[message["id"]]
                )

    def number(self, stay: Stay) -> str:
        """The lease's number, found again from the plan: HZ25-0412."""
        if not hasattr(self, "_numbers"):
            counts: dict[str, int] = defaultdict(int)
            self._numbers = {}
            codes = {p.project: p.project_code for p in demo_places(self.seed)}
            for s in self.stays:
                prefix = f"{codes[s.project]}{s.terms.start_on:%y}"
                counts[prefix] += 1
                self._numbers[id(s)] = f"{prefix}-{counts[prefix]:04}"
        return self._numbers[id(stay)]
