"""What stands in the demo company's rooms and can break, and what its repairs cost."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from anju.domain.equipment.actions import About, add_item
from anju.domain.equipment.models import Equipment
from anju.domain.workorders.cost_actions import add_cost
from anju.domain.workorders.models import WorkOrder
from anju.foundation.db import fetch
from anju.kit import Actor

SYSTEM = Actor.system()
ROOMS = 100  # of the register's beginning: the company goes on with the rest
HOMES = """
SELECT id, code FROM unit WHERE leaf AND kind IN ('whole', 'room') ORDER BY building_id, floor, code LIMIT %(most)s
"""
BUILDINGS = "SELECT id, name FROM building ORDER BY id LIMIT 8"
MODELS = {
    "water_heater": ("海尔 EC6001-TM", "美的 F60-22WB", "万和 E60-Q3"),
    "air_conditioner": ("格力 KFR-26GW", "美的 KFR-35GW", "奥克斯 KFR-25GW"),
    "washing_machine": ("小天鹅 TB80", "海尔 XQB80"),
    "fridge": ("海尔 BCD-215", "容声 BCD-180"),
    "lock": ("德施曼 Q5", "凯迪仕 K9"),
    "lift": ("三菱 LEHY-III", "日立 MCA"),
    "pump": ("威乐 MHI-403",),
}
WARRANTY_YEARS = {"water_heater": 6, "air_conditioner": 6, "lift": 2, "pump": 2}
USUAL = 3
# What a part of a kind of repair costs, ¥ from and to.
PARTS = {
    "water": (8, 60), "power": (12, 65), "heat": (25, 180), "lock": (15, 160), "air": (30, 220), "appliance": (35, 180),
    "network": (10, 120), "wall": (15, 90), "other": (10, 80),
}  # fmt: skip
LABOUR = ((20, 30), (45, 50), (10**6, 80))  # ¥ by minutes worked, up to


def stock(day: date) -> None:
    """The register begins: some floors of rooms, every lift and pump. Begun once, however often the day is lived."""
    if Equipment.objects.exists():
        return
    for row in fetch(HOMES, {"most": ROOMS}):
        for kind in ("water_heater", "air_conditioner", "washing_machine", "fridge", "lock"):
            add_item(SYSTEM, about=_about(kind, row["code"], day), unit_id=row["id"])
    for row in fetch(BUILDINGS):
        for kind in ("lift", "pump"):
            add_item(SYSTEM, about=_about(kind, row["name"], day), building_id=row["id"])


def _about(kind: str, place: str, day: date) -> About:
    dice = random.Random(f"equipment:{kind}:{place}")
    installed = day - timedelta(days=dice.randint(40, 2400))
    years = WARRANTY_YEARS.get(kind, USUAL)
    return About(
        kind,
        dice.choice(MODELS[kind]),
        serial=f"{kind[:2].upper()}{dice.randrange(10**8):08}",
        installed_on=installed,
        warranty_until=installed + timedelta(days=365 * years),
    )


def spend(by: Actor, order: WorkOrder, parts: str, minutes: int) -> None:
    """Whoever mended a repair enters what it cost: labour, and parts if any were used."""
    labour = next(price for most, price in LABOUR if minutes <= most)
    add_cost(by, order_id=order.id, what="labour", text="上门维修", amount=Decimal(labour), key="demo-labour")
    if parts:
        price = random.Random(f"cost:{order.case.number}").randint(*PARTS[order.kind])
        add_cost(by, order_id=order.id, what="part", text=parts[:60], amount=Decimal(price), key="demo-part")
