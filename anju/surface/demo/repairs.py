"""What broke in the demo company's last weeks, and who mended it: reported by tenants, taken by the crew, confirmed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import typst

from anju.domain.workorders.actions import join, rate, report
from anju.domain.workorders.models import Technician, WorkOrder
from anju.foundation.db import clock, fetch
from anju.foundation.flows.actions import assign, move
from anju.foundation.flows.files import Upload
from anju.foundation.identity.models import Staff
from anju.kit import Actor

SYSTEM = Actor.system()
WEEKS = timedelta(days=21)
A_DAY = 5  # 2.6 orders per room and year, 800 rooms
CONFIRMED, RATED = 0.55, 0.35
# Where, how often of a hundred, what is said; shares after the notes on demo data.
SAID_TEXT = """
kitchen 10 水槽下的水管一直漏水，柜子里都湿了
bath 8 马桶堵了，水下不去
bath 6 洗手池下水很慢
bedroom 9 空调不制冷，开了半天还是热的
bedroom 7 空调滴水，滴到床头
entry 8 门锁按了没反应，要按好几次
bedroom 5 窗户关不严，晚上漏风
bedroom 6 卧室的插座没电，别的地方正常
bedroom 6 客厅的灯一闪一闪
bath 7 没有热水，热水器显示 E3
bedroom 3 暖气不热
balcony 5 洗衣机不排水
kitchen 4 油烟机不转了
bedroom 6 网络从昨晚开始断断续续
bedroom 4 墙角发霉，有一块黑
bath 2 天花板有点起皮
balcony 2 纱窗破了一个洞
kitchen 2 柜门松了，合不上
"""
SAID = [(what, spot, int(n)) for spot, n, what in (x.split(" ", 2) for x in SAID_TEXT.strip().splitlines())]
DONE = {
    "water": "换了密封圈，疏通了管道，放水试了十分钟，不漏了",
    "power": "换了空开和插座面板，逐个通电试过",
    "heat": "换了点火电池，清了滤网，出热水正常",
    "lock": "换了电池，调了锁舌，开关试了五次",
    "air": "洗了滤网，通了排水管，补了氟，出风 12 度",
    "appliance": "换了排水泵，空转一遍正常",
    "network": "换了光猫，测速正常",
    "wall": "铲掉起皮，做了防水，重新刷漆",
    "other": "换了配件，现场试过正常",
}
HOMES = """
SELECT l.id, l.payer_id, u.code FROM lease l JOIN lease_unit lu ON lu.lease_id = l.id JOIN unit u ON u.id = lu.unit_id
WHERE l.status = 'active' AND l.start_on <= %(day)s ORDER BY l.id
"""
OUTAGE = """
SELECT l.id, l.payer_id FROM lease l JOIN lease_unit lu ON lu.lease_id = l.id JOIN unit u ON u.id = lu.unit_id
WHERE l.status = 'active' AND u.building_id = (
    SELECT u.building_id FROM lease l JOIN lease_unit lu ON lu.lease_id = l.id JOIN unit u ON u.id = lu.unit_id
    WHERE l.status = 'active' AND u.floor BETWEEN 8 AND 12 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
  AND u.floor BETWEEN 8 AND 12 ORDER BY u.code LIMIT 6
"""
SCENE = """#set page(width: 320pt, height: 240pt, margin: 0pt, fill: rgb("#8a7d6d"))
#place(rect(width: 320pt, height: 46pt, fill: rgb("#c9d2d8")))
#place(dx: 130pt, dy: 46pt, rect(width: 34pt, height: 70pt, fill: rgb("#dfe6ea"), stroke: 2pt + rgb("#9aa7ae")))
#place(dx: 130pt, dy: 104pt, rect(width: 120pt, height: 34pt, radius: 16pt, fill: rgb("#dfe6ea")))
"""
SCENES = {
    "leak": SCENE
    + "".join(f'#place(dx: {x}pt, dy: {y}pt, circle(radius: {r}pt, fill: rgb("#6db3e8")))\n' for x, y, r in
              ((120, 130, 5), (136, 152, 6), (122, 176, 7), (140, 200, 8)))
    + '#place(dx: 84pt, dy: 216pt, ellipse(width: 140pt, height: 16pt, fill: rgb("#5a93b8")))',
    "door": '#set page(width: 320pt, height: 240pt, margin: 0pt, fill: rgb("#d9d2c6"))\n'
    + '#place(dx: 110pt, dy: 20pt, rect(width: 110pt, height: 220pt, fill: rgb("#6b4a33")))\n'
    + '#place(dx: 200pt, dy: 126pt, circle(radius: 6pt, fill: rgb("#d8b25a")))',
    "done": SCENE + '#place(dx: 124pt, dy: 96pt, rect(width: 46pt, height: 12pt, radius: 4pt, fill: rgb("#3f9b73")))',
}  # fmt: skip


@cache
def picture(scene: str) -> bytes:
    """A drawn photograph: what leaks, the door, what was mended."""
    drawn: Any = typst.compile(SCENES[scene].encode(), format="png", ppi=96.0)
    return bytes(drawn[0] if isinstance(drawn, list) else drawn)


def photos(*scenes: str) -> tuple[Upload, ...]:
    """Pictures as they come with a step."""
    return tuple(Upload(f"{scene}.png", BytesIO(picture(scene))) for scene in scenes)


class RepairsDays:
    """The repairs of the last three weeks. Each day may be lived twice: what is reported already is not again."""

    def __init__(self, last: date) -> None:
        self.last = last

    def report(self, day: date) -> None:
        """What tenants report in the course of a day."""
        if not self.last - WEEKS <= day <= self.last or self._told(day):
            return
        rng = random.Random(f"repairs:{day}")
        homes = fetch(HOMES, {"day": day})
        texts, weights = [(said, spot) for said, spot, _ in SAID], [n for *_, n in SAID]
        for home in rng.sample(homes, min(A_DAY + rng.randint(-2, 3), len(homes))):
            said, spot = rng.choices(texts, weights)[0]
            report(
                Actor.tenant(home["payer_id"]), lease_id=home["id"], spot=spot, said=said,
                photos=photos("leak") if rng.random() < 0.7 else (),
            )  # fmt: skip

    def _told(self, day: date) -> bool:
        return any(at.astimezone(clock.SHANGHAI).date() == day for at in _opened())

    def outage(self) -> None:
        """This morning the water failed on some floors: one order, its neighbours say that it is the same."""
        homes = fetch(OUTAGE)
        if not homes:
            return
        first, *others = homes
        order = report(
            Actor.tenant(first["payer_id"]), lease_id=first["id"], spot="public", said="整层停水，好几家都没水了"
        )
        for home in others:
            join(Actor.tenant(home["payer_id"]), order_id=order.id, lease_id=home["id"])

    def accept(self, day: date, share: float = 1.0) -> None:
        """The crew takes what is open, the urgent first."""
        crew, skills = _crew(), dict(Technician.objects.values_list("staff_id", "skills"))
        for order in _at("new", day, share):
            able = [who for who in crew if order.kind in skills.get(who, ())]
            who = order.case.assignee or _dice(order, day).choice(able or crew)
            if order.case.assignee is None:
                assign(SYSTEM, case_id=order.case_id, staff_id=who)
            move(Actor.staff(who), case_id=order.case_id, step="accept")

    def arrive(self, day: date, share: float = 1.0) -> None:
        """Whoever accepted rings at the door."""
        for order in _at("accepted", day, share):
            move(_by(order), case_id=order.case_id, step="arrive", photos=photos("door"))

    def finish(self, day: date, share: float = 1.0) -> None:
        """And mends it."""
        for order in _at("onsite", day, share):
            dice = _dice(order, day)
            facts = {"result": DONE[order.kind], "minutes": str(dice.choice((20, 35, 50, 80)))}
            move(_by(order), case_id=order.case_id, step="finish", facts=facts, photos=photos("done"))

    def confirm(self, day: date) -> None:
        """Tenants look, most confirm, some rate; the rest is left to silence."""
        for order in _at("proof", day, CONFIRMED):
            if order.case.stage_at.astimezone(clock.SHANGHAI).date() == day:  # lived twice: not before it was mended
                continue
            tenant, dice = Actor.tenant(order.case.persons[0]), _dice(order, day)
            move(tenant, case_id=order.case_id, step="confirm")
            if dice.random() < RATED / CONFIRMED:
                rate(tenant, order_id=order.id, stars=dice.choices((5, 4, 3), (74, 20, 6))[0])


def _dice(order: WorkOrder, day: date) -> random.Random:
    return random.Random(f"{order.case.number}:{day}")


def _at(stage: str, day: date, share: float) -> Sequence[WorkOrder]:
    rows = WorkOrder.objects.select_related("case").filter(case__stage=stage, case__closed_at__isnull=True)
    return [o for o in rows.order_by("case__priority", "id") if _dice(o, day).random() <= share]


def _by(order: WorkOrder) -> Actor:
    assert order.case.assignee is not None
    return Actor.staff(order.case.assignee)


def _opened() -> list[Any]:
    return list(WorkOrder.objects.order_by("-id").values_list("opened_at", flat=True)[:40])


def _crew() -> list[int]:
    rows = Staff.objects.filter(frozen_at__isnull=True, roles__contains=["maintenance"]).order_by("id")
    return list(rows.values_list("id", flat=True))
