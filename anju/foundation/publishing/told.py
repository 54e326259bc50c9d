"""Events of configuration in words."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import get_language

from anju.foundation.policy.registry import declared
from anju.foundation.publishing.permissions import VIEW
from anju.foundation.trace.told import told


def _facts(body: dict[str, Any]) -> dict[str, Any]:
    english = (get_language() or "").startswith("en")
    try:
        known = declared(body.get("key", ""))
    except KeyError:
        return {"policy": "…", "number": "…", **body}
    return {"number": "…", **body, "policy": known.en if english else known.zh}


policy = partial(told, about="setting", icon="adjustments", needs=VIEW, facts=_facts)
quiet = partial(policy, quiet=True)

policy("policies.draft.start", "开始修改“{policy}”", "Began to change “{policy}”")
quiet("policies.draft.save", "保存了“{policy}”的草稿", "Saved the draft of “{policy}”")
quiet("policies.draft.rebase", "“{policy}”的草稿换到最新版本", "Moved the draft of “{policy}” to the newest version")
quiet("policies.draft.keep_finding", "保留了“{policy}”的一条检查提示", "Kept a finding of “{policy}”")
quiet("policies.draft.simulate", "试算了“{policy}”的草稿", "Simulated the draft of “{policy}”")
policy("policies.draft.discard", "放弃了“{policy}”的草稿", "Discarded the draft of “{policy}”")
policy("policies.draft.submit", "提交“{policy}”待复核", "Submitted “{policy}” for review", icon="send")
policy(
    "policies.version.approve", "同意了“{policy}”的修改", "Approved the change of “{policy}”", icon="check", tone="ok"
)
policy("policies.version.reject", "退回了“{policy}”的修改", "Returned the change of “{policy}”", tone="warn")
policy("policies.version.recall", "撤回了“{policy}”的送审", "Recalled “{policy}” from review")
policy(
    "*.released", "发布“{policy}”第 {number} 版", "Released version {number} of “{policy}”", icon="rocket", tone="ok"
)
policy(
    "*.released_alone", "发布“{policy}”第 {number} 版（无人复核）",
    "Released version {number} of “{policy}” without review",
    icon="rocket", tone="warn",
)  # fmt: skip
policy("policies.release.call_off", "取消了“{policy}”的定时发布", "Called off a release of “{policy}”", tone="warn")
policy(
    "policies.release.roll_back",
    "“{policy}”回退到第 {number} 版",
    "Rolled “{policy}” back to version {number}",
    tone="warn",
)
