"""工作台: what is due now, what waits for me, what waits for my approval; today in figures; what just happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.foundation.access import allows
from anju.foundation.access.pages import staff_page
from anju.foundation.access.timelines import feed
from anju.foundation.db.clock import SHANGHAI
from anju.foundation.identity.roles import ADMIN
from anju.foundation.ui import current, figures, nav, render, worklist
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.figures import Figure
from anju.foundation.ui.formats import count, day_count, short_day, time_of_day
from anju.foundation.ui.worklist import Line, Source

COUNT_KEY = "workbench_count"
SHOWN, MORE, MOST_COUNTED = 6, 40, 999
GROUPS: dict[str, Any] = {
    "due": gettext_lazy("马上到期"),
    "mine": gettext_lazy("等我处理"),
    "approval": gettext_lazy("等我审批"),
}
AREAS: dict[str, Any] = {
    "rent": gettext_lazy("收租"),
    "orders": gettext_lazy("工单"),
    "leases": gettext_lazy("合同"),
    "other": gettext_lazy("其他"),
}
URGENCY = {"danger": 0, "warn": 1, "": 2}


def last_count(request: Any) -> int | None:
    """The rail's number: what the workbench last counted; asking every source on every page would cost too much."""
    found = request.session.get(COUNT_KEY)
    return found if isinstance(found, int) else None


nav.entry("workbench", gettext_lazy("工作台"), "checkup-list", "console:workbench", order=10, count=last_count)


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the list: its lines and how many there are in all."""

    key: str
    title: Any
    lines: list[Line]
    total: int
    more_href: str


@require_GET
@staff_page(needs=None)
def workbench(request: Any) -> HttpResponse:
    """The first page of the day, different for each role."""
    asked = Asked(reverse("console:workbench"), request.GET.dict())
    mine = [s for s in worklist.sources() if s.needs is None or allows(request.actor, s.needs)]
    area, opened = asked.text("area", AREAS), asked.text("all", GROUPS)
    read = {s.key: s.read(request, MORE if opened == s.group else SHOWN) for s in mine if area in ("", s.area)}
    totals = {s.key: _total(request, s, read.get(s.key)) for s in mine}
    whole = sum(totals.values())
    if request.session.get(COUNT_KEY) != whole:
        request.session[COUNT_KEY] = whole
    now = current.now()
    context = {
        "groups": [g for g in (_group(key, mine, read, totals, asked, opened) for key in GROUPS) if g.lines],
        "filters": _filters(mine, totals, asked, area),
        "greeting": greeting(now),
        "numbers": figures_of(request),
        "happened": _feed(request, now),
        "at": now,
        "due": due,
    }
    return render(request, "console/workbench/page.html", context, block="list")


def _total(request: Any, source: Source, lines: list[Line] | None) -> int:
    if source.count is not None:
        return source.count(request)
    return len(source.read(request, MORE) if lines is None else lines)


def _group(
    key: str, mine: list[Source], read: dict[str, list[Line]], totals: dict[str, int], asked: Asked, opened: str
) -> Group:
    """One group's lines, the most urgent first; sources take turns, and each keeps its own order."""
    own = [s for s in mine if s.group == key and s.key in read]
    turns = [line for turn in zip_longest(*(read[s.key] for s in own)) for line in turn if line is not None]
    lines = sorted(turns, key=lambda line: URGENCY[line.tone])
    total = sum(totals[s.key] for s in own)
    limit = MORE if opened == key else SHOWN
    more = asked.url(all=key) if total > min(len(lines), limit) and opened != key else ""
    return Group(key, GROUPS[key], lines[:limit], total, more)


def _filters(mine: list[Source], totals: dict[str, int], asked: Asked, area: str) -> list[dict[str, Any]]:
    """全部 and the areas in which something waits."""
    by_area = {a: sum(totals[s.key] for s in mine if s.area == a) for a in AREAS}
    every = {
        "text": _("全部"),
        "href": asked.url(area=None),
        "on": not area,
        "count": count(sum(by_area.values()), 999),
    }
    return [every] + [
        {"text": AREAS[a], "href": asked.url(area=a), "on": a == area, "count": count(n, MOST_COUNTED)}
        for a, n in by_area.items()
        if n or a == area
    ]


def greeting(now: datetime) -> str:
    """上午好, by the hour."""
    hour = now.astimezone(SHANGHAI).hour
    if hour < 6:
        return _("夜深了")
    if hour < 12:
        return _("上午好")
    return _("下午好") if hour < 18 else _("晚上好")


def figures_of(request: Any) -> list[Figure]:
    """Today's figures of this person's roles; an administrator sees the manager's."""
    roles = {("manager" if role == ADMIN else role) for role in request.staff.roles}
    wanted = [s for s in figures.figures() if roles & set(s.roles)]
    found = [s.read(request) for s in wanted if s.needs is None or allows(request.actor, s.needs)]
    return [f for f in found if f is not None][:4]


def due(line: Line, now: datetime) -> tuple[str, str]:
    """The count-down's two lines: what is left, and until when."""
    if line.due_at is None:
        return line.due_words, ""
    left = line.due_at - now
    minutes = int(abs(left.total_seconds()) // 60)
    if minutes >= 1440:
        words = day_count(minutes // 1440)
    else:
        hours = _("{h} 时 {m} 分").format(h=minutes // 60, m=minutes % 60)
        words = hours if minutes >= 60 else _("{m} 分").format(m=minutes)
    until = _("{t} 前").format(t=time_of_day(line.due_at) if left.days == 0 else short_day(line.due_at))
    return (_("超 {t}").format(t=words), until) if left.total_seconds() < 0 else (words, until)


def _feed(request: Any, now: datetime) -> list[dict[str, Any]]:
    """The latest events by day, today first."""
    today = now.astimezone(SHANGHAI).date()
    days: dict[Any, list[dict[str, Any]]] = {}
    for event in feed(request):
        days.setdefault(event["at"].astimezone(SHANGHAI).date(), []).append(event)
    return [{"day": "" if day == today else short_day(day, named=True), "events": own} for day, own in days.items()]


@require_GET
@staff_page(needs=None)
def inbox(request: Any) -> HttpResponse:
    """The bell opens what waits for me."""
    return redirect(reverse("console:workbench"))
