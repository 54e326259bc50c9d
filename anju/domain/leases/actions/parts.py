"""Who lives there, who pays, and in which room: changes within a running lease (T-12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from anju.domain.leases.actions.activation import last_resort
from anju.domain.leases.actions.changes import RUNNING
from anju.domain.leases.editing import open_lease
from anju.domain.leases.hooks import on_amended
from anju.domain.leases.models import Lease, LeaseParty, LeaseUnit
from anju.domain.leases.occupancy import TWO_PROJECTS, Holdings, Let, lock_units, units_of
from anju.domain.leases.permissions import CHANGE_OCCUPANTS, MOVE, TRANSFER
from anju.domain.leases.searching import index_leases
from anju.domain.tenants.models import Person
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, run_sql
from anju.kit import Period
from anju.kit.refusal import NOT_FOUND, sentence

OUTSIDE = sentence(
    "lease.day_outside",
    "日期 {day} 不在合同 {lease} 的期限内（{start} 至 {end}）。",
    "{day} lies outside lease {lease} ({start} to {end}).",
)
IN_FUTURE = sentence("lease.day_in_future", "日期不能晚于今天。", "The day can not lie in the future.")
SAME_TENANT = sentence("lease.same_tenant", "受让人就是现在的承租人，无需变更。", "That person is the tenant already.")
NOT_THEIR_UNIT = sentence(
    "lease.not_their_unit",
    "合同 {lease} 在 {day} 没有占用要换出的房源。",
    "Lease {lease} does not hold that unit on {day}.",
)


def _within(lease: Lease, day: date) -> None:
    if not lease.start_on <= day < lease.holds_until:
        raise OUTSIDE(day=day, lease=lease.number, start=lease.start_on, end=lease.holds_until)


@action("leases.occupant.change", needs=CHANGE_OCCUPANTS)
def change_occupants(
    act: Act, *, lease_id: int, rev: int, on: date, join: Sequence[int] = (), leave: Sequence[int] = ()
) -> Lease:
    """Let people move in to, or out of, a running lease; the actual occupants are registered (住房租赁条例 §37).

    Args:
        lease_id: which lease.
        rev: the revision the person saw.
        on: the first day of those who join, the day after the last one of those who leave.
        join: persons who move in.
        leave: occupants who move out.

    Refused: an unknown lease or person; not in force; changed meanwhile (what); a day outside the lease.
    """
    lease = open_lease(act.by, lease_id, rev, RUNNING)
    _within(lease, on)
    if Person.objects.filter(id__in=join).count() < len(set(join)):
        raise NOT_FOUND()
    occupants = LeaseParty.objects.filter(lease=lease, role=LeaseParty.Role.OCCUPANT, until_on=None)
    if occupants.filter(person_id__in=leave).update(until_on=on) < len(set(leave)):
        raise NOT_FOUND()
    there = set(occupants.values_list("person_id", flat=True))
    LeaseParty.objects.bulk_create(
        LeaseParty(lease=lease, person_id=person, role=LeaseParty.Role.OCCUPANT, from_on=on)
        for person in dict.fromkeys(join)
        if person not in there
    )
    lease.rev += 1
    lease.save(update_fields=["rev"])
    index_leases([lease.id])
    people = tuple(("person", i) for i in sorted({*join, *leave}))
    act.trace(
        "lease", lease.id, links=people, rev=lease.rev, fields=["occupants"], on=str(on), joined=[*join], left=[*leave]
    )
    return lease


@action("leases.lease.transfer", needs=TRANSFER)
def transfer_lease(act: Act, *, lease_id: int, rev: int, on: date, to_person_id: int) -> Lease:
    """Put another person in the tenant's place from a day on; the lease, its terms and its history stay.

    Refused: an unknown lease or person; not in force; changed meanwhile (what); a day outside the lease or in the
    future; the person who is the tenant already.
    """
    lease = open_lease(act.by, lease_id, rev, RUNNING)
    _within(lease, on)
    if on > clock.today():
        raise IN_FUTURE()
    if to_person_id == lease.payer_id:
        raise SAME_TENANT()
    if not Person.objects.filter(id=to_person_id).update(scope_id=lease.scope_id):
        raise NOT_FOUND()
    before = lease.payer_id
    own = Q(role=LeaseParty.Role.PAYER) | Q(role=LeaseParty.Role.TENANT, person_id=before)
    LeaseParty.objects.filter(own, lease=lease, until_on=None).update(until_on=on)
    roles = (LeaseParty.Role.PAYER, LeaseParty.Role.TENANT)
    LeaseParty.objects.bulk_create(
        LeaseParty(lease=lease, person_id=to_person_id, role=role, from_on=on) for role in roles
    )
    lease.payer_id, lease.rev = to_person_id, lease.rev + 1
    lease.save(update_fields=["payer", "rev"])
    index_leases([lease.id])
    links = (("person", before), ("person", to_person_id))
    act.trace("lease", lease.id, links=links, rev=lease.rev, fields=["payer"], on=str(on), before=before)
    on_amended.tell(act, [lease.id])
    return lease


@action("leases.lease.move", needs=MOVE)
def move_lease(act: Act, *, lease_id: int, rev: int, on: date, from_unit_id: int, to_unit_id: int) -> Lease:
    """Let a tenant change rooms from a day on, under the same lease; a new price is an amendment of its own.

    Refused: an unknown lease or unit; not in force; changed meanwhile (what); a day outside the lease; a unit the lease
    does not hold; one in another project; one somebody else holds (which lease, until when).
    """
    lease = open_lease(act.by, lease_id, rev, RUNNING)
    _within(lease, on)
    lets = lock_units([from_unit_id, to_unit_id])
    (target,) = units_of([to_unit_id], lets)
    if target.scope_id != lease.scope_id:
        raise TWO_PROJECTS()
    leaving = LeaseUnit.objects.filter(lease=lease, unit_id=from_unit_id, occupied__contains=on)
    if not leaving.exists():
        raise NOT_THEIR_UNIT(lease=lease.number, day=on)
    stay = Period(on, lease.holds_until)
    Holdings(target.leaves, on, without=frozenset({lease.id})).check([target], stay)
    with last_resort():
        _move(lease, from_unit_id, target, stay)
    lease.rev += 1
    lease.save(update_fields=["rev"])
    index_leases([lease.id])
    links = (("unit", from_unit_id), ("unit", to_unit_id))
    act.trace("lease", lease.id, links=links, rev=lease.rev, fields=["units"], on=str(on))
    on_amended.tell(act, [lease.id])
    return lease


LEAVE = """
UPDATE lease_unit SET occupied = daterange(lower(occupied), %(on)s)
WHERE lease_id = %(lease)s AND unit_id = %(unit)s AND lower(occupied) < %(on)s AND upper(occupied) > %(on)s
"""
NEVER_ARRIVE = """
DELETE FROM lease_unit WHERE lease_id = %(lease)s AND unit_id = %(unit)s AND lower(occupied) >= %(on)s
"""
ARRIVE = """
INSERT INTO lease_unit (lease_id, unit_id, leaf_unit_id, occupied)
SELECT %(lease)s, %(unit)s, leaf, daterange(%(on)s, %(until)s) FROM unnest(%(leaves)s::bigint[]) AS leaf
"""


def _move(lease: Lease, from_unit_id: int, target: Let, stay: Period) -> None:
    params = {"lease": lease.id, "on": stay.start, "until": stay.end}
    run_sql(LEAVE, params | {"unit": from_unit_id})
    run_sql(NEVER_ARRIVE, params | {"unit": from_unit_id})
    run_sql(ARRIVE, params | {"unit": target.unit_id, "leaves": list(target.leaves)})
