"""师傅评分: each technician's month; technicians see their own."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.workorders.cost_queries import next_month
from anju.domain.workorders.dispatching import skill_words
from anju.domain.workorders.permissions import SCORES, SCORES_ALL
from anju.domain.workorders.scorecards import Score, scores
from anju.foundation.access import allows, may_export, require_export
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.documents import Column, write_sheet
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.formats import duration

EARLIEST, LATEST = 2000, 2100
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENTITY = "technician_score"


def _asked(request: Any) -> tuple[Asked, date, list[Score]]:
    """The address, the month it asks for (this one if it asks for none), and what the viewer sees of it."""
    asked = Asked(reverse("workorders:scorecard"), request.GET.dict())
    try:
        month = date.fromisoformat(f"{asked.text('month')}-01")
    except ValueError:
        month = date.min
    if not EARLIEST <= month.year <= LATEST:
        month = clock.today().replace(day=1)
    project = request.session.get("console_project")
    return asked, month, scores(request.actor, month, staff_id=asked.number("staff"), project_id=project)


@require_GET
@staff_page(needs=SCORES)
def scorecard(request: Any) -> HttpResponse:
    """The month of everybody, of one technician, or one's own."""
    asked, first, rows = _asked(request)
    every = allows(request.actor, SCORES_ALL)
    context = {
        "asked": asked, "first": first, "rows": rows, "every": every, "skill_words": skill_words,
        "span": lambda minutes: duration(timedelta(minutes=minutes)),
        "one": rows[0] if rows and (not every or asked.number("staff")) else None,
        "before": asked.url(month=f"{first - timedelta(days=1):%Y-%m}"),
        "after": asked.url(month=f"{next_month(first):%Y-%m}") if next_month(first) <= clock.today() else None,
        "may_export": may_export(request.actor, ENTITY),
    }  # fmt: skip
    return render(request, "workorders/scorecard.html", context)


@require_GET
@staff_page(needs=SCORES)
def scorecard_export(request: Any) -> HttpResponseBase:
    """The month as a sheet."""
    require_export(request.actor, ENTITY)
    first, rows = _asked(request)[1:]
    columns = [
        Column("name", _("师傅")), Column("skills", _("技能"), width=24), Column("done", _("修好单数"), "number"),
        Column("accept", _("接单用时（分钟，中位）"), "number"),
        Column("arrive", _("到场用时（分钟，中位）"), "number"),
        Column("mend", _("修理用时（分钟，中位）"), "number"), Column("fixed_share", _("一次修好率（%）"), "number"),
        Column("rating", _("平均评分")), Column("ratings", _("评分数"), "number"),
        Column("reopened_share", _("返修率（%）"), "number"), Column("on_time_share", _("按时率（%）"), "number"),
    ]  # fmt: skip
    shown = ({c.key: getattr(row, c.key) for c in columns} | {"skills": skill_words(row.skills)} for row in rows)
    lines = ({**line, "rating": "" if line["rating"] is None else str(line["rating"])} for line in shown)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "scores.xlsx"
        write_sheet(target, columns, lines, name=_("师傅评分"))
        name = f"{_('师傅评分')}-{first:%Y-%m}.xlsx"
        return FileResponse(target.open("rb"), as_attachment=True, filename=name, content_type=EXCEL)
