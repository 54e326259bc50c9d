"""Words that say how urgent a repair is, words that mean the same, when two reports count as one (W-02, W-07)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints

from anju.domain.workorders.words import Dictionary
from anju.foundation.messaging.texts import MessageText, variable
from anju.foundation.policy import PolicyModel, policy

Cue = Annotated[str, StringConstraints(min_length=1, max_length=12)]
Alike = Annotated[str, StringConstraints(min_length=3, max_length=120)]
ITEM: dict[str, JsonValue] = {"item": "第 {n} 个"}
WHAT = variable("what", zh="报修内容", en="What is broken", sample="厨房漏水")
WHO = variable("who", zh="师傅", en="Technician", sample="赵师傅")


def listed(text: str) -> tuple[str, ...]:
    """Words written one after the other."""
    return tuple(text.split())


P0 = listed("停水 没水 断水 不来水 停电 没电 断电 跳闸 煤气味 燃气味 漏气 着火 冒烟 起火 触电 困人 爆管 水管爆")
P1 = listed(
    "漏水 渗水 滴水 漏电 没有热水 没热水 不出热水 堵塞 堵了 反水 倒灌 溢水 地上都湿 地都湿 积水 打火花 锁在门外"
    " 进不去门 打不开门 门打不开 电梯停"
)
P3 = listed("掉漆 起皮 划痕 发霉 裂缝 掉色 污渍 灯泡 纱窗 踢脚线 柜门松 褪色 起翘")
SYNONYMS = (
    "漏水 渗水 滴水 漏 渗 滴 冒水 流水",
    "堵塞 堵 堵了 不下水 下水慢 排不出",
    "停水 没水 断水 不来水",
    "停电 没电 断电",
    "不制冷 不冷 不凉",
    "不制热 不热",
    "热水器 热水",
    "马桶 坐便器 便池",
    "水管 下水管 管道 管子",
    "水槽 洗菜池 水池 洗碗池",
    "卫生间 厕所 洗手间 浴室",
    "插座 插口 电源",
    "灯 灯泡 吊灯 顶灯 灯管",
    "门锁 锁 锁芯 智能锁 密码锁",
    "网络 网 宽带 无线 wifi 断网",
    "天花板 吊顶 顶棚 房顶",
    "洗衣机 洗衣",
    "水龙头 龙头",
    "坏 坏了 失灵 不动 不工作 用不了",
)
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


@policy("workorders", area="repairs", zh="报修", en="Repairs")
class WorkOrders(PolicyModel):
    """How reports are read."""

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
    accepted: MessageText = Field(ACCEPTED, title="接单后告诉租客")
    mended: MessageText = Field(MENDED, title="修好后告诉租客")
    dropped: MessageText = Field(DROPPED, title="作废后告诉租客")

    merged: MessageText = Field(MERGED, title="合并后告诉租客")
    parted: MessageText = Field(PARTED, title="拆分后告诉租客")

    def dictionary(self) -> Dictionary:
        """The words as reading uses them."""
        return Dictionary((self.p0, self.p1, (), self.p3), self.synonyms)


CLASS_ICONS = ("bolt", "droplet", "lock", "paint")
