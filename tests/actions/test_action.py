"""An action owns permission, transaction and trace."""

from __future__ import annotations

import sys

import pytest

from anju.foundation.access import permission
from anju.foundation.access import permissions as declared
from anju.foundation.actions import Act, action
from anju.foundation.actions.action import Action
from anju.foundation.db import clock
from anju.foundation.db.models import OrgClock
from anju.foundation.trace.models import TraceEvent
from anju.kit import Actor, Refused
from anju.kit.refusal import sentence

SYSTEM = Actor.system()
STRANGER = Actor.staff(999_999)
NOT_ON_SUNDAY = sentence("test.not_on_sunday", "周日不办理。", "Not on Sundays.")


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Actions and permissions declared inside the test only."""
    monkeypatch.setattr(sys.modules["anju.foundation.actions.action"], "_registry", {})
    monkeypatch.setattr(declared, "_declared", {})


def wind(*, traces: bool = True) -> Action[..., str]:
    """An action that writes a row (the drill clock) and says so."""
    needs = permission("test.clock.wind", zh="拨钟", en="Wind", roles=("manager",))

    def check(by: Actor, *, day: str) -> None:
        if day == "sunday":
            raise NOT_ON_SUNDAY()

    @action("test.clock.wind", needs=needs, check=check)
    def wind_clock(act: Act, *, day: str) -> str:
        clock.move_to(clock.wall())
        if traces:
            act.trace("clock", 1, links=(("person", 5),), version_id=3, day=day)
        if day == "doomed":
            raise NOT_ON_SUNDAY()
        return day

    return wind_clock


def events() -> list[tuple[str, str]]:
    return [(e.action, e.body) for e in TraceEvent.objects.filter(action__startswith="test.").order_by("id")]


pytestmark = pytest.mark.usefixtures("registered")


def test_it_writes_and_traces_together(in_org: int) -> None:
    assert wind()(SYSTEM, day="monday") == "monday"
    assert events() == [("test.clock.wind", '{"day":"monday"}')]


def test_who_lacks_the_right_is_refused_before_anything_runs(in_org: int) -> None:
    go = wind()
    with pytest.raises(Refused, match="not_allowed"):
        go(STRANGER, day="monday")
    refused = go.refusal(STRANGER, day="monday")
    assert refused is not None
    assert refused.code == "not_allowed"
    assert events() == []


def test_the_button_asks_the_same_check(in_org: int) -> None:
    go = wind()
    assert go.refusal(SYSTEM, day="monday") is None
    refused = go.refusal(SYSTEM, day="sunday")
    assert refused is not None
    assert refused.text() == "周日不办理。"
    with pytest.raises(Refused, match="not_on_sunday"):
        go(SYSTEM, day="sunday")


def test_a_refusal_halfway_leaves_nothing_behind(in_org: int) -> None:
    with pytest.raises(Refused):
        wind()(SYSTEM, day="doomed")
    assert not OrgClock.objects.exists()
    assert events() == []


def test_a_change_without_a_trace_is_a_defect(in_org: int) -> None:
    with pytest.raises(AssertionError, match="traced nothing"):
        wind(traces=False)(SYSTEM, day="monday")
    assert not OrgClock.objects.exists()


def test_an_action_may_say_that_nothing_changed(in_org: int) -> None:
    needs = permission("test.callback", zh="回调", en="Callback", roles=())

    @action("test.callback.repeat", needs=needs)
    def repeat(act: Act) -> None:
        act.nothing_changed()

    repeat(SYSTEM)
    assert events() == []


def test_an_action_inside_another_shares_its_fate(in_org: int) -> None:
    inner = wind()
    needs = permission("test.day", zh="一天", en="Day", roles=())

    @action("test.day.end", needs=needs)
    def end_day(act: Act, *, fails: bool) -> None:
        inner(act.by, day="monday")
        try:
            inner(act.by, day="doomed")
        except Refused:
            act.trace("day", 1, suffix="late")
        if fails:
            raise NOT_ON_SUNDAY()
        act.trace("day", 1)

    with pytest.raises(Refused):
        end_day(SYSTEM, fails=True)
    assert events() == []
    end_day(SYSTEM, fails=False)
    assert [name for name, _ in events()] == ["test.clock.wind", "test.day.end.late", "test.day.end"]


def test_personal_values_are_not_traced(in_org: int) -> None:
    needs = permission("test.person", zh="人", en="Person", roles=())

    @action("test.person.call", needs=needs)
    def call(act: Act) -> None:
        act.trace("person", 5, phone="138")

    with pytest.raises(ValueError, match="personal values: phone"):
        call(SYSTEM)


def test_outside_an_organization_nothing_runs(db: None) -> None:
    with pytest.raises(RuntimeError, match="org_scope"):
        wind()(SYSTEM, day="monday")


def test_a_name_is_declared_once() -> None:
    wind()
    with pytest.raises(ValueError, match="declared twice"):
        action("test.clock.wind", needs=declared.all_permissions()[0])(lambda act: None)
