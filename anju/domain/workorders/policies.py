"""Words that say how urgent a repair is, words that mean the same, when two reports count as one (W-02, W-07)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints

from anju.domain.workorders.synonyms import SYNONYMS
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
ACCEPTED = MessageText(inapp_title="师傅接单了", inapp_body="您报修的“{what}”由{who}处理，到场前会再联系您。")
MENDED = MessageText(
    inapp_title="修好了，请您确认",
    inapp_body="您报修的“{what}”已经修好，请打开看看照片；48 小时没有回复会自动结案。",
)
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
    accepted: MessageText = Field(ACCEPTED, title="接单后告诉租客")
    mended: MessageText = Field(MENDED, title="修好后告诉租客")
    dropped: MessageText = Field(DROPPED, title="作废后告诉租客")

    def dictionary(self) -> Dictionary:
        """The words as reading uses them."""
        return Dictionary((self.p0, self.p1, (), self.p3), self.synonyms)


CLASS_ICONS = ("bolt", "droplet", "lock", "paint")
