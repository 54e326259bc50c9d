"""Leases: drafting, bringing into force, changing, ending; reading them with their terms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Status
from pydantic import Field

from anju.domain.leases import actions, queries
from anju.domain.leases.actions import Amendment
from anju.surface.openapi.operations import Call, reads, writes
from anju.surface.openapi.outcomes import Outcomes, outcomes
from anju.surface.openapi.resources.terms import LeaseIn, PastLeaseIn, TermsIn
from anju.surface.openapi.scopes import LEASES_READ, LEASES_WRITE
from anju.surface.openapi.wire import BULK, Body, Day, Id, MoneyOut, Out, Page, Paged, PriceOut, one_line, page, place

router = Router(tags=[_("合同")])
LeaseStatus = Literal["draft", "awaiting", "active", "ended", "cancelled"]
REV = _("您读到的修改次数；别人已改过时会被拒绝并说明改了什么")


class LeasesAsked(Paged):
    """Which leases."""

    project_id: Id | None = None
    status: list[LeaseStatus] = Field([], description=_("可重复"))
    payer_id: Id | None = None
    person_id: Id | None = Field(None, description=_("付款人、承租人或同住人"))
    unit_id: Id | None = None
    number: Annotated[str, one_line(40)] = Field("", description=_("合同编号的开头"))
    starting_from: Day | None = None
    ending_until: Day | None = None


class LeaseOut(Out):
    """A lease. Names need the scope tenants:read."""

    id: int
    number: str
    status: LeaseStatus
    scope_id: int = Field(description=_("项目编号"))
    project: str
    payer_id: int
    payer: str | None = Field(None, description=_("需要 tenants:read"))
    payer_mask: str | None = None
    handle: str | None = Field(None, description=_("合同编号加手机后四位；需要 tenants:read"))
    start_on: date
    end_on: date = Field(description=_("约定到期日的次日"))
    actual_end_on: date | None
    holds_until: date = Field(description=_("占用房源至这一天之前"))
    signed_on: date | None
    cycle_months: int
    due_offset_days: int
    auto_renew: bool
    rev: int
    version: int | None = Field(description=_("条款版本；草稿没有"))
    deposit: MoneyOut | None
    monthly: PriceOut | None = Field(description=_("当前月租"))
    created_at: datetime


class ListedLease(LeaseOut):
    """A lease in a list."""

    units: list[str]
    unit_ids: list[int]


class RateOut(Out):
    """Rent a month from a day until before another."""

    from_on: date
    to_on: date
    monthly: PriceOut


class FeeOut(Out):
    """A charge besides rent."""

    kind: str
    name: str
    per: str
    amount: PriceOut
    from_on: date
    to_on: date


class PartyOut(Out):
    """A person's part in a lease."""

    role: str
    person_id: int
    name: str
    handle: str
    from_on: date
    until_on: date | None


class HeldUnit(Out):
    """A unit and since when until when the lease holds it."""

    id: int
    code: str
    from_on: date
    until_on: date


class LeaseDetail(LeaseOut):
    """A lease with its terms, schedule, people and units."""

    terms: dict[str, Any] | None
    rates: list[RateOut]
    fees: list[FeeOut]
    parties: list[PartyOut] = Field([], description=_("需要 tenants:read"))
    units: list[HeldUnit]


class VersionOut(Out):
    """One text of the terms."""

    n: int
    effective_from: date
    terms: dict[str, Any]
    deposit: MoneyOut
    reason: str
    made_at: datetime


class Versions(Out):
    """All texts of the terms, newest first."""

    items: list[VersionOut]


class LeasesIn(Body):
    """Leases to bring into force."""

    leases: list[PastLeaseIn] = Field(min_length=1, max_length=BULK)


class AmendIn(Body):
    """New terms from a day on; complete, not only what changes."""

    rev: int = Field(ge=1, le=2**31 - 1, description=REV)
    effective_from: Day
    terms: TermsIn
    reason: Annotated[str, one_line(200)] = ""
    auto_renew: bool | None = None


class EndIn(Body):
    """The day after the tenant's last day."""

    rev: int = Field(ge=1, le=2**31 - 1, description=REV)
    actual_end_on: Day = Field(description=_("租客最后一天的次日，不晚于明天"))
    reason: Annotated[str, one_line(40)] = Field("", description=_("原因代码，例如 expired、early_exit"))


class CancelIn(Body):
    """Why it is called off."""

    rev: int = Field(ge=1, le=2**31 - 1, description=REV)
    reason: Annotated[str, one_line(40)] = ""


