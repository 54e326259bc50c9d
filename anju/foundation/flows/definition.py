"""What a flow is: stages, transitions, fields, time limits. A definition is a policy and has the policies' lifecycle.

Keys name parts inside one definition (``stages.key``); words are what people read. Actors are roles, or one of
``@assignee`` (who claimed the case), ``@team`` (the stage's team), ``@reporter`` (the tenants it concerns) and
``@system`` (effects and expired limits).
"""

from __future__ import annotations

from typing import Annotated, Literal

from django.utils.translation import get_language, gettext
from pydantic import Field, StringConstraints

from anju.foundation.policy import PolicyModel

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=20)]
ASSIGNEE, TEAM, REPORTER, SYSTEM = "@assignee", "@team", "@reporter", "@system"
SPECIAL = {ASSIGNEE: "办理人", TEAM: "负责小组", REPORTER: "租客", SYSTEM: "系统"}
STAGES, FACTS, EFFECTS, ACTORS, FIELDS = "flow.stages", "flow.facts", "flow.effects", "flow.actors", "flow.fields"
KEY_HELP = "小写字母、数字和下划线，以字母开头；已有办理单使用后不要改。"


class Named(PolicyModel):
    """A part with a key and its words."""

    key: Key = Field(title="代号", description=KEY_HELP)
    zh: Word = Field(title="名称")
    en: str = Field("", max_length=40, title="英文名称")

    @property
    def word(self) -> str:
        """Its name in the reader's language."""
        return self.en if self.en and (get_language() or "").startswith("en") else self.zh

    def heading(self) -> str:
        """Its name in a form's list."""
        return self.zh


CAUSES = (
    Named(key="crew", zh="人手不够", en="Too few people"),
    Named(key="late", zh="派得太晚", en="Given too late"),
    Named(key="way", zh="路上耽误", en="Delayed on the way"),
    Named(key="parts", zh="等配件", en="Waiting for parts"),
    Named(key="away", zh="租客不在家", en="Tenant away"),
    Named(key="other", zh="其他", en="Other"),
)


class Stage(Named):
    """Where a case stands. ``done`` and ``void`` end it."""

    kind: Literal["start", "work", "wait", "done", "void"] = Field(
        "work",
        title="性质",
        json_schema_extra={
            "choices": {"start": "起点", "work": "办理中", "wait": "等待对方", "done": "完成", "void": "作废"}
        },
    )
    team: str = Field("", title="负责小组", json_schema_extra={"choices_from": "flow.teams"})
    awaits: str = Field("", max_length=40, title="正在等什么", description="显示给租客，例如“等师傅接单”。")

    @property
    def waits(self) -> str:
        """``awaits`` for a reader: shipped words are in the catalogue, an operator's own stand as written."""
        return gettext(self.awaits) if self.awaits else ""

    @property
    def ends(self) -> bool:
        """Whether a case in it is over."""
        return self.kind in ("done", "void")


class CaseField(Named):
    """Something a case records. Personal data has no place here: it belongs to the person's own record."""

    kind: Literal["text", "long", "number", "date", "choice", "yes"] = Field(
        "text",
        title="类型",
        json_schema_extra={
            "choices": {
                "text": "短文字",
                "long": "长文字",
                "number": "数字",
                "date": "日期",
                "choice": "选项",
                "yes": "是否",
            }
        },
    )
    choices: tuple[Word, ...] = Field((), max_length=30, title="选项", json_schema_extra={"item": "第 {n} 项"})
    unit: str = Field("", max_length=8, title="单位")

    @property
    def options(self) -> list[tuple[str, str]]:
        """Its choices as a form offers them."""
        return [(c, gettext(c)) for c in self.choices]

    @property
    def unit_word(self) -> str:
        """Its unit for a reader, as :meth:`said` writes it."""
        return gettext(self.unit) if self.unit else ""

    def said(self, value: object) -> str:
        """A value of it for a reader: shipped words are in the catalogue, an operator's own stand as written."""
        if self.kind == "yes":
            return gettext("是") if value else gettext("否")
        word = gettext(str(value)) if self.kind == "choice" else str(value)
        return f"{word} {self.unit_word}" if self.unit else word


