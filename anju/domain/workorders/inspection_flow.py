# ruff: noqa: E501 — one line a part reads like the table it is
"""The flow of a preventive inspection as it is shipped: a hot spot is looked at before more is reported from it (W-10)."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from pydantic import Field

from anju.domain.workorders.flow import TEAM
from anju.foundation.flows.definition import CaseField, Limit, Named, Stage, Transition
from anju.foundation.flows.definitions import FlowDefinition
from anju.foundation.policy import policy

NAME = "inspection"

FIELDS = (
    CaseField(key="why", zh="为什么查", en="Why", kind="long"),
    CaseField(key="found", zh="查出了什么", en="What was found", kind="long"),
)
STAGES = (
    Stage(key="new", zh="待巡检", en="To be inspected", kind="start", team=TEAM, awaits=gettext_noop("等师傅巡检")),
    Stage(key="done", zh="已巡检", en="Inspected", kind="done"),
    Stage(key="void", zh="已取消", en="Called off", kind="void"),
)
STEPS = (
    Transition(key="finish", zh="完成", en="Finish", sources=("new",), to="done", actors=("@team",), fields=("found",), photos=1, claims="claim", main=True),
    Transition(key="drop", zh="取消", en="Call off", sources=("new",), to="void", actors=("manager", "service"), reason=True),
)  # fmt: skip
LIMITS = (
    Limit(key="inspect", zh="巡检", en="Inspection", starts=("new",), ends=("done", "void"), minutes=(3 * 24 * 60,), warn_before=24 * 60, escalate_to="manager"),
)  # fmt: skip


@policy("flow.inspection", area="flows", zh="巡检流程", en="Inspections")
class Inspection(FlowDefinition):
    """How an inspection goes: within three days, with a picture and what was found."""

    name: Named = Field(Named(key=NAME, zh="巡检", en="Inspection"), title="流程")
    prefix: str = Field("I", pattern=r"^[A-Z]{1,3}$", title="编号前缀", description="一至三个大写字母。")
    subject: str = Field("building", title="关于什么", json_schema_extra={"choices_from": "flow.subjects"})
    opens: tuple[str, ...] = Field(
        ("manager", "service"),
        title="谁可以发起",
        json_schema_extra={"choices_from": "flow.actors", "ordered": False},
    )
    asks: tuple[str, ...] = Field(("why",), title="发起时要填", json_schema_extra={"choices_from": "flow.fields"})
    supervisors: tuple[str, ...] = Field(
        ("manager", "service"),
        title="谁可以改派",
        description="可以写明原因改派、改级别、暂停计时。",
        json_schema_extra={"choices_from": "flow.teams_any", "ordered": False},
    )
    fields: tuple[CaseField, ...] = Field(FIELDS, max_length=30, title="记录的内容")
    stages: tuple[Stage, ...] = Field(STAGES, min_length=2, max_length=20, title="阶段")
    transitions: tuple[Transition, ...] = Field(STEPS, min_length=1, max_length=40, title="步骤")
    limits: tuple[Limit, ...] = Field(LIMITS, max_length=12, title="时限")
