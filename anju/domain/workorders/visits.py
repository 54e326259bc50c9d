"""When somebody comes, and whether they may enter: the tenant says what suits, the crew appoints, the last word counts.

What was said is of one visit: a repair that goes back to the beginning after somebody came has none any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.workorders import queries, refusals, windows
from anju.domain.workorders.flow import NAME
from anju.domain.workorders.given import changed
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.permissions import VISIT, VISIT_SAY
from anju.domain.workorders.policies import WorkOrders
from anju.domain.workorders.windows import Window
from anju.foundation.actions import Act, action
from anju.foundation.db import clock
from anju.foundation.flows import queries as cases
from anju.foundation.flows import who
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.effects import Done, on_step
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.standing import in_motion
from anju.foundation.messaging.outbox import enqueue
from anju.foundation.policy.store import in_force
from anju.foundation.ui.formats import short_day, time_of_day
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

BEFORE_ARRIVAL = ("new", "accepted")
LONGEST, FARTHEST = timedelta(hours=12), timedelta(days=60)
FIELDS = ("visit_from", "visit_until", "visit_agreed", "visit_at", "entry", "entry_by", "entry_at")
ENTRIES = {"": "", **dict(WorkOrder.Entry.choices)}


def window(order: WorkOrder) -> Window | None:
    """When somebody comes for an order, by the last word; None if nobody said anything."""
    return windows.of_row({name: getattr(order, name) for name in FIELDS[:3]})


def still_to_come(case: FlowCase) -> None:
    """Refused once somebody came, for what is over, and for what was merged: the other one's visit counts.

    Raises:
        Refused: ``flow.closed``, ``flow.follows``, ``workorders.visit_arrived``.
    """
    in_motion(case)
    if case.stage not in BEFORE_ARRIVAL:
        raise refusals.VISIT_ARRIVED(number=case.number)


def can_say(by: Actor, *, order_id: int, **_said: Any) -> None:
    """Whoever reported it first, whose home it is, until somebody comes."""
    if queries.first_reporter(order_id) != by.id:
        raise NOT_FOUND()
    still_to_come(queries.own(by, order_id).case)


@action("workorders.visit.say", needs=VISIT_SAY, check=can_say)
def say(act: Act, *, order_id: int, slot: str | None = None, entry: str | None = None) -> WorkOrder:
    """Say anew when it suits and how one may enter; whoever works on it is told.

    Args:
        order_id: the tenant's own order.
        slot: an offered window's key; empty: at any time; None: as it is.
        entry: a ``WorkOrder.Entry``; empty: ask before; None: as it is.

    Raises:
        Refused: ``not_found``, ``workorders.visit_gone``, ``workorders.entry_unknown``; as :func:`still_to_come`.
    """
    case = cases.case(act.by, WorkOrder.objects.values_list("case_id", flat=True).get(id=order_id), lock=True)
    still_to_come(case)
    order = WorkOrder.objects.select_for_update().get(id=order_id)
    wished, agreed = _wished(act, order, case.number, slot), _entered(act, order, case.number, entry)
    if not wished and not agreed:
        act.nothing_changed()
        return order
    order.save(update_fields=FIELDS)
    changed(act, case, order, window(order))
    return order


def say_with(act: Act, order: WorkOrder, number: str, *, slot: str, entry: str) -> None:
    """What is said while reporting, of an order just stored. About stairs and lifts nothing is asked.

    Args:
        act: the action that reports.
        order: the new order.
        number: its case's.
        slot: as in :func:`say`.
        entry: as in :func:`say`.
    """
    if order.spot == WorkOrder.Spot.PUBLIC:
        return
    wished, entered = _wished(act, order, number, slot), _entered(act, order, number, entry)
    if wished or entered:
        order.save(update_fields=FIELDS)


def _wished(act: Act, order: WorkOrder, number: str, slot: str | None) -> bool:
    """Put down what suits the tenant; whether it is another than what stands."""
    stands = window(order)
    if slot is None or (stands.key if stands else "") == slot:
        return False
    wanted = windows.chosen(slot) if slot else None
    _stand(order, wanted, clock.now())
    act.trace("workorder", order.id, links=(("flow_case", order.case_id),), suffix="visit_window", number=number,
              window=wanted.key if wanted else "")  # fmt: skip
    return True


def _entered(act: Act, order: WorkOrder, number: str, entry: str | None) -> bool:
    """Put down whether one may enter; whether it is another than what stands."""
    if entry is None or entry == order.entry:
        return False
    if entry not in ENTRIES:
        raise refusals.ENTRY_UNKNOWN()
    order.entry = entry
    order.entry_by, order.entry_at = (str(act.by), clock.now()) if entry else ("", None)
    act.trace("workorder", order.id, links=(("flow_case", order.case_id),), suffix="visit_entry", number=number,
              entry=entry)  # fmt: skip
    return True


def _stand(order: WorkOrder, stands: Window | None, at: datetime) -> None:
    order.visit_from, order.visit_until = (stands.starts, stands.ends) if stands else (None, None)
    order.visit_agreed, order.visit_at = stands is not None and stands.agreed, at


def can_appoint(by: Actor, *, case_id: int, **_said: Any) -> None:
    """Whoever works on an open repair, or may reassign it, until somebody comes."""
    case = cases.case(by, case_id)
    if by.kind == "tenant" or case.flow != NAME:
        raise NOT_FOUND()
    still_to_come(case)
    mine = by.kind == "staff" and case.assignee == by.id
    if not mine and not who.supervises(by, case, kept(case.flow, case.version_id)):
        raise refusals.VISIT_NOT_YOURS()


@action("workorders.visit.appoint", needs=VISIT, check=can_appoint)
def appoint(act: Act, *, case_id: int, visit: Window, at: datetime | None = None) -> bool:
    """Appoint when somebody comes; whose home it is is told, and whoever works on it if another appointed it.

    Args:
        case_id: the repair's case.
        visit: from when to when.
        at: when it was agreed, for what a phone sends later; now if left out. Not before the stage began, nor later
            than now.

    Returns:
        whether it stands. What the tenant said after ``at`` counts more; then it is only recorded.

    Raises:
        Refused: ``not_found``, ``workorders.visit_not_yours``, ``workorders.visit_past``, ``workorders.visit_far``,
            ``workorders.visit_long``, ``workorders.visit_times``; as :func:`still_to_come`.
    """
    case = cases.case(act.by, case_id, lock=True)
    can_appoint(act.by, case_id=case_id)
    said_at = max(case.stage_at, min(at or clock.now(), clock.now()))
    visit = replace(visit, agreed=True)
    _usable(visit, said_at)
    order = WorkOrder.objects.select_for_update().get(case_id=case_id)
    if window(order) == visit:
        act.nothing_changed()
        return True
    later = order.visit_at is not None and order.visit_at > said_at
    act.trace("workorder", order.id, links=(("flow_case", case.id),), suffix="visit_late" if later else "",
              number=case.number, window=visit.key)  # fmt: skip
    if later:
        return False
    _stand(order, visit, said_at)
    order.save(update_fields=FIELDS)
    _tell(act, case, order, visit)
    changed(act, case, order, visit)
    return True


def _usable(visit: Window, at: datetime) -> None:
    if visit.ends <= visit.starts:
        raise refusals.VISIT_TIMES()
    if visit.ends - visit.starts > LONGEST:
        raise refusals.VISIT_LONG(n=LONGEST // timedelta(hours=1))
    if visit.ends <= at:
        raise refusals.VISIT_PAST()
    if visit.starts > at + FARTHEST:
        raise refusals.VISIT_FAR(n=FARTHEST.days)


def _tell(act: Act, case: FlowCase, order: WorkOrder, visit: Window) -> None:
    pinned, person = in_force(WorkOrders), queries.first_reporter(order.id)
    if person is None:
        return
    enqueue(
        act, dedupe=f"visit:{case.id}:{visit.key}:{clock.now():%y%m%d%H%M%S%f}:{person}", to_person=person,
        channel="inapp", template="workorders:appointed", version_id=pinned.version_id, kind="workorder",
        subject=("workorder", order.id), vars={"what": case.title, "when": visit.said}, scope_id=case.scope_id,
    )  # fmt: skip


@on_step(NAME)
def forget(done: Done) -> None:
    """After somebody came, what was said is of no use for the next visit."""
    if done.case.stage == "new" and done.before and done.before not in BEFORE_ARRIVAL:
        blank = dict.fromkeys(FIELDS) | {"visit_agreed": False, "entry": "", "entry_by": ""}
        WorkOrder.objects.filter(case_id=done.case.id).update(**blank)


def entry_line(order: WorkOrder) -> str:
    """Who agreed to entering, how and when: ``租客本人在家，20:17 确认``; empty where one has to ask first."""
    if not order.entry or order.entry_at is None:
        return ""
    what = _("租客本人在家") if order.entry == WorkOrder.Entry.HOME else _("租客不在家也可以进门")
    local = order.entry_at.astimezone(clock.SHANGHAI)
    at = time_of_day(local) if local.date() == clock.today() else f"{short_day(local)} {time_of_day(local)}"
    kind, _colon, number = order.entry_by.partition(":")
    if kind == "staff":
        return _("{what}，{at} 电话里确认，{who}记").format(what=what, at=at, who=who.staff_name(int(number)))
    return _("{what}，{at} 确认").format(what=what, at=at)


def first_guess(stands: Window | None) -> Window:
    """What the form of an appointment begins with: what stands, the first half hour of what suits, the next one."""
    if stands is None or stands.over:
        return windows.next_half_hour()
    return stands if stands.agreed else Window(stands.starts, stands.starts + timedelta(minutes=30), agreed=True)
