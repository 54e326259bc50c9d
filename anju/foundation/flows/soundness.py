"""What is wrong with a definition: names that lead nowhere, stages nobody reaches or leaves, two main buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from anju.foundation.flows.definition import Flow
from anju.foundation.policy import Finding

PERSONAL = ("姓名", "电话", "手机", "身份证", "银行卡", "住址", "微信号", "邮箱")


def lint_flow(flow: Flow) -> list[Finding]:
    """Every remark about a flow."""
    return [*_twice(flow), *_unknown(flow), *_shape(flow), *_buttons(flow), *_fields(flow), *_limits(flow)]


def _error(code: str, path: str, zh: str, en: str) -> Finding:
    return Finding(f"flows.{code}", "error", path, zh, en)


def _twice(flow: Flow) -> Iterator[Finding]:
    parts: dict[str, Sequence[Any]] = {
        "stages": flow.stages,
        "transitions": flow.transitions,
        "fields": flow.fields,
        "limits": flow.limits,
        "pauses": flow.pauses,
    }
    for name, listed in parts.items():
        seen: set[str] = set()
        for i, part in enumerate(listed):
            if part.key in seen:
                zh = f"代号“{part.key}”用了两次，请换一个。"
                yield _error("key_twice", f"{name}.{i}.key", zh, f"The key {part.key} is used twice.")
            seen.add(part.key)


def _unknown(flow: Flow) -> Iterator[Finding]:
    stages, fields = {s.key for s in flow.stages}, {f.key for f in flow.fields}
    steps = {t.key for t in flow.transitions} | {""}
    named: list[tuple[str, Sequence[str], set[str]]] = [("asks", flow.asks, fields)]
    for i, t in enumerate(flow.transitions):
        at = f"transitions.{i}"
        named += [(f"{at}.sources", t.sources, stages), (f"{at}.to", [t.to], stages)]
        named += [(f"{at}.fields", t.fields, fields), (f"{at}.optional", t.optional, fields)]
    for i, limit in enumerate(flow.limits):
        named += [(f"limits.{i}.starts", limit.starts, stages), (f"limits.{i}.ends", limit.ends, stages)]
        named.append((f"limits.{i}.then", [limit.then], steps))
    for path, keys, known in named:
        for key in keys:
            if key not in known:
                zh = f"“{key}”在这份流程里不存在，请重新选择。"
                yield _error("unknown", path, zh, f"{key} does not exist in this flow; choose again.")


def _shape(flow: Flow) -> Iterator[Finding]:
    starts = [s for s in flow.stages if s.kind == "start"]
    if len(starts) != 1:
        yield _error("one_start", "stages", "要有且只有一个“起点”阶段。", "There must be exactly one start stage.")
    if not any(s.ends for s in flow.stages):
        yield _error(
            "no_end", "stages", "至少要有一个“完成”或“作废”阶段，否则办理单永远结束不了。", "No stage ends a case."
        )
    reached = reachable(flow)
    for i, stage in enumerate(flow.stages):
        if stage.key not in reached:
            zh = f"没有步骤能走到“{stage.zh}”。"
            yield Finding("flows.unreachable", "warning", f"stages.{i}", zh, f"No step leads to {stage.key}.")
        if not stage.ends and not flow.steps_from(stage.key):
            zh = f"进入“{stage.zh}”后没有下一步，办理单会卡住。"
            yield _error("dead_end", f"stages.{i}", zh, f"Nothing leaves {stage.key}: cases would be stuck.")


def reachable(flow: Flow) -> set[str]:
    """The stages a case can come to."""
    reached, ahead = {flow.start.key}, [flow.start.key]
    while ahead:
        here = ahead.pop()
        new = {t.to for t in flow.steps_from(here)} - reached
        reached |= new
        ahead += new
    return reached


def _buttons(flow: Flow) -> Iterator[Finding]:
    for stage in flow.stages:
        mains = [t for t in flow.transitions if t.main and stage.key in t.sources]
        for actor in {a for t in mains for a in t.actors}:
            if sum(actor in t.actors for t in mains) > 1:
                zh = f"“{stage.zh}”阶段同一个人有两个主要按钮，请只留一个。"
                yield Finding(
                    "flows.two_mains", "warning", "transitions", zh, f"{stage.key} has two main buttons for one actor."
                )
                break


def _fields(flow: Flow) -> Iterator[Finding]:
    for i, field in enumerate(flow.fields):
        if any(w in field.zh for w in PERSONAL):
            zh = f"“{field.zh}”像是个人信息：请记在租客资料里，那里有权限和保存期限。"
            yield _error("personal", f"fields.{i}", zh, "Personal data belongs to the person's record, not to a case.")
        if field.kind == "choice" and not field.choices:
            yield _error(
                "no_choices", f"fields.{i}.choices", f"“{field.zh}”还没有选项。", f"{field.key} has no choices."
            )


def _limits(flow: Flow) -> Iterator[Finding]:
    for i, limit in enumerate(flow.limits):
        then = flow.transition(limit.then) if limit.then else None
        if then is not None and "@system" not in then.actors:
            zh = f"“{then.zh}”要由系统自动执行，它的“谁可以做”里须有“系统”。"
            yield _error("then_not_system", f"limits.{i}.then", zh, f"{then.key} must allow @system.")
        shortest = min((m for m in limit.minutes if m), default=0)
        if limit.warn_before and limit.warn_before >= shortest:
            zh = f"“{limit.zh}”提前 {limit.warn_before} 分钟提醒，比最短的时限还长。"
            yield Finding(
                "flows.warns_too_early", "warning", f"limits.{i}.warn_before", zh, "The warning precedes the start."
            )
