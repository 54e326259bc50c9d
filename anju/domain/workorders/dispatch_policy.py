"""Who gets which repair, and who is paged while nobody has accepted an urgent one (W-09, W-11)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from anju.domain.workorders.flow import TEAM
from anju.foundation.messaging.texts import MessageText, lint_text, variable
from anju.foundation.policy import Finding, PolicyModel, policy

WHERE = variable("where", zh="地点", en="Where", sample="3-1-1208")
NUMBER = variable("number", zh="单号", en="Number", sample="W26-0841")
TIMES = variable("times", zh="第几次", en="How many times", sample="2")

LEVEL = variable("level", zh="级别", en="Class", sample="P1 漏水漏电")

Class = Literal["0", "1", "2", "3", "4", "5"]
CLASSES: dict[str, JsonValue] = {"0": "P0 级", "1": "P1 级", "2": "P2 级", "3": "P3 级", "4": "P4 级", "5": "P5 级"}
MODES: dict[str, JsonValue] = {"manual": "人工派单，系统给建议", "automatic": "按建议自动派"}
DUTIES: dict[str, JsonValue] = {"duty": "当班的人，有值班的只找值班的", "all": "这个角色的所有人"}
PAGE = MessageText(
    inapp_title="P0 {where} {what}，还没人接单",
    inapp_body="{number} 还没有人接单，这是第 {times} 次呼叫。能去请马上接单，接了就不再呼叫。",
    sms="急修：{where}{what}，{number}还没有人接单，第{times}次呼叫。能去请马上接单。",
)
GIVEN = MessageText(
    inapp_title="派给您：{where} {what}",
    inapp_body="{level}，{when}，单号 {number}。能去请尽快接单，去不了请告诉派单的人。",
)
MOVED = MessageText(inapp_title="上门有变化：{where} {what}", inapp_body="{level}，{when}，单号 {number}。请打开看看。")
IN_TEXTS = ("what", "where", "number", "level", "when", "name")


class Rung(PolicyModel):
    """Whom a page goes to."""

    role: str = Field(title="哪个角色", json_schema_extra={"choices_from": "flow.teams_any"})
    duty: Literal["duty", "all"] = Field("duty", title="其中哪些人", json_schema_extra={"choices": DUTIES})


LADDER = (Rung(role=TEAM, duty="duty"), Rung(role="manager", duty="all"))


@policy("dispatch", area="repairs", zh="派单", en="Dispatch")
class Dispatch(PolicyModel):
    """How repairs find their technician."""

    mode: Literal["manual", "automatic"] = Field("manual", title="怎么派单", json_schema_extra={"choices": MODES})
    automatic_classes: tuple[Class, ...] = Field(
        ("0", "1"),
        title="哪些级别自动派",
        description="只在“按建议自动派”时有用；其余级别仍由人派。没有合适的师傅时留在待派单。",
        json_schema_extra={"choices": CLASSES, "ordered": False},
    )
    most_in_hand: int = Field(
        5, ge=1, le=30, title="手上最多几单", description="到这个数就不再建议。", json_schema_extra={"unit": "单"}
    )
    on_call: tuple[Rung, ...] = Field(
        LADDER,
        max_length=5,
        title="P0 呼叫谁",
        description="先叫第一级，叫够次数还没人接单，再加上下一级；不填就不呼叫。",
        json_schema_extra={"item": "第 {n} 级"},
    )
    page_every: int = Field(5, ge=1, le=60, title="隔多久再呼叫", json_schema_extra={"unit": "分钟"})
    give_up_after: int = Field(
        6,
        ge=1,
        le=50,
        title="每一级呼叫几次",
        description="最后一级一直呼叫到有人接单。",
        json_schema_extra={"unit": "次"},
    )
    paging: MessageText = Field(PAGE, title="呼叫的内容")
    given: MessageText = Field(
        GIVEN, title="派单后告诉师傅", description="人派的和自动派的都告诉；自己接的、正在呼叫的 P0 不再告诉。"
    )
    moved: MessageText = Field(MOVED, title="上门时间或入户变了告诉师傅")

    def gives(self, priority: int) -> bool:
        """Whether repairs of a class are given by themselves."""
        return self.mode == "automatic" and str(priority) in self.automatic_classes

    def lint(self) -> list[Finding]:
        """What is wrong with the texts."""
        found = lint_text(self.paging, path="paging", allowed=("what", "where", "number", "times", "name"))
        for path in ("given", "moved"):
            found += lint_text(getattr(self, path), path=path, allowed=IN_TEXTS)
        return found