class Comparison(PolicyModel):
    """One comparison of a fact of the case."""

    fact: str = Field(title="事实", json_schema_extra={"choices_from": FACTS})
    op: Literal["eq", "ne", "ge", "le", "has", "set", "unset"] = Field(
        "eq",
        title="比较",
        json_schema_extra={
            "choices": {
                "eq": "等于",
                "ne": "不等于",
                "ge": "不小于",
                "le": "不大于",
                "has": "包含",
                "set": "已填写",
                "unset": "未填写",
            }
        },
    )
    value: str = Field("", max_length=60, title="值")


class AnyOf(PolicyModel):
    """At least one of these holds (or, turned round, none)."""

    any: tuple[Comparison, ...] = Field(
        min_length=1, max_length=8, title="任一成立", json_schema_extra={"item": "第 {n} 个"}
    )
    none: bool = Field(False, title="取反", description="打开后：以上都不成立才算满足。")


class Guard(PolicyModel):
    """A condition tree in two levels: all of these, each of which is any of those."""

    all: tuple[AnyOf, ...] = Field((), max_length=8, title="全部成立", json_schema_extra={"item": "第 {n} 组"})
    zh: str = Field("", max_length=60, title="不满足时的提示")
    en: str = Field("", max_length=120, title="英文提示")

    @property
    def word(self) -> str:
        """What is said where it does not hold, in the reader's language; may be empty."""
        return self.en if self.en and (get_language() or "").startswith("en") else self.zh


class Transition(Named):
    """A step from some stages to one, by some people, with what it needs. ``to`` empty: the case stays where it is."""

    sources: tuple[str, ...] = Field(
        min_length=1, title="从哪些阶段", json_schema_extra={"choices_from": STAGES, "ordered": False}
    )
    to: str = Field(title="到哪个阶段", json_schema_extra={"choices_from": STAGES})
    actors: tuple[str, ...] = Field(
        min_length=1, title="谁可以做", json_schema_extra={"choices_from": ACTORS, "ordered": False}
    )
    fields: tuple[str, ...] = Field((), title="要填写", json_schema_extra={"choices_from": FIELDS})
    optional: tuple[str, ...] = Field((), title="可填写", json_schema_extra={"choices_from": FIELDS})
    photos: int = Field(0, ge=0, le=9, title="至少几张照片", json_schema_extra={"unit": "张"})
    reason: bool = Field(False, title="必须写原因")
    claims: Literal["", "claim", "release"] = Field(
        "",
        title="办理人",
        json_schema_extra={"choices": {"": "不变", "claim": "由操作者独占", "release": "放回小组"}},
    )
    guard: Guard = Field(Guard(), title="条件")
    effects: tuple[str, ...] = Field((), max_length=8, title="同时做", json_schema_extra={"choices_from": EFFECTS})
    main: bool = Field(False, title="主要按钮", description="每个阶段最多一个。")


class Limit(Named):
    """A time limit: runs from entering ``starts`` until entering ``ends``; minutes by class of case."""

    starts: tuple[str, ...] = Field(
        min_length=1, title="从进入", json_schema_extra={"choices_from": STAGES, "ordered": False}
    )
    ends: tuple[str, ...] = Field(
        min_length=1, title="到进入", json_schema_extra={"choices_from": STAGES, "ordered": False}
    )
    minutes: tuple[int, ...] = Field(
        (1440,),
        min_length=1,
        max_length=6,
        title="时限",
        description="按级别从急到缓排列；只填一个时各级别相同，0 表示这一级不限时。",
        json_schema_extra={"unit": "分钟", "item": "第 {n} 级"},
    )
    counts: Literal["clock", "working"] = Field(
        "clock", title="计时", json_schema_extra={"choices": {"clock": "昼夜连续", "working": "只计工作时间"}}
    )
    warn_before: int = Field(0, ge=0, le=43200, title="提前提醒", json_schema_extra={"unit": "分钟"})
    escalate_to: str = Field("", title="超时上报给", json_schema_extra={"choices_from": "flow.teams"})
    on_warn: tuple[str, ...] = Field((), title="提醒时做", json_schema_extra={"choices_from": EFFECTS})
    on_breach: tuple[str, ...] = Field((), title="超时后做", json_schema_extra={"choices_from": EFFECTS})
    then: str = Field(
        "", title="到时自动", description="到时由系统执行的步骤。", json_schema_extra={"choices_from": "flow.steps"}
    )

    def minutes_of(self, priority: int) -> int:
        """The limit for a class, in minutes; 0: none."""
        return self.minutes[min(max(priority, 0), len(self.minutes) - 1)]


