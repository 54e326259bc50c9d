"""排班与技能: who works when in a week, what each can mend, by which phone pages arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from anju.domain.portfolio.models import Building
from anju.domain.workorders import crew as acts
from anju.domain.workorders import refusals
from anju.domain.workorders.dispatching import SKILLS, skill_words
from anju.domain.workorders.models import Shift
from anju.domain.workorders.permissions import CREW, SCORES, VIEW
from anju.foundation.access import allows, restrict
from anju.foundation.access.pages import staff_page
from anju.foundation.calls.actions import enter_phone
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND

DAYS = tuple(gettext_lazy(d) for d in ("周一", "周二", "周三", "周四", "周五", "周六", "周日"))
EARLIEST, LATEST = 2000, 2100
STARTS, ENDS = time(8), time(18)  # what the form offers for a day without a shift


@dataclass(frozen=True)
class Cell:
    """A technician's day in the grid."""

    day: date
    shift: Shift | None
    words: str
    href: str
    on: bool


def _monday(asked: Asked) -> date:
    day = asked.day("week") or clock.today()
    return acts.week_of(day if EARLIEST <= day.year <= LATEST else clock.today())


@require_GET
@staff_page(needs=VIEW)
def crew_page(request: Any) -> HttpResponse:
    """A week of the crew; a chosen day or technician can be changed below."""
    asked = Asked(reverse("workorders:crew"), request.GET.dict())
    monday, may = _monday(asked), allows(request.actor, CREW)
    asked = Asked(asked.path, {**asked.values, "week": monday.isoformat()})
    everybody, shifts = acts.people(request.actor), acts.week(request.actor, monday)
    days = [monday + timedelta(days=n) for n in range(7)]
    chosen = next((p for p in everybody if p.id == asked.number("staff")), None) if may else None
    day = asked.day("day") if chosen is not None and chosen.mends else None
    crew = [
        (p, [_cell(asked, p, d, shifts.get((p.id, d)), on=chosen == p and day == d) for d in days])
        for p in everybody if p.mends
    ]  # fmt: skip
    context = {
        "asked": asked, "crew": crew, "others": [p for p in everybody if not p.mends], "may": may, "chosen": chosen,
        "days": [(DAYS[d.weekday()], d, d == clock.today()) for d in days], "monday": monday, "sunday": days[-1],
        "before": asked.url(week=monday - acts.WEEK, staff=None, day=None),
        "after": asked.url(week=monday + acts.WEEK, staff=None, day=None), "day": day,
        "shift": shifts.get((chosen.id, day)) if chosen and day else None, "planned": bool(shifts), "kinds": SKILLS,
        "skill_words": skill_words, "starts": STARTS, "ends": ENDS, "may_score": allows(request.actor, SCORES),
        "homes": _homes(request) if chosen and not day else [],
    }  # fmt: skip
    return render(request, "workorders/crew.html", context)


def _cell(asked: Asked, person: acts.Person, day: date, shift: Shift | None, *, on: bool) -> Cell:
    words = acts.shift_words(shift) if shift else ""
    return Cell(day, shift, words, f"{asked.url(staff=person.id, day=day)}#edit", on)


def _homes(request: Any) -> list[tuple[Any, str]]:
    rows = restrict(Building.objects.select_related("project"), request.actor).order_by("project__name", "id")
    return [("", _("不固定")), *((b.id, f"{b.project.name} {b.name}") for b in rows)]


def _then(request: Any, do: Callable[[], str], **where: Any) -> HttpResponse:
    """Do it and show the week again; a refusal is said there, where one was."""
    asked = Asked(reverse("workorders:crew"), {"week": request.POST.get("week", "")})
    try:
        messages.success(request, do())
    except Refused as refused:
        if refused.code == "not_found":
            raise
        messages.error(request, refused.text(request.LANGUAGE_CODE))
        return redirect(asked.url(**where))
    return redirect(asked.url())


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


@require_POST
@staff_page(needs=CREW)
def shift(request: Any) -> HttpResponse:
    """Plan a technician's day, or free it."""
    posted = Asked("", request.POST.dict())
    staff_id, day = posted.number("staff"), posted.day("day")
    if staff_id is None or day is None:
        raise NOT_FOUND()

    def do() -> str:
        if posted.text("free"):
            acts.set_shift(request.actor, staff_id=staff_id, day=day, starts_at=None, ends_at=None)
            return _("这一天不上班")
        starts, ends = _time(posted.text("starts")), _time(posted.text("ends"))
        if starts is None and ends is None:
            raise refusals.SHIFT_TIMES()
        on_call = bool(posted.text("on_call"))
        acts.set_shift(request.actor, staff_id=staff_id, day=day, starts_at=starts, ends_at=ends, on_call=on_call)
        return _("已排班")

    return _then(request, do, staff=staff_id, day=day)


@require_POST
@staff_page(needs=CREW)
def repeat(request: Any) -> HttpResponse:
    """The next week like this one."""
    monday = _monday(Asked("", request.POST.dict()))

    def do() -> str:
        return _("下一周新排了 {n} 班").format(n=acts.repeat_week(request.actor, monday=monday))

    return _then(request, do)


@require_POST
@staff_page(needs=CREW)
def skills(request: Any, staff_id: int) -> HttpResponse:
    """What a technician can mend, and where one usually is."""

    def do() -> str:
        home = Asked("", request.POST.dict()).number("home")
        acts.set_skills(request.actor, staff_id=staff_id, skills=request.POST.getlist("skills"), home_id=home)
        return _("已保存")

    return _then(request, do, staff=staff_id)


@require_POST
@staff_page(needs=CREW)
def phone(request: Any, staff_id: int) -> HttpResponse:
    """By which phone a colleague is paged."""

    def do() -> str:
        enter_phone(request.actor, staff_id=staff_id, phone=request.POST.get("phone", ""))
        return _("已保存")

    return _then(request, do, staff=staff_id)
