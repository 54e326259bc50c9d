"""When somebody comes for a repair and whether they may enter: said, agreed, changed; the last word counts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from anju.domain.portfolio.models import Building, Project
from anju.domain.workorders import crew as acts
from anju.domain.workorders.actions import join, report
from anju.domain.workorders.dispatching import way_words
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.policies import VisitSlot, WorkOrders
from anju.domain.workorders.rounds import here, mine, one, way_to
from anju.domain.workorders.visits import appoint, entry_line, say, window
from anju.domain.workorders.windows import Window, choices, offered, typed
from anju.foundation.db import clock, fetch
from anju.foundation.flows.actions import follow, move
from anju.foundation.trace import events
from anju.kit import Actor
from tests.flows.house import hire
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import ABOVE, ROOM, leak, refused

EVENING = "18:00–21:00"


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A moment of the day it is."""
    return datetime.combine(clock.today() + timedelta(days=days), time(hour, minute), clock.SHANGHAI)


@pytest.fixture(autouse=True)
def noon(block: Block) -> None:
    """Everything begins tomorrow at noon: the same hour whenever the tests run."""
    block.lease(ROOM)
    clock.move_to(at(12, days=1))


def told(template: str) -> list[dict[str, Any]]:
    return fetch(
        "SELECT to_person, to_staff, vars::text FROM message WHERE template = %(t)s ORDER BY id", {"t": template}
    )


def half_hour(by: Actor, order: WorkOrder, hour: int = 21, **more: Any) -> bool:
    """Appoint half an hour of the evening."""
    return appoint(by, case_id=order.case_id, visit=Window(at(hour), at(hour, 30)), **more)


def now_of(order: WorkOrder) -> Window:
    """What stands."""
    order.refresh_from_db()
    found = window(order)
    assert found is not None
    return found


def said_of(order: WorkOrder) -> list[tuple[str, str]]:
    """Who said what about the visit, in order."""
    story = [e for e in reversed(events.timeline(("workorder", order.id))) if not e["action"].endswith(".message")]
    return [(e["action"].removeprefix("workorders."), e["actor"]) for e in story if "visit" in e["action"]]


def slot(hours: str, *, days: int = 0) -> str:
    """The key of an offered slot."""
    day = at(12, days=days).date()
    return next(w.key for w in offered() if w.hours == hours and w.starts.date() == day)


def reported(block: Block, **more: Any) -> WorkOrder:
    told = {"spot": "kitchen", "said": "水槽下的水管漏水", **more}
    return report(block.tenant(ROOM), lease_id=block.lease(ROOM).id, **told)


@pytest.mark.req("W-01")
def test_who_reports_says_when_it_suits_and_that_one_may_enter(block: Block) -> None:
    order = reported(block, slot=slot(EVENING), entry="home")
    stands = now_of(order)
    assert (stands.starts, stands.ends, stands.agreed) == (at(18), at(21), False)
    assert (order.entry, order.entry_by, order.entry_at) == ("home", str(block.tenant(ROOM)), clock.now())
    assert entry_line(order) == "租客本人在家，12:00 确认"
    assert len(said_of(order)) == 2


def test_saying_nothing_is_all_right_and_is_no_consent(block: Block) -> None:
    order = reported(block)
    assert (window(order), order.entry, entry_line(order), said_of(order)) == (None, "", "", [])


def test_in_a_call_a_colleague_writes_down_who_took_it(block: Block, agent: Actor) -> None:
    order = leak_by(agent, block, entry="away")
    assert (order.source, order.entry_by) == ("phone", str(agent))
    assert entry_line(order) == "租客不在家也可以进门，12:00 电话里确认，林晓记"


def leak_by(by: Actor, block: Block, **more: Any) -> WorkOrder:
    return report(by, lease_id=block.lease(ROOM).id, spot="kitchen", said="水槽下的水管漏水", **more)


def test_an_emergency_waits_for_no_window_but_keeps_the_consent(block: Block) -> None:
    order = reported(block, spot="public", said="楼道的灯不亮", slot=slot(EVENING), entry="away")
    assert (window(order), order.entry) == (None, "")


def test_slots_that_are_over_or_that_nobody_offers_are_refused(block: Block) -> None:
    assert [w.hours for w in offered() if w.starts.date() == clock.today()] == ["12:00–15:00", "15:00–18:00", EVENING]
    assert [word for _key, word in choices()][:4] == [
        "今天 12:00–15:00", "今天 15:00–18:00", "今天 18:00–21:00", "明天 09:00–12:00",
    ]  # fmt: skip
    over = Window(at(9), at(12)).key
    for wrong in (over, Window(at(3), at(4)).key, "x", Window(at(9, days=30), at(12, days=30)).key):
        with refused("workorders.visit_gone"):
            reported(block, slot=wrong)
    with refused("workorders.entry_unknown"):
        reported(block, entry="key")
    assert not WorkOrder.objects.exists()


