"""Projects, buildings, units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import ConfigDict, Field

from anju.domain.portfolio import actions, queries
from anju.domain.portfolio.models import Project, Unit
from anju.domain.portfolio.places import Place
from anju.foundation.access import restrict
from anju.foundation.db import clock
from anju.kit.refusal import NOT_FOUND
from anju.surface.openapi.operations import Call, reads, writes
from anju.surface.openapi.outcomes import Outcomes, outcomes
from anju.surface.openapi.scopes import PORTFOLIO_READ, PORTFOLIO_WRITE
from anju.surface.openapi.wire import (
    BULK,
    Area,
    Asked,
    Body,
    BodyId,
    Day,
    Id,
    Out,
    Page,
    Paged,
    Price,
    PriceOut,
    one_line,
    page,
    place,
)

router = Router(tags=[_("房源")])
UnitKind = Literal["whole", "room", "bed", "office", "desk"]
UnitState = Literal["available", "preparing", "repair", "offline"]
ProjectKind = Literal["residential", "apartment", "dormitory", "office", "shared_office", "homestay"]
UnitStatus = Literal[
    "expired", "arrears", "ending", "occupied", "awaiting", "reserved", "repair", "preparing", "offline", "vacant"
]


class ProjectsAsked(Paged):
    """Which projects."""

    city: Annotated[str, one_line(40)] = ""
    name: Annotated[str, one_line(120)] = Field("", description=_("名称中的一段"))
    without_position: bool = Field(False, description=_("只要还没有坐标的"))


class ProjectOut(Out):
    """A project."""

    id: int
    name: str
    code: str
    kind: str
    region: str
    store: str
    city: str
    district: str
    block: str
    address: str
    lon: Decimal | None
    lat: Decimal | None
    position_precision: str
    buildings: int
    units: int


class BuildingOut(Out):
    """A building of a project."""

    id: int
    name: str
    code: str
    units: int


class UnitsAsked(Paged):
    """Which units."""

    as_of: Day | None = Field(None, description=_("状态按哪一天算，默认今天"))
    project_id: Id | None = None
    building_id: Id | None = None
    kind: UnitKind | None = None
    code: Annotated[str, one_line(40)] = Field("", description=_("房号的开头"))
    status: list[UnitStatus] = Field([], description=_("可重复；只看最小出租单位"))
    leaves: bool = Field(False, description=_("只要最小出租单位"))


class OnDay(Asked):
    """On which day."""

    as_of: Day | None = Field(None, description=_("按哪一天算，默认今天"))


class UnitOut(Out):
    """A unit with what it is on the day asked for."""

    id: int
    code: str
    kind: str
    scope_id: int = Field(description=_("项目编号"))
    project: str
    city: str
    building_id: int
    building: str
    parent_id: int | None
    entrance: str
    floor: int | None
    line: str
    layout: str
    bedrooms: int | None
    orientation: str
    area: Decimal | None
    guide_rent: PriceOut | None
    leaf: bool
    state: str
    state_since: date | None
    ready_on: date | None
    status: str
    since: date | None
    until_on: date | None
    lease_id: int | None
    vacant_days: int | None


class PlaceIn(Body):
    """A unit with everything above it; what is missing is made, what exists is left as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "region": "华东",
                    "store": "滨江店",
                    "city": "杭州",
                    "project": "禾里公寓·杭州滨江店",
                    "building": "3",
                    "unit": "3-1-1208",
                    "kind": "whole",
                    "floor": 12,
                    "layout": "2室1厅1卫",
                    "area": "68.50",
                    "guide_rent": "5200.00",
                }
            ]
        }
    )
    region: Annotated[str, one_line(60, 1)]
    store: Annotated[str, one_line(80, 1)]
    city: Annotated[str, one_line(40, 1)]
    project: Annotated[str, one_line(120, 1)]
    building: Annotated[str, one_line(20, 1)]
    unit: Annotated[str, one_line(40, 1)] = Field(description=_("房号，在项目内唯一"))
    parent: Annotated[str, one_line(40)] = Field("", description=_("所属整套的房号；按间、按床出租时填写"))
    project_kind: ProjectKind = "apartment"
    project_code: Annotated[str, one_line(8)] = ""
    building_name: Annotated[str, one_line(60)] = ""
    district: Annotated[str, one_line(40)] = ""
    block: Annotated[str, one_line(60)] = ""
    address: Annotated[str, one_line(200)] = ""
    kind: UnitKind = "whole"
    entrance: Annotated[str, one_line(20)] = ""
    floor: int | None = Field(None, ge=-10, le=300)
    line: Annotated[str, one_line(20)] = ""
    layout: Annotated[str, one_line(40)] = ""
    orientation: Annotated[str, one_line(20)] = ""
    area: Area | None = Field(None, description="m²")
    guide_rent: Price | None = Field(None, description=_("元/月"))


class PlacesIn(Body):
    """Units to register."""

    units: list[PlaceIn] = Field(min_length=1, max_length=BULK)


