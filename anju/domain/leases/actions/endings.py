"""Ending leases on the day the tenant really left, and calling off what never began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from anju.domain.leases.actions.changes import prolong
from anju.domain.leases.editing import NOT_RUNNING, open_lease
from anju.domain.leases.hooks import on_cancelled, on_ended
from anju.domain.leases.models import Lease, LeaseParty, LeaseUnit
from anju.domain.leases.new import ENDED_BEFORE_START, ENDED_IN_FUTURE
from anju.domain.leases.permissions import CANCEL, END
from anju.domain.leases.reach import keep_places, places_of
from anju.foundation.access import restrict
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, run_sql
from anju.foundation.search import remove
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND

CLOSE = """
WITH span AS (SELECT * FROM unnest(%(leases)s::bigint[], %(ends)s::date[]) AS s(lease_id, end_on)),
left_behind AS (
    UPDATE lease_party p SET until_on = greatest(p.from_on, s.end_on)
    FROM span s WHERE p.lease_id = s.lease_id AND (p.until_on IS NULL OR p.until_on > s.end_on)
)
UPDATE lease l SET status = 'ended', actual_end_on = s.end_on, holds_until = s.end_on, rev = l.rev + 1
FROM span s WHERE l.id = s.lease_id
"""


@dataclass(frozen=True)
class Ending:
    """A lease and the day after the tenant's last day; ``reason`` is a code such as ``expired`` or ``early_exit``."""

    lease_id: int
    actual_end_on: date
    reason: str = ""


@action("leases.lease.end", needs=END)
def end_lease(act: Act, *, lease_id: int, rev: int, actual_end_on: date, reason: str = "") -> Lease:
    """End a lease.

    Args:
        lease_id: which.
        rev: the revision the person saw.
        actual_end_on: the day after the tenant's last day; today's date plus one for "left today".
        reason: a code such as ``expired`` or ``early_exit``.

    Refused: an unknown lease, or one not in force; somebody changed it meanwhile (what); an end before the start or in
    the future; an end after the next lease of the place began.
    """
    lease = open_lease(act.by, lease_id, rev, [Lease.Status.ACTIVE])
    if refused := _end(act, [lease], {lease.id: Ending(lease_id, actual_end_on, reason)}):
        raise refused[lease.id]
    lease.refresh_from_db()
    return lease


@action("leases.lease.end_many", needs=END)
def end_many(act: Act, *, endings: Sequence[Ending]) -> dict[int, Refused]:
    """End many leases, set-based; one event each. Returns the refusals by lease id; the others are done."""
    by_id = {ending.lease_id: ending for ending in endings}
    found = restrict(Lease.objects.select_for_update(of=("self",)).filter(id__in=by_id), act.by).order_by("id")
    leases = list(found)
    refused = {i: NOT_FOUND() for i in by_id.keys() - {lease.id for lease in leases}}
    refused |= {x.id: NOT_RUNNING(lease=x.number) for x in leases if x.status != Lease.Status.ACTIVE}
    refused |= _end(act, [x for x in leases if x.id not in refused], by_id)
    if len(refused) == len(by_id):
        act.nothing_changed()
    return refused


def _end(act: Act, leases: Sequence[Lease], endings: dict[int, Ending]) -> dict[int, Refused]:
    today = clock.today()
    refused: dict[int, Refused] = {}
    for lease in leases:
        day = endings[lease.id].actual_end_on
        if day <= lease.start_on:
            refused[lease.id] = ENDED_BEFORE_START()
        elif (day - today).days > 1:
            refused[lease.id] = ENDED_IN_FUTURE()
    spans = {x.id: (x.holds_until, endings[x.id].actual_end_on) for x in leases if x.id not in refused}
    refused |= keep_places(spans, places_of(list(spans)), partly=True)
    done = [x for x in leases if x.id not in refused]
    if not done:
        return refused
    days = {x.id: endings[x.id].actual_end_on for x in done}
    if stayed_on := [x for x in done if days[x.id] > x.holds_until]:
        prolong(stayed_on, days, "left_late")
    run_sql(CLOSE, {"leases": list(days), "ends": list(days.values())})
    revs = dict(Lease.objects.filter(id__in=days).values_list("id", "rev"))
    for lease in done:
        reason, ended = endings[lease.id].reason, str(days[lease.id])
        fields = ["actual_end_on", "status"]
        act.trace("lease", lease.id, rev=revs[lease.id], fields=fields, reason=reason, ended=ended)
    on_ended.tell(act, list(days))
    return refused


@action("leases.lease.cancel", needs=CANCEL)
def cancel_lease(act: Act, *, lease_id: int, rev: int, reason: str = "") -> Lease:
    """Call off a draft or a lease that has not begun; its places are free at once.

    Refused: an unknown lease; one that is in force or over; somebody changed it meanwhile (what).
    """
    lease = open_lease(act.by, lease_id, rev, [Lease.Status.DRAFT, Lease.Status.AWAITING])
    was_awaited = lease.status == Lease.Status.AWAITING
    LeaseUnit.objects.filter(lease=lease).delete()
    LeaseParty.objects.filter(lease=lease, until_on=None).update(until_on=F("from_on"))
    lease.status, lease.rev = Lease.Status.CANCELLED, lease.rev + 1
    lease.save(update_fields=["status", "rev"])
    remove("lease", [lease.id])
    act.trace("lease", lease.id, rev=lease.rev, fields=["status"], reason=reason)
    if was_awaited:
        on_cancelled.tell(act, [lease.id])
    return lease