@pytest.mark.req("W-03")
def test_the_technician_appoints_and_the_tenant_is_told(block: Block, technician: Actor) -> None:
    order = reported(block, slot=slot(EVENING))
    with refused("workorders.visit_not_yours"):
        half_hour(technician, order)
    move(technician, case_id=order.case_id, step="accept")
    assert half_hour(technician, order)
    assert now_of(order) == Window(at(21), at(21, 30), agreed=True)
    assert half_hour(technician, order)  # once more the same: nobody is told twice
    (message,) = told("workorders:appointed")
    assert message["to_person"] == block.tenant(ROOM).id
    assert "21:00–21:30" in message["vars"]
    assert told("dispatch:moved") == []  # it was that colleague's own word


@pytest.mark.req("W-03")
def test_the_last_word_counts_and_every_word_stays_readable(block: Block, technician: Actor, agent: Actor) -> None:
    order, tenant = reported(block), block.tenant(ROOM)
    move(technician, case_id=order.case_id, step="accept")
    half_hour(technician, order)
    clock.move_to(at(12, 10))
    say(tenant, order_id=order.id, slot=slot("09:00–12:00", days=1), entry="away")
    stands = now_of(order)
    assert (stands.word, stands.agreed, order.entry) == ("明天 09:00–12:00", False, "away")
    clock.move_to(at(12, 20))
    half_hour(agent, order, 20)
    assert now_of(order) == Window(at(20), at(20, 30), agreed=True)
    assert order.entry == "away"
    assert [who for _what, who in said_of(order)] == [str(x) for x in (technician, tenant, tenant, agent)]
    assert [m["to_staff"] for m in told("dispatch:moved")] == [technician.id, technician.id]
    assert len(told("workorders:appointed")) == 2


def test_a_consent_is_taken_back_as_easily_as_given(block: Block) -> None:
    order, tenant = reported(block, entry="away"), block.tenant(ROOM)
    say(tenant, order_id=order.id, entry="")
    order.refresh_from_db()
    assert (order.entry, order.entry_by, order.entry_at, window(order)) == ("", "", None, None)
    assert [what for what, _who in said_of(order)][-1] == "visit.say.visit_entry"


@pytest.mark.req("W-04")
def test_what_a_phone_sends_late_does_not_undo_what_the_tenant_said_since(block: Block, technician: Actor) -> None:
    order = reported(block)
    move(technician, case_id=order.case_id, step="accept")
    clock.move_to(at(13))
    say(block.tenant(ROOM), order_id=order.id, slot=slot(EVENING))
    assert not half_hour(technician, order, 14, at=at(12, 30))
    assert now_of(order).hours == EVENING
    assert said_of(order)[-1] == ("visit.appoint.visit_late", str(technician))
    assert told("workorders:appointed") == []
    assert half_hour(technician, order, 19, at=at(13) + timedelta(seconds=1))  # no later than now


def test_times_that_are_none_are_refused(block: Block, technician: Actor) -> None:
    order = reported(block)
    move(technician, case_id=order.case_id, step="accept")
    wrong = {
        "workorders.visit_past": Window(at(9), at(9, 30)), "workorders.visit_times": Window(at(21), at(20)),
        "workorders.visit_long": Window(at(8, days=1), at(20, 30, days=1)),
        "workorders.visit_far": Window(at(9, days=61), at(10, days=61)),
    }  # fmt: skip
    for code, visit in wrong.items():
        with refused(code):
            appoint(technician, case_id=order.case_id, visit=visit)
    today = "2026-11-22"
    none = (("", "21:00", "21:30"), (today, "9", "x"), (today, "21:00", "21:00"), ("2026-13-01", "21:00", "22:00"))
    for parts in none:
        with refused("workorders.visit_times"):
            typed(*parts)
    over_midnight = typed(today, "23:30", "00:30")
    assert over_midnight.ends - over_midnight.starts == timedelta(hours=1)


@pytest.mark.req("W-03")
def test_after_somebody_came_a_second_visit_begins_anew(block: Block, technician: Actor) -> None:
    order, tenant = reported(block, slot=slot(EVENING), entry="away"), block.tenant(ROOM)
    move(technician, case_id=order.case_id, step="accept")
    half_hour(technician, order)
    move(technician, case_id=order.case_id, step="release", reason="车坏了")
    assert now_of(order).agreed  # the tenant still waits at that time; whoever takes it next knows
    move(technician, case_id=order.case_id, step="accept")
    move(technician, case_id=order.case_id, step="arrive", photos=(photo(),))
    with refused("workorders.visit_arrived"):
        say(tenant, order_id=order.id, entry="")
    with refused("workorders.visit_arrived"):
        half_hour(technician, order, 22)
    move(technician, case_id=order.case_id, step="finish", facts={"result": "紧了接头"}, photos=(photo(),))
    move(tenant, case_id=order.case_id, step="reopen", reason="还在滴水")
    order.refresh_from_db()
    assert (window(order), order.entry, order.entry_by) == (None, "", "")


