"""重复报修日报: how much of a day's reports was known already, where and of what kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.workorders.insight import Duplicates, Repeated, duplicates
from anju.domain.workorders.pages.sheet import sheet
from anju.domain.workorders.permissions import VIEW
from anju.foundation.access import may_export, require_export
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.documents import Column
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked

FIRST = date(2000, 1, 1)


def _report(request: Any) -> tuple[Asked, Duplicates]:
    asked, today = Asked(reverse("workorders:duplicates"), request.GET.dict()), clock.today()
    day = max(FIRST, min(asked.day("on") or today, today))
    return asked, duplicates(request.actor, day, request.session.get("console_project"))


@require_GET
@staff_page(needs=VIEW)
def duplicate_report(request: Any) -> HttpResponse:
    """The day's report."""
    asked, found = _report(request)
    one = timedelta(days=1)
    context = {
        "found": found, "asked": asked, "may_export": may_export(request.actor, "workorder"),
        "before": asked.url(on=found.day - one) if found.day > FIRST else None,
        "after": asked.url(on=found.day + one) if found.day < clock.today() else None,
    }  # fmt: skip
    return render(request, "workorders/duplicates.html", context)


@require_GET
@staff_page(needs=VIEW)
def duplicate_export(request: Any) -> HttpResponseBase:
    """The day's report as a spreadsheet: by building, by kind, by place."""
    require_export(request.actor, "workorder")
    _asked, found = _report(request)
    columns = [
        Column("day", _("日期"), "day"), Column("by", _("分组"), width=10), Column("word", _("名称"), width=30),
        Column("reports", _("上报"), "number"), Column("joined", _("并入"), "number"),
        Column("again", _("另报同一件事"), "number"), Column("rate", _("重复率 %"), "number"),
        Column("cause", _("先查什么"), width=30), Column("project", _("项目"), width=22),
    ]  # fmt: skip
    rows = [_row(found, _("合计"), found.all)]
    rows += [_row(found, _("楼栋"), x) for x in found.buildings]
    rows += [_row(found, _("维修类型"), x) for x in found.kinds]
    rows += [_row(found, _("同一处"), x, cause) for x, cause in found.causes]
    return sheet(_("重复报修日报"), columns, rows)


def _row(found: Duplicates, by: str, line: Repeated, cause: str = "") -> dict[str, Any]:
    return {**vars(line), "day": found.day, "by": by, "rate": line.rate, "cause": cause}
