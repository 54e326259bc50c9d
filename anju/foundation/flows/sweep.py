"""The timer: every limit whose warning or end has come, each accounted for; one sweep for every flow."""

from __future__ import annotations

from datetime import date
from typing import Any

from anju.foundation.db import SqlFile, clock
from anju.foundation.sweeps.sweep import Code, Policies, Sweep, register


def params(policies: Policies, as_of: date) -> dict[str, Any]:
    """The moment looked at: the organization's now."""
    return {"now": clock.now().isoformat()}


TIMERS = register(
    Sweep(
        key="timers",
        zh="时限检查",
        en="Time limits",
        subject="flow_limit",
        policies=(),
        plan=SqlFile(__file__, "plans/timers.sql"),
        candidates=SqlFile(__file__, "plans/candidates.sql"),
        apply=SqlFile(__file__, "plans/apply.sql"),
        outside=SqlFile(__file__, "plans/outside.sql"),
        params=params,
        codes={
            "warned": Code("快到时限，已提醒", "Warned before the limit", acts=True),
            "breached": Code("已超过时限", "The limit is passed", acts=True),
            "not_counting": Code("办理单已结束或暂停，不计时", "The case is over or paused"),
            "moved_on": Code("正有人办理，下次再看", "Somebody is at it; looked at again the next time"),
            "over": Code("这项时限已经结束", "This limit has ended"),
            "breached_before": Code("已在 {due} 超时", "Passed at {due}"),
            "paused": Code("计时已暂停，还剩 {left} 分钟", "Paused with {left} minutes left"),
            "running": Code("计时中，{due} 到时", "Running, due at {due}"),
            "unknown": Code("没有这项时限", "No such limit"),
        },
    )
)
