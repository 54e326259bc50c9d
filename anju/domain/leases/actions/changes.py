"""Changing what a lease says: amendments, and hold-over after the agreed end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.domain.leases.actions.activation import last_resort
from anju.domain.leases.editing import Current, current, open_lease
from anju.domain.leases.hooks import on_amended
from anju.domain.leases.models import Lease
from anju.domain.leases.permissions import AMEND, HOLD_OVER
from anju.domain.leases.policies import Leases
from anju.domain.leases.reach import keep_places, places_of
from anju.domain.leases.rules import LeaseTerms, check_terms, deposit, extend, fee_lines, rates, splice, splice_fees
from anju.domain.leases.writing import VersionRow, insert_versions, take_ids
from anju.foundation.access import restrict
from anju.foundation.actions import Act, action
from anju.foundation.db import clock
from anju.foundation.policy.store import in_force
from anju.kit import Refused
from anju.kit.period import add_months, months_between
from anju.kit.refusal import NOT_FOUND, sentence

RUNNING = (Lease.Status.AWAITING, Lease.Status.ACTIVE)
NOTHING_CHANGES = sentence(
    "lease.nothing_changes", "条款没有变化，无需变更。", "The terms are the same; there is nothing to amend."
)
FIXED = sentence(
    "lease.fixed_terms",
    "开始日、付款周期和账期起点不能中途变更；请结束合同后重新签订。",
    "Start, cycle and anchor can not change within a lease; end it and sign a new one.",
)
EFFECTIVE_OUTSIDE = sentence(
    "lease.effective_outside",
    "变更生效日必须在合同期内（{start} 至 {end}），且早于新的到期日。",
    "The effective day must lie within the lease ({start} to {end}) and before its new end.",
)
NOT_OVER_YET = sentence(
    "lease.not_over_yet", "合同 {lease} 尚未到期，无需顺延。", "Lease {lease} is not over yet; it needs no hold-over."
)

AMENDED = """
UPDATE lease SET current_version_id = v.id, end_on = v.end_on, holds_until = v.holds_until, rev = rev + 1,
                 due_offset_days = v.due_offset_days, auto_renew = v.auto_renew
FROM unnest(%(ids)s::bigint[], %(amended)s::bigint[], %(ends)s::date[], %(holds)s::date[], %(offsets)s::smallint[],
            %(renews)s::boolean[]) AS v(id, lease_id, end_on, holds_until, due_offset_days, auto_renew)
