"""Where repairs pile up, what is reported twice, who goes to look, whether the crew keeps up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from anju.domain.portfolio.models import Project
from anju.domain.workorders.actions import join
from anju.domain.workorders.heat import heat, hot_spots, level
from anju.domain.workorders.insight import duplicates, surge
from anju.domain.workorders.inspection_flow import NAME as INSPECTION
from anju.domain.workorders.inspections import plan, schedule
from anju.domain.workorders.jobs import inspect_hot_spots
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.places import dots
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.db import clock, scoped_org
from anju.foundation.flows.actions import move
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.soundness import lint_flow
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.registry import declared
from anju.foundation.policy.store import body_sha256
from anju.kit import Actor
from tests.builders import house
from tests.flows.house import hire
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import leak, refused

RISER = ("3-1-0808", "3-1-0908", "3-1-1008")


@pytest.fixture
def manager(block: Block) -> Actor:
    return hire("manager", name="许蔓")


def on(day: int, hour: int = 9) -> None:
    """A day of January 2026."""
    clock.move_to(datetime(2026, 1, day, hour, tzinfo=clock.SHANGHAI))


def hot(block: Block) -> list[WorkOrder]:
    """Three leaks on one riser, an outage beside them."""
    orders = [leak(block, room=room, said="水管漏水") for room in RISER]
    return [*orders, leak(block, room="3-1-0902", said="插座没电")]


def mend(technician: Actor, order: WorkOrder) -> None:
    case = order.case_id
    move(technician, case_id=case, step="accept")
    move(technician, case_id=case, step="arrive", photos=(photo(),))
    move(technician, case_id=case, step="finish", facts={"result": "换了密封圈"}, photos=(photo(),))


def obey(policy: WorkOrders) -> None:
    """A version of the policy in force from now on."""
    body, wall = policy.model_dump(mode="json"), clock.wall()
    version = PolicyVersion.objects.create(
        key="workorders", number=2, schema=1, body=body, sha256=body_sha256(body), author="system",
        state=PolicyVersion.State.RELEASED, created_at=wall, updated_at=wall,
    )  # fmt: skip
    PolicyRelease.objects.create(
        key="workorders", effective_from=clock.now(), version=version, reviewer="system", reason="", created_at=wall
    )


def counts(viewer: Actor, **asked: object) -> dict[str, list[int | None]]:
    return {band.word: [c.n for c in band.cells] for band in heat(viewer, **asked).bands}  # type: ignore[arg-type]


@pytest.mark.req("W-10")
def test_the_map_counts_by_floors_and_entrance(block: Block, manager: Actor) -> None:
    hot(block)
    for room in ("3-1-0201", "3-1-1402"):
        block.lease(room)  # floors nobody reported from are on the map too
    found = heat(manager)
    assert [p.word for p in found.places] == ["1单元"]
    assert counts(manager) == {"13–15 层": [0], "10–12 层": [1], "7–9 层": [3], "4–6 层": [0], "1–3 层": [0]}
    assert (found.total, found.buildings[0][::2]) == (4, ("3号楼", 1))
    assert counts(manager, kind="water") == {
        "13–15 层": [0], "10–12 层": [1], "7–9 层": [2], "4–6 层": [0], "1–3 层": [0]
    }  # fmt: skip
    elsewhere = Block(house("5号楼"))
    leak(elsewhere, room="5-1-0203")
    assert counts(manager)["1–3 层"] == [0, 1]
    assert counts(manager)["13–15 层"] == [0, None]  # no such floor there
    assert heat(manager, project=elsewhere.where.building.scope_id).total == 1
    assert heat(manager, most=1).more == 1


@pytest.mark.req("W-10")
def test_the_map_shows_only_the_viewers_projects_and_forgets(block: Block, manager: Actor) -> None:
    hot(block)
    own = block.where.building.scope_id
    here = hire("service", name="林晓", all_projects=False, scope_ids=[own])
    away = hire("service", name="周宁", all_projects=False, scope_ids=[own + 1000])
    assert heat(here).total == 4
    assert (heat(away).total, heat(away).bands, hot_spots(away)) == (0, [], [])
    assert (surge(away).waiting, duplicates(away, clock.today()).all.reports, dots(away)) == (0, 0, [])
    on(7)
    assert heat(manager).total == 4
    on(8)
    assert heat(manager).total == 0
    assert heat(manager, since_days=30).total == 4
    assert hot_spots(manager) == []


def test_a_void_order_heats_nothing(block: Block, manager: Actor) -> None:
    order = leak(block)
    move(manager, case_id=order.case_id, step="drop", reason="看错了楼")
    assert heat(manager).total == 0


@pytest.mark.req("W-10")
def test_a_riser_that_leaks_three_times_is_a_hot_spot(block: Block, manager: Actor) -> None:
    orders = [leak(block, room=room, said="水管漏水") for room in RISER[:2]]
    assert hot_spots(manager) == []  # two are none
    orders.append(leak(block, room=RISER[2], said="水管漏水"))
    leak(block, room="3-1-0902", said="插座没电")
    (spot,) = hot_spots(manager)
    assert (spot.kind, spot.line, spot.n, spot.around, spot.share) == ("water", "08", 3, 4, 75)
    assert spot.told == "3号楼1单元 8–10 层 4 单，3 单是水管漏水堵塞（75%），都在同一立管 08"
    assert spot.cause == "立管、加压泵或总阀"
    assert [s.share for s in hot_spots(manager, kind="water")] == [75]  # of everything there, whatever was asked for
    assert hot_spots(manager, kind="power") == []


@pytest.mark.req("W-10")
def test_one_kind_on_one_band_of_floors_is_a_hot_spot_too(block: Block, manager: Actor) -> None:
    for room in ("3-1-0701", "3-1-0802", "3-1-0903"):
        leak(block, room=room, said="网络断了")
    leak(block, room="3-1-1204", said="网络断了")  # another band
    (spot,) = hot_spots(manager)
    assert (spot.kind, spot.line, spot.band, spot.n) == ("network", "", 2, 3)
    assert spot.told == "3号楼1单元 7–9 层 3 单，3 单是网络（100%）"


@pytest.mark.req("W-10")
def test_what_a_hot_riser_explains_heats_no_floor_as_well(block: Block, manager: Actor) -> None:
    for room in ("3-1-0708", "3-1-0808", "3-1-0908"):
        leak(block, room=room, said="水管漏水")
    assert [s.line for s in hot_spots(manager)] == ["08"]


@pytest.mark.req("W-10")
def test_only_one_inspection_stands_for_a_hot_spot(block: Block, technician: Actor, agent: Actor) -> None:
    hot(block)
    (spot,) = hot_spots(agent)
    case = plan(agent, key=spot.key)
    assert (case.flow, case.team, case.title) == (INSPECTION, "maintenance", "3号楼1单元 8–10 层 水管巡检")
    assert case.facts["why"] == "近 7 天 3 单水管报修，同一立管 08"
    assert (case.subject_kind, case.subject_id) == ("building", block.where.building.id)
    assert case.due_at == clock.now() + timedelta(days=3)
    with refused("flow.open_already"):
        plan(agent, key=spot.key)
    leak(block, room="3-1-1108", said="水管漏水")  # it grows, and is the same
    (grown,) = hot_spots(agent)
    assert (grown.n, grown.inspection, grown.looked_at) == (4, case.number, True)
    with refused("flow.open_already"):
        plan(agent, key=grown.key)
    assert schedule(Actor.system()) == []
    assert FlowCase.objects.filter(flow=INSPECTION).count() == 1
    with refused("flow.field_missing"):
        move(technician, case_id=case.id, step="finish", photos=(photo(),))
    with refused("flow.photos_missing"):
        move(technician, case_id=case.id, step="finish", facts={"found": "加压泵压力过高"})
    move(technician, case_id=case.id, step="finish", facts={"found": "加压泵压力过高"}, photos=(photo(),))
    case.refresh_from_db()
    assert (case.stage, case.assignee) == ("done", technician.id)
    assert schedule(Actor.system()) == []  # it was looked at within the window
    assert plan(agent, key=spot.key).id != case.id  # a person may send somebody again


@pytest.mark.req("W-10")
def test_who_may_not_plan_and_what_is_no_hot_spot(block: Block, technician: Actor, agent: Actor) -> None:
    hot(block)
    (spot,) = hot_spots(agent)
    with refused("not_allowed"):
        plan(technician, key=spot.key)
    with refused("workorders.not_hot"):
        plan(agent, key=f"{spot.key}9")
    away = hire("service", name="周宁", all_projects=False, scope_ids=[block.where.building.scope_id + 1000])
    with refused("workorders.not_hot"):
        plan(away, key=spot.key)
    assert not FlowCase.objects.filter(flow=INSPECTION).exists()


@pytest.mark.req("W-10")
def test_the_morning_plans_by_itself_where_it_is_wanted(block: Block) -> None:
    hot(block)
    inspect_hot_spots(scoped_org(), clock.today())
    assert not FlowCase.objects.filter(flow=INSPECTION).exists()
    obey(WorkOrders(inspect_automatically=True))
    on(2)
    for _again in range(2):
        inspect_hot_spots(scoped_org(), clock.today())
    (case,) = FlowCase.objects.filter(flow=INSPECTION)
    assert (case.opened_by, case.scope_id) == ("system", block.where.building.scope_id)


@pytest.mark.req("W-10")
def test_how_hot_is_hot_is_the_companys_own(block: Block, manager: Actor) -> None:
    leak(block, room=RISER[0], said="水管漏水")
    leak(block, room=RISER[1], said="水管漏水")
    obey(WorkOrders(hot_from=2, hot_days=3, hot_floors=5))
    on(2)
    assert [s.n for s in hot_spots(manager)] == [2]
    assert list(counts(manager)) == ["6–10 层"]
    on(4)
    assert hot_spots(manager) == []


def test_how_hot_a_cell_is() -> None:
    assert [level(n, 3) for n in (0, 1, 2, 3, 5, 6)] == [0, 1, 2, 3, 3, 4]
    assert [level(n, 5) for n in (0, 1, 4, 5, 10)] == [0, 1, 2, 3, 4]


@pytest.mark.req("W-10")
def test_the_days_reports_and_what_they_repeat(block: Block, manager: Actor) -> None:
    first = leak(block, room=RISER[0], said="厨房水管漏水")
    join(block.tenant(RISER[1]), order_id=first.id, lease_id=block.lease(RISER[1]).id)  # one that is the same
    leak(block, room=RISER[1], said="厨房水管滴水")  # the same, as an order of its own
    leak(block, room="3-1-0302", said="墙面掉漆")
    leak(block, room="3-1-0101", said="水管漏水")  # as wet, but far away
    found = duplicates(manager, clock.today())
    assert (found.all.reports, found.all.joined, found.all.again, found.all.rate) == (5, 1, 1, 40)
    assert [(x.word, x.reports, x.same, x.rate) for x in found.buildings] == [("3号楼", 5, 2, 40)]
    assert {x.word: (x.reports, x.same) for x in found.kinds} == {"水管漏水堵塞": (4, 2), "墙面地面": (1, 0)}
    ((place, cause),) = found.causes
    assert (place.word, place.reports, place.same) == ("3号楼1单元 立管 08 水管漏水堵塞", 3, 2)
    assert cause == "立管、加压泵或总阀"
    assert duplicates(manager, clock.today() - timedelta(days=1)).all.reports == 0


@pytest.mark.req("W-10")
def test_who_joins_the_day_after_counts_on_that_day(block: Block, manager: Actor) -> None:
    order = leak(block, room=RISER[0])
    on(2)
    join(block.tenant(RISER[1]), order_id=order.id, lease_id=block.lease(RISER[1]).id)
    yesterday, today = (duplicates(manager, clock.today() - timedelta(days=n)).all for n in (1, 0))
    assert (yesterday.reports, yesterday.same) == (1, 0)
    assert (today.reports, today.joined, today.rate) == (1, 1, 100)


@pytest.mark.req("W-11")
def test_the_backlog_by_class_and_what_will_be_late(block: Block, technician: Actor, manager: Actor) -> None:
    assert (surge(manager).waiting, surge(manager).rate, surge(manager).days) == (0, None, None)
    for n in range(7):  # one a day
        mend(technician, leak(block, room=f"3-1-05{n:02}"))
    for n in range(3):
        leak(block, room=f"3-1-06{n:02}", said="墙面掉漆")
    leak(block, room="3-1-0701", said="全屋停电")
    found = surge(manager)
    assert (found.waiting, found.mended, found.rate, found.came) == (4, 7, 1, 11)
    assert [(c.word, c.waiting, c.late, c.will_be) for c in found.classes] == [
        ("P0 停水停电", 1, 0, 1), ("P3 外观其他", 3, 0, 2)
    ]  # fmt: skip
    assert [(x["title"], x["place"]) for x in found.next] == [("厨房停电", 1), ("厨房掉漆", 3), ("厨房掉漆", 4)]
    assert (found.days, found.times, found.is_surge) == (4, None, False)
    on(4)
    found = surge(manager)
    assert (found.late, found.will_be) == (4, 0)
    on(20)  # nothing was mended for a week: the four weeks before say how fast
    assert surge(manager).rate == pytest.approx(7 / 28)


@pytest.mark.req("W-11")
def test_more_backlog_never_means_fewer_breaches(block: Block, technician: Actor, manager: Actor) -> None:
    mend(technician, leak(block))
    before = 0
    for n, said in enumerate(("墙面掉漆", "窗户关不上", "水管漏水", "全屋停电", "墙面起皮", "没有热水")):
        leak(block, room=f"3-1-06{n:02}", said=said)
        found = surge(manager)
        assert found.late + found.will_be >= before
        before = found.late + found.will_be
    assert before > 0


@pytest.mark.req("W-11")
def test_three_times_the_usual_is_a_surge(block: Block, manager: Actor) -> None:
    for n in range(4):
        leak(block, room=f"3-1-02{n:02}")
    on(12)
    for n in range(2):
        leak(block, room=f"3-1-03{n:02}")
    assert (surge(manager).usual, surge(manager).times, surge(manager).is_surge) == (1, 2, False)
    leak(block, room="3-1-0401")
    assert surge(manager).is_surge


def test_projects_are_drawn_where_they_are(block: Block, manager: Actor) -> None:
    far = Block(house("5号楼"))
    for n in range(4):
        leak(block, room=f"3-1-02{n:02}")
    leak(far, room="5-1-0203")
    assert [(d.waiting, d.x) for d in dots(manager)] == [(4, None), (1, None)]
    for where, lon, lat in ((block, "120.10", "30.20"), (far, "120.20", "30.25")):
        Project.objects.filter(id=where.where.building.scope_id).update(lon=lon, lat=lat)
    west, east = dots(manager)
    assert (west.y, east.y) == (360, 40)  # north is up, an edge is left
    assert 40 <= (west.x or 0) < (east.x or 0) <= 600
    assert west.r == 2 * east.r  # four times the orders, twice the radius


def test_the_shipped_inspection_is_sound() -> None:
    assert lint_flow(declared("flow.inspection").model()) == []  # type: ignore[arg-type]
