"""Events of cases in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from anju.foundation.flows.permissions import VIEW
from anju.foundation.trace.told import told


def facts(body: dict[str, Any]) -> dict[str, Any]:
    """The step's and the stage's words, kept in both languages with the event."""
    english = (get_language() or "").startswith("en")
    return {**body, **{k: (v[1] if english else v[0]) for k, v in body.items() if isinstance(v, list) and len(v) == 2}}


told(
    "flows.case.open",
    "{flow} {number} 发起",
    "{flow} {number} opened",
    icon="flag",
    about="data",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.case.open_many",
    "{flow} {number} 发起",
    "{flow} {number} opened",
    icon="flag",
    about="data",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.case.move",
    "{number} {step}：{stage}",
    "{number} {step}: {stage}",
    icon="arrow-right",
    about="data",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.case.add_photos",
    "{number} 补充 {count} 张照片",
    "{number}: {count} further pictures",
    icon="camera",
    about="data",
    needs=VIEW,
)
told("flows.case.claim", "{number} 接单", "{number} claimed", icon="user-check", about="data", needs=VIEW, facts=facts)


def _given(body: dict[str, Any]) -> dict[str, Any]:
    again = body.get("instead_of") is not None or body.get("staff") is None
    english = (get_language() or "").startswith("en")
    words = ("reassigned", "改派") if again else ("assigned", "派单")
    return {**facts(body), "given": words[0] if english else words[1]}


told(
    "flows.case.assign",
    "{number} {given}",
    "{number} {given}",
    icon="switch-horizontal",
    about="data",
    needs=VIEW,
    facts=_given,
)
told(
    "flows.case.reclass",
    "{number} 改为{class_word}",
    "{number} reclassed to {class_word}",
    icon="flag-3",
    about="data",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.case.pause",
    "{number} 暂停计时：{why}",
    "{number} paused: {why}",
    icon="player-pause",
    about="data",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.case.go_on",
    "{number} 继续计时",
    "{number} goes on",
    icon="player-play",
    about="data",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.case.hand_over", "移交 {count} 张办理单", "Handed over {count} cases", icon="users", about="data", needs=VIEW
)
told(
    "flows.case.follow",
    "{number} 并入 {master}",
    "{number} merged into {master}",
    icon="arrows-join",
    about="data",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.case.part",
    "{number} 从 {master} 拆出",
    "{number} taken out of {master}",
    icon="arrows-split",
    about="data",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.case.adapt",
    "{number} 换到新版流程",
    "{number} moved to a new version",
    icon="git-branch",
    about="data",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.limit.explain",
    "{number} “{limit}”超时的原因：{why}",
    "{number} “{limit}” was passed: {why}",
    icon="message-2-question",
    about="decision",
    needs=VIEW,
    facts=facts,
)
told(
    "flows.limit.follow",
    "{number} “{limit}”{what}",
    "{number} “{limit}”: {what}",
    icon="clock-exclamation",
    tone="warn",
    about="decision",
    needs=VIEW,
    facts=facts,
)
