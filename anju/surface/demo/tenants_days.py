"""What tenants do of an evening: pay what they planned to pay, read what reached them, tap links."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from anju.domain.billing.actions import NewPayment, record_payments
from anju.foundation.db import clock, fetch
from anju.foundation.messaging.actions import mark_read
from anju.kit import Actor, Money
from anju.surface.demo.plan import Plan

SYSTEM = Actor.system()
READS = 0.55  # of app messages, within a day
LONGEST_LATE, EARLIEST = 80, 10  # days around a bill's due day in which it may be paid

OPEN_BILLS = """
SELECT b.number, b.due_on, b.lease_id, l.number AS lease, o.open FROM (
    SELECT bill_id, sum(open) AS open FROM charge
    WHERE open > 0 AND due_on BETWEEN %(from)s AND %(to)s GROUP BY bill_id
) o JOIN bill b ON b.id = o.bill_id JOIN lease l ON l.id = b.lease_id ORDER BY b.number
"""
UNREAD = """
SELECT m.id, m.to_person, m.dedupe FROM message m
WHERE m.channel = 'inapp' AND m.state = 'delivered' AND m.sent_at >= %(since)s ORDER BY m.dedupe
"""


class TenantsDays:
    """The evenings of all tenants."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def live(self, day: date) -> None:
        """One evening; the organization's scope is open."""
        self._pay(day)
        self._read(day)

    def _pay(self, day: date) -> None:
        span = {"from": day - timedelta(days=LONGEST_LATE), "to": day + timedelta(days=EARLIEST)}
        payments = [p for bill in fetch(OPEN_BILLS, span) for p in self._paid_today(bill, day)]
        if payments:
            record_payments(SYSTEM, payments=payments)

    def _paid_today(self, bill: dict[str, Any], day: date) -> Iterator[NewPayment]:
        now = clock.now()
        for n, habit in enumerate(self.plan.habits(bill["lease"], bill["number"], bill["due_on"]), 1):
            if habit.day != day:
                continue
            still_open = Money(bill["open"])
            amount = still_open if habit.share == 1.0 else Money.round(still_open.yuan / 2)
            at = datetime.combine(day, time(habit.minute // 60, habit.minute % 60), clock.SHANGHAI)
            source = f"{habit.method}:{bill['number']}:{n}"
            yield NewPayment(bill["lease_id"], amount, habit.method, min(at, now), source)

    def _read(self, day: date) -> None:
        since = datetime.combine(day, time(), clock.SHANGHAI)
        for message in fetch(UNREAD, {"since": since}):
            # By message, not by turn: a day that is lived again reads the same ones.
            if random.Random(f"{self.plan.seed}:{message['dedupe']}").random() < READS:
                person = message["to_person"]
                mark_read(Actor.tenant(person), person_id=person, message_ids=[message["id"]])