def test_nobody_speaks_for_another_home(block: Block, technician: Actor) -> None:
    order, neighbour = reported(block), block.tenant(ABOVE)
    join(neighbour, order_id=order.id, lease_id=block.lease(ABOVE).id)
    with refused("not_found"):  # follows it, but it is not that home
        say(neighbour, order_id=order.id, entry="away")
    with refused("not_allowed"):
        appoint(neighbour, case_id=order.case_id, visit=Window(at(21), at(22)))
    elsewhere = hire("maintenance", name="何志斌", all_projects=False, scope_ids=[])
    with refused("not_found"):
        half_hour(elsewhere, order)
    with refused("workorders.visit_not_yours"):
        half_hour(hire("maintenance", name="马国强"), order)


def test_a_merged_report_follows_the_other_ones_visit(block: Block, technician: Actor) -> None:
    first, second = reported(block), leak(block, room=ABOVE)
    follow(hire("manager", name="周敏"), case_id=second.case_id, master_id=first.case_id)
    with refused("flow.follows"):
        say(block.tenant(ABOVE), order_id=second.id, entry="away")


def test_the_database_keeps_halves_out(block: Block) -> None:
    order = reported(block)
    for wrong in ({"visit_from": at(9)}, {"visit_until": at(9)}, {"entry": "home"}, {"visit_agreed": True},
                  {"visit_from": at(10), "visit_until": at(9), "visit_at": at(8)}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkOrder.objects.filter(id=order.id).update(**wrong)


@pytest.mark.req("W-04")
def test_the_round_puts_what_begins_within_the_hour_first_of_its_class(block: Block, technician: Actor) -> None:
    first, soon, urgent = (
        leak(block, said=said, room=room)
        for said, room in (("门锁卡住了", ROOM), ("窗户关不严", ABOVE), ("水管漏水", "3-1-0601"))
    )
    for order in (first, soon, urgent):
        move(technician, case_id=order.case_id, step="accept")
    usual = [r["case_id"] for r in mine(technician)]
    assert usual == [urgent.case_id, first.case_id, soon.case_id]
    appoint(technician, case_id=soon.case_id, visit=Window(at(13, 30), at(14)))
    assert [r["case_id"] for r in mine(technician)] == usual
    clock.move_to(at(12, 30))
    assert [r["case_id"] for r in mine(technician)] == [urgent.case_id, soon.case_id, first.case_id]


@pytest.mark.req("W-04")
def test_how_far_it_is_is_said_as_one_walks(block: Block, technician: Actor) -> None:
    assert way_words(120) == "120 米，走 2 分钟"
    assert way_words(1240) == "1.2 公里，走 21 分钟"
    assert way_words(5300) == "5.3 公里"
    order = reported(block)
    assert way_to(one(technician, order.case_id) or {}, here(technician)) == ""  # nobody knows where he usually is
    Project.objects.update(lon="120.200000", lat="30.200000")
    acts.set_skills(Actor.system(), staff_id=technician.id, skills=["water"], home_id=order.building_id)
    assert way_to(one(technician, order.case_id) or {}, here(technician)) == "就在这栋楼"
    park = Project.objects.create(
        name="城西", city="杭州", lon="120.210400", lat="30.200000", store=Project.objects.get().store
    )
    far = Building.objects.create(scope_id=park.id, project=park, name="1号楼")
    acts.set_skills(Actor.system(), staff_id=technician.id, skills=["water"], home_id=far.id)
    assert way_to(one(technician, order.case_id) or {}, here(technician)) == "1.0 公里，走 17 分钟"


def test_a_slot_that_ends_before_it_starts_is_found_before_release() -> None:
    wrong = WorkOrders(visit_slots=(VisitSlot(starts=time(9), ends=time(12)), VisitSlot(starts=time(18), ends=time(9))))
    assert [f.path for f in wrong.lint() if f.code == "workorders.slot_ends"] == ["visit_slots.1.ends"]
    assert WorkOrders(visit_slots=()).lint() == []


def test_tomorrow_is_written_small_within_an_english_sentence_and_large_where_a_choice_begins(block: Block) -> None:
    start = (clock.now() + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
    with translation.override("en"):
        assert Window(start, start + timedelta(minutes=30), agreed=True).word == "tomorrow 12:00–12:30"
        assert any(word.startswith("Tomorrow 12:00") for _key, word in choices())
