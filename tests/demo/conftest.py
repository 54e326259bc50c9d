"""A small demo company: one building in Hangzhou, a shared flat, two offices and a dormitory room; twenty days."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from anju.domain.portfolio.places import Place
from anju.foundation.db import org_scope
from anju.foundation.messaging.standins.aliyun_sms import AliyunSms
from anju.surface.demo import build, company
from anju.surface.demo.build import make_history
from anju.surface.demo.history import History
from anju.surface.demo.plan import Plan
from anju.surface.demo.world import demo_places

FIRST = date(2026, 1, 5)
LAST = FIRST + timedelta(days=20)
SEED = 3


@pytest.fixture(autouse=True)
def own_templates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Companies of several databases are called the same at the SMS service: each test has a service of its own, not
    the one that the other half of the tests files its templates with."""
    usual = build.sms_in_process

    def own() -> AliyunSms:
        service = usual()
        service.store = tmp_path / "sms.json"
        return service

    monkeypatch.setattr(build, "sms_in_process", own)


def small_places() -> list[Place]:
    """A hundred and some places of the demo, whole flats with rooms inside among them."""
    wanted = ("3-1-", "4-1-02", "A080", "5-301")
    return [p for p in demo_places(1) if p.unit.startswith(wanted) and p.city != "三亚"]


def small_plan() -> Plan:
    """What happens there in twenty days."""
    return Plan(SEED, FIRST, LAST, small_places())


def opened(name: str, plan: Plan) -> int:
    """The company with its staff, providers and places, before its first day."""
    org = company.found(plan.first, name)
    company.build(org, plan.places)
    return org


def lived(name: str, plan: Plan) -> int:
    """The company on its last day."""
    org = opened(name, plan)
    make_history(History(org, plan), lambda *_: None)
    return org


def rows(org: int, sql: str) -> list[tuple[object, ...]]:
    """Rows of a company, as tuples, sorted."""
    from anju.foundation.db import fetch

    with org_scope(org):
        return sorted((tuple(row.values()) for row in fetch(sql)), key=repr)
