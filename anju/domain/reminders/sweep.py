"""The reminder sweep: every bill that falls on one of the policy's days, once per step and channel (R-02, R-10)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from anju.domain.reminders.holidays import rests
from anju.domain.reminders.policies import Reminders
from anju.domain.reminders.rules import reminder_day
from anju.foundation.db import SqlFile, clock
from anju.foundation.sweeps.sweep import Code, Policies, Sweep, register

LONGEST_HOLIDAY = 12  # days a reminder may move


def targets(policy: Reminders, as_of: date) -> list[dict[str, Any]]:
    """The due days that each step reminds of on a day."""
    found = []
    for n, step in enumerate(policy.steps):
        plain = as_of - timedelta(days=step.offset_days)
        for shift in range(LONGEST_HOLIDAY + 1):
            due_on = plain + timedelta(days=shift)
            if reminder_day(due_on, step.offset_days, rests, earlier=policy.holidays_earlier) == as_of:
                found.append({"step": n, "due_on": due_on.isoformat(), "day": as_of.isoformat()})
    return found


def params(policies: Policies, as_of: date) -> dict[str, Any]:
    """The day's targets and the policy's steps."""
    policy: Reminders = policies[Reminders.policy_key].value
    steps = [s.model_dump(mode="json", exclude={"text"}) for s in policy.steps]
    return {
        "targets": json.dumps(targets(policy, as_of)),
        "steps": json.dumps(steps),
        "least": policy.least,
        "now": clock.now().isoformat(),
    }


REMINDERS = register(
    Sweep(
        key="reminders",
        zh="缴租提醒",
        en="Rent reminders",
        subject="bill",
        policies=(Reminders,),
        plan=SqlFile(__file__, "plans/reminders.sql"),
        candidates=SqlFile(__file__, "plans/candidates.sql"),
        apply=SqlFile(__file__, "plans/apply.sql"),
        outside=SqlFile(__file__, "plans/outside.sql"),
        params=params,
        codes={
            "reminded": Code("发提醒，应付 ¥{amount}", "Reminded of ¥{amount}", acts=True),
            "already_reminded": Code("这一步已经提醒过", "Reminded at this step already"),
            "no_contact": Code("没有可用的联系方式，请更新手机号", "No usable contact; update the phone"),
            "too_small": Code("未付 ¥{amount}，低于提醒下限", "Only ¥{amount} is open, below the policy's least"),
            "paid": Code("已付清，不再提醒", "Paid; no reminder"),
            "later": Code("不提醒，下一次在 {next}", "Not reminded: the next reminder is on {next}"),
            "after_last": Code("提醒步骤已走完，转入催缴", "All steps are done; dunning takes over"),
            "unknown": Code("没有这张账单", "No such bill"),
        },
    )
)
