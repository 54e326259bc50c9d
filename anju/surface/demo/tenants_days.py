"""What tenants do of an evening: pay what they planned to pay, read what reached them, tap links."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from anju.domain.billing.actions import NewPayment, record_payments
from anju.foundation.db import clock, fetch
from anju.foundation.messaging.actions import record_reads
from anju.foundation.messaging.links import message_code, resolve
from anju.kit import ZERO, Actor, Money, Refused
from anju.surface.demo.plan import Plan

SYSTEM = Actor.system()
READS = 0.55  # of app messages, within a day
REACH = 5000  # the day's messages are among the newest so many
EARLIEST = 10  # days before its due day that a bill may be paid

OPEN_BILLS = """
SELECT b.number, b.due_on, b.issued_on, b.lease_id, l.number AS lease, o.open FROM (
    SELECT bill_id, sum(open) AS open FROM charge WHERE open > 0 AND due_on <= %(to)s GROUP BY bill_id
) o JOIN bill b ON b.id = o.bill_id JOIN lease l ON l.id = b.lease_id ORDER BY b.lease_id, b.due_on, b.id
"""
UNREAD = """
SELECT m.id, concat_ws(':', b.number, m.template) AS mark, l.id IS NOT NULL AS pays FROM message m
JOIN bill b ON m.subject_kind = 'bill' AND b.id = m.subject_id
LEFT JOIN lease l ON l.id = ANY(%(paying)s) AND l.payer_id = m.to_person
WHERE m.channel = 'inapp' AND m.state = 'delivered'
  AND (m.sent_at >= %(since)s AND m.id > (SELECT coalesce(max(id), 0) - %(reach)s FROM message)
       OR m.to_person IN (SELECT payer_id FROM lease WHERE id = ANY(%(paying)s)))
ORDER BY m.id
"""
TAPPED = """
SELECT max(m.id) AS id FROM message m JOIN bill b ON b.id = m.subject_id
WHERE m.subject_kind = 'bill' AND b.number = ANY(%(bills)s) AND m.channel = 'sms' AND m.state IN ('sent', 'delivered')
GROUP BY m.subject_id ORDER BY 1
"""
HOME = "127.0.0.1"


class TenantsDays:
    """The evenings of all tenants."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def live(self, day: date) -> list[str]:
        """One evening; the organization's scope is open. Returns the codes of links that are tapped (:meth:`tap`)."""
        open_bills = fetch(OPEN_BILLS, {"to": day + timedelta(days=EARLIEST)})
        payments = [p for _, own in groupby(open_bills, key=itemgetter("lease_id")) for p in self._paid_today(own, day)]
        if payments:
            record_payments(SYSTEM, payments=payments)
        in_app = [p for p in payments if p.method in ("wechat", "alipay")]
        self._read(day, [p.lease_id for p in in_app])
        bills = [p.source.split(":")[1] for p in in_app]
        return [message_code(row["id"]) for row in fetch(TAPPED, {"bills": bills})] if bills else []

    def tap(self, codes: Iterable[str]) -> None:
        """Open links as phones do; no scope is open."""
        for code in codes:
            with contextlib.suppress(Refused):
                resolve(code, HOME)

    def _paid_today(self, bills: Iterable[dict[str, Any]], day: date) -> Iterator[NewPayment]:
        """What a tenant pays today: a bill together with everything older, or half of a bill."""
        now, owed, paid = clock.now(), ZERO, ZERO
        for bill in bills:
            own = Money(bill["open"])
            owed += own
            for n, habit in enumerate(self.plan.habits(bill["lease"], bill["number"], bill["due_on"]), 1):
                amount = owed - paid if habit.share == 1.0 else Money.round(own.yuan / 2)
                # Nobody pays a bill before it is out: who signs late pays the first one that evening.
                if max(habit.day, bill["issued_on"]) != day or amount <= ZERO:
                    continue
                paid += amount
                at = datetime.combine(day, time(habit.minute // 60, habit.minute % 60), clock.SHANGHAI)
                source = f"{habit.method}:{bill['number']}:{n}"
                yield NewPayment(bill["lease_id"], amount, habit.method, min(at, now), source)

    def _read(self, day: date, paying: list[int]) -> None:
        """Some look at what came today; who pays in the app sees everything that is there."""
        since = datetime.combine(day, time(), clock.SHANGHAI)
        unread = fetch(UNREAD, {"since": since, "reach": REACH, "paying": paying})
        # By what a message says, not by turn: a day that is lived again reads the same ones.
        opened = [m["id"] for m in unread if m["pays"] or self._looks(m["mark"])]
        if opened:
            record_reads(SYSTEM, message_ids=sorted(set(opened)))

    def _looks(self, mark: str) -> bool:
        return random.Random(f"{self.plan.seed}:{mark}").random() < READS
