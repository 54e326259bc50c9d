"""The repairs of the time before: a messy list goes in as ended orders, whose history the technician then sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from anju.domain.equipment.actions import About, add_item
from anju.domain.leases.models import LeaseParty
from anju.domain.portfolio.models import Project, Unit
from anju.domain.workorders import rounds
from anju.domain.workorders.heat import heat
from anju.domain.workorders.listing import Filter, orders
from anju.domain.workorders.models import WorkOrder, WorkOrderReport
from anju.domain.workorders.past import CameBack, PastOrder, import_orders
from anju.domain.workorders.scorecards import scores
from anju.foundation.db import clock
from anju.foundation.flows.models import FlowCase, FlowLimit, FlowVisit
from anju.foundation.messaging.models import Message
from anju.kit import Actor, Refused
from anju.surface.imports import staging
from anju.surface.imports.models import ImportFile, ImportRow
from anju.surface.imports.reading.values import parse_moment
from anju.surface.imports.returned import write_errors
from tests.builders import House, house, let, terms
from tests.flows.house import hire
from tests.imports.conftest import inside

HEAD = "单号,房间,项目,报修时间,内容,级别,师傅,接单时间,到场时间,完成时间,处理结果,材料,评分,状态"
BringIn = Callable[..., ImportFile]


def table(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


@pytest.fixture
def block(company: int) -> House:
    """3-1-1208 has been let for two years; 3-1-1308 above it was never let, 5-1-1208 is in the next building."""
    with inside(company):
        where, next_door = house(), house("5号楼")
        for code in ("3-1-1208", "3-1-1308"):
            where.unit(code)
        Project.objects.filter(id=where.building.project_id).update(name="禾里公寓")
        unit = next_door.unit("5-1-1208")
        next_door.building.project_id = next_door.building.scope_id = where.building.scope_id
        next_door.building.save()
        Unit.objects.filter(id=unit.id).update(scope_id=where.building.scope_id)
        Unit.objects.update(floor=12, entrance="1", line="08")
        Unit.objects.filter(code="3-1-1308").update(floor=13)
        today = clock.today()
        lease = let(where, "3-1-1208", terms(start_on=date(today.year - 2, 1, 1), end_on=date(today.year + 1, 1, 1)))
        LeaseParty.objects.create(lease=lease, person_id=lease.payer_id, role="payer", from_on=lease.start_on)
        hire("maintenance", name="赵永康")
    return where


def ago(days: int) -> str:
    """A day as people write it: 2026年5月3日."""
    day = clock.wall().astimezone(clock.SHANGHAI).date() - timedelta(days=days)
    return f"{day.year}年{day.month}月{day.day}日"


def messy() -> bytes:
    return table(
        f"GD-001,3-1-1208,禾里公寓,{ago(40)} 9:05,厨房水槽下的水管漏水,P1,赵永康,{ago(40)} 上午9点20,{ago(40)} 10:00,"
        f"{ago(40)} 11:30,换了密封圈,密封圈1个,5星,已完成",
        f"GD-002,3号楼1单元1208室,禾里公寓,{ago(30)},卫生间花洒坏了,紧急,王师傅,,,{ago(29)},换花洒,,满意,已评价",
        f"GD-003,1308,禾里公寓,{ago(20)} 14：30,空调不冷,,,,,,,,,已取消",
        f"GD-001,3-1-1208,禾里公寓,{ago(40)} 9:05,厨房水槽下的水管漏水,P1,赵永康,{ago(40)} 上午9点20,{ago(40)} 10:00,"
        f"{ago(40)} 11:30,换了密封圈,密封圈1个,5星,已完成",
        f"GD-004,1208,禾里公寓,{ago(20)},门锁打不开,,,,,{ago(20)},换锁芯,,,完成",
        f"GD-005,3-1-0999,禾里公寓,{ago(20)},灯不亮,,,,,{ago(20)},换灯泡,,,完成",
        f"GD-006,3-1-1208,没有这个公寓,{ago(20)},灯不亮,,,,,{ago(20)},换灯泡,,,完成",
        f"GD-007,3-1-1208,禾里公寓,{ago(20)},灯不亮,,,,,{ago(25)},换灯泡,,,完成",
        f"GD-008,3-1-1208,禾里公寓,{ago(3)},灯不亮,,,,,,,,,处理中",
        f",3-1-1208,禾里公寓,{ago(20)},灯不亮,,,,,{ago(20)},换灯泡,,,完成",
        f"GD-009,3-1-1208,禾里公寓,{ago(20)} 25:00,灯不亮,,,,,{ago(20)},换灯泡,,,完成",
        f"GD-010,3-1-1208,禾里公寓,{ago(20)},灯不亮,很急很急,,,,{ago(20)},换灯泡,,,完成",
        f"GD-011,3-1-1208,禾里公寓,{ago(20)},灯不亮,,,,,{ago(20)},换灯泡,,8,完成",
        f"GD-012,3-1-1208,禾里公寓,{ago(-20)},灯不亮,,,,,,,,,完成",
        f"GD-013,3-1-1208,禾里公寓,{ago(20)},灯不亮,,,,,,,,,",
    )


@pytest.mark.req("P-03")
def test_a_messy_list_of_past_repairs_goes_in_as_ended_orders(company: int, block: House, bring_in: BringIn) -> None:
    file = bring_in(messy(), "past_orders")
    with inside(company):
        counts = staging.tally(file.id)
        codes = {
            r.values.get("number", ""): [p["code"] for p in r.problems] for r in ImportRow.objects.filter(fate="bad")
        }
        assert codes == {
            "GD-004": ["import.row.rooms_alike"],
            "GD-005": ["import.row.no_room"],
            "GD-006": ["import.row.no_project"],
            "GD-007": ["import.cell.moment_order"],
            "GD-008": ["import.row.still_open"],
            "": ["import.cell.required"],
            "GD-009": ["import.cell.time"],
            "GD-010": ["import.cell.choice"],
            "GD-011": ["import.cell.choice"],
            "GD-012": ["import.cell.moment_ahead"],
            "GD-013": ["import.cell.required"],
        }
        assert counts == {"rows": 15, "done": 15, "new": 3, "duplicate": 1, "bad": 11}
        leak, shower, void = WorkOrder.objects.order_by("outside")
        assert (leak.unit.code, leak.kind, leak.spot, leak.rating, leak.source) == (
            "3-1-1208", "water", "kitchen", 5, "import",
        )  # fmt: skip
        case = leak.case
        assert (case.stage, case.priority, case.facts) == ("done", 1, {"result": "换了密封圈", "parts": "密封圈1个"})
        assert case.number.startswith(f"W{leak.opened_at.year % 100}-")
        assert (shower.unit.code, shower.case.priority, shower.rating) == ("3-1-1208", 0, 4)
        assert (void.unit.code, void.case.stage, void.rating) == ("3-1-1308", "void", None)


@pytest.mark.req("P-03")
def test_an_order_went_as_the_table_says(company: int, block: House, bring_in: BringIn) -> None:
    bring_in(messy(), "past_orders")
    with inside(company):
        order = WorkOrder.objects.get(outside="GD-001")
        went = FlowVisit.objects.filter(case=order.case).order_by("seq")
        day = clock.today() - timedelta(days=40)
        assert [(v.stage, v.entered_at.astimezone(clock.SHANGHAI)) for v in went] == [
            (stage, datetime.combine(day, time(*at), clock.SHANGHAI))
            for stage, at in (
                ("new", (9, 5)), ("accepted", (9, 20)), ("onsite", (10, 0)), ("proof", (11, 30)), ("done", (11, 30)),
            )
        ]  # fmt: skip
        assert went[0].reason == "原单号 GD-001"
        assert str(order.case.assignee) == went[1].by.removeprefix("staff:")
        lease = block.unit("3-1-1208")
        told = WorkOrderReport.objects.get(order=order)
        assert order.case.persons == [told.person_id]
        assert told.lease_id
        assert lease.id == order.unit_id
        stranger = WorkOrder.objects.get(outside="GD-002")
        assert stranger.case.assignee is None
        assert "师傅 王师傅" in {v.reason for v in FlowVisit.objects.filter(case=stranger.case)}
        nobody = WorkOrder.objects.get(outside="GD-003")
        assert (nobody.case.persons, WorkOrderReport.objects.filter(order=nobody).count()) == ([], 0)
        assert nobody.case.closed_at == nobody.opened_at  # no other moment is known


@pytest.mark.req("P-03")
def test_nothing_runs_and_nobody_is_told(company: int, block: House, bring_in: BringIn) -> None:
    with inside(company):
        before = Message.objects.count()
    bring_in(messy(), "past_orders")
    with inside(company):
        assert FlowLimit.objects.count() == 0
        assert not FlowCase.objects.filter(closed_at__isnull=True).exists()
        assert not FlowCase.objects.exclude(due_at=None, warn_at=None).exists()
        assert Message.objects.count() == before


@pytest.mark.req("P-03")
def test_the_same_list_again_writes_nothing(company: int, block: House, bring_in: BringIn) -> None:
    bring_in(messy(), "past_orders")
    again = bring_in(messy(), "past_orders")
    with inside(company):
        assert staging.tally(again.id)["same"] == 3
        assert "new" not in staging.tally(again.id)
        assert (WorkOrder.objects.count(), FlowCase.objects.count()) == (3, 3)
        known = ImportRow.objects.filter(file=again, fate="same").values_list("subject_id", flat=True)
        assert set(known) == set(FlowCase.objects.values_list("id", flat=True))


@pytest.mark.req("P-03")
def test_the_history_is_before_the_technicians_eyes_and_in_the_heat(
    company: int, block: House, bring_in: BringIn
) -> None:
    bring_in(messy(), "past_orders")
    with inside(company):
        now = WorkOrder.objects.get(outside="GD-002")
        WorkOrder.objects.filter(id=now.id).update(kind="water")
        now.refresh_from_db()
        [leak] = [row for row in rounds.before(now) if row["who"] == "赵永康"]
        assert (leak["result"], leak["parts"]) == ("换了密封圈", "密封圈1个")
        grid = heat(Actor.system(), since_days=60)
        assert grid.total == 2  # what was given up is no repair


@pytest.mark.req("P-03")
def test_bad_rows_come_back_with_their_reasons(company: int, block: House, bring_in: BringIn, tmp_path: Path) -> None:
    file = bring_in(messy(), "past_orders")
    with inside(company):
        write_errors(file, tmp_path / "back.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "back.xlsx").active.iter_rows(values_only=True))
    why = {row[2]: row[1] for row in rows[1:]}
    assert why["GD-004"] == "“禾里公寓”有 2 个房间都是 1208，请写全，例如 3-1-1208。"
    assert why["GD-007"] == "完成时间：早于前一步的时间，请核对。"
    assert "还没有结束" in why["GD-008"]


@pytest.mark.req("P-03")
def test_a_table_without_projects_is_given_one_and_the_building_settles_which_room(
    company: int, block: House, bring_in: BringIn
) -> None:
    data = f"工单编号,楼栋,房号,报修日期,问题描述,完工日期\nA1,5号楼,1208,{ago(9)},灯不亮,{ago(8)}\n".encode()
    bring_in(data, "past_orders", project="禾里公寓")
    with inside(company):
        assert WorkOrder.objects.get().unit.code == "5-1-1208"


@pytest.mark.req("P-03")
@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2025/3/1 14:05", (date(2025, 3, 1), time(14, 5))),
        ("2025-03-01T14:05:09", (date(2025, 3, 1), time(14, 5, 9))),
        ("2025-03-01T18:05:00Z", (date(2025, 3, 2), time(2, 5))),
        ("2025年3月1日 下午2点半", (date(2025, 3, 1), time(14, 30))),
        ("２０２５．３．１　９：０５", (date(2025, 3, 1), time(9, 5))),
        ("2025-3-1 2:05 PM", (date(2025, 3, 1), time(14, 5))),
        ("2025.3.1", (date(2025, 3, 1), None)),
        ("3月1日14时05分", (date(2024, 3, 1), time(14, 5))),
        (45717, (date(2025, 3, 1), None)),
        (45717.5, (date(2025, 3, 1), time(12))),
        (datetime(2025, 3, 1, 8, 30), (date(2025, 3, 1), time(8, 30))),  # noqa: DTZ001 - as a workbook has it
        (datetime(2025, 3, 1), (date(2025, 3, 1), None)),  # noqa: DTZ001
    ],
)
def test_moments_in_every_style(cell: Any, expected: Any) -> None:
    assert parse_moment(cell, year=2024) == expected


@pytest.mark.parametrize("cell", ["2025-3-1 25:00", "下午", "2025-3-1 9:75", "明天 9:00"])
def test_what_is_no_moment_is_refused(cell: str) -> None:
    with pytest.raises(Refused):
        parse_moment(cell)


@pytest.mark.req("P-03")
def test_past_orders_are_the_managers_and_within_the_projects(company: int, block: House) -> None:
    with inside(company):
        unit, at = block.unit("3-1-1208"), clock.now() - timedelta(days=3)
        row = PastOrder(outside="X1", unit_id=unit.id, opened_at=at, said="灯不亮", ended_at=at)
        elsewhere = house().building.scope_id
        bound = hire("manager", name="周敏", all_projects=False, scope_ids=[elsewhere])
        done = import_orders(bound, rows=[row])
        assert (done.new, done.refused[0].code) == (0, "workorders.no_such_room")
        assert import_orders(Actor.system(), rows=[row, row]).new == 1
        with pytest.raises(Refused, match="not_allowed"):
            import_orders(hire("service"), rows=[row])


@pytest.mark.req("P-03")
def test_what_is_imported_later_stands_in_the_list_where_it_happened(company: int, block: House) -> None:
    with inside(company):
        unit, now = block.unit("3-1-1208"), clock.now()

        def row(number: str, days: int) -> PastOrder:
            at = now - timedelta(days=days)
            return PastOrder(outside=number, unit_id=unit.id, opened_at=at, said="灯不亮", ended_at=at)

        import_orders(Actor.system(), rows=[row("new", 1)])
        import_orders(Actor.system(), rows=[row("old", 9), row("middle", 5)])
        first = orders(Actor.system(), Filter(), limit=2)
        assert [r["opened_at"] for r in first.rows] == [now - timedelta(days=1), now - timedelta(days=5)]
        second = orders(Actor.system(), Filter(), after=first.after, limit=2)
        assert [r["opened_at"] for r in second.rows] == [now - timedelta(days=9)]
        back = orders(Actor.system(), Filter(), before=second.rows[0]["id"], limit=2)
        assert [r["id"] for r in back.rows] == [r["id"] for r in first.rows]


@pytest.mark.req("P-03")
def test_what_came_back_counts_as_reopened_and_its_way_is_kept(company: int, block: House) -> None:
    with inside(company):
        unit, at = block.unit("3-1-1208"), clock.now() - timedelta(days=3)
        hours = [at + timedelta(hours=n) for n in range(9)]
        row = PastOrder(
            "Y1", unit.id, at, "灯不亮", hours[8], accepted_at=hours[1], arrived_at=hours[2], technician="赵永康",
            came_back=CameBack(hours[3], hours[4], hours[5], hours[7]),
        )  # fmt: skip
        import_orders(Actor.system(), rows=[row])
        went = FlowVisit.objects.order_by("seq").values_list("stage", "entered_at")
        stages = ("new", "accepted", "onsite", "proof", "new", "accepted", "onsite", "proof", "done")
        moments = (at, *hours[1:6], hours[7], hours[8], hours[8])
        assert list(went) == list(zip(stages, moments, strict=True))
        [score] = scores(Actor.system(), at.astimezone(clock.SHANGHAI).date())
        assert (score.done, score.reopened, score.fixed) == (1, 1, 0)


@pytest.mark.req("P-03")
def test_equipment_remembers_repairs_from_before_but_not_from_before_it_was_there(company: int, block: House) -> None:
    with inside(company):
        unit, now = block.unit("3-1-1208"), clock.now()
        since = clock.today() - timedelta(days=30)
        cooler = add_item(
            Actor.system(), about=About("air_conditioner", "格力 KFR-26GW", installed_on=since), unit_id=unit.id
        )
        lift = add_item(Actor.system(), about=About("lift", "三菱 LEHY"), building_id=block.building.id)

        def row(number: str, said: str, days: int) -> PastOrder:
            at = now - timedelta(days=days)
            return PastOrder(outside=number, unit_id=unit.id, opened_at=at, said=said, ended_at=at)

        told = [
            row("A", "空调不制冷", 9),
            row("B", "空调不制冷", 90),
            row("C", "电梯停在八楼", 5),
            row("D", "灯不亮", 5),
        ]
        import_orders(Actor.system(), rows=told)
        of = WorkOrder.objects.order_by("outside")
        assert list(of.values_list("equipment_id", flat=True)) == [cooler.id, None, lift.id, None]
        assert list(of.values_list("spot", "unit_id"))[2] == ("public", None)
