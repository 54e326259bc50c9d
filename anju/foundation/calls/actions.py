"""Lending a number to two people of a case, taking it back; a colleague's own phone.

The provider is waited for inside the transaction: it is one question, and a time-out ends it. What it did not answer is
not written down; a number it may have lent all the same ends by itself, and nobody was told it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from anju.foundation.access import require
from anju.foundation.actions import Act, action
from anju.foundation.calls.models import CallBinding, CallService, StaffPhone
from anju.foundation.calls.permissions import CALL, PHONE, PHONES
from anju.foundation.calls.phones import person_phone, sealed_phone, staff_phone
from anju.foundation.calls.policies import Calls
from anju.foundation.calls.refusals import (
    ENDED,
    NO_OWN_PHONE,
    NO_PHONE,
    NOBODY,
    NOT_SET,
    NOT_TAKEN,
    NOT_YOURS,
    PHONE_WRONG,
    UNREACHABLE,
    said_by_provider,
)
from anju.foundation.calls.service import open_service, stored_service
from anju.foundation.db import clock
from anju.foundation.flows import queries, who
from anju.foundation.flows.definition import ASSIGNEE
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.limits import Limit, spend
from anju.foundation.identity.models import Staff
from anju.foundation.messaging.channels.aliyun import NoAnswer, NotReached
from anju.foundation.policy.store import in_force
from anju.kit import Actor
from anju.kit.china import mobile
from anju.kit.refusal import NOT_ALLOWED, NOT_FOUND

# A number that ends sooner than this is not given out again: the call has to fit.
ENOUGH = timedelta(minutes=3)
CANNOT_SAY = (NotReached, NoAnswer)
GONE = frozenset({"OK", "isv.SUBS_NOT_EXIST"})


def ask(by: Actor, *, case_id: int, person_id: int | None = None) -> CallBinding:
    """A number to dial, counted against the asker's hourly limit; see :func:`bind_number`.

    Args:
        by: a member of staff, or a tenant of the case.
        case_id: about what they call.
        person_id: which tenant; the first of the case if left out.

    Raises:
        Refused: ``too_many``, and what :func:`bind_number` refuses.
    """
    spend(Limit("calls", in_force(Calls).value.per_hour, timedelta(hours=1)), f"{by.kind}:{by.id}")
    return bind_number(by, case_id=case_id, person_id=person_id)


def service_in_use() -> CallService:
    """The organization's service.

    Raises:
        Refused: ``calls.not_set`` where there is none, or it is switched off.
    """
    row = stored_service()
    if row is None or not row.enabled:
        raise NOT_SET()
    return row


def sides(by: Actor, case: FlowCase, person_id: int | None) -> tuple[int, int]:
    """Who talks with whom: the colleague's and the tenant's id.

    Raises:
        Refused: ``not_found`` for a person who does not belong to the case, ``calls.not_yours``, ``calls.nobody``,
            ``calls.not_taken``.
    """
    if by.kind == "tenant":
        # A case that was merged into another is worked on there.
        leads = case.follows or case
        if leads.closed_at is not None:
            raise ENDED(number=case.number)
        if leads.assignee is None:
            raise NOT_TAKEN()
        return leads.assignee, by.id
    if by.kind != "staff":
        raise NOT_ALLOWED(permission=CALL.code)
    if not who.may(by, case, (ASSIGNEE, *kept(case.flow, case.version_id).supervisors)):
        raise NOT_YOURS()
    if not case.persons:
        raise NOBODY()
    if person_id is not None and person_id not in case.persons:
        raise NOT_FOUND()
    return by.id, person_id if person_id is not None else case.persons[0]


def can_bind(by: Actor, *, case_id: int, person_id: int | None = None) -> None:
    """An open case that one works on, supervises or is concerned by, and a service in use."""
    case = queries.case(by, case_id)
    if case.closed_at is not None:
        raise ENDED(number=case.number)
    sides(by, case, person_id)
    service_in_use()


@action("calls.number.bind", needs=CALL, check=can_bind)
def bind_number(act: Act, *, case_id: int, person_id: int | None = None) -> CallBinding:
    """Let two people of a case talk over a number of the pool; the same one again while it lasts, whoever of them asks.

    Args:
        case_id: about what.
        person_id: which tenant staff calls; the first of the case if left out.

    Raises:
        Refused: ``not_found``, ``calls.ended``, ``calls.not_yours``, ``calls.nobody``, ``calls.not_taken``,
            ``calls.not_set``, ``calls.no_own_phone``, ``calls.no_phone``, ``calls.unreachable``, and what the provider
            says (:mod:`.refusals`).
    """
    case = queries.case(act.by, case_id)
    staff_id, person = sides(act.by, case, person_id)
    wall = clock.wall()
    lasting = CallBinding.objects.filter(
        case=case, staff_id=staff_id, person_id=person, ended_at__isnull=True, expires_at__gt=wall + ENOUGH
    ).first()
    if lasting is not None:
        act.nothing_changed()
        return lasting
    mine, theirs = staff_phone(staff_id), person_phone(person)
    if mine is None:
        raise NO_OWN_PHONE() if act.by.kind == "staff" else NO_PHONE()
    if theirs is None:
        raise NO_PHONE()
    rules = in_force(Calls)
    row = CallBinding(
        case=case, staff_id=staff_id, person_id=person, by=f"{act.by.kind}:{act.by.id}",
        as_assignee=(case.follows or case).assignee == staff_id,
        out_id=secrets.token_hex(16), bound_at=clock.now(), expires_at=wall + timedelta(minutes=rules.value.minutes),
    )  # fmt: skip
    row.x_number, row.subs_id = _lent(mine, theirs, row)
    row.save()
    act.trace("flow_case", case.id, links=(("person", person),), version_id=rules.version_id, binding=row.id,
              staff=staff_id, minutes=rules.value.minutes)  # fmt: skip
    return row


def _lent(mine: str, theirs: str, row: CallBinding) -> tuple[str, str]:
    dypls = open_service(service_in_use())
    try:
        answer = dypls.bind(a=mine, b=theirs, until=row.expires_at, out_id=row.out_id)
    except CANNOT_SAY as error:
        raise UNREACHABLE() from error
    finally:
        dypls.close()
    if answer["Code"] != "OK":
        raise said_by_provider(str(answer["Code"]))
    bound: dict[str, Any] = answer.get("SecretBindDTO") or {}
    x_number, subs_id = str(bound.get("SecretNo") or ""), str(bound.get("SubsId") or "")
    if not x_number.isdecimal() or not subs_id:
        raise UNREACHABLE()
    return x_number, subs_id


def _of_mine(by: Actor, *, binding_id: int) -> None:
    row = CallBinding.objects.filter(id=binding_id).first()
    own = row is not None and by.id == (row.person_id if by.kind == "tenant" else row.staff_id)
    if not own and by.kind != "system":
        raise NOT_FOUND()


@action("calls.number.release", needs=CALL, check=_of_mine)
def release_number(act: Act, *, binding_id: int) -> None:
    """Take a number back before its time; one that ended already stays as it is.

    Raises:
        Refused: ``not_found`` for a number lent to others, ``calls.not_set``, ``calls.unreachable``, and what the
            provider says.
    """
    row = CallBinding.objects.select_for_update().get(id=binding_id)
    if row.ended_at is not None or row.expires_at <= clock.wall():
        act.nothing_changed()
        return
    dypls = open_service(service_in_use())
    try:
        answer = dypls.unbind(subs_id=row.subs_id, x_number=row.x_number)
    except CANNOT_SAY as error:
        raise UNREACHABLE() from error
    finally:
        dypls.close()
    if answer["Code"] not in GONE:
        raise said_by_provider(str(answer["Code"]))
    row.ended_at = clock.wall()
    row.save(update_fields=["ended_at"])
    act.trace("flow_case", row.case_id, binding=row.id, staff=row.staff_id)


def _a_phone(by: Actor, *, phone: str, staff_id: int | None = None) -> None:
    if by.kind != "staff":
        raise NOT_ALLOWED(permission=PHONE.code)
    if staff_id not in (None, by.id):
        require(by, PHONES)
        if not Staff.objects.filter(id=staff_id).exists():
            raise NOT_FOUND()
    if phone.strip() and mobile(phone) is None:
        raise PHONE_WRONG()


@action("calls.phone.enter", needs=PHONE, check=_a_phone)
def enter_phone(act: Act, *, phone: str, staff_id: int | None = None) -> None:
    """Enter, change or take away the phone for masked calls and pages; it is sealed and shown to nobody.

    Args:
        phone: a mobile number of the mainland, as people write it; empty takes it away.
        staff_id: a colleague whose phone a manager enters; one's own if left out.

    Raises:
        Refused: ``calls.phone_wrong``, ``not_allowed``, ``not_found``.
    """
    whose, number = staff_id or act.by.id, mobile(phone) if phone.strip() else None
    if number is None:
        if not StaffPhone.objects.filter(staff_id=whose).delete()[0]:
            act.nothing_changed()
            return
    else:
        StaffPhone.objects.update_or_create(
            staff_id=whose, defaults={"sealed": sealed_phone(number), "entered_at": clock.wall()}
        )
    act.trace("staff", whose, given=number is not None)
