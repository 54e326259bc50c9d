"""Who gets a repair: suggested with a reason, given by itself where wanted, taken by exactly one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from threading import Barrier, Event

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.domain.portfolio.models import Project
from anju.domain.workorders import crew as acts
from anju.domain.workorders.actions import report
from anju.domain.workorders.automatic import give
from anju.domain.workorders.dispatching import Member, Order, Spot, metres_between, suggest, suggest_all
from anju.domain.workorders.jobs import dispatch
from anju.domain.workorders.models import Shift, Technician
from anju.domain.workorders.queries import board, crew
from anju.foundation.access.rights import remembering
from anju.foundation.calls.phones import phones
from anju.foundation.db import clock, org_scope, run_sql, scoped_org
from anju.foundation.flows.actions import assign, claim, move
from anju.foundation.flows.models import FlowCase
from anju.foundation.trace import events
from anju.kit import Actor, Refused
from tests.builders import house
from tests.conftest import make_organization
from tests.flows.house import hire
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block
from tests.workorders.rules import dispatch_rules
from tests.workorders.test_orders import ABOVE, ROOM, leak, refused

MANY = 16
HANGZHOU, NEARBY = (120.20, 30.20), (120.21, 30.20)
HERE = Spot(1, 10, "08", 100, HANGZHOU)
PIPE = Order("water", HERE)


def member(id: int, *skills: str, spot: Spot | None = None, **more: object) -> Member:
    return Member(id, f"师傅{id}", frozenset(skills), spot=spot or Spot(), **more)  # type: ignore[arg-type]


def best(*crew: Member, most: int = 5) -> int | None:
    found = suggest(PIPE, crew, most=most)
    return found.id if found else None


@pytest.mark.req("W-11")
def test_skill_counts_most_then_who_has_time_then_who_is_near() -> None:
    assert best(member(1, "power", spot=HERE, at_work=True), member(2, "water", load=2)) == 2
    assert best(member(1, "water", load=3), member(2, "water", load=1)) == 2
    assert best(member(1, "water", load=1), member(2, "water", load=1, spot=HERE, at_work=True)) == 2
    assert best(member(2, "water"), member(1, "water")) == 1  # equals are told apart the same way each time
    assert best(member(1), member(2, "power")) == 1  # nothing entered is better than something else


@pytest.mark.req("W-11")
def test_who_is_off_shift_full_or_of_another_project_is_not_suggested() -> None:
    assert best(member(1, "water", on_shift=False)) is None
    assert best(member(1, "water", load=5)) is None
    assert best(member(1, "water", load=5), most=6) == 1
    assert best(member(1, "water", projects=frozenset({2}))) is None
    assert best(member(1, "water", projects=frozenset({1, 2}))) == 1
    assert best(member(1, "water", spot=Spot(2, 20, position=(104.06, 30.57)))) is None  # in another town
    assert suggest(PIPE, [], most=5) is None
    assert suggest(PIPE, [member(1, "water")], most=5, without={1}) is None


@pytest.mark.req("W-11")
@pytest.mark.parametrize(
    ("who", "why", "minutes"),
    [
        (member(1, "water", load=1, spot=Spot(1, 10), at_work=True), "水暖，手上 1 单，正在这栋楼", 3),
        (member(1, "water", spot=Spot(1, 10, "08", 101), at_work=True), "水暖，手上空着，正在同一立管", 2),
        (member(1, "water", load=2, spot=HERE, at_work=True), "水暖，手上 2 单，正在这一户", 1),
        (member(1, "water", spot=Spot(1, 10)), "水暖，手上空着，常驻这栋楼", 3),
        (member(1, "power", spot=Spot(1, 11), at_work=True), "不是专长，手上空着，就在这个项目", 8),
        (member(1, load=1, spot=Spot(2, 20, position=NEARBY)), "手上 1 单，离 1.0 公里", 10),
        (member(1, "water", spot=Spot(2, 20)), "水暖，手上空着", None),
    ],
)
def test_the_reason_is_a_sentence(who: Member, why: str, minutes: int | None) -> None:
    found = suggest(PIPE, [who], most=5)
    assert found is not None
    assert (found.why, found.minutes) == (why, minutes)


def test_metres_are_those_of_the_map() -> None:
    assert 955 < metres_between(HANGZHOU, NEARBY) < 970
    assert metres_between(HANGZHOU, HANGZHOU) == 0


@pytest.mark.req("W-11")
def test_a_surge_is_spread_over_the_crew_and_nobody_is_promised_more_than_they_can_take() -> None:
    found = suggest_all([PIPE] * 5, [member(1, "water"), member(2, "water", load=1)], most=2)
    assert [s.id if s else None for s in found] == [1, 1, 2, None, None]


def at(hour: int, minute: int = 0, day: int = 1) -> None:
    clock.move_to(datetime(2026, 1, day, hour, minute, tzinfo=clock.SHANGHAI))


@pytest.fixture
def manager(block: Block) -> Actor:
    return hire("manager", name="周敏")


@pytest.mark.req("W-11")
def test_who_is_on_shift_follows_the_plan_over_midnight_too(block: Block, technician: Actor, manager: Actor) -> None:
    night = hire("maintenance", name="何志斌")

    def on_shift() -> list[int]:
        return [p["id"] for p in crew(manager) if p["on_shift"]]

    assert on_shift() == [technician.id, night.id]  # nothing planned: everybody
    today = clock.today()
    acts.set_shift(manager, staff_id=technician.id, day=today, starts_at=time(8), ends_at=time(18))
    acts.set_shift(manager, staff_id=night.id, day=today, starts_at=time(18), ends_at=time(6), on_call=True)
    assert on_shift() == [technician.id]
    at(18)
    assert on_shift() == [night.id]
    acts.set_shift(manager, staff_id=technician.id, day=today + timedelta(days=1), starts_at=time(8), ends_at=time(18))
    at(5, 59, day=2)
    assert on_shift() == [night.id]
    assert [p["on_call"] for p in crew(manager) if p["id"] == night.id] == [True]
    at(6, day=2)
    assert on_shift() == []
    acts.set_shift(manager, staff_id=technician.id, day=today + timedelta(days=1), starts_at=None, ends_at=None)
    assert on_shift() == [technician.id, night.id]


def test_shifts_and_skills_are_the_managers_to_enter(block: Block, technician: Actor, manager: Actor) -> None:
    day = clock.today()
    with refused("not_allowed"):
        acts.set_skills(technician, staff_id=technician.id, skills=["water"])
    with refused("workorders.shift_times"):
        acts.set_shift(manager, staff_id=technician.id, day=day, starts_at=time(8), ends_at=time(8))
    with refused("workorders.no_skill"):
        acts.set_skills(manager, staff_id=technician.id, skills=["cooking"])
    with refused("not_found"):  # mends nothing
        acts.set_skills(manager, staff_id=manager.id, skills=["water"])
    elsewhere = hire("manager", name="外人", all_projects=False, scope_ids=[house().building.scope_id])
    mine = hire("maintenance", name="钱进", all_projects=False, scope_ids=[block.where.building.scope_id])
    with refused("not_found"):
        acts.set_shift(elsewhere, staff_id=mine.id, day=day, starts_at=time(8), ends_at=time(18))
    with refused("not_found"):
        acts.set_skills(elsewhere, staff_id=technician.id, skills=[], home_id=block.where.building.id)
    acts.set_skills(manager, staff_id=technician.id, skills=["heat", "water"], home_id=block.where.building.id)
    assert Technician.objects.get().skills == ["water", "heat"]


def test_a_week_is_repeated_and_what_is_planned_stays(block: Block, technician: Actor, manager: Actor) -> None:
    monday = acts.week_of(clock.today())
    with refused("workorders.nothing_to_repeat"):
        acts.repeat_week(manager, monday=monday)
    for n in range(5):
        day = monday + timedelta(days=n)
        acts.set_shift(manager, staff_id=technician.id, day=day, starts_at=time(8), ends_at=time(18), on_call=n == 0)
    own = monday + timedelta(days=9)
    acts.set_shift(manager, staff_id=technician.id, day=own, starts_at=time(12), ends_at=time(20))
    assert acts.repeat_week(manager, monday=monday) == 4
    assert acts.repeat_week(manager, monday=monday) == 0
    assert Shift.objects.get(day=own).starts_at == time(12)
    assert Shift.objects.get(day=monday + timedelta(days=7)).on_call


@pytest.mark.req("W-11")
def test_the_board_says_who_and_why(block: Block, technician: Actor, manager: Actor) -> None:
    other = hire("maintenance", name="何志斌")
    acts.set_skills(manager, staff_id=technician.id, skills=["water"], home_id=block.where.building.id)
    acts.set_skills(manager, staff_id=other.id, skills=["power"])
    leak(block)
    client = signed_in("manager", name="许婧")
    page = text(client, "/orders")
    for words in ("赵永康", "水暖，手上空着，常驻这栋楼", "约 3 分钟", "<small>电工</small>", "在岗 2 人"):
        assert words in page
    acts.set_shift(manager, staff_id=technician.id, day=clock.today(), starts_at=time(20), ends_at=time(22))
    page = text(client, "/orders")
    assert "没有合适的师傅有空" in page
    assert "不在班" in page


@pytest.mark.req("W-11")
def test_the_boards_queries_do_not_grow_with_crew_and_orders(
    block: Block, technician: Actor, manager: Actor, django_assert_num_queries: object
) -> None:
    for n in range(3):
        hire("maintenance", name=f"师傅{n}")
        leak(block, room=f"3-1-120{n}")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(crew(Actor.system())) == 4
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(board(Actor.system())) == 3


@pytest.mark.req("W-11")
def test_where_it_is_wanted_a_report_finds_its_technician_by_itself(
    block: Block, technician: Actor, manager: Actor
) -> None:
    acts.set_skills(manager, staff_id=technician.id, skills=["water"])
    assert leak(block).case.assignee is None  # shipped: people give orders
    dispatch_rules(mode="automatic", automatic_classes=("1",))
    order = leak(block, room=ABOVE)
    case = FlowCase.objects.get(id=order.case_id)
    assert (case.assignee, case.stage) == (technician.id, "new")
    told = events.timeline(("workorder", order.id))
    given = next(e for e in told if e["action"] == "workorders.order.dispatch")
    assert given["actor"] == "system"
    assert "水暖" in str(given["body"])
    window = report(block.tenant(ROOM), lease_id=block.lease(ROOM).id, spot="bedroom", said="窗户关不严漏风")
    assert FlowCase.objects.get(id=window.case_id).assignee is None  # of another class


@pytest.mark.req("W-11")
def test_what_suits_nobody_stays_free_until_somebody_can(block: Block, technician: Actor, manager: Actor) -> None:
    dispatch_rules(mode="automatic")
    acts.set_skills(manager, staff_id=technician.id, skills=["power"])
    case_id = leak(block).case_id
    assert FlowCase.objects.get(id=case_id).assignee is None
    acts.set_skills(manager, staff_id=technician.id, skills=["power", "water"])
    dispatch(scoped_org(), clock.now())
    assert FlowCase.objects.get(id=case_id).assignee == technician.id
    move(technician, case_id=case_id, step="accept")
    move(technician, case_id=case_id, step="release", reason="没有这个配件")
    dispatch(scoped_org(), clock.now())
    assert FlowCase.objects.get(id=case_id).assignee is None  # gave it back
    other = hire("maintenance", name="何志斌")
    dispatch(scoped_org(), clock.now())
    assert FlowCase.objects.get(id=case_id).assignee == other.id


@pytest.mark.req("W-09")
def test_automatic_dispatch_never_takes_an_order_from_somebody(block: Block, technician: Actor) -> None:
    other = hire("maintenance", name="何志斌")
    case_id = leak(block).case_id
    assign(Actor.system(), case_id=case_id, staff_id=other.id)
    assert not give(Actor.system(), case_id=case_id, staff_id=technician.id, why="水暖")
    assert FlowCase.objects.get(id=case_id).assignee == other.id


def accepts(who: Actor, case_id: int) -> None:
    move(who, case_id=case_id, step="accept")


def claims(who: Actor, case_id: int) -> None:
    claim(who, case_id=case_id)


@pytest.mark.req("W-09")
@pytest.mark.parametrize("takes", [accepts, claims])
def test_of_many_who_take_it_at_once_exactly_one_wins_and_the_others_are_told_who(
    committed: str, takes: Callable[[Actor, int], None]
) -> None:
    org = make_organization("抢单公寓")
    with org_scope(org):
        block = Block(house())
        hands = [hire("maintenance", name=f"师傅{n:02}") for n in range(MANY)]
        case_id = leak(block).case_id
    ready = Barrier(MANY)

    def accept(who: Actor) -> str:
        try:
            with org_scope(org):
                ready.wait(timeout=60)
                takes(who, case_id)
                return "won"
        except Refused as no:
            return f"{no.code} {no.text('zh-hans')}"
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        said = list(pool.map(accept, hands))
    assert said.count("won") == 1
    winner = said.index("won")
    with org_scope(org):
        case = FlowCase.objects.get(id=case_id)
        assert (case.assignee, case.stage) == (hands[winner].id, "accepted" if takes is accepts else "new")
    others = said[:winner] + said[winner + 1 :]
    assert all(words.startswith("flow.taken") and f"师傅{winner:02}" in words for words in others)


@pytest.mark.req("W-09")
@pytest.mark.parametrize("takes", [accepts, claims])
def test_who_comes_while_it_is_being_taken_waits_and_a_page_that_only_looks_does_not(
    committed: str, takes: Callable[[Actor, int], None]
) -> None:
    org = make_organization("抢单公寓")
    with org_scope(org):
        block = Block(house())
        first, second = hire("maintenance", name="何志斌"), hire("maintenance", name="罗天佑")
        case_id = leak(block).case_id
    taking, looked = Event(), Event()

    def take() -> None:
        with org_scope(org):
            takes(first, case_id)
            taking.set()
            assert looked.wait(60)  # not committed until the page has been drawn
        connection.close()

    def look_and_try() -> str:
        with org_scope(org):
            assert taking.wait(60)
            assert claim.refusal(second, case_id=case_id) is None
            assert move.refusal(second, case_id=case_id, step="accept") is None
            looked.set()
            with pytest.raises(Refused) as no:
                takes(second, case_id)
        connection.close()
        return f"{no.value.code} {no.value.facts['who']}"

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(take), pool.submit(look_and_try)
        assert other.result() == "flow.taken 何志斌"
        one.result()


@pytest.mark.req("W-09")
@pytest.mark.parametrize(("takes", "most"), [(accepts, 13), (claims, 8)])
def test_taking_an_order_asks_little_because_others_wait_for_it(
    block: Block, technician: Actor, takes: Callable[[Actor, int], None], most: int
) -> None:
    leaks = [leak(block, room=room).case_id for room in (ROOM, ABOVE)]
    takes(technician, leaks[0])  # policies are known from here on
    with CaptureQueriesContext(connection) as asked, remembering():
        takes(technician, leaks[1])
    assert len(asked) <= most, [one["sql"] for one in asked]


@pytest.mark.req("W-11")
def test_distance_between_projects_counts(block: Block, manager: Actor) -> None:
    far, near = hire("maintenance", name="远"), hire("maintenance", name="近")
    here, there = house(), house()
    for place, (lon, lat) in ((block.where, HANGZHOU), (here, NEARBY), (there, (120.9, 30.9))):
        Project.objects.filter(id=place.building.scope_id).update(lon=lon, lat=lat)
    acts.set_skills(manager, staff_id=far.id, skills=["water"], home_id=there.building.id)
    acts.set_skills(manager, staff_id=near.id, skills=["water"], home_id=here.building.id)
    leak(block)
    assert "离 1.0 公里" in text(signed_in("manager", name="许婧"), "/orders")


def test_the_week_is_planned_on_its_page(block: Block, technician: Actor) -> None:
    client = signed_in("manager", name="许婧")
    page = text(client, "/orders/crew")
    assert "这一周还没有排班" in page
    monday = acts.week_of(clock.today())
    shown = text(client, f"/orders/crew?week={monday}&staff={technician.id}&day={monday}")
    assert 'name="starts"' in shown
    sent = {"week": monday, "staff": technician.id, "day": monday, "starts": "08:00", "ends": "18:00", "on_call": "1"}
    assert client.post("/orders/crew/shift", sent).status_code == 302
    page = text(client, f"/orders/crew?week={monday}")
    assert "08:00–18:00" in page
    assert "值班" in page
    client.post("/orders/crew/repeat", {"week": monday})
    assert "08:00–18:00" in text(client, f"/orders/crew?week={monday + timedelta(days=7)}")
    edit = f"/orders/crew/{technician.id}"
    assert "会修什么" in text(client, f"/orders/crew?staff={technician.id}")
    client.post(f"{edit}/skills", {"week": monday, "skills": ["water", "heat"], "home": block.where.building.id})
    client.post(f"{edit}/phone", {"week": monday, "phone": "138 0000 1234"})
    shown = text(client, f"/orders/crew?staff={technician.id}")
    assert "水暖、热水" in shown
    assert "已登记；填新的会换掉" in shown
    assert "13800001234" not in shown
    assert phones([technician.id]) == {technician.id: "13800001234"}
    client.post(f"{edit}/phone", {"week": monday, "phone": "12345"})
    assert "手机号是 1 开" in text(client, f"/orders/crew?staff={technician.id}")
    client.post("/orders/crew/shift", {**sent, "free": "1"})
    assert not Shift.objects.filter(day=monday).exists()
    assert refusal(client, "/orders/crew/999999/skills", {"skills": "water"}) == 404
    assert refusal(client, "/orders/crew/shift", {"staff": "x", "day": "y"}) == 404
    run_sql("DELETE FROM work_shift")
    reader = signed_in("maintenance", name="何志斌")
    assert "排班" in text(reader, "/orders/crew")
    assert refusal(reader, "/orders/crew/shift", sent) == 403
