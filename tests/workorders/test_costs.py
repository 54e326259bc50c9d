"""What repairs cost and who pays: by the rule, once, and back again; equipment tells what is under warranty."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from anju.domain.billing.actions.charges import reverse_charge
from anju.domain.billing.models import Charge
from anju.domain.billing.queries import balances
from anju.domain.equipment.actions import About, add_item, retire_item
from anju.domain.equipment.models import Equipment
from anju.domain.workorders.actions import join, report
from anju.domain.workorders.cost_actions import add_cost, withdraw_cost
from anju.domain.workorders.cost_queries import month_lines, month_totals, repairs_of, repairs_total
from anju.domain.workorders.equipping import equip, equipment_kind
from anju.domain.workorders.models import WorkOrder, WorkOrderCost
from anju.domain.workorders.policies import PayerRule, WorkOrders
from anju.foundation.db import clock
from anju.foundation.flows.actions import move
from anju.foundation.trace import events
from anju.kit import Actor, Money
from tests.builders import house
from tests.flows.house import hire
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import ROOM, leak, refused
from tests.workorders.test_pages import phone


@pytest.fixture
def manager(block: Block) -> Actor:
    return hire("manager", name="周敏")


def fridge(by: Actor, block: Block, *, kind: str = "fridge", days: int = 100, room: str = ROOM) -> Equipment:
    """An item in a room, under warranty for some days more."""
    about = About(kind, "海尔 BCD-215", serial="SN-1", warranty_until=clock.today() + timedelta(days=days))
    return add_item(by, about=about, unit_id=block.where.unit(room).id)


def broken(block: Block, said: str = "冰箱不制冷了", room: str = ROOM, spot: str = "kitchen") -> WorkOrder:
    return report(block.tenant(room), lease_id=block.lease(room).id, spot=spot, said=said)


def cost(by: Actor, order: WorkOrder, amount: str = "45.50", **more: Any) -> WorkOrderCost:
    given = {"what": "part", "text": "换温控器", **more}
    return add_cost(by, order_id=order.id, amount=Decimal(amount), **given)


def policy(**changed: Any) -> WorkOrders:
    return WorkOrders(**changed)


@pytest.mark.req("P-04")
def test_a_report_brings_the_one_item_it_is_about(block: Block, manager: Actor) -> None:
    item = fridge(manager, block)
    assert broken(block).equipment == item
    assert leak(block).equipment is None
    second = fridge(manager, block)
    assert broken(block, "冰箱漏水").equipment is None  # two of them: nobody knows which
    retire_item(manager, item_id=second.id)
    assert broken(block, "冰箱太响").equipment == item
    lift = add_item(manager, about=About("lift", "三菱 LEHY"), building_id=block.where.building.id)
    assert broken(block, "电梯停了", spot="public").equipment == lift


@pytest.mark.req("P-04")
@pytest.mark.parametrize(
    ("repair", "told", "kind"),
    [
        ("heat", "没有热水", "water_heater"),
        ("heat", "暖气不热", "boiler"),
        ("air", "空调不冷", "air_conditioner"),
        ("lock", "门锁打不开", "lock"),
        ("lock", "纱窗破了", ""),
        ("appliance", "洗衣机不转", "washing_machine"),
        ("appliance", "微波炉坏了", ""),
        ("water", "水管漏水", ""),
    ],
)
def test_words_say_which_kind_of_equipment(repair: str, told: str, kind: str) -> None:
    assert equipment_kind(repair, told) == kind


@pytest.mark.req("P-04")
def test_staff_correct_which_item_it_is(block: Block, manager: Actor, technician: Actor) -> None:
    order = broken(block, "厨房的电器坏了")
    item, elsewhere = fridge(manager, block), fridge(manager, block, room="3-1-0302")
    equip(technician, order_id=order.id, item_id=item.id)
    equip(technician, order_id=order.id, item_id=item.id)
    order.refresh_from_db()
    assert order.equipment == item
    with refused("workorders.not_there"):
        equip(technician, order_id=order.id, item_id=elsewhere.id)
    told = [e["action"] for e in events.timeline(("equipment", item.id))]
    assert told.count("workorders.order.equip") == 1
    equip(manager, order_id=order.id, item_id=None)
    order.refresh_from_db()
    assert order.equipment is None


@pytest.mark.req("X-10")
def test_what_a_tenant_broke_is_one_charge_on_the_tenants_lease(block: Block, manager: Actor) -> None:
    order = leak(block)
    made = cost(manager, order, "120.5", text="换花洒", misuse=True, key="once")
    again = cost(manager, order, "120.5", text="换花洒", misuse=True, key="once")
    assert again.id == made.id
    charge = Charge.objects.get(lease=block.lease(ROOM))
    assert made.charge_id == charge.id
    assert (made.payer, charge.kind, charge.amount, charge.open) == (
        "tenant",
        "damage",
        Decimal("120.50"),
        Decimal("120.50"),
    )
    assert charge.name == f"{order.case.number} 换花洒"
    assert charge.due_on == clock.today() + timedelta(days=7)
    told = events.timeline(("workorder", order.id))
    assert [e["action"] for e in told].count("workorders.cost.add") == 1
    assert f'"charge":{charge.id}' in str(told[0]["body"]).replace(" ", "")
    assert "billing.charge.issue" in [e["action"] for e in events.timeline(("lease", charge.lease_id))]


@pytest.mark.req("X-10")
def test_who_joined_later_is_not_charged(block: Block, manager: Actor) -> None:
    order = leak(block)
    join(block.tenant("3-1-1308"), order_id=order.id, lease_id=block.lease("3-1-1308").id)
    cost(manager, order, misuse=True)
    assert list(Charge.objects.values_list("lease_id", flat=True)) == [block.lease(ROOM).id]


@pytest.mark.req("X-10")
def test_a_withdrawn_cost_is_reversed_once(block: Block, manager: Actor) -> None:
    made = cost(manager, leak(block), "80", misuse=True)
    lease = block.lease(ROOM).id
    with refused("workorders.why_withdrawn"):
        withdraw_cost(manager, cost_id=made.id, reason=" ")
    withdraw_cost(manager, cost_id=made.id, reason="不是租客弄坏的")
    with refused("workorders.withdrawn"):
        withdraw_cost(manager, cost_id=made.id, reason="再撤一次")
    amounts = Charge.objects.filter(lease_id=lease).order_by("id").values_list("amount", "open")
    assert list(amounts) == [(Decimal("80.00"), Decimal(0)), (Decimal("-80.00"), Decimal(0))]
    assert balances([lease], clock.today() + timedelta(days=60))[lease].late == Money(0)
    made.refresh_from_db()
    assert made.withdrawn_why == "不是租客弄坏的"
    assert events.timeline(("workorder", made.order_id))[0]["action"] == "workorders.cost.withdraw"


@pytest.mark.req("X-10")
def test_what_finance_reversed_already_is_not_reversed_again(block: Block, manager: Actor) -> None:
    made = cost(manager, leak(block), "80", misuse=True)
    assert made.charge_id is not None
    reverse_charge(hire("finance"), charge_id=made.charge_id, reason="记错了")
    withdraw_cost(manager, cost_id=made.id, reason="记错了")
    assert Charge.objects.count() == 2


@pytest.mark.req("X-10")
def test_under_warranty_the_tenant_does_not_pay_and_the_day_of_the_report_counts(block: Block, manager: Actor) -> None:
    fridge(manager, block, days=0)
    order = broken(block)
    WorkOrder.objects.filter(id=order.id).update(opened_at=clock.now())
    made = cost(manager, order)
    assert (made.payer, made.warranty, made.charge_id) == ("company", True, None)
    WorkOrder.objects.filter(id=order.id).update(opened_at=clock.now() + timedelta(days=1))
    assert not cost(manager, order).warranty
    assert not Charge.objects.exists()


@pytest.mark.req("X-10")
def test_the_first_rule_that_fits_decides() -> None:
    shipped = policy()

    def payer(of: WorkOrders, kind: str = "water", spot: str = "bath", amount: str = "50", **facts: bool) -> str:
        known = {"misuse": False, "warranty": False, **facts}
        return of.payer_of(kind, spot, Decimal(amount), **known)

    assert payer(shipped) == "company"
    assert payer(shipped, misuse=True) == "tenant"
    assert payer(shipped, misuse=True, warranty=True) == "tenant"
    assert payer(shipped, spot="public", misuse=True) == "company"
    rules = (PayerRule(kind="wall", payer="landlord"), PayerRule(cause="wear", spot="kitchen", payer="tenant"))
    own = policy(cost_payer=rules, cost_otherwise="landlord", tenant_pays_from=Decimal("30"))
    assert payer(own, kind="wall", misuse=True) == "landlord"
    assert payer(own, spot="kitchen") == "tenant"
    assert payer(own, spot="kitchen", amount="29.99") == "company"
    assert payer(own, spot="kitchen", amount="30") == "tenant"
    assert payer(own, spot="kitchen", misuse=True) == "landlord"
    assert rules[1].heading() == "厨房，正常损耗，租客承担"


@pytest.mark.req("X-10")
def test_a_rule_that_never_decides_is_pointed_out() -> None:
    assert policy().lint() == []
    anything = PayerRule(payer="company")
    found = policy(
        cost_payer=(PayerRule(kind="wall", payer="landlord"), anything, PayerRule(kind="air", payer="tenant"))
    )
    assert [(f.code, f.path) for f in found.lint()] == [("workorders.rule_idle", "cost_payer.2")]


@pytest.mark.req("X-10")
@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "workorders.cost_amount"),
        ("-5", "workorders.cost_amount"),
        ("0.001", "workorders.cost_fine"),
        ("12.345", "workorders.cost_fine"),
        ("1000000.01", "workorders.cost_amount"),
        ("NaN", "workorders.cost_amount"),
        ("Infinity", "workorders.cost_amount"),
    ],
)
def test_amounts_that_cannot_be_are_refused(block: Block, manager: Actor, amount: str, code: str) -> None:
    order = leak(block)
    with refused(code):
        cost(manager, order, amount)
    assert not WorkOrderCost.objects.exists()


@pytest.mark.req("X-10")
def test_a_cost_says_what_it_is_for(block: Block, manager: Actor) -> None:
    order = leak(block)
    with refused("workorders.cost_what"):
        cost(manager, order, what="dinner")
    for words in ("", "管", "管" * 61):
        with refused("workorders.cost_text"):
            cost(manager, order, text=words)


@pytest.mark.req("X-10")
def test_technicians_enter_costs_of_orders_in_their_hands_only(block: Block, technician: Actor) -> None:
    order, other = leak(block), broken(block)
    with refused("workorders.not_your_order"):
        cost(technician, order)
    move(technician, case_id=order.case_id, step="accept")
    made = cost(technician, order)
    with refused("workorders.not_your_order"):
        cost(technician, other)
    mate = hire("maintenance", name="钱师傅")
    with refused("workorders.not_your_order"):
        withdraw_cost(mate, cost_id=made.id, reason="不对")
    for nobody in (block.tenant(ROOM), hire("finance")):
        with refused("not_allowed"):
            cost(nobody, order)
    withdraw_cost(technician, cost_id=made.id, reason="材料没用上")


@pytest.mark.req("X-10")
def test_a_void_order_takes_no_costs(block: Block, manager: Actor) -> None:
    order = leak(block)
    move(manager, case_id=order.case_id, step="drop", reason="重复报修")
    with refused("workorders.void"):
        cost(manager, order)


@pytest.mark.req("X-10")
def test_another_projects_orders_costs_and_equipment_are_not_found(block: Block, manager: Actor) -> None:
    order = leak(block)
    made, item = cost(manager, order), fridge(manager, block)
    elsewhere = house("5号楼")
    stranger = hire("manager", name="外人", all_projects=False, scope_ids=(elsewhere.building.scope_id,))
    theirs = add_item(stranger, about=About("fridge", "美的"), building_id=elsewhere.building.id)
    for reach in (
        lambda: cost(stranger, order),
        lambda: withdraw_cost(stranger, cost_id=made.id, reason="不是我的"),
        lambda: equip(stranger, order_id=order.id, item_id=theirs.id),
        lambda: equip(
            hire("manager", all_projects=False, scope_ids=(order.scope_id,)), order_id=order.id, item_id=theirs.id
        ),
    ):
        with refused("not_found"):
            reach()
    assert month_lines(stranger, clock.today()) == []
    assert month_totals(stranger, clock.today()) == []
    assert repairs_of(stranger, item.id) == []


@pytest.mark.req("X-10")
def test_a_month_that_is_settled_stays_what_it_was(company: int) -> None:
    block, manager = Block(house()), hire("manager", name="周敏")
    order = leak(block)
    gone = cost(manager, order, "30")
    clock.move_to(datetime(2026, 2, 3, 9, tzinfo=clock.SHANGHAI))
    cost(manager, order, "100", what="labour")
    cost(manager, order, "20", misuse=True)
    withdraw_cost(manager, cost_id=gone.id, reason="厂家退款")
    withdraw_cost(manager, cost_id=cost(manager, order, "7").id, reason="记错了")
    january, february = date(2026, 1, 1), date(2026, 2, 28)
    assert [(x["amount"], x["withdrawn"]) for x in month_lines(manager, january)] == [(Decimal(30), False)]
    borne = month_lines(manager, february, payer="company")
    assert sorted((x["amount"], x["withdrawn"]) for x in borne) == [(Decimal(-30), True), (Decimal(100), False)]
    totals = {t["payer"]: t["amount"] for t in month_totals(manager, february)}
    assert totals == {"company": Decimal(70), "tenant": Decimal(20)}
    other = house("9号楼")
    assert month_totals(manager, february, project_id=other.building.scope_id) == []


@pytest.mark.req("P-04")
def test_an_item_tells_its_repairs_newest_first(block: Block, manager: Actor, technician: Actor) -> None:
    item = fridge(manager, block)
    first, second = broken(block), broken(block, "冰箱太响")
    WorkOrder.objects.filter(id=first.id).update(opened_at=clock.now() - timedelta(days=3))
    move(technician, case_id=first.case_id, step="accept")
    move(technician, case_id=first.case_id, step="arrive", photos=(photo(),))
    move(technician, case_id=first.case_id, step="finish", facts={"result": "换了温控器"}, photos=(photo(),))
    cost(manager, first, "45.5")
    withdraw_cost(manager, cost_id=cost(manager, first, "9").id, reason="记错了")
    rows = repairs_of(manager, item.id)
    assert [(r["id"], r["done"], r["cost"]) for r in rows] == [
        (second.id, "", None),
        (first.id, "换了温控器", Decimal("45.50")),
    ]
    assert repairs_total(manager, item.id) == (2, Decimal("45.50"))
    client = signed_in("manager", name="许婧")
    page = text(client, f"/equipment/{item.id}")
    for words in ("修过 2 次，共 ¥45.50", "换了温控器", first.case.number):
        assert words in page
    bare = fridge(manager, block, room="3-1-0302")
    assert "还没有修过" in text(client, f"/equipment/{bare.id}")


@pytest.mark.req("X-10")
def test_the_cases_page_shows_equipment_and_costs(block: Block, manager: Actor) -> None:
    item = fridge(manager, block)
    order = broken(block)
    client = signed_in("service")
    own = f"/cases/{order.case_id}"
    page = text(client, own)
    for words in ("报修时在保，先找厂家", "海尔 BCD-215", "还没有记费用"):
        assert words in page
    sent = client.post(
        f"/orders/{order.id}/costs", {"what": "part", "text": "换门封条", "amount": "60", "misuse": "1", "key": "k"}
    )
    assert sent.headers["Location"] == own
    page = text(client, own)
    for words in ("按规则由租客承担", "换门封条", block.lease(ROOM).number):
        assert words in page
    for amount, words in (("0", "金额要大于 0"), ("1.234", "最多两位小数"), ("五十", "金额请填数字")):
        client.post(f"/orders/{order.id}/costs", {"what": "part", "text": "换门封条", "amount": amount})
        assert words in text(client, own)
    made = WorkOrderCost.objects.get()
    client.post(f"/orders/costs/{made.id}/withdraw", {"reason": "不是租客弄坏的"})
    page = text(client, own)
    assert "已冲正" in page
    assert "已撤回" in page
    client.post(f"/orders/{order.id}/costs", {"what": "labour", "text": "上门检查", "amount": "20"})
    assert "这台设备报修时在保" in text(client, own)
    client.post(f"/orders/{order.id}/equipment", {"item": ""})
    order.refresh_from_db()
    assert order.equipment is None
    assert "还没有指明修的是哪台设备" in text(client, own)
    client.post(f"/orders/{order.id}/equipment", {"item": item.id})
    assert refusal(client, "/orders/999999/costs", {"what": "part"}) == 404
    assert refusal(client, "/orders/costs/999999/withdraw", {"reason": "没有"}) == 404


@pytest.mark.req("X-10")
def test_what_a_repair_cost_is_no_charge_in_english(block: Block, manager: Actor) -> None:
    order = broken(block)
    cost(manager, order, "80")
    client = signed_in("service")
    client.cookies["anju_language"] = "en"
    page = text(client, f"/cases/{order.case_id}")
    assert "Repair costs</h2>" in page
    assert "Charge<" not in page


@pytest.mark.req("X-10")
def test_landlords_costs_of_a_month_are_listed_and_exported(block: Block, manager: Actor) -> None:
    client: Client = signed_in("manager", name="许婧")
    assert "这个月没有这类费用" in text(client, "/orders/costs")
    cost(manager, leak(block), "88", text="换角阀")
    page = text(client, "/orders/costs?payer=company")
    for words in ("换角阀", "¥88.00", block.where.building.project.name):
        assert words in page
    assert "换角阀" in text(client, f"/orders/costs?payer=all&month={clock.today():%Y-%m}")
    assert "换角阀" not in text(client, "/orders/costs?payer=all&month=2020-01")
    assert "换角阀" in text(client, "/orders/costs?payer=company&month=rubbish")
    for far in ("0001-01", "9999-12"):
        assert "换角阀" in text(client, f"/orders/costs?payer=company&month={far}")
    sheet = client.get("/orders/costs.xlsx?payer=company")
    assert sheet.status_code == 200
    assert b"".join(sheet.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert refusal(signed_in("service"), "/orders/costs.xlsx") == 422
    assert refusal(signed_in("maintenance"), "/orders/costs") == 403


def test_the_tenant_sees_what_it_cost_and_who_bears_it(block: Block, manager: Actor) -> None:
    order = broken(block)
    client = phone(block)
    assert "承担" not in text(client, f"/p/repairs/{order.id}")
    cost(manager, order, "36")
    page = text(client, f"/p/repairs/{order.id}")
    assert "公寓承担，您不用付" in page
    assert "¥36.00" in page
    cost(manager, order, "20", misuse=True)
    assert "您承担 ¥20.00，已记入账单" in text(client, f"/p/repairs/{order.id}")
