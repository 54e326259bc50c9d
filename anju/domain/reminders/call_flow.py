# ruff: noqa: E501 — one line a part reads like the table it is
"""The flow of a call to a tenant as it is shipped: to call, talked, call back, no answer, done (R-04, R-09)."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from pydantic import Field

from anju.foundation.flows.definition import CaseField, Limit, Named, Stage, Transition
from anju.foundation.flows.definitions import FlowDefinition
from anju.foundation.policy import policy

NAME = "call"
TEAM = "service"
ARREARS, RENEWAL = gettext_noop("欠款"), gettext_noop("到期续租")
PROMISED, HARD, REFUSED, NO_ANSWER, WRONG_NUMBER = OUTCOMES = (
    gettext_noop("答应还款"),
    gettext_noop("有困难"),
    gettext_noop("拒绝"),
    gettext_noop("打不通"),
    gettext_noop("号码错"),
)
PAID = "paid"  # the step of a call whose debt is settled meanwhile

FIELDS = (
    CaseField(key="about", zh="为什么打", en="What about", kind="choice", choices=(ARREARS, RENEWAL)),
    CaseField(key="outcome", zh="结果", en="Outcome", kind="choice", choices=OUTCOMES),
    CaseField(key="promised_on", zh="答应哪天还", en="Promised for", kind="date"),
    CaseField(key="call_on", zh="约定哪天再打", en="Call back on", kind="date"),
    CaseField(key="note", zh="说了什么", en="What was said", kind="long"),
)
STAGES = (
    Stage(key="new", zh="待拨打", en="To call", kind="start", team=TEAM),
    Stage(key="callback", zh="约定回拨", en="Call back", kind="wait", team=TEAM),
    Stage(key="missed", zh="打不通", en="No answer", team=TEAM),
    Stage(key="talked", zh="已联系", en="Talked", kind="wait", team=TEAM),
    Stage(key="done", zh="已办结", en="Done", kind="done"),
    Stage(key="void", zh="不用打了", en="Not needed", kind="void"),
)
TO_CALL = ("new", "callback", "missed")
STEPS = (
    Transition(key="talk", zh="打通了", en="Talked", sources=TO_CALL, to="talked", actors=("@team", "manager"), fields=("outcome",), optional=("promised_on", "note"), claims="claim", main=True),
    Transition(key="later", zh="约定回拨", en="Call back", sources=TO_CALL, to="callback", actors=("@team", "manager"), fields=("call_on",), optional=("note",), claims="claim"),
    Transition(key="miss", zh="没打通", en="No answer", sources=TO_CALL, to="missed", actors=("@team", "manager"), fields=("outcome",), optional=("note",), claims="claim"),
    Transition(key="again", zh="再打一次", en="Call again", sources=("talked",), to="new", actors=("@assignee", "manager")),
    Transition(key="finish", zh="办结", en="Finish", sources=("talked",), to="done", actors=("@assignee", "manager", "@system"), main=True),
    Transition(key="give_up", zh="不再打了", en="Stop calling", sources=("callback", "missed"), to="done", actors=("@assignee", "manager"), reason=True),
    Transition(key="release", zh="放回", en="Give back", sources=TO_CALL, to="new", actors=("@assignee",), claims="release", reason=True),
    Transition(key=PAID, zh="已还清", en="Paid", sources=(*TO_CALL, "talked"), to="done", actors=("@system",)),
    Transition(key="drop", zh="不用打了", en="Not needed", sources=TO_CALL, to="void", actors=("manager",), reason=True),
)  # fmt: skip
LIMITS = (
    Limit(key="call", zh="拨打", en="Call", starts=("new",), ends=("talked", "callback", "missed"), minutes=(540,), counts="working", warn_before=60, escalate_to="manager"),
    Limit(key="retry", zh="再拨打", en="Call again", starts=("callback", "missed"), ends=("talked", "new"), minutes=(1080,), counts="working", warn_before=120, escalate_to="manager"),
    Limit(key="result", zh="等还款", en="Awaiting payment", starts=("talked",), ends=("done", "new"), minutes=(1620,), counts="working", then="finish"),
)  # fmt: skip
PAUSES = (Named(key="dispute", zh="账单有争议", en="The bill is disputed"),)


@policy("flow.call", area="flows", zh="电话任务流程", en="Calls to tenants")
class CallFlow(FlowDefinition):
    """How a call to a tenant goes: who calls, what came of it, by when, in working time."""

    name: Named = Field(Named(key=NAME, zh="电话任务", en="Call"), title="流程")
    prefix: str = Field("D", pattern=r"^[A-Z]{1,3}$", title="编号前缀", description="一至三个大写字母。")
    subject: str = Field("lease", title="关于什么", json_schema_extra={"choices_from": "flow.subjects"})
    opens: tuple[str, ...] = Field(
        (TEAM, "manager"),
        title="谁可以发起",
        json_schema_extra={"choices_from": "flow.actors", "ordered": False},
    )
    asks: tuple[str, ...] = Field(("about",), title="发起时要填", json_schema_extra={"choices_from": "flow.fields"})
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