class Flow(PolicyModel):
    """The definition of a kind of case."""

    name: Named = Field(Named(key="case", zh="新流程", en="New flow"), title="流程")
    prefix: str = Field("C", pattern=r"^[A-Z]{1,3}$", title="编号前缀", description="一至三个大写字母。")
    subject: str = Field("", title="关于什么", json_schema_extra={"choices_from": "flow.subjects"})
    classes: tuple[Word, ...] = Field(
        (), max_length=6, title="级别", description="从急到缓。", json_schema_extra={"item": "第 {n} 级"}
    )
    opens: tuple[str, ...] = Field(
        ("manager",), title="谁可以发起", json_schema_extra={"choices_from": ACTORS, "ordered": False}
    )
    asks: tuple[str, ...] = Field((), title="发起时要填", json_schema_extra={"choices_from": FIELDS})
    supervisors: tuple[str, ...] = Field(
        ("manager",),
        title="谁可以改派",
        description="可以写明原因改派、改级别、暂停计时。",
        json_schema_extra={"choices_from": "flow.teams_any", "ordered": False},
    )
    fields: tuple[CaseField, ...] = Field((), max_length=30, title="记录的内容")
    stages: tuple[Stage, ...] = Field(
        (
            Stage(key="open", zh="待办理", en="Open", kind="start"),
            Stage(key="done", zh="已完成", en="Done", kind="done"),
        ),
        min_length=2,
        max_length=20,
        title="阶段",
    )
    transitions: tuple[Transition, ...] = Field(
        (
            Transition(
                key="finish", zh="完成", en="Finish", sources=("open",), to="done", actors=("manager",), main=True
            ),
        ),
        min_length=1,
        max_length=40,
        title="步骤",
    )
    limits: tuple[Limit, ...] = Field((), max_length=12, title="时限")
    pauses: tuple[Named, ...] = Field((), max_length=8, title="暂停计时的理由")
    causes: tuple[Named, ...] = Field(
        CAUSES, max_length=12, title="超时的原因", description="超时以后由办理人或主管选一个，统计时按它归类。"
    )

    def stage(self, key: str) -> Stage | None:
        """A stage by key."""
        return next((s for s in self.stages if s.key == key), None)

    def transition(self, key: str) -> Transition | None:
        """A transition by key."""
        return next((t for t in self.transitions if t.key == key), None)

    def field(self, key: str) -> CaseField | None:
        """A field by key."""
        return next((f for f in self.fields if f.key == key), None)

    def limit(self, key: str) -> Limit | None:
        """A limit by key."""
        return next((x for x in self.limits if x.key == key), None)

    @property
    def start(self) -> Stage:
        """Where cases begin: the first stage of kind start, or the first."""
        return next((s for s in self.stages if s.kind == "start"), self.stages[0])

    def steps_from(self, stage: str) -> list[Transition]:
        """The transitions that leave a stage, the main one first."""
        return sorted((t for t in self.transitions if stage in t.sources), key=lambda t: not t.main)

    def class_name(self, priority: int) -> str:
        """What a class is called, as it was written: ``P0 停水停电``."""
        return self.classes[priority] if 0 <= priority < len(self.classes) else ""

    def class_word(self, priority: int) -> str:
        """The same for a reader: shipped classes are in the catalogue, an operator's own stand as written."""
        name = self.class_name(priority)
        return gettext(name) if name else ""
