"""The demo company itself: organization, staff, places, providers' stand-ins. Each step may run twice."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from django.conf import settings

from anju.domain.portfolio.actions import register_places
from anju.domain.portfolio.models import Project
from anju.domain.portfolio.places import Place
from anju.foundation.calls.actions import enter_phone
from anju.foundation.calls.phones import has_phone
from anju.foundation.calls.service import stored_service
from anju.foundation.calls.setting_up import configure_service
from anju.foundation.db import clock, org_scope
from anju.foundation.identity.models import Organization
from anju.foundation.messaging.actions import configure_channel
from anju.foundation.messaging.models import ChannelSetting
from anju.foundation.payments.models import MerchantAccount
from anju.foundation.payments.standins.drill_account import set_up_drill_account
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.foundation.staffing.queries import all_staff
from anju.kit import Actor

NAME = "安居示范公寓"
SEED = 1
OPENING, TODAY = date(2024, 11, 22), date(2026, 11, 22)
SIGNATURE = "安居公寓"
SYSTEM = Actor.system()
CASHIER, MANAGER = "吴倩", "许婧"
NOWHERE = "http://127.0.0.1:9"


class SignIn(NamedTuple):
    """A way into the demo."""

    login: str
    name: str
    title: str
    roles: tuple[str, ...]


# The same word for all: the demo listens on this machine only and holds invented data.
PASSWORD = "anju-demo-2026"  # noqa: S105
SIGN_INS = (
    SignIn("manager", "许婧", "运营经理", ("admin", "manager")),
    SignIn("finance", CASHIER, "财务", ("finance",)),
    SignIn("service", "林晓", "服务专员", ("service",)),
    SignIn("maintenance", "孙海涛", "维修", ("maintenance",)),
    SignIn("risk", "高原", "风控专员", ("risk",)),
    SignIn("reviewer", "周敏", "区域经理（复核）", ("manager",)),
)

# Who else mends things; the one above is the one to sign in as.
CREW = (
    ("tech1", "赵永康"), ("tech2", "何志斌"), ("tech3", "马国强"), ("tech4", "钱进"), ("tech5", "罗建军"),
    ("tech6", "陆志明"), ("tech7", "陈卫东"), ("tech8", "符亚明"),
)  # fmt: skip


def found(opening: date, name: str = NAME) -> int:
    """The demo organization's id; made if it is not there yet.

    Args:
        opening: the company's first day; its clock begins there.
        name: another company of the same kind, for tests.
    """
    org = Organization.objects.filter(name=name, drill=True).first()
    if org is None:
        starts = datetime.combine(opening, time(0, 30), clock.SHANGHAI)
        org = create_organization(name=name, short_name="安居公寓", sms_signature=SIGNATURE, drill=True, starts=starts)
    with org_scope(org.id):
        _staff()
        _providers(org.id)
    return org.id


def build(org_id: int, places: Sequence[Place]) -> None:
    """Register every place of the demo company."""
    with org_scope(org_id):
        if not Project.objects.exists():
            register_places(SYSTEM, rows=places)


def sms_secret(key_id: str) -> str:
    """The stand-in's secret of an access key: derived, so that nothing has to be kept."""
    return hmac.new(settings.SECRET_KEY.encode(), f"sms:{key_id}".encode(), hashlib.sha256).hexdigest()


def sms_key(org_id: int) -> str:
    """The access key of an organization at the stand-in."""
    return f"drill{org_id}"


def _staff() -> None:
    have = {member.name for member in all_staff()}
    for who in SIGN_INS:
        if who.name not in have:
            add_staff(SYSTEM, login=who.login, name=who.name, roles=who.roles, password=PASSWORD)
    for login, name in CREW:
        if name not in have:
            add_staff(SYSTEM, login=login, name=name, roles=("maintenance",), password=PASSWORD)
    who_calls = [s for s in all_staff() if {"maintenance", "service", "manager"} & set(s.roles)]
    for n, member in enumerate(sorted(who_calls, key=lambda s: s.id), start=1):
        if not has_phone(member.id):
            enter_phone(Actor.staff(member.id), phone=f"1390000{n:04d}")


def _providers(org_id: int) -> None:
    if not ChannelSetting.objects.filter(channel="sms").exists():
        key = sms_key(org_id)
        configure_channel(
            SYSTEM,
            channel="sms",
            provider="aliyun",
            config={"key_id": key, "sign_name": SIGNATURE, "endpoint": "standin"},
            secret={"key_secret": sms_secret(key)},
        )
    if stored_service() is None:
        key = sms_key(org_id)
        configure_service(
            SYSTEM,
            provider="aliyun",
            config={"key_id": key, "pool_key": "FC100000001", "endpoint": "standin"},
            secret={"key_secret": sms_secret(key)},
        )
    if not MerchantAccount.objects.exists():
        # The stand-ins start after the data is there; the account only remembers that it talks to them.
        os.environ.setdefault("ANJU_STANDINS_URL", NOWHERE)
        set_up_drill_account(SYSTEM, home=settings.HOME)
