"""Tenants and how they are reached. Full numbers are never answered: showing one is a recorded act of a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Status
from pydantic import ConfigDict, Field

from anju.domain.tenants import actions, queries
from anju.domain.tenants.models import ContactPoint, Person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.access import restrict
from anju.surface.openapi.operations import Call, reads, writes
from anju.surface.openapi.outcomes import Outcomes, outcomes
from anju.surface.openapi.scopes import TENANTS_READ, TENANTS_WRITE
from anju.surface.openapi.wire import BULK, Body, Id, Out, Page, Paged, one_line, page, place

router = Router(tags=[_("租客")])
PersonKind = Literal["person", "company"]
MASKED = _("脱敏")


class TenantsAsked(Paged):
    """Which tenants."""

    project_id: Id | None = Field(None, description=_("最近一份合同所在的项目"))
    kind: PersonKind | None = None
    segment: Annotated[str, one_line(20)] = ""


class SearchIn(Body):
    """Whom one looks for; in the body, because an address is kept in logs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "8000"}]})
    phone: Annotated[str, one_line(20)] = Field("", description=_("完整手机号，或后四位"))
    name: Annotated[str, one_line(60)] = Field("", description=_("姓名或拼音的开头"))
    limit: int = Field(50, ge=1, le=200)


class TenantOut(Out):
    """A tenant; contacts are masked."""

    id: int
    kind: str
    name: str | None = None
    sort_key: str | None = Field(None, description=_("姓名拼音"))
    segment: str
    phone_mask: str | None = Field(None, description=MASKED)
    phone_tail: str | None = None
    email_mask: str | None = Field(None, description=MASKED)
    wechat_mask: str | None = Field(None, description=MASKED)
    document_mask: str | None = Field(None, description=MASKED)
    account_mask: str | None = Field(None, description=MASKED)
    scope_id: int | None = Field(None, description=_("项目编号"))
    project: str | None = None
    created_at: datetime


class ContactOut(Out):
    """One way to reach a tenant; old ones keep their days."""

    id: int
    kind: str
    mask: str | None = None
    verified_at: datetime | None
    preferred: bool
    valid_from: date
    stale_since: date | None


class Contacts(Out):
    """All contacts a tenant ever had."""

    items: list[ContactOut]


class Found(Out):
    """Tenants that fit."""

    items: list[TenantOut]


class PersonIn(Body):
    """A tenant. The same name with the same phone or document is the same person."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "示例租客", "kind": "person", "phone": "13800138000"}]}
    )
    name: Annotated[str, one_line(120, 1)]
    kind: PersonKind = "person"
    phone: Annotated[str, one_line(30)] = ""
    email: Annotated[str, one_line(120)] = ""
    wechat: Annotated[str, one_line(80)] = ""
    segment: Annotated[str, one_line(20)] = Field("", description=_("客群"))
    id_kind: Literal["", "id_card", "passport", "permit", "uscc"] = ""
    id_number: Annotated[str, one_line(40)] = ""
    bank: Annotated[str, one_line(80)] = ""
    bank_account: Annotated[str, one_line(60)] = ""


class PeopleIn(Body):
    """Tenants to register."""

    tenants: list[PersonIn] = Field(min_length=1, max_length=BULK)


class ContactIn(Body):
    """A new way to reach a tenant; it takes the old one's place."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "phone", "value": "13800138000"}]})
    kind: Literal["phone", "email", "wechat"]
    value: Annotated[str, one_line(120, 1)]


@reads(
    router,
    "/tenants",
    needs=TENANTS_READ,
    answers=Page[TenantOut],
    summary=_("租客列表"),
    description=_("按姓名拼音排列；手机、邮箱、证件只给脱敏值。"),
)
def list_tenants(request: Call, asked: Query[TenantsAsked]) -> Any:
    """Tenants by name; the cursor holds an id, never a name."""
    narrowed = {"project_id": asked.project_id, "kind": asked.kind or "", "segment": asked.segment}
    found = queries.people(request.actor, **narrowed, after=_after(request, asked.cursor), limit=asked.limit)  # type: ignore[arg-type]
    return page(found.rows, found.after[1] if found.after else None, "tenants")


def _after(request: Call, cursor: str) -> tuple[str, int] | None:
    """The row a page begins after, its sorting name read from the database."""
    last = place(cursor, "tenants")
    if last is None:
        return None
    return restrict(Person.objects.filter(id=last[0]), request.actor).values_list("sort_key", "id").first()


@writes(
    router,
    "/tenants",
    needs=TENANTS_WRITE,
    answers=Outcomes,
    summary=_("登记租客"),
    description=_("一次登记多人；姓名加手机或证件相同即同一人，不会重复。不合格的逐行说明，其余照常登记。"),
)
def register_tenants(request: Call, asked: PeopleIn) -> Any:
    """Register tenants."""
    done = actions.register_people(request.actor, rows=[NewPerson(**p.model_dump()) for p in asked.tenants])
    return outcomes(done.person_ids, done.refused, done.new)


@reads(
    router,
    "/tenants/search",
    needs=TENANTS_READ,
    answers=Found,
    summary=_("查找租客"),
    description=_("按手机号、后四位或姓名开头查找。条件放在正文里，不进地址和日志。"),
    post=True,
)
def search_tenants(request: Call, asked: SearchIn) -> Any:
    """Tenants by phone or name."""
    return {"items": queries.people(request.actor, phone=asked.phone, name=asked.name, limit=asked.limit).rows}


@reads(
    router,
    "/tenants/{tenant_id}",
    needs=TENANTS_READ,
    answers=TenantOut,
    summary=_("一位租客"),
    description=_("按编号读取租客，敏感信息只给脱敏值。"),
)
def get_tenant(request: Call, tenant_id: Id) -> Any:
    """One tenant."""
    return queries.person(request.actor, tenant_id)


@reads(
    router,
    "/tenants/{tenant_id}/contacts",
    needs=TENANTS_READ,
    answers=Contacts,
    summary=_("租客的联系方式"),
    description=_("用过的全部联系方式，脱敏，新的在前。"),
)
def list_contacts(request: Call, tenant_id: Id) -> Any:
    """Contacts of a tenant."""
    queries.person(request.actor, tenant_id)
    return {"items": queries.contact_points(request.actor, tenant_id)}


@writes(
    router,
    "/tenants/{tenant_id}/contacts",
    needs=TENANTS_WRITE,
    answers=ContactOut,
    status=201,
    summary=_("变更联系方式"),
    description=_("新的联系方式成为首选，旧的保留并记下停用日期。"),
)
def change_contact(request: Call, tenant_id: Id, asked: ContactIn) -> Any:
    """Give a tenant a new contact."""
    kind = ContactPoint.Kind(asked.kind)
    made = actions.change_contact(request.actor, person_id=tenant_id, kind=kind, value=asked.value)
    return Status(201, next(c for c in queries.contact_points(request.actor, tenant_id) if c["id"] == made.id))