class UnitChangeIn(Body):
    """What changes; fields left out stay."""

    layout: Annotated[str, one_line(40)] | None = None
    orientation: Annotated[str, one_line(20)] | None = None
    area: Area | None = None
    guide_rent: Price | None = None


class StateIn(Body):
    """From today."""

    unit_ids: list[BodyId] = Field(min_length=1, max_length=BULK)
    state: UnitState
    ready_on: Day | None = Field(None, description=_("预计哪一天可租"))
    reason: Annotated[str, one_line(60)] = Field("", description=_("简短原因，不要写个人信息"))


class Changed(Out):
    """How many rows changed."""

    changed: int


class Buildings(Out):
    """All buildings of a project."""

    items: list[BuildingOut]


@reads(
    router,
    "/projects",
    needs=PORTFOLIO_READ,
    answers=Page[ProjectOut],
    summary=_("项目列表"),
    description=_("密钥可见的项目，附楼栋数和房源数。"),
)
def list_projects(request: Call, asked: Query[ProjectsAsked]) -> Any:
    """Projects by id."""
    (after,) = place(asked.cursor, "projects") or (0,)
    narrowed = {"city": asked.city, "name": asked.name, "without_position": asked.without_position}
    found = queries.projects(request.actor, **narrowed, after=after, limit=asked.limit)  # type: ignore[arg-type]
    return page(found.rows, found.after, "projects")


@reads(
    router,
    "/projects/{project_id}",
    needs=PORTFOLIO_READ,
    answers=ProjectOut,
    summary=_("一个项目"),
    description=_("按编号读取项目。"),
)
def get_project(request: Call, project_id: Id) -> Any:
    """One project."""
    found = queries.projects(request.actor, after=project_id - 1, limit=1).rows
    if not found or found[0]["id"] != project_id:
        raise NOT_FOUND()
    return found[0]


@reads(
    router,
    "/projects/{project_id}/buildings",
    needs=PORTFOLIO_READ,
    answers=Buildings,
    summary=_("项目的楼栋"),
    description=_("项目的全部楼栋，附最小出租单位数。"),
)
def list_buildings(request: Call, project_id: Id) -> Any:
    """Buildings of a project."""
    if not restrict(Project.objects.filter(id=project_id), request.actor, field="id").exists():
        raise NOT_FOUND()
    return {"items": queries.buildings(request.actor, project_id)}


@reads(
    router,
    "/units",
    needs=PORTFOLIO_READ,
    answers=Page[UnitOut],
    summary=_("房源列表"),
    description=_("房源和它在某一天的状态：在住、空置、维修中等。"),
)
def list_units(request: Call, asked: Query[UnitsAsked]) -> Any:
    """Units by project and id."""
    after = place(asked.cursor, "units")
    found = queries.units(
        request.actor,
        asked.as_of or clock.today(),
        project_id=asked.project_id,
        building_id=asked.building_id,
        kind=asked.kind or "",
        code=asked.code,
        statuses=asked.status,
        leaves=asked.leaves,
        after=(after[0], after[1]) if after else None,
        limit=asked.limit,
    )
    return page(found.rows, found.after, "units")


@writes(
    router,
    "/units",
    needs=PORTFOLIO_WRITE,
    answers=Outcomes,
    summary=_("登记房源"),
    description=_("一次登记多个房源，缺的项目和楼栋一并建立；已有的不变。不合格的逐行说明，其余照常登记。"),
)
def register_units(request: Call, asked: PlacesIn) -> Any:
    """Register units with what is above them."""
    done = actions.register_places(request.actor, rows=[Place(**p.model_dump()) for p in asked.units])
    return outcomes(done.unit_ids, done.refused, done.new)


@writes(
    router,
    "/units/state",
    needs=PORTFOLIO_WRITE,
    answers=Changed,
    summary=_("设置房态"),
    description=_("从今天起可租、配置中、维修中或已下架。"),
)
def set_state(request: Call, asked: StateIn) -> Any:
    """Set the state of units."""
    state = Unit.State(asked.state)
    changed = actions.set_unit_state(
        request.actor, unit_ids=asked.unit_ids, state=state, ready_on=asked.ready_on, reason=asked.reason
    )
    return {"changed": changed}


@reads(
    router,
    "/units/{unit_id}",
    needs=PORTFOLIO_READ,
    answers=UnitOut,
    summary=_("一个房源"),
    description=_("按编号读取房源和它在某一天的状态。"),
)
def get_unit(request: Call, unit_id: Id, asked: Query[OnDay]) -> Any:
    """One unit."""
    return queries.unit(request.actor, unit_id, asked.as_of or clock.today())


@writes(
    router,
    "/units/{unit_id}/change",
    needs=PORTFOLIO_WRITE,
    answers=UnitOut,
    summary=_("修改房源资料"),
    description=_("户型、朝向、面积和指导租金；没有给出的不变。"),
)
def change_unit(request: Call, unit_id: Id, asked: UnitChangeIn) -> Any:
    """Correct a unit's description."""
    actions.change_unit(request.actor, unit_id=unit_id, **asked.model_dump())
    return queries.unit(request.actor, unit_id, clock.today())
