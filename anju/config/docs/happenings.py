"""events.md, refusals.md, sweeps.md: what is told, what is refused, what decides by itself."""

from __future__ import annotations

import inspect
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from anju.config.docs.markdown import both, code, codes, page, section, table
from anju.config.environment import PACKAGE
from anju.foundation.db import SqlFile
from anju.foundation.jobs import ticks
from anju.foundation.sweeps.sweep import Sweep, all_sweeps
from anju.foundation.trace.told import Sentence, all_sentences
from anju.kit.refusal import declared

EVENTS = """
每个操作在它影响的对象上留下一条记录，前后相连，不能改写（`anju verify` 核对）。`{…}` 是记录里的数据；
记录里没有姓名、电话等个人信息。`*.x` 表示任何操作引起的同类事件。

Every action leaves an event on its subject's chain (`anju verify` recomputes them). `{…}` are facts of the event's
body, which never holds personal values. `*.x` stands for whatever action caused it.
"""
REFUSALS = """
不能做的事都有固定代码和一句能照着做的话；接口返回同样的代码。`{…}` 由当时的数据填入。

What may not be done has a stable code and a sentence to act on; the API answers with the same code.
"""
SWEEPS = """
自动任务每天对候选对象逐一作出决定：每个对象一条决定、一个代码、一个原因；候选数必须等于各代码之和，否则整批作废。
计划是一段只读的 SQL，预览、模拟、“为什么”和真正执行用的是同一段。

A sweep decides about every candidate: one decision each, with a code and a reason. Candidates = Σ decisions, or the
batch does not stand. The plan is SQL that writes nothing; preview, simulation, why and the real run are the same text.
"""
CLOCKWORK = """
每天的任务按公司的业务时间（北京时间）依次执行，错过的日子按顺序补上；每隔一段时间的任务按真实时间执行。

Daily work runs in the organization's business time (Asia/Shanghai), missed days made up in order; frequent work runs in
real time.
"""


def events() -> str:
    """The page of events."""
    heads = ("事件 Event", "一句话 Sentence", "分类 About", "谁能看到 Read by")
    groups = groupby(all_sentences(), key=lambda s: s.action.partition(".")[0])
    parts = [section(code(name), table(heads, (_event(s) for s in told))) for name, told in groups]
    return page("事件", "Events", EVENTS, *parts)


def _event(sentence: Sentence) -> tuple[str, ...]:
    reader = code(sentence.needs.code) if sentence.needs else "能打开该页面的人 who may open the page"
    quiet = "<br>不进入动态 not in feeds" if sentence.quiet else ""
    return code(sentence.action), both(sentence.zh, sentence.en), sentence.about + quiet, reader


def refusals() -> str:
    """The page of refusals."""
    groups = groupby(sorted(declared().items()), key=lambda r: r[0].partition(".")[0])
    parts = [
        section(code(name), table(("代码 Code", "中文", "English"), ((code(c), zh, en) for c, (zh, en) in refused)))
        for name, refused in groups
    ]
    return page("拒绝", "Refusals", REFUSALS, *parts)


def sweeps() -> str:
    """The page of sweeps, in the order in which they were declared."""
    return page(
        "自动任务", "Sweeps", SWEEPS, *(_sweep(s) for s in sorted(all_sweeps(), key=lambda s: s.key)), _clockwork()
    )


def _sweep(sweep: Sweep) -> str:
    keys = [p.policy_key for p in sweep.policies]
    files = {"计划 plan": sweep.plan, "候选 candidates": sweep.candidates, "执行 apply": sweep.apply}
    sources = " · ".join(
        f"{name} [{f.name.rpartition('/')[2]}]({_link(f)})"
        for name, f in {**files, "窗口外 outside": sweep.outside}.items()
    )
    facts = [
        f"对象 Subject: {code(sweep.subject)}",
        f"依据的配置 Obeys: {codes(keys)}",
        f"每批 Batch: {sweep.batch:,}",
        sources,
    ]
    heads = ("代码 Code", "原因 Reason", "有动作 Acts")
    rows = ((code(c), both(w.zh, w.en), "✓" if w.acts else " ") for c, w in sweep.codes.items())
    doc = _first_line(inspect.getmodule(sweep.params))
    return section(
        f"{sweep.zh} · {sweep.en} {code(sweep.key)}", doc, "\n".join(f"- {f}" for f in facts), table(heads, rows)
    )


def _clockwork() -> str:
    daily = sorted((t for t in ticks.declared() if isinstance(t, ticks.Daily)), key=lambda t: (t.at, t.name))
    often = sorted((t for t in ticks.declared() if isinstance(t, ticks.Often)), key=lambda t: t.name)
    rows = [(f"{t.at:%H:%M}", code(t.name), _first_line(t.body)) for t in daily]
    rows += [(_every(t.period), code(t.name), _first_line(t.body)) for t in often]
    return section("时间表 · Clockwork", CLOCKWORK, table(("时间 Time", "任务 Work", "做什么 What it does"), rows))


def _every(period: timedelta) -> str:
    minutes = period // timedelta(minutes=1)
    if minutes < 60:
        return f"每 {minutes} 分钟 · every {minutes} min"
    return f"每 {minutes // 60} 小时 · every {minutes // 60} h"


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ")


def _link(file: SqlFile) -> str:
    return "../../" + (Path(file.beside).parent / file.name).resolve().relative_to(PACKAGE.parent).as_posix()
