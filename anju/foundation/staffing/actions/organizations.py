"""Founding an organization: its key, its clock if it is a drill, and the standard template of every policy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from anju.foundation.actions import Act, action
from anju.foundation.crypto import create_org_key
from anju.foundation.db import clock, org_scope, scoped_org
from anju.foundation.identity.models import Organization
from anju.foundation.policy.store import install_template, missing
from anju.foundation.staffing.permissions import FOUND_ORGANIZATION
from anju.kit import Actor


def create_organization(
    *,
    name: str,
    short_name: str = "",
    sms_signature: str = "",
    language: str = "zh-hans",
    drill: bool = False,
    starts: datetime | None = None,
    templates: dict[str, dict[str, Any]] | None = None,
) -> Organization:
    """Make an organization, by the house itself: first run, demo, tests. No scope may be open.

    Args:
        name: the company's full name.
        short_name: what tenants call it; the name if left out.
        sms_signature: the signature registered with the SMS provider, without 【】.
        language: ``zh-hans`` or ``en``.
        drill: whether it has its own clock and provider stand-ins.
        starts: from when the standard template is in force; a drill's clock begins there. Now if left out.
        templates: policy bodies by key that differ from the standard ones.

    Returns:
        the organization; its first administrator comes by ``add_staff``.
    """
    with transaction.atomic():
        org = Organization.objects.create(
            name=name,
            short_name=short_name or name[:20],
            sms_signature=sms_signature,
            language=language,
            drill=drill,
        )
        with org_scope(org.id):
            create_org_key()
            if drill:
                clock.move_to(starts or clock.wall())
            found_organization(Actor.system(), starts=starts or clock.now(), templates=templates)
    return org


@action("staffing.organization.found", needs=FOUND_ORGANIZATION)
def found_organization(act: Act, *, starts: datetime, templates: dict[str, dict[str, Any]] | None = None) -> None:
    """Install the standard template of every policy in the organization in scope."""
    install_template(starts, templates)
    act.trace("organization", scoped_org())


@action("staffing.organization.catch_up", needs=FOUND_ORGANIZATION)
def catch_up(act: Act) -> None:
    """Release the standard text of policies that a newer version of Anju brought; the others stay."""
    lacking = missing()
    if not lacking:
        act.nothing_changed()
        return
    install_template(clock.now())
    act.trace("organization", scoped_org(), policies=lacking)
