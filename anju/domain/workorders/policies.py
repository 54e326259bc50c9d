"""Words that say how urgent a repair is, words that mean the same, when two reports count as one (W-02, W-07)."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, JsonValue, StringConstraints

from anju.domain.workorders import english
from anju.domain.workorders.english import with_english
from anju.domain.workorders.synonyms import SYNONYMS
from anju.domain.workorders.words import Dictionary
from anju.foundation.messaging.texts import MessageText, variable
from anju.foundation.policy import Finding, PolicyModel, policy

Cue = Annotated[str, StringConstraints(min_length=1, max_length=20)]
Alike = Annotated[str, StringConstraints(min_length=3, max_length=120)]
ITEM: dict[str, JsonValue] = {"item": "第 {n} 个"}
WHAT = variable("what", zh="报修内容", en="What is broken", sample="厨房漏水")
WHEN = variable("when", zh="上门时间", en="When somebody comes", sample="11月22日（周日）21:00–21:30")
WHO = variable("who", zh="师傅", en="Technician", sample="赵师傅")


P0 = with_english(
    "停水 没水 断水 不来水 停电 没电 断电 跳闸 煤气味 燃气味 漏气 着火 冒烟 起火 触电 困人 爆管 水管爆", english.P0
)
P1 = with_english(
    "漏水 渗水 滴水 漏电 没有热水 没热水 不出热水 堵塞 堵了 反水 倒灌 溢水 地上都湿 地都湿 积水 打火花 锁在门外"
    " 进不去门 打不开门 门打不开 电梯停",
    english.P1,
)
P3 = with_english("掉漆 起皮 划痕 发霉 裂缝 掉色 污渍 灯泡 纱窗 踢脚线 柜门松 褪色 起翘", english.P3)
ACCEPTED = MessageText(inapp_title="师傅接单了", inapp_body="您报修的“{what}”由{who}处理，到场前会再联系您。")
MENDED = MessageText(
    inapp_title="修好了，请您确认",
    inapp_body="您报修的“{what}”已经修好，请打开看看照片；48 小时没有回复会自动结案。",
)
MERGED = MessageText(
    inapp_title="和同一处的报修合并处理", inapp_body="您报修的“{what}”和同一处的报修合在一起处理，进度照样能看。"
)
PARTED = MessageText(inapp_title="改为单独处理", inapp_body="您报修的“{what}”改为单独处理，进度照样能看。")
DROPPED = MessageText(inapp_title="报修已撤销", inapp_body="您报修的“{what}”没有安排上门，有疑问请联系管家。")
APPOINTED = MessageText(
    inapp_title="上门时间约好了",
    inapp_body="您报修的“{what}”约在{when}上门。不方便的话，请打开这一单改时间。",
)


KINDS: dict[str, JsonValue] = {
    "": "不限", "water": "水管漏水堵塞", "power": "电路", "heat": "热水取暖", "lock": "门窗锁", "air": "空调",
    "appliance": "家电", "network": "网络", "wall": "墙面地面", "other": "其他",
}  # fmt: skip
SPOTS: dict[str, JsonValue] = {
    "": "不限", "entry": "门口玄关", "bath": "卫生间", "kitchen": "厨房", "bedroom": "卧室起居", "balcony": "阳台",
    "public": "楼道电梯",
}  # fmt: skip
CAUSES: dict[str, JsonValue] = {"": "不限", "misuse": "人为损坏", "warranty": "设备在保", "wear": "正常损耗"}
PAYERS: dict[str, JsonValue] = {"tenant": "租客", "landlord": "业主", "company": "公司"}
Payer = Literal["tenant", "landlord", "company"]


class PayerRule(PolicyModel):
    """Who bears the costs of some repairs; what is left open fits every repair."""

    kind: Literal["", "water", "power", "heat", "lock", "air", "appliance", "network", "wall", "other"] = Field(
        "", title="维修类型", json_schema_extra={"choices": KINDS}
    )
    spot: Literal["", "entry", "bath", "kitchen", "bedroom", "balcony", "public"] = Field(
        "", title="位置", json_schema_extra={"choices": SPOTS}
    )
    cause: Literal["", "misuse", "warranty", "wear"] = Field(
        "",
        title="原因",
        description="“人为损坏”由记费用的人勾选；“设备在保”按报修那天；两样都不是算“正常损耗”。",
        json_schema_extra={"choices": CAUSES},
    )
    payer: Payer = Field(title="谁承担", json_schema_extra={"choices": PAYERS})

    def heading(self) -> str:
        """What the rule is called in its form: 人为损坏，租客承担."""
        parts = ((KINDS, self.kind), (SPOTS, self.spot), (CAUSES, self.cause))
        said = [_(str(words[key])) for words, key in parts if key]
        return _("，").join([*said, _("{payer}承担").format(payer=_(str(PAYERS[self.payer])))])

    def covers(self, other: PayerRule) -> bool:
        """Whether every repair that another rule fits is decided by this one already."""
        mine, theirs = ((x.kind, x.spot, x.cause) for x in (self, other))
        return all(m in ("", t) for m, t in zip(mine, theirs, strict=True))

    def fits(self, kind: str, spot: str, *, misuse: bool, warranty: bool) -> bool:
        """Whether it says something about a repair."""
        causes = {"misuse": misuse, "warranty": warranty, "wear": not misuse and not warranty, "": True}
        return self.kind in ("", kind) and self.spot in ("", spot) and causes[self.cause]


# What breaks in stairs and lifts is nobody's home; the maker pays before anybody else unless it was broken.
COST_PAYER = (
    PayerRule(spot="public", payer="company"),
    PayerRule(cause="misuse", payer="tenant"),
    PayerRule(cause="warranty", payer="company"),
)


class VisitSlot(PolicyModel):
    """A part of the day that tenants choose from when they say when somebody may come."""

    starts: time = Field(title="从")
    ends: time = Field(title="到")

    def heading(self) -> str:
        """What the slot is called in its form: 09:00–12:00."""
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


VISIT_SLOTS = tuple(VisitSlot(starts=time(n), ends=time(n + 3)) for n in (9, 12, 15, 18))


@policy("workorders", area="repairs", zh="报修", en="Repairs")
class WorkOrders(PolicyModel):
    """How reports are read, and who bears what a repair costs."""

    p0: tuple[Cue, ...] = Field(
        P0, max_length=80, title="P0 停水停电", description="写了其中一个，按 P0 建议。", json_schema_extra=ITEM
    )
    p1: tuple[Cue, ...] = Field(P1, max_length=80, title="P1 漏水漏电", json_schema_extra=ITEM)
    p3: tuple[Cue, ...] = Field(
        P3, max_length=80, title="P3 外观其他", description="都没写到的，按 P2 建议。", json_schema_extra=ITEM
    )
    synonyms: tuple[Alike, ...] = Field(
        SYNONYMS,
        max_length=200,
        title="意思一样的词",
        description="一行一组，用空格隔开；比较两次报修时算同一个词。",
        json_schema_extra={"item": "第 {n} 组"},
    )
    same_within_hours: int = Field(24, ge=1, le=168, title="多久以内算重复", json_schema_extra={"unit": "小时"})
    same_from: int = Field(
        60, ge=30, le=100, title="相似到多少才提示", description="越低提示越多。", json_schema_extra={"unit": "%"}
    )
    hot_from: int = Field(
        3,
        ge=2,
        le=30,
        title="几单算热点",
        description="同一种报修落在同一立管或同一段楼层。",
        json_schema_extra={"unit": "单"},
    )
    hot_days: int = Field(7, ge=1, le=60, title="看最近多久", json_schema_extra={"unit": "天"})
    hot_floors: int = Field(3, ge=1, le=10, title="几层算一段", json_schema_extra={"unit": "层"})
    inspect_automatically: bool = Field(
        False, title="热点自动排巡检", description="每天早上为每个新热点开一张巡检单；关着时由人在热区里排。"
    )
    surge_times: int = Field(
        3,
        ge=2,
        le=10,
        title="多少倍算激增",
        description="最近七天的报修和前四周的周均相比。",
        json_schema_extra={"unit": "倍"},
    )
    visit_slots: tuple[VisitSlot, ...] = Field(
        VISIT_SLOTS,
        max_length=8,
        title="上门时段",
        description="租客报修时可以选的时段；不填就不问。",
        json_schema_extra={"item": "第 {n} 段"},
    )
    visit_days: int = Field(7, ge=1, le=30, title="上门可以选几天", json_schema_extra={"unit": "天"})
    appointed: MessageText = Field(APPOINTED, title="约好或改约后告诉租客")
    accepted: MessageText = Field(ACCEPTED, title="接单后告诉租客")
    mended: MessageText = Field(MENDED, title="修好后告诉租客")
    dropped: MessageText = Field(DROPPED, title="作废后告诉租客")
    cost_payer: tuple[PayerRule, ...] = Field(
        COST_PAYER,
        max_length=20,
        title="维修费用谁承担",
        description="从上往下，第一条符合的算数。",
        json_schema_extra={"item": "第 {n} 条"},
    )
    cost_otherwise: Payer = Field("company", title="都不符合时", json_schema_extra={"choices": PAYERS})
    tenant_pays_from: Decimal = Field(
        Decimal("0.00"),
        ge=0,
        le=100_000,
        decimal_places=2,
        title="多少钱起向租客收",
        description="租客承担的费用不到这个数时由公司承担；0 是一律收。",
        json_schema_extra={"unit": "元"},
    )
    tenant_pays_within: int = Field(
        7, ge=0, le=60, title="租客几天内付清", description="记费用后多少天是应付日。", json_schema_extra={"unit": "天"}
    )

    def payer_of(self, kind: str, spot: str, amount: Decimal, *, misuse: bool, warranty: bool) -> Payer:
        """Who bears a cost: the first rule that fits; a tenant's small amounts are the company's.

        Args:
            kind: a ``WorkOrder.Kind``.
            spot: a ``WorkOrder.Spot``.
            amount: in yuan.
            misuse: whether somebody broke it.
            warranty: whether the equipment was under warranty when it was reported.
        """
        rules = (r.payer for r in self.cost_payer if r.fits(kind, spot, misuse=misuse, warranty=warranty))
        payer: Payer = next(rules, self.cost_otherwise)
        return "company" if payer == "tenant" and amount < self.tenant_pays_from else payer

    def lint(self) -> list[Finding]:
        """Rules that a rule above them leaves nothing to decide."""
        rules = self.cost_payer
        idle = [n for n, rule in enumerate(rules) if any(above.covers(rule) for above in rules[:n])]
        return self._slots() + [
            Finding(
                "workorders.rule_idle",
                "warning",
                f"cost_payer.{n}",
                f"第 {n + 1} 条不会用到：上面已有一条管了同样的维修，请移到它前面或删掉。",
                f"Rule {n + 1} never decides: one above it fits the same repairs; move it up or remove it.",
            )
            for n in idle
        ]

    def _slots(self) -> list[Finding]:
        return [
            Finding(
                "workorders.slot_ends",
                "error",
                f"visit_slots.{n}.ends",
                f"第 {n + 1} 段的结束要晚于开始，最晚到 23:59。",
                f"Slot {n + 1} must end after it starts, at 23:59 at the latest.",
            )
            for n, slot in enumerate(self.visit_slots)
            if slot.ends <= slot.starts
        ]

    merged: MessageText = Field(MERGED, title="合并后告诉租客")
    parted: MessageText = Field(PARTED, title="拆分后告诉租客")

    def dictionary(self) -> Dictionary:
        """The words as reading uses them."""
        return Dictionary((self.p0, self.p1, (), self.p3), self.synonyms)


CLASS_ICONS = ("bolt", "droplet", "lock", "paint")
KIND_ICONS = {
    "water": "droplet", "power": "bolt", "heat": "temperature", "lock": "lock", "air": "air-conditioning",
    "appliance": "fridge", "network": "wifi", "wall": "wall",
}  # fmt: skip
