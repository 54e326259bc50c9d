"""工单列表: every order, the latest first; by stage, kind, class, building and period; the same as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.domain.workorders.flow import NAME
from anju.domain.workorders.heat import entrance_word
from anju.domain.workorders.listing import Filter, buildings, order_count, orders, outside_numbers
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.order_titles import titled
from anju.domain.workorders.pages.sheet import sheet
from anju.domain.workorders.permissions import VIEW
from anju.foundation.access import may_export, require_export
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.documents import Column
from anju.foundation.flows.definitions import FlowDefinition, current
from anju.foundation.lists.listing import Listing, declare
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked

PAGE, MOST, CHUNK = 20, 100_000, 2000
NO_ENTRANCE = "-"  # in an address: what has no entrance (stairs, lifts)
LATELY = timedelta(days=180)
LONGEST = 40  # of a number, an imported order's too
KINDS = dict(WorkOrder.Kind.choices)
VIEWS: dict[str, Any] = {"open": gettext_lazy("进行中"), "late": gettext_lazy("已超时")}
PERIODS: dict[str, tuple[int, Any]] = {
    "today": (1, gettext_lazy("今天")),
    "week": (7, gettext_lazy("近 7 天")),
    "month": (30, gettext_lazy("近 30 天")),
}
LIST = declare(
    "orders", gettext_lazy("工单"), "workorders:list", needs=VIEW,
    keys=("view", "stage", "kind", "class", "building", "entrance", "low", "high", "period", "from", "to", "number",
          "void", "project"),
    columns=(
        ("place", gettext_lazy("位置")), ("kind", gettext_lazy("维修类型")), ("stage", gettext_lazy("阶段")),
        ("who", gettext_lazy("师傅")), ("opened", gettext_lazy("报修时间")),
    ),
)  # fmt: skip


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), clock.SHANGHAI) if day else None


def wanted_of(request: Any, asked: Asked, flow: FlowDefinition) -> Filter:
    """The filter an address asks for."""
    view, period = asked.text("view", VIEWS), asked.text("period", PERIODS)
    entrance = asked.text("entrance")[:20]
    since, until, typed = asked.day("from"), asked.day("to"), asked.text("number").strip()[:LONGEST]
    if period:
        since, until = clock.today() - timedelta(days=PERIODS[period][0] - 1), None
    return Filter(
        project_id=asked.number("project") or request.session.get("console_project"),
        building_id=asked.number("building"),
        entrance=None if not entrance else "" if entrance == NO_ENTRANCE else entrance,
        low=_floor(asked, "low"),
        high=_floor(asked, "high"),
        stage=asked.text("stage", {s.key: s for s in flow.stages}),
        kind=asked.text("kind", KINDS),
        priority=_class(asked, flow),
        number=typed.upper(),
        outside=outside_numbers(request.actor, typed),
        since=_start(since),
        until=_start(until + timedelta(days=1) if until and until < date.max else None),
        late=view == "late",
        is_open=view == "open",
        void=asked.text("void") != "no",
    )


def _class(asked: Asked, flow: FlowDefinition) -> int | None:
    chosen = asked.number("class")
    return chosen if chosen is not None and chosen < len(flow.classes) else None


def _floor(asked: Asked, name: str) -> int | None:
    """A floor; below the ground it has a minus."""
    typed = asked.text(name)
    digits = typed.removeprefix("-")
    return int(typed) if digits.isascii() and digits.isdecimal() and len(digits) <= 3 else None


@require_GET
@staff_page(needs=VIEW)
def order_list(request: Any) -> HttpResponse:
    """The list."""
    asked, flow = Asked(reverse("workorders:list"), request.GET.dict()), current(NAME).value
    wanted = wanted_of(request, asked, flow)
    after, before = asked.number("after"), asked.number("before")
    page = orders(request.actor, wanted, after=after, before=before, limit=PAGE)
    rows, now = page.rows, clock.now()
    context = {
        "asked": asked, "wanted": wanted, "rows": rows, "listing": Listing(request, LIST, asked), "kinds": KINDS,
        "stages": {s.key: s for s in flow.stages}, "now": now, "flow": flow,
        "total": order_count(request.actor, wanted), "may_export": may_export(request.actor, "workorder"),
        "standing": _standing(asked), "chosen_place": _place_word(wanted),
        "older": asked.url(after=rows[-1]["id"], before=None) if page.after else None,
        "newer": _newer(asked, rows, after, before), "menus": _menus(request, asked, wanted, flow),
    }  # fmt: skip
    return render(request, "workorders/list.html", context, block="list")


def _newer(asked: Asked, rows: list[Any], after: int | None, before: int | None) -> str | None:
    return asked.url(before=rows[0]["id"]) if rows and (after or (before and len(rows) == PAGE)) else None


def _standing(asked: Asked) -> list[dict[str, Any]]:
    now = asked.text("view", VIEWS)
    views = [{"text": _("全部"), "href": asked.url(view=None, before=None), "on": not now}]
    return views + [{"text": t, "href": asked.url(view=k, before=None), "on": k == now} for k, t in VIEWS.items()]


Menu = tuple[Any, list[tuple[Any, str, bool]]]


def _menus(request: Any, asked: Asked, wanted: Filter, flow: FlowDefinition) -> list[Menu]:
    """What narrows the list: the word of each menu, and its choices with their addresses."""
    places = buildings(request.actor, wanted.project_id, wanted.building_id, clock.now() - LATELY)
    names = {b["id"]: f"{b['name']} · {b['project']}" for b in places}
    period = asked.text("period", PERIODS)
    chosen: dict[str, tuple[Any, dict[Any, Any], Any]] = {
        "stage": (_("阶段"), {s.key: s.word for s in flow.stages}, wanted.stage),
        "kind": (_("维修类型"), KINDS, wanted.kind),
        "class": (_("级别"), dict(enumerate(flow.classes)), wanted.priority),
        "building": (_("楼栋"), names, wanted.building_id),
        "period": (_("报修时间"), {k: word for k, (_days, word) in PERIODS.items()}, period),
    }
    more = {"building": {"entrance": None, "low": None, "high": None}, "period": {"from": None, "to": None}}
    menus: list[Menu] = []
    for key, (word, choices, now) in chosen.items():
        gone: dict[str, Any] = {"before": None, **more.get(key, {})}
        lines = [(_("全部"), asked.url(**{key: None}, **gone), now in (None, ""))]
        lines += [(text, asked.url(**{key: value}, **gone), value == now) for value, text in choices.items()]
        menus.append((choices.get(now, word) if now not in (None, "") else word, lines))
    return menus


def _place_word(wanted: Filter) -> str:
    """Entrance and floors, as a cell of the heat map asks for them."""
    parts = []
    if wanted.entrance is not None:
        parts.append(entrance_word(wanted.entrance) if wanted.entrance else _("公共"))
    if wanted.low is not None or wanted.high is not None:
        low, high = ("" if n is None else n for n in (wanted.low, wanted.high))
        parts.append(_("{n} 层").format(n=f"{low}–{high}"))
    return " ".join(parts)


@require_GET
@staff_page(needs=VIEW)
def order_export(request: Any) -> HttpResponseBase:
    """The orders as listed, every page. What tenants wrote stays on the order's page."""
    require_export(request.actor, "workorder")
    asked, flow = Asked(reverse("workorders:list"), request.GET.dict()), current(NAME).value
    columns = Listing(request, LIST, asked).columns(
        [
            ("", Column("number", _("单号"))),
            ("", Column("title", _("报修"), width=20)),
            ("", Column("class", _("级别"))),
            ("place", Column("project", _("项目"), width=24)),
            ("place", Column("building", _("楼栋"))),
            ("place", Column("code", _("房号"))),
            ("place", Column("floor", _("楼层"), "number", width=8)),
            ("kind", Column("kind", _("维修类型"))),
            ("stage", Column("stage", _("阶段"))),
            ("who", Column("who", _("师傅"))),
            ("opened", Column("opened_at", _("报修时间"), "time", width=18)),
            ("opened", Column("closed_at", _("结束时间"), "time", width=18)),
            ("", Column("reporters", _("报修人数"), "number", width=8)),
            ("", Column("rating", _("评分"), "number", width=8)),
        ]
    )
    return sheet(_("工单"), columns, _exported(request, wanted_of(request, asked, flow), flow))


def _exported(request: Any, wanted: Filter, flow: FlowDefinition) -> Iterator[dict[str, Any]]:
    after, stages = None, {s.key: s.word for s in flow.stages}
    for _n in range(MOST // CHUNK):
        page = orders(request.actor, wanted, after=after, limit=CHUNK)
        for row in page.rows:
            own = {
                "class": flow.class_word(row["priority"]), "kind": str(KINDS[row["kind"]]),
                "stage": stages.get(row["stage"], row["stage"]), "title": titled(row["title"]),
            }  # fmt: skip
            yield {k: v for k, v in (row | own).items() if v is not None}
        if page.after is None:
            return
        after = page.after