@reads(
    router,
    "/leases",
    needs=LEASES_READ,
    answers=Page[ListedLease],
    summary=_("合同列表"),
    description=_("新的在前。姓名和识别号需要 tenants:read。"),
)
def list_leases(request: Call, asked: Query[LeasesAsked]) -> Any:
    """Leases, the latest first."""
    after = place(asked.cursor, "leases")
    wanted = asked.model_dump(exclude={"cursor", "limit", "status"})
    narrowed = queries.Filter(statuses=asked.status, **wanted)
    found = queries.leases(request.actor, narrowed, after=after[0] if after else None, limit=asked.limit)
    return page(found.rows, found.after, "leases")


@writes(
    router,
    "/leases",
    needs=LEASES_WRITE,
    answers=LeaseDetail,
    status=201,
    summary=_("起草合同"),
    description=_("保存一份草稿：有编号，不占房源，不出账。"),
)
def draft_lease(request: Call, asked: LeaseIn) -> Any:
    """Draft a lease."""
    made = actions.draft_lease(request.actor, new=asked.read())
    return Status(201, queries.lease(request.actor, lease_id=made.id))


@writes(
    router,
    "/leases/bulk",
    needs=LEASES_WRITE,
    answers=Outcomes,
    summary=_("批量录入合同"),
    description=_("直接生效，可含历史合同。不合格的逐份说明，其余照常生效；互相冲突的以先给出的为准。"),
)
def activate_leases(request: Call, asked: LeasesIn) -> Any:
    """Bring many leases into force."""
    done = actions.activate_many(request.actor, leases=[lease.read() for lease in asked.leases])
    return outcomes(done.lease_ids, done.refused, len(done.new_ids))


@reads(
    router,
    "/leases/{lease_id}",
    needs=LEASES_READ,
    answers=LeaseDetail,
    summary=_("一份合同"),
    description=_("合同的条款、租金表、费用、人员和房源。"),
)
def get_lease(request: Call, lease_id: Id) -> Any:
    """One lease."""
    return queries.lease(request.actor, lease_id=lease_id)


@reads(
    router,
    "/leases/{lease_id}/versions",
    needs=LEASES_READ,
    answers=Versions,
    summary=_("条款的各个版本"),
    description=_("每次变更留下一个版本，新的在前。"),
)
def list_versions(request: Call, lease_id: Id) -> Any:
    """All versions of the terms."""
    return {"items": queries.versions(request.actor, lease_id)}


@writes(
    router,
    "/leases/{lease_id}/activate",
    needs=LEASES_WRITE,
    answers=LeaseDetail,
    summary=_("合同生效"),
    description=_("草稿生效：占用房源，开始出账。房源被占用时说明被哪份合同占到哪天。"),
)
def activate_lease(request: Call, lease_id: Id) -> Any:
    """Bring a draft into force."""
    actions.activate_lease(request.actor, lease_id=lease_id)
    return queries.lease(request.actor, lease_id=lease_id)


@writes(
    router,
    "/leases/{lease_id}/amend",
    needs=LEASES_WRITE,
    answers=LeaseDetail,
    summary=_("变更条款"),
    description=_("从某一天起按新条款，之前的不变；到期日改晚即续租，改早即缩短。"),
)
def amend_lease(request: Call, lease_id: Id, asked: AmendIn) -> Any:
    """Amend a lease."""
    change = Amendment(lease_id, asked.rev, asked.effective_from, asked.terms.read(), asked.reason, asked.auto_renew)
    actions.amend_lease(request.actor, change=change)
    return queries.lease(request.actor, lease_id=lease_id)


@writes(
    router,
    "/leases/{lease_id}/end",
    needs=LEASES_WRITE,
    answers=LeaseDetail,
    summary=_("结束合同"),
    description=_("租客已经搬走：房源从次日起空出，不再出账。"),
)
def end_lease(request: Call, lease_id: Id, asked: EndIn) -> Any:
    """End a lease."""
    actions.end_lease(request.actor, lease_id=lease_id, **asked.model_dump())
    return queries.lease(request.actor, lease_id=lease_id)


@writes(
    router,
    "/leases/{lease_id}/cancel",
    needs=LEASES_WRITE,
    answers=LeaseDetail,
    summary=_("取消合同"),
    description=_("取消草稿，或还没有开始的合同；房源立即空出。"),
)
def cancel_lease(request: Call, lease_id: Id, asked: CancelIn) -> Any:
    """Call a lease off."""
    actions.cancel_lease(request.actor, lease_id=lease_id, **asked.model_dump())
    return queries.lease(request.actor, lease_id=lease_id)
