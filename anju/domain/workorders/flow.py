# ruff: noqa: E501 — one line a part reads like the table it is
"""The flow of a repair as it is shipped: report, dispatch, accept, arrive, mend, confirm (上报→分配→接单→处理→评价; W-03)."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from pydantic import Field

from anju.foundation.flows.definition import CaseField, Limit, Named, Stage, Transition
from anju.foundation.flows.definitions import FlowDefinition
from anju.foundation.policy import policy

NAME = "repair"
CLASSES = (
    gettext_noop("P0 停水停电"),
    gettext_noop("P1 漏水漏电"),
    gettext_noop("P2 门窗设备"),
    gettext_noop("P3 外观其他"),
)
TEAM = "maintenance"

FIELDS = (
    CaseField(key="result", zh="怎么修的", en="What was done", kind="long"),
    CaseField(key="parts", zh="用了什么材料", en="Parts used"),
    CaseField(key="minutes", zh="用时", en="Time taken", kind="number", unit=gettext_noop("分钟")),
)
STAGES = (
    Stage(key="new", zh="待接单", en="Open", kind="start", team=TEAM, awaits=gettext_noop("等师傅接单")),
    Stage(key="accepted", zh="待到场", en="Accepted", team=TEAM, awaits=gettext_noop("等师傅上门")),
    Stage(key="onsite", zh="处理中", en="On site", team=TEAM, awaits=gettext_noop("师傅正在处理")),
    Stage(key="proof", zh="待确认", en="To be confirmed", kind="wait", awaits=gettext_noop("等您确认修好")),
    Stage(key="done", zh="已完成", en="Done", kind="done"),
    Stage(key="void", zh="已作废", en="Void", kind="void"),
)
STEPS = (
    Transition(key="accept", zh="接单", en="Accept", sources=("new",), to="accepted", actors=("@team",), claims="claim", effects=("workorders.tell",), main=True),
    Transition(key="arrive", zh="到场", en="Arrive", sources=("accepted",), to="onsite", actors=("@assignee",), photos=1, main=True),
    Transition(key="finish", zh="修好了", en="Finish", sources=("onsite",), to="proof", actors=("@assignee",), fields=("result",), optional=("parts", "minutes"), photos=1, effects=("workorders.tell",), main=True),
    Transition(key="release", zh="放回", en="Give back", sources=("accepted", "onsite"), to="new", actors=("@assignee",), claims="release", reason=True),
    Transition(key="confirm", zh="确认修好", en="Confirm", sources=("proof",), to="done", actors=("@reporter", "@system"), main=True),
    Transition(key="reopen", zh="还没修好", en="Not mended", sources=("proof", "done"), to="new", actors=("@reporter",), claims="release", reason=True),
    Transition(key="drop", zh="作废", en="Void", sources=("new",), to="void", actors=("manager",), reason=True, effects=("workorders.tell",)),
)  # fmt: skip
LIMITS = (
    Limit(key="respond", zh="响应", en="Response", starts=("new",), ends=("accepted", "void"), minutes=(30, 120, 1440, 2880), warn_before=10, escalate_to="manager"),
    Limit(key="onsite", zh="到场", en="On site", starts=("new",), ends=("onsite", "void"), minutes=(120, 480, 2880, 5760), warn_before=30, escalate_to="manager"),
    Limit(key="mend", zh="修好", en="Mended", starts=("new",), ends=("proof", "void"), minutes=(720, 1440, 4320, 10080), warn_before=60, escalate_to="manager"),
    Limit(key="silence", zh="等租客确认", en="Silence", starts=("proof",), ends=("done", "new"), minutes=(2880,), then="confirm"),
)  # fmt: skip
PAUSES = (
    Named(key="tenant_away", zh="租客不在家", en="Tenant away"),
    Named(key="parts", zh="等配件", en="Waiting for parts"),
)


@policy("flow.repair", area="flows", zh="报修流程", en="Repairs")
class Repair(FlowDefinition):
    """How a repair goes: stages, who may do what, photos, time limits by class."""

    name: Named = Field(Named(key=NAME, zh="报修", en="Repair"), title="流程")
    prefix: str = Field("W", pattern=r"^[A-Z]{1,3}$", title="编号前缀", description="一至三个大写字母。")
    subject: str = Field("workorder", title="关于什么", json_schema_extra={"choices_from": "flow.subjects"})
    classes: tuple[str, ...] = Field(
        CLASSES, max_length=6, title="级别", description="从急到缓。", json_schema_extra={"item": "第 {n} 级"}
    )
    opens: tuple[str, ...] = Field(
        ("@reporter", "service", "manager", TEAM),
        title="谁可以发起",
        json_schema_extra={"choices_from": "flow.actors", "ordered": False},
    )
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
    pauses: tuple[Named, ...] = Field(PAUSES, max_length=8, title="暂停计时的理由")
