"""Whom a phone number leads to, over all organizations of the installation.

Each organization sends its own code, and a code opens only the organization that sent it: what one operator's SMS
provider can read must not open another's records.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from anju.domain.leases.own import own_leases
from anju.domain.tenants.models import Person
from anju.domain.tenants.own import holders_of
from anju.foundation.db import org_scope
from anju.foundation.identity.codes import EXPIRED, check_code, next_code_at, request_code
from anju.foundation.identity.models import Organization
from anju.foundation.messaging.actions import send_code
from anju.foundation.messaging.jobs import send_now
from anju.kit import Actor, Refused
from anju.kit.china import mobile
from anju.surface.portal.words import rooms

SYSTEM = Actor.system()


def organizations(only: int | None) -> list[int]:
    """Where a number is looked for: one organization if the address names it, else all."""
    wanted = Organization.objects.order_by("id")
    return list((wanted.filter(id=only) if only else wanted).values_list("id", flat=True))


def holders(org_id: int, phone: str) -> list[tuple[int, int]]:
    """``(person id, contact id)`` of those reached by the number in an organization."""
    with org_scope(org_id):
        return holders_of(phone)


def known_in(phone: str, only: int | None = None) -> list[int]:
    """Organizations that know the number; the first one stands in for a number nobody knows, so that asking again is
    counted and refused alike."""
    if mobile(phone) is None:
        return organizations(only)[:1]
    places = organizations(only)
    return [org for org in places if holders(org, phone)] or places[:1]


def send_codes(phone: str, ip: str, only: int | None = None) -> None:
    """Send a code from each organization that knows the number. Nothing tells whether one was sent.

    Raises:
        Refused: ``sign_in.not_a_phone``, ``too_many``.
    """
    for org in known_in(phone, only):
        code = request_code(org, phone, ip)
        with org_scope(org):
            for person_id, contact_id in holders_of(phone)[:1]:
                send_code(SYSTEM, person_id=person_id, contact_id=contact_id, code=code)
                send_now.schedule({})


def again_at(phone: str, only: int | None = None) -> datetime | None:
    """When another code can be asked for, while one is on its way; None when none is."""
    found = [next_code_at(org, phone) for org in known_in(phone, only)] if mobile(phone) else []
    return max((at for at in found if at is not None), default=None)


def enter(phone: str, code: str, ip: str, only: int | None = None) -> tuple[int, list[int]]:
    """Use up a code.

    Returns:
        the organization that sent it, and the persons the number reaches there.

    Raises:
        Refused: ``sign_in.wrong_code``, ``sign_in.code_expired``, ``too_many``.
    """
    refusal: Refused | None = None
    for org in known_in(phone, only):
        try:
            number = check_code(org, phone, code, ip)
        except Refused as refused:
            refusal = refusal or refused
            continue
        if people := [person for person, _contact in holders(org, number)]:
            return org, people
    raise refusal or EXPIRED()


def who(org_id: int, people: list[int]) -> list[tuple[int, str, str]]:
    """``(person id, name, rooms)`` of persons who share a number, for choosing among them."""
    with org_scope(org_id), transaction.atomic():
        names = dict(Person.objects.filter(id__in=people).order_by("id").values_list("id", "name"))
        return [
            (i, names[i], " ".join(rooms(row) for row in own_leases(Actor.tenant(i)))) for i in people if i in names
        ]
