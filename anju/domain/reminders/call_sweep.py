"""The sweep of calls: every lease with an unpaid bill whose call falls on the day, each accounted for (R-04, R-09)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from anju.domain.reminders.call_actions import open_calls
from anju.domain.reminders.call_flow import ARREARS, TEAM
from anju.domain.reminders.policies import Reminders
from anju.foundation.db import SqlFile
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.sweeps.sweep import Code, Policies, Sweep, register
from anju.kit import Actor


def params(policies: Policies, as_of: date) -> dict[str, Any]:
    """The due days that each call is about on a day, and the policy's calls."""
    policy: Reminders = policies[Reminders.policy_key].value
    return call_params(policy, [as_of])


def call_params(policy: Reminders, days: Sequence[date]) -> dict[str, Any]:
    """The same for several days at once, for a simulation.

    Args:
        policy: whose calls.
        days: the business days asked for.
    """
    targets = [
        {"step": n, "due_on": (day - timedelta(days=c.offset_days)).isoformat(), "day": day.isoformat()}
        for day in days
        for n, c in enumerate(policy.calls)
    ]
    return {
        "targets": json.dumps(targets),
        "calls": json.dumps([c.model_dump(mode="json") for c in policy.calls]),
        "least": policy.least,
        "team": TEAM,
        "arrears": ARREARS,
    }


def begin(run: SweepRun, lo: int, hi: int) -> None:
    """Open the cases that were decided, in the batch's own transaction: both are written or neither is."""
    open_calls(Actor.system(), run_id=run.id, lo=lo, hi=hi)


CALLS = register(
    Sweep(
        key="call_tasks",
        zh="电话任务",
        en="Calls to tenants",
        subject="lease",
        policies=(Reminders,),
        plan=SqlFile(__file__, "plans/call_tasks.sql"),
        candidates=SqlFile(__file__, "plans/call_candidates.sql"),
        apply=SqlFile(__file__, "plans/call_apply.sql"),
        outside=SqlFile(__file__, "plans/call_outside.sql"),
        params=params,
        after=begin,
        codes={
            "to_call": Code(
                "逾期 {days} 天，安排电话，欠 ¥{amount}", "{days} days late: a call, ¥{amount} open", acts=True
            ),
            "calling_already": Code("{number} 正在联系，不再另派人", "{number} is in hand; nobody else calls"),
            "promised": Code("已答应 {promised} 还款，到时再说", "Promised for {promised}; left alone until then"),
            "answered": Code("消息读过，先不打电话", "The messages were read; no call yet"),
            "too_small": Code("未付 ¥{amount}，低于提醒下限", "Only ¥{amount} is open, below the policy's least"),
            "paid": Code("没有逾期未付，不打电话", "Nothing is late; no call"),
            "later": Code("今天不打，下一次在 {next}", "Not today: the next call is on {next}"),
            "after_last": Code("电话都打过了，转入催缴", "All calls are done; dunning takes over"),
            "unknown": Code("没有这份合同", "No such lease"),
        },
    )
)
