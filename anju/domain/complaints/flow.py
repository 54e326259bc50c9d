# ruff: noqa: E501 — one line a part reads like the table it is
"""The flow of a complaint as it is shipped: accept, reply, close or not satisfied (受理→答复→结案; W-12)."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from pydantic import Field

from anju.foundation.flows.definition import CaseField, Limit, Named, Stage, Transition
from anju.foundation.flows.definitions import FlowDefinition
from anju.foundation.policy import policy

NAME = "complaint"
CLASSES = (gettext_noop("12345 转办"), gettext_noop("安全隐患"), gettext_noop("一般投诉"))
HOTLINE, SAFETY, USUAL = range(3)
TEAM = "service"

FIELDS = (CaseField(key="reply", zh="答复", en="Reply", kind="long"),)
STAGES = (
    Stage(key="new", zh="待受理", en="New", kind="start", team=TEAM, awaits=gettext_noop("等管家受理")),
    Stage(key="working", zh="处理中", en="In hand", team=TEAM, awaits=gettext_noop("正在查，查清后答复您")),
    Stage(key="replied", zh="已答复", en="Replied", kind="wait", awaits=gettext_noop("等您看答复")),
    Stage(key="done", zh="已结案", en="Closed", kind="done"),
    Stage(key="void", zh="已撤销", en="Withdrawn", kind="void"),
)
STEPS = (
    Transition(key="accept", zh="受理", en="Accept", sources=("new",), to="working", actors=("@team", "manager"), claims="claim", effects=("complaints.tell",), main=True),
    Transition(key="release", zh="放回", en="Give back", sources=("working",), to="new", actors=("@assignee",), claims="release", reason=True),
    Transition(key="reply", zh="答复", en="Reply", sources=("working",), to="replied", actors=("@assignee", "manager"), fields=("reply",), effects=("complaints.tell",), main=True),
    Transition(key="close", zh="结案", en="Close", sources=("replied",), to="done", actors=("@reporter", "@system"), main=True),
    Transition(key="reopen", zh="不满意", en="Not satisfied", sources=("replied", "done"), to="working", actors=("@reporter",), reason=True),
    Transition(key="drop", zh="撤销", en="Withdraw", sources=("new", "working"), to="void", actors=("@reporter", "manager"), reason=True, effects=("complaints.tell",)),
)  # fmt: skip
LIMITS = (
    Limit(key="respond", zh="受理", en="Acceptance", starts=("new",), ends=("working",), minutes=(240, 480, 1440), warn_before=60, escalate_to="manager"),
    Limit(key="reply", zh="答复", en="Reply", starts=("new", "working"), ends=("replied",), minutes=(1440, 2880, 4320), warn_before=240, escalate_to="manager"),
    Limit(key="silence", zh="等租客回复", en="Silence", starts=("replied",), ends=("done", "working"), minutes=(10080,), then="close"),
)  # fmt: skip
PAUSES = (
    Named(key="evidence", zh="等租客补材料", en="Waiting for the tenant's papers"),
    Named(key="third_party", zh="等第三方", en="Waiting for a third party"),
)


@policy("flow.complaint", area="flows", zh="客诉流程", en="Complaints")
class ComplaintFlow(FlowDefinition):
    """How a complaint goes: stages, who may do what, time limits by class."""

    name: Named = Field(Named(key=NAME, zh="客诉", en="Complaint"), title="流程")
    prefix: str = Field("T", pattern=r"^[A-Z]{1,3}$", title="编号前缀", description="一至三个大写字母。")
    subject: str = Field("complaint", title="关于什么", json_schema_extra={"choices_from": "flow.subjects"})
    classes: tuple[str, ...] = Field(
        CLASSES, max_length=6, title="级别", description="从急到缓。", json_schema_extra={"item": "第 {n} 级"}
    )
    opens: tuple[str, ...] = Field(
        ("@reporter", "service", "manager"),
        title="谁可以发起",
        json_schema_extra={"choices_from": "flow.actors", "ordered": False},
    )
    supervisors: tuple[str, ...] = Field(
        ("manager",),
        title="谁可以改派",
        description="可以写明原因改派、改级别、暂停计时。",
        json_schema_extra={"choices_from": "flow.teams_any", "ordered": False},
    )
    fields: tuple[CaseField, ...] = Field(FIELDS, max_length=30, title="记录的内容")
    stages: tuple[Stage, ...] = Field(STAGES, min_length=2, max_length=20, title="阶段")
    transitions: tuple[Transition, ...] = Field(STEPS, min_length=1, max_length=40, title="步骤")
    limits: tuple[Limit, ...] = Field(LIMITS, max_length=12, title="时限")
    pauses: tuple[Named, ...] = Field(PAUSES, max_length=8, title="暂停计时的理由")
