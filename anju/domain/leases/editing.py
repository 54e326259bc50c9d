"""Two people, one lease: whoever comes second is told what changed. And the current schedule, read back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anju.domain.leases.models import Lease, LeaseFee, LeaseRate, LeaseVersion
from anju.domain.leases.rules import FeeLine, LeaseTerms, Rate
from anju.foundation.access import restrict
from anju.foundation.db import fetch
from anju.kit import Actor, Period
from anju.kit.refusal import CHANGED, NOT_FOUND, sentence

NOT_RUNNING = sentence(
    "lease.not_running",
    "合同 {lease} 不在执行中，不能办理这一步。",
    "Lease {lease} is not in force, so this can not be done.",
)
WORDS: dict[str, Promise] = {
    "status": _("状态"),
    "start_on": _("开始日"),
    "end_on": _("到期日"),
    "cycle_months": _("付款周期"),
    "anchor": _("账期起点"),
    "price": _("租金"),
    "price_unit": _("计价方式"),
    "area": _("计租面积"),
    "free": _("免租期"),
    "free_first_days": _("免租天数"),
    "steps": _("递增条款"),
    "proration": _("折算方式"),
    "deposit_amount": _("押金"),
    "deposit_months": _("押金"),
    "fees": _("费用"),
    "due_offset_days": _("应付日"),
    "auto_renew": _("自动续租授权"),
    "holds_until": _("占用期限"),
    "actual_end_on": _("退租日"),
    "occupants": _("同住人"),
    "payer": _("承租人"),
    "units": _("房源"),
}
SINCE = """
SELECT body FROM trace_event WHERE stream_kind = 'lease' AND stream_id = %(id)s ORDER BY seq DESC LIMIT 100
"""


def open_lease(by: Actor, lease_id: int, rev: int | None, statuses: Iterable[Lease.Status]) -> Lease:
    """Lock a lease for a change.

    Args:
        by: who changes it; decides whether it is found.
        lease_id: which.
        rev: the revision the person saw; None for those who did not look (sweeps).
        statuses: in which it may be changed.

    Raises:
        Refused: ``not_found``; ``changed_meanwhile`` with the fields somebody else changed; ``lease.not_running``.
    """
    lease = restrict(Lease.objects.select_for_update(of=("self",)).filter(id=lease_id), by).first()
    if lease is None:
        raise NOT_FOUND()
    if rev is not None and lease.rev != rev:
        raise CHANGED(changes="、".join(changed_since(lease, rev)))
    if lease.status not in set(statuses):
        raise NOT_RUNNING(lease=lease.number)
    return lease


def changed_since(lease: Lease, rev: int) -> list[str]:
    """What changed on a lease after a revision, in words."""
    bodies = [json.loads(row["body"]) for row in fetch(SINCE, {"id": lease.id})]
    fields = [f for body in reversed(bodies) if body.get("rev", 0) > rev for f in body.get("fields", [])]
    return list(dict.fromkeys(str(WORDS[f]) for f in fields if f in WORDS)) or [str(_("合同内容"))]


@dataclass(frozen=True, slots=True)
class Current:
    """A lease's current version, read back."""

    version: LeaseVersion
    terms: LeaseTerms
    rates: list[Rate]
    fees: list[FeeLine]


def current(leases: Sequence[Lease]) -> dict[int, Current]:
    """The current versions of leases with their schedules, by lease id, in three queries."""
    version_ids = [lease.current_version_id for lease in leases if lease.current_version_id is not None]
    rates: dict[int, list[Rate]] = defaultdict(list)
    for rate in LeaseRate.objects.filter(version_id__in=version_ids).order_by("version_id", "from_on"):
        rates[rate.version_id].append(Rate(Period(rate.from_on, rate.to_on), rate.monthly))
    fees: dict[int, list[FeeLine]] = defaultdict(list)
    for fee in LeaseFee.objects.filter(version_id__in=version_ids).order_by("version_id", "id"):
        days = Period(fee.from_on, fee.to_on)
        fees[fee.version_id].append(FeeLine(fee.kind, fee.name, fee.per, fee.amount, days))
    return {
        v.lease_id: Current(v, LeaseTerms.model_validate(v.terms), rates[v.id], fees[v.id])
        for v in LeaseVersion.objects.filter(id__in=version_ids).order_by("id")
    }
