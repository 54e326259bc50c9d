"""Moving a drill organization's clock: each day in order, once, by administrators, safe to leave and to kill."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from anju.domain.billing.models import Bill
from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.jobs import ticks
from anju.foundation.messaging.models import Message
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.foundation.sweeps.models import SweepRun
from anju.kit import Actor, Refused
from anju.surface.demo import jobs, moving
from anju.surface.demo.models import ClockMove
from tests.portal.conftest import make_company, settle_in

SYSTEM = Actor.system()
NOON = datetime(2026, 11, 22, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def org(committed: str) -> int:
    """安居示范公寓 on Sunday, 2026-11-22: 林晓雯's bill of the 25th is open."""
    made = make_company("安居示范公寓")
    settle_in(made, "3-1-1208", "林晓雯", "13800008888")
    return made


def asked(org: int, days: int = 3) -> ClockMove:
    with org_scope(org):
        return moving.move_clock(SYSTEM, to=clock.now() + timedelta(days=days))


def signed_in(org: int, *roles: str) -> Client:
    login, password = f"{'-'.join(roles)}@example.com", "correct horse 7"
    with org_scope(org):
        add_staff(SYSTEM, login=login, name="许婧", roles=roles, password=password)
    client = Client()
    assert client.post("/sign-in", {"login": login, "password": password}).status_code == 302
    return client


def test_each_day_is_lived_in_order_and_the_result_is_told(org: int) -> None:
    move = asked(org)
    jobs.carry_out(org=org, move_id=move.id)
    with org_scope(org):
        move.refresh_from_db()
        assert (move.state, move.days_done, move.days_total) == ("done", 3, 3)
        assert clock.today() == date(2026, 11, 25)
        days = SweepRun.objects.filter(sweep="reminders").order_by("as_of").values_list("as_of", flat=True)
        assert list(days)[-3:] == [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)]
        assert Message.objects.filter(kind="reminder").count() > move.said["reminded"] == 1
        assert move.said["bills"] == Bill.objects.filter(issued_on__gt=date(2026, 11, 22)).count()
        events = fetch("SELECT action FROM trace_event WHERE stream_kind = 'clock_move' ORDER BY id")
        assert [e["action"] for e in events] == ["demo.clock.move", "demo.clock.end"]


def test_a_running_clock_runs_on_afterwards(org: int) -> None:
    with org_scope(org):
        clock.move_to(NOON, runs=True)
    jobs.carry_out(org=org, move_id=asked(org, 1).id)
    with org_scope(org):
        stood = clock.drill_clock()
        assert stood is not None
        assert stood.runs
        assert clock.today() == date(2026, 11, 23)


def test_a_second_click_is_refused_and_the_first_counts(org: int) -> None:
    asked(org)
    with pytest.raises(Refused) as refused, org_scope(org):
        moving.move_clock(SYSTEM, to=clock.now() + timedelta(days=1))
    assert refused.value.code == "demo.clock_moving"
    with org_scope(org):
        assert ClockMove.objects.count() == 1


@pytest.mark.parametrize(
    ("days", "code"), [(0, "demo.clock_backwards"), (-1, "demo.clock_backwards"), (400, "demo.clock_too_far")]
)
def test_the_clock_goes_forward_by_a_year_at_most(org: int, days: int, code: str) -> None:
    with org_scope(org):
        refused = moving.move_clock.refusal(SYSTEM, to=clock.now() + timedelta(days=days))
    assert refused is not None
    assert refused.code == code


class Killed(BaseException):
    """The worker is gone."""


def test_a_worker_that_is_killed_is_followed_by_another(org: int, monkeypatch: pytest.MonkeyPatch) -> None:
    move, done = asked(org, 4), ticks._done

    def die(name: str, at: datetime) -> None:
        if at.date() == date(2026, 11, 24) and name == "reminders.run":
            raise Killed
        done(name, at)

    monkeypatch.setattr(ticks, "_done", die)
    with pytest.raises(Killed):
        jobs.carry_out(org=org, move_id=move.id)
    with org_scope(org):
        assert clock.today() == date(2026, 11, 24)
        assert ClockMove.objects.get().state == "running"
    monkeypatch.undo()
    jobs.carry_out(org=org, move_id=move.id)
    jobs.carry_out(org=org, move_id=move.id)  # and once more: nothing is left to do
    with org_scope(org):
        assert ClockMove.objects.get().state == "done"
        assert clock.today() == date(2026, 11, 26)
        runs = [(run.sweep, run.as_of) for run in SweepRun.objects.order_by("id")]
        assert len(runs) == len(set(runs))


def test_a_fault_on_the_way_stops_the_clock_there_and_it_may_be_moved_again(
    org: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = asked(org)

    def broken(*_: Any, **__: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(moving, "run_due", broken)
    jobs.carry_out(org=org, move_id=move.id)
    with org_scope(org):
        assert ClockMove.objects.get().state == "failed"
        assert moving.move_clock.refusal(SYSTEM, to=clock.now() + timedelta(days=1)) is None


def test_an_administrator_presses_a_button_and_sees_what_happened(org: int) -> None:
    admin = signed_in(org, "admin")
    assert "还没有拨过时钟" in admin.get("/clock").content.decode()
    assert admin.post("/clock", {"by": "date", "to": "2026-11-25"}).status_code == 302
    assert admin.post("/clock", {"by": "day"}).status_code == 302  # a double click changes nothing
    waiting = admin.get("/clock").content.decode()
    assert "时钟正在走向 2026-11-25" in waiting
    assert "0 / 3" in re.sub(r"\s+", " ", waiting)
    with org_scope(org):
        move = ClockMove.objects.get()
    jobs.carry_out(org=org, move_id=move.id)
    answer = admin.get("/clock", headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert "出账" in answer.content.decode()
    wrong = admin.post("/clock", {"by": "date", "to": "2026-01-01"})
    assert wrong.status_code == 422
    assert "只能往前走" in wrong.content.decode()


def test_others_see_the_clock_and_no_button(org: int) -> None:
    service = signed_in(org, "service")
    page = service.get("/clock").content.decode()
    assert "只有管理员能拨动时钟" in page
    assert 'action="/clock"' not in page
    assert 'name="to"' not in page
    assert service.post("/clock", {"by": "day"}).status_code in (403, 422)
    with org_scope(org):
        assert not ClockMove.objects.exists()


@pytest.fixture
def real(committed: str) -> Client:
    """An administrator of a company that is no drill."""
    org = create_organization(name="真实公寓").id
    return signed_in(org, "admin")


def test_a_real_company_has_neither_clock_nor_phone(real: Client) -> None:
    for path in ("/clock", "/phone"):
        assert real.get(path).status_code == 404
    assert real.post("/clock", {"by": "day"}).status_code == 404
    assert real.post("/phone/find", {"q": "林"}).status_code == 404
