"""The inbox as Excel: the open cases of a box, every page, with the columns one sees."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.foundation.access import require_export, view
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.documents import Column, write_sheet
from anju.foundation.flows.definitions import all_current
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.pages.inbox import LIST, asked_for
from anju.foundation.flows.pages.shown import lines
from anju.foundation.flows.permissions import VIEW
from anju.foundation.flows.queries import inbox
from anju.foundation.lists.listing import Listing
from anju.foundation.ui.asked import Asked

MOST, CHUNK = 20_000, 1000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@staff_page(needs=VIEW)
def export(request: Any) -> HttpResponseBase:
    """What the inbox lists, as a workbook."""
    require_export(request.actor, "flow_case")
    asked = Asked("/cases", request.GET.dict())
    box, flow = asked_for(asked, all_current())
    words = dict(LIST.columns)
    columns = Listing(request, LIST, asked).columns(
        [
            ("", Column("number", _("单号"))),
            ("", Column("flow", _("流程"))),
            ("", Column("title", _("事项"), width=30)),
            ("", Column("priority", _("级别"))),
            ("subject", Column("subject", str(words["subject"]), width=24)),
            ("subject", Column("handle", _("关于的编号"), width=20)),
            ("stage", Column("stage", str(words["stage"]))),
            ("who", Column("who", str(words["who"]))),
            ("due", Column("due_at", str(words["due"]), "time", width=18)),
            ("opened", Column("opened_at", str(words["opened"]), "time", width=18)),
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "cases.xlsx"
        write_sheet(target, columns, _rows(request, inbox(request.actor, box, flow=flow)), name=_("办理"))
        name = f"{_('办理')}-{clock.now():%Y%m%d-%H%M}.xlsx"
        return FileResponse(target.open("rb"), as_attachment=True, filename=name, content_type=EXCEL)


def _rows(request: Any, found: QuerySet[FlowCase]) -> Iterator[dict[str, Any]]:
    for start in range(0, MOST, CHUNK):
        part = list(found[start : start + CHUNK])
        rows = (
            {
                "number": x.case.number, "flow": x.flow.name.word, "title": x.title, "priority": x.priority,
                "subject": x.subject.title, "handle": x.subject.handle, "stage": x.stage, "who": x.assignee,
                "due_at": x.case.due_at, "opened_at": x.case.opened_at,
            }
            for x in lines(request, part)
        )  # fmt: skip
        yield from view(request.actor, "flow_case", rows)
        if len(part) < CHUNK:
            return
