"""Filing a complaint. All other steps are the case's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from anju.domain.billing.models import Bill
from anju.domain.billing.queries.own import own_bills
from anju.domain.complaints import refusals
from anju.domain.complaints.flow import HOTLINE, NAME, SAFETY, USUAL
from anju.domain.complaints.models import Complaint
from anju.domain.complaints.permissions import FILE
from anju.domain.complaints.words import FROM_HOTLINE, TITLES
from anju.domain.leases.case_subject import tenants
from anju.domain.leases.models import Lease
from anju.domain.leases.own import lease_of
from anju.domain.workorders.models import WorkOrderReport
from anju.domain.workorders.words import CHINESE, LATIN
from anju.foundation.access import restrict
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch_value
from anju.foundation.flows.actions import open_case
from anju.foundation.flows.definitions import current
from anju.foundation.flows.files import Upload
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

LONGEST, SHORTEST, LONGEST_HOTLINE = 1000, 2, 40
MOST_AN_HOUR = 5
NOTHING = ("", 0)


def can_file(by: Actor, *, lease_id: int, **_: Any) -> None:
    """One's own lease, or one within the colleague's projects; not more than five an hour from one tenant."""
    lease_of(by, lease_id)
    if by.kind == "tenant":
        since = clock.now() - timedelta(hours=1)
        if Complaint.objects.filter(case__opened_by=str(by), opened_at__gt=since).count() >= MOST_AN_HOUR:
            raise refusals.TOO_MANY()


@action("complaints.complaint.file", needs=FILE, check=can_file)
def file(
    act: Act,
    *,
    lease_id: int,
    cause: str,
    said: str,
    source: str = "phone",
    hotline_no: str = "",
    record: tuple[str, int] = NOTHING,
    person_id: int | None = None,
    photos: tuple[Upload, ...] = (),
) -> Complaint:
    """File a complaint: a case of the flow ``complaint`` begins, with an owner to come and two deadlines (W-12).

    Args:
        lease_id: whose; also an ended one, about its deposit.
        cause: which field (``Complaint.Cause``).
        said: what happened, in the tenant's words; 2 to 1000 characters, some of them letters.
        source: how it came, where staff write it down: ``phone`` or ``hotline`` (12345); a tenant's own is ``portal``.
        hotline_no: the number that 12345 gave it, at most 40 characters; each is recorded once.
        record: what it is about, ``("workorder", 7)``; a work order, bill or lease of the same tenant.
        person_id: who complained, one of the lease's people; its payer if left out.
        photos: pictures and short films of it.

    Raises:
        Refused: ``not_found``, ``complaints.say_more``, ``complaints.too_long``, ``complaints.no_cause``,
            ``complaints.no_source``, ``complaints.too_many``, ``complaints.hotline_known``,
            ``complaints.hotline_long``; everything the flow refuses.
    """
    lease = lease_of(act.by, lease_id)
    came, outside = _source(act.by, source), " ".join(hotline_no.split())
    told = read_complaint(said, cause)
    _hotline(act.by, came, outside)
    person = _person(act.by, lease, person_id)
    kind, about = _record(act.by, lease, record)
    complaint_id = fetch_value("SELECT nextval('complaint_id_seq')")
    case = open_case(
        act.by, flow=NAME, title=(FROM_HOTLINE if came == "hotline" else "") + TITLES[cause],
        subject=("complaint", complaint_id), scope_id=lease.scope_id, persons=[person], priority=_class(came, cause),
        links=(("lease", lease.id), ("person", person), *(((kind, about),) if kind and kind != "lease" else ())),
        photos=photos,
    )  # fmt: skip
    made = Complaint(
        id=complaint_id, case_id=case.id, lease_id=lease.id, person_id=person, scope_id=lease.scope_id, cause=cause,
        source=came, hotline_no=outside, record_kind=kind, record_id=about, said=told, opened_at=clock.now(),
    )  # fmt: skip
    _insert(act.by, made)
    act.trace(
        "complaint", made.id, links=(("flow_case", case.id),), number=case.number, cause=cause, source=came,
        priority=case.priority,
    )  # fmt: skip
    return made


def read_complaint(said: str, cause: str) -> str:
    """What was said, on one line; refused when it says nothing or too much, or no cause is chosen."""
    told = " ".join(said.split())
    if cause not in TITLES:
        raise refusals.NO_CAUSE()
    if len(told) > LONGEST:
        raise refusals.TOO_LONG(n=LONGEST, is_=len(told))
    if len(CHINESE.findall(told)) < SHORTEST and not LATIN.search(told.lower()):
        raise refusals.SAY_MORE()
    return told


def _source(by: Actor, source: str) -> str:
    if by.kind == "tenant":
        return str(Complaint.Source.PORTAL)
    if source not in (Complaint.Source.PHONE, Complaint.Source.HOTLINE):
        raise refusals.NO_SOURCE()
    return source


def _hotline(by: Actor, source: str, number: str) -> None:
    """A number of 12345 belongs to what came from there, and is recorded once."""
    if not number:
        return
    if source != Complaint.Source.HOTLINE:
        raise refusals.NO_SOURCE()
    if len(number) > LONGEST_HOTLINE:
        raise refusals.HOTLINE_LONG(n=LONGEST_HOTLINE)
    if Complaint.objects.filter(hotline_no=number).exists():
        raise _known(by, number)


def _known(by: Actor, number: str) -> Exception:
    found = restrict(Complaint.objects.select_related("case").filter(hotline_no=number), by).first()
    return refusals.HOTLINE_KNOWN(number=found.case.number if found else "…")


def _insert(by: Actor, made: Complaint) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as fault:
        if "one_complaint_per_hotline_number" not in str(fault):
            raise
        raise _known(by, made.hotline_no) from None


def _person(by: Actor, lease: Lease, person_id: int | None) -> int:
    if by.kind == "tenant":
        return by.id
    if person_id is not None and person_id not in tenants(lease.id):
        raise NOT_FOUND()
    return person_id or int(lease.payer_id)


def _record(by: Actor, lease: Lease, record: tuple[str, int]) -> tuple[str, int]:
    """The record if it is this lease's, and for a tenant one that the tenant sees."""
    kind, record_id = record
    if by.kind == "tenant":
        reports = WorkOrderReport.objects.filter(order_id=record_id, lease_id=lease.id, person_id=by.id)
        bills = {b["id"] for b in own_bills(by, clock.today(), lease.id)} if kind == Complaint.Record.BILL else set()
    else:
        reports = WorkOrderReport.objects.filter(order_id=record_id, lease_id=lease.id)
        bills = set(Bill.objects.filter(id=record_id, lease_id=lease.id).values_list("id", flat=True))
    match kind:
        case "":
            return NOTHING
        case "workorder" if reports.exists():
            return kind, record_id
        case "bill" if record_id in bills:
            return kind, record_id
        case "lease" if record_id == lease.id:
            return kind, record_id
    raise NOT_FOUND()


def _class(source: str, cause: str) -> int:
    """12345 first, then what is unsafe; not beyond the classes the flow has today."""
    chosen = HOTLINE if source == Complaint.Source.HOTLINE else SAFETY if cause == Complaint.Cause.SAFETY else USUAL
    return max(0, min(chosen, len(current(NAME).value.classes) - 1))
