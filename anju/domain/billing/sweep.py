"""The billing sweep: charges for the coming period of every lease that falls due, each lease accounted for (R-01)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from anju.domain.billing import posting
from anju.domain.billing.policies import Billing
from anju.foundation.db import SqlFile, clock, fetch, fetch_value
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.sweeps.sweep import Code, Policies, Sweep, register

MOST_DAYS_BACK = 62  # a longer standstill is replayed day by day; the window stays an index range


def params(policies: Policies, as_of: date) -> dict[str, Any]:
    """The due dates a day bills: exactly the one that lies the policy's days ahead."""
    lead: int = policies[Billing.policy_key].value.issue_days_before_due
    horizon = (as_of + timedelta(days=lead)).isoformat()
    return {"due_from": horizon, "due_to": horizon, "lead": lead}


def left_over(params: dict[str, Any], as_of: date) -> dict[str, Any]:
    """Due dates that no run has looked at, because a day was missed or the policy's days grew."""
    last = fetch_value(
        "SELECT max(params ->> 'due_to') FROM sweep_run"
        " WHERE sweep = 'billing' AND scope = 'org' AND state = 'done' AND as_of < %(as_of)s",
        {"as_of": as_of},
    )
    if last is None:
        return {}
    due_from = max(date.fromisoformat(last) + timedelta(days=1), as_of - timedelta(days=MOST_DAYS_BACK))
    return {"due_from": min(due_from.isoformat(), params["due_to"])}


WITH_CREDIT = """
SELECT DISTINCT k.lease_id FROM credit k
WHERE k.open > 0 AND k.lease_id BETWEEN %(lo)s AND %(hi)s
  AND EXISTS (SELECT FROM charge c WHERE c.lease_id = k.lease_id AND c.open > 0)
"""


def settle_from_credit(run: SweepRun, lo: int, hi: int) -> None:
    """What tenants paid ahead settles the new charges at once."""
    leases = [r["lease_id"] for r in fetch(WITH_CREDIT, {"lo": lo, "hi": hi})]
    if leases:
        posting.allocate(leases, clock.now())


BILLING = register(
    Sweep(
        key="billing",
        zh="出账",
        en="Billing",
        subject="lease",
        policies=(Billing,),
        plan=SqlFile(__file__, "plans/billing.sql"),
        candidates=SqlFile(__file__, "plans/candidates.sql"),
        apply=SqlFile(__file__, "plans/apply.sql"),
        outside=SqlFile(__file__, "plans/outside.sql"),
        params=params,
        window=left_over,
        after=settle_from_credit,
        codes={
            "billed": Code("出账", "Billed", acts=True),
            "already_billed": Code("这一期已经出过账", "This period is billed already"),
            "nothing_due": Code("这一期是免租期，没有要付的费用", "Nothing is due: rent is free in this period"),
            "no_terms": Code("合同还没有计费条款", "The lease has no terms to bill by"),
            "draft": Code("合同还是草稿，不出账", "The lease is a draft"),
            "cancelled": Code("合同已取消，不出账", "The lease is cancelled"),
            "ended": Code("合同已于 {end} 结束，不再出账", "The lease ended on {end}"),
            "not_started": Code(
                "首期 {period} 起，{due} 应付，将于 {issue} 出账",
                "The first period starts on {period}, due {due}; billed on {issue}",
            ),
            "later": Code(
                "不出账，下一期 {period} 起，{due} 应付，将于 {issue} 出账",
                "Not billed: the next period starts on {period}, due {due}; billed on {issue}",
            ),
            "last_period": Code("最后一期已经出账，合同到 {end}", "The last period is billed; the lease ends on {end}"),
            "unknown": Code("没有这份合同", "No such lease"),
        },
    )
)