WHERE lease.id = v.lease_id
"""


@dataclass(frozen=True)
class Amendment:
    """A change of terms from a day on. ``rev``: the revision the person saw. ``reason`` is a short remark."""

    lease_id: int
    rev: int
    effective_from: date
    terms: LeaseTerms
    reason: str = ""
    auto_renew: bool | None = None


@action("leases.lease.amend", needs=AMEND)
def amend_lease(act: Act, *, change: Amendment) -> Lease:
    """Change the terms of a lease from a day on, as a new version; what was before that day stays.

    A later ``end_on`` renews it, an earlier one shortens it; its places follow.

    Refused: an unknown lease, or one not in force; somebody changed it meanwhile (what); nothing changes; start, cycle
    or anchor; an effective day outside the lease; terms that may not be agreed; a place somebody else holds by then.
    """
    lease = open_lease(act.by, change.lease_id, change.rev, RUNNING)
    old = current([lease])[lease.id]
    fields = _changed(lease, old, change)
    _check_amendment(lease, old.terms, change)
    holds = change.terms.end_on if "end_on" in fields else lease.holds_until
    version = _amended(lease, old, change, holds)
    keep_places({lease.id: (lease.holds_until, holds)}, places_of([lease.id]))
    renew = lease.auto_renew if change.auto_renew is None else change.auto_renew
    _write([version], [holds], [renew])
    lease.refresh_from_db()
    act.trace("lease", lease.id, rev=lease.rev, fields=fields, version=version.n, effective=str(change.effective_from))
    on_amended.tell(act, [lease.id])
    return lease


def _changed(lease: Lease, old: Current, change: Amendment) -> list[str]:
    fields = [f for f in LeaseTerms.model_fields if getattr(old.terms, f) != getattr(change.terms, f)]
    if change.auto_renew is not None and change.auto_renew != lease.auto_renew:
        fields.append("auto_renew")
    if not fields:
        raise NOTHING_CHANGES()
    return fields


def _check_amendment(lease: Lease, old: LeaseTerms, change: Amendment) -> None:
    new = change.terms
    check_terms(new)
    if (new.start_on, new.cycle_months, new.anchor) != (old.start_on, old.cycle_months, old.anchor):
        raise FIXED()
    if not lease.start_on <= change.effective_from <= lease.holds_until or new.end_on <= change.effective_from:
        raise EFFECTIVE_OUTSIDE(start=lease.start_on, end=lease.holds_until)


def _amended(lease: Lease, old: Current, change: Amendment, holds: date) -> VersionRow:
    agreed = rates(change.terms)
    schedule = extend(splice(old.rates, agreed, change.effective_from), holds)
    return VersionRow(
        id=take_ids("lease_version", 1)[0],
        lease_id=lease.id,
        n=old.version.n + 1,
        effective_from=change.effective_from,
        terms=change.terms,
        deposit=deposit(change.terms, agreed),
        reason=change.reason,
        rates=schedule,
        fees=splice_fees(old.fees, fee_lines(change.terms), change.effective_from),
    )


def _write(versions: Sequence[VersionRow], holds: Sequence[date], renews: Sequence[bool]) -> None:
    params: dict[str, Any] = {
        "ids": [v.id for v in versions],
        "amended": [v.lease_id for v in versions],
        "ends": [v.terms.end_on for v in versions],
        "holds": list(holds),
        "offsets": [v.terms.due_offset_days for v in versions],
        "renews": list(renews),
    }
    with last_resort():
        insert_versions(versions, AMENDED, **params)


@dataclass(frozen=True)
class HeldOver:
    """Which leases went on, and why others did not."""

    lease_ids: list[int]
    refused: dict[int, Refused]


@action("leases.lease.hold_over", needs=HOLD_OVER)
def hold_over(act: Act, *, lease_ids: Sequence[int], months: int | None = None) -> HeldOver:
    """Let leases whose term is over, and whose tenants stayed, go on month by month on the old terms (民法典 734).

    Set-based. Rent runs on at the last rate, fees that ran to the end run on; the agreed end stays what it was.

    Args:
        lease_ids: which.
        months: how far; the policy ``leases`` if left out.

    Refused per lease: unknown; not in force; not over yet; a place the next lease holds by then (which, until when).
    """
    step = months or in_force(Leases).value.hold_over_months
    found = restrict(Lease.objects.select_for_update(of=("self",)).filter(id__in=lease_ids), act.by).order_by("id")
    leases = {lease.id: lease for lease in found}
    refused = {i: NOT_FOUND() for i in lease_ids if i not in leases}
    today = clock.today()
    refused |= {
        i: NOT_OVER_YET(lease=lease.number)
        for i, lease in leases.items()
        if lease.status != Lease.Status.ACTIVE or lease.holds_until > today
    }
    spans = {i: (x.holds_until, _next_end(x, step)) for i, x in leases.items() if i not in refused}
    refused |= keep_places(spans, places_of(list(spans)), partly=True)
    going = [leases[i] for i in spans if i not in refused]
    if not going:
        act.nothing_changed()
        return HeldOver([], refused)
    prolong(going, {i: until for i, (_, until) in spans.items()}, "hold_over")
    for lease in going:
        until = str(spans[lease.id][1])
        act.trace("lease", lease.id, rev=lease.rev + 1, fields=["holds_until"], until=until)
    ids = [lease.id for lease in going]
    on_amended.tell(act, ids)
    return HeldOver(ids, refused)


def _next_end(lease: Lease, months: int) -> date:
    """The next monthly end counted from the agreed one, so that the 31st stays the 31st."""
    done = months_between(lease.end_on, lease.holds_until)
    return add_months(lease.end_on, done + months)


def prolong(leases: Sequence[Lease], until: dict[int, date], reason: str) -> None:
    """New versions whose schedules go on at their last rate, with fees that ran to the end; ``holds_until`` follows."""
    now = current(leases)
    ids = take_ids("lease_version", len(leases))
    versions = []
    for lease, version_id in zip(leases, ids, strict=True):
        old, end = now[lease.id], until[lease.id]
        fees = [f.until(end) if f.per == "month" and f.period.end == lease.holds_until else f for f in old.fees]
        deposit_held = deposit(old.terms, old.rates)
        since = lease.holds_until
        run = extend(old.rates, end)
        versions.append(
            VersionRow(version_id, lease.id, old.version.n + 1, since, old.terms, deposit_held, reason, run, fees)
        )
    _write(versions, [until[x.id] for x in leases], [x.auto_renew for x in leases])
