"""Drafting a lease, bringing it into force, and letting awaited leases begin on their day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction

from anju.domain.leases import numbers
from anju.domain.leases.hooks import on_activated
from anju.domain.leases.models import Lease
from anju.domain.leases.new import NewLease, prepare
from anju.domain.leases.occupancy import Holdings, Let, lock_units, units_of
from anju.domain.leases.permissions import ACTIVATE, BEGIN, DRAFT
from anju.domain.leases.searching import index_leases
from anju.domain.leases.writing import LeaseRow, insert_leases, take_ids
from anju.foundation.access import restrict, scopes
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch
from anju.kit.refusal import NOT_FOUND, sentence

NUMBER_TAKEN = sentence(
    "lease.number_taken",
    "合同编号 {number} 已被使用，请换一个编号。",
    "The lease number {number} is already in use.",
)
NOT_A_DRAFT = sentence(
    "lease.not_a_draft", "合同 {lease} 不是草稿，不能再次生效。", "Lease {lease} is not a draft any more."
)
TAKEN_MEANWHILE = sentence(
    "lease.taken_meanwhile",
    "这个房源刚刚被另一份合同占用，请刷新后重试。",
    "The unit was taken by another lease a moment ago; reload and try again.",
)


@contextmanager
def last_resort() -> Iterator[None]:
    """Turns the database's own refusal of an overlap into a sentence, and leaves the transaction usable."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "a_unit_is_let_once_at_a_time" in str(error):
            raise TAKEN_MEANWHILE() from None
        raise


@action("leases.lease.draft", needs=DRAFT)
def draft_lease(act: Act, *, new: NewLease) -> Lease:
    """Keep a lease that is not in force yet: it has a number, occupies nothing and is not billed.

    Refused: terms that may not be agreed; unknown people or units; a number in use.
    """
    prepared = prepare(new, clock.today())
    lets = own_units(scopes(act.by), new, lock_units(new.unit_ids))
    if unknown_people([new]):
        raise NOT_FOUND()
    terms, number = new.terms, _number(new, lets)
    lease = Lease.objects.create(
        number=number,
        scope_id=lets[0].scope_id,
        payer_id=new.payer_id,
        status=Lease.Status.DRAFT,
        start_on=terms.start_on,
        end_on=terms.end_on,
        holds_until=terms.end_on,
        signed_on=new.signed_on,
        cycle_months=terms.cycle_months,
        anchor_on=prepared.anchor_on,
        due_offset_days=terms.due_offset_days,
        bill_day=prepared.anchor_on.day,
        auto_renew=new.auto_renew,
        draft=new.model_copy(update={"number": number}).model_dump(mode="json"),
        created_at=clock.now(),
    )
    act.trace("lease", lease.id, links=links_of(new), number=number, rev=1, fields=[])
    return lease


def _number(new: NewLease, lets: Sequence[Let]) -> str:
    if not new.number:
        return numbers.take_numbers([numbers.prefix(lets[0].project_code, new.terms.start_on)])[0]
    if numbers.taken([new.number]):
        raise NUMBER_TAKEN(number=new.number)
    numbers.skip_numbers([new.number])
    return new.number


@action("leases.lease.activate", needs=ACTIVATE)
def activate_lease(act: Act, *, lease_id: int) -> Lease:
    """Bring a draft into force: version 1, rates, fees, units, parties; the slices above are told.

    Refused: an unknown lease; not a draft; a unit somebody else holds (which lease, until when).
    """
    lease = restrict(Lease.objects.select_for_update().filter(id=lease_id), act.by).first()
    if lease is None:
        raise NOT_FOUND()
    if lease.status != Lease.Status.DRAFT:
        raise NOT_A_DRAFT(lease=lease.number)
    new = NewLease.model_validate(lease.draft)
    prepared = prepare(new, clock.today())
    lets = own_units(scopes(act.by), new, lock_units(new.unit_ids))
    holdings = Holdings((leaf for let in lets for leaf in let.leaves), prepared.holds.start)
    holdings.check(lets, prepared.holds)
    with last_resort():
        insert_leases([LeaseRow(lease.id, lease.number, prepared, lets, take_ids("lease_version", 1)[0])])
    index_leases([lease.id])
    act.trace("lease", lease.id, links=links_of(new), number=lease.number, rev=lease.rev + 1, fields=["status"])
    on_activated.tell(act, [lease.id])
    lease.refresh_from_db()
    return lease


@action("leases.lease.begin", needs=BEGIN)
def begin_leases(act: Act, *, on: date) -> list[int]:
    """Put awaited leases into force whose first day has come, set-based; run once a day. Returns their ids.

    One event on the lowest id's chain is linked to all of them.
    """
    rows = fetch(
        "UPDATE lease SET status = 'active' WHERE status = 'awaiting' AND start_on <= %(on)s RETURNING id", {"on": on}
    )
    ids = sorted(row["id"] for row in rows)
    if ids:
        act.trace("lease_batch", ids[0], links=tuple(("lease", i) for i in ids), leases=len(ids), on=str(on))
    else:
        act.nothing_changed()
    return ids


def own_units(reached: Sequence[int] | None, new: NewLease, lets: dict[int, Let]) -> list[Let]:
    """The units of a new lease, within the actor's projects.

    Args:
        reached: the projects; None: all.
        new: the lease.
        lets: the units that were locked for it.

    Raises:
        Refused: ``not_found``, ``unit.not_lettable``, ``lease.two_projects``.
    """
    own = units_of(new.unit_ids, lets)
    if reached is not None and own[0].scope_id not in reached:
        raise NOT_FOUND()
    return own


def unknown_people(leases: Sequence[NewLease]) -> set[int]:
    """Ids of people in leases whom the organization does not have."""
    asked = {person for new in leases for person in new.person_ids}
    rows = fetch("SELECT id FROM person WHERE id = ANY(%(ids)s)", {"ids": sorted(asked)})
    return asked - {row["id"] for row in rows}


def links_of(new: NewLease) -> tuple[tuple[str, int], ...]:
    """The timelines a lease's events show on: its people and units."""
    people = tuple(("person", i) for i in sorted(new.person_ids))
    return (*people, *(("unit", i) for i in sorted(set(new.unit_ids))))
