"""积压与激增: what waits by class, what came in and was mended, what will be late at this pace."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.workorders.insight import surge
from anju.domain.workorders.order_titles import titled
from anju.domain.workorders.pages.sheet import sheet
from anju.domain.workorders.permissions import VIEW
from anju.foundation.access import may_export, require_export
from anju.foundation.access.pages import staff_page
from anju.foundation.documents import Column
from anju.foundation.ui import render

EXPORTED = 5000


@require_GET
@staff_page(needs=VIEW)
def surge_view(request: Any) -> HttpResponse:
    """The view."""
    found = surge(request.actor, request.session.get("console_project"))
    return render(
        request, "workorders/surge.html", {"found": found, "may_export": may_export(request.actor, "workorder")}
    )


@require_GET
@staff_page(needs=VIEW)
def surge_export(request: Any) -> HttpResponseBase:
    """The orders that will be late, in the order in which they are worked."""
    require_export(request.actor, "workorder")
    found = surge(request.actor, request.session.get("console_project"), most=EXPORTED)
    words = {c.priority: c.word for c in found.classes}
    columns = [
        Column("place", _("顺序"), "number", width=8), Column("number", _("单号")),
        Column("title", _("报修"), width=20),
        Column("class", _("级别")), Column("building", _("楼栋")), Column("code", _("房号")), Column("who", _("师傅")),
        Column("due_at", _("时限"), "time", width=18), Column("at", _("预计轮到"), "time", width=18),
    ]  # fmt: skip
    rows = (
        {k: v for k, v in r.items() if v is not None} | {"class": words[r["priority"]], "title": titled(r["title"])}
        for r in found.next
    )
    return sheet(_("预计超时"), columns, rows)
