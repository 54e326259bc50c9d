"""客诉台账: complaints by deadline, narrowed by cause and source; how many, and how many answered in time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.domain.complaints.models import Complaint
from anju.domain.complaints.permissions import FILE, VIEW
from anju.domain.complaints.queries import Filter, complaints, last_replies, rates, records_of, rooms_of, together
from anju.foundation.access import allows, in_scopes, may_export, reaching, require_export, scopes
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock, fetch_value
from anju.foundation.documents import Column, write_sheet
from anju.foundation.flows.pages.shown import Line, lines
from anju.foundation.lists.listing import Listing, declare
from anju.foundation.ui import nav, render
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.kept import counted

PAGE, MOST, CHUNK, COUNTED, TOTAL = 20, 20_000, 1000, 999, 10_000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CAUSES, SOURCES = dict(Complaint.Cause.choices), dict(Complaint.Source.choices)
VIEWS: dict[str, Any] = {
    "open": gettext_lazy("未结案"),
    "overdue": gettext_lazy("已超时"),
    "all": gettext_lazy("全部"),
}
TONES = {"new": "warn", "working": "info", "replied": "warn", "done": "ok", "void": "neutral"}
HEADS: tuple[tuple[str, Any], ...] = (
    ("room", gettext_lazy("房源")),
    ("cause", gettext_lazy("原因")),
    ("source", gettext_lazy("来源")),
    ("owner", gettext_lazy("负责人")),
    ("due", gettext_lazy("时限")),
    ("stage", gettext_lazy("阶段")),
)
LIST = declare(
    "complaints", gettext_lazy("客诉"), "complaints:ledger", needs=VIEW, keys=("view", "cause", "source"),
    columns=HEADS,
)  # fmt: skip


OVERDUE = f"""
SELECT count(*) AS n FROM (
    SELECT FROM complaint o JOIN flow_case c ON c.id = o.case_id
    WHERE c.closed_at IS NULL AND c.due_at < %(now)s::timestamptz AND c.stage <> 'replied' AND {in_scopes("o.scope_id")}
    LIMIT {COUNTED + 1}) late
"""


def waiting(request: Any) -> int:
    """The rail's number: complaints past their deadline."""
    by, now = request.actor, clock.now()
    key = ("complaints", str(scopes(by)))
    return counted(key, lambda: int(fetch_value(*reaching(by, OVERDUE, now=now))), most=COUNTED)


nav.entry(
    "complaints", gettext_lazy("客诉"), "message-report", "complaints:ledger", order=56, permission=VIEW,
    count=waiting, shared=True,
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A complaint in the ledger."""

    complaint: Complaint
    line: Line
    room: str
    record: str

    @property
    def tone(self) -> str:
        """The colour of its stage."""
        return TONES.get(self.line.case.stage, "info")


def wanted_of(request: Any, asked: Asked) -> Filter:
    """The filter an address asks for."""
    return Filter(
        view=asked.text("view", VIEWS) or "open",
        cause=asked.text("cause", CAUSES),
        source=asked.text("source", SOURCES),
        project_id=asked.number("project") or request.session.get("console_project"),
    )


def rows_of(request: Any, found: Sequence[Complaint]) -> list[Row]:
    """Complaints with their rooms, records, owners and stages, each asked once."""
    rooms, records = rooms_of([c.lease_id for c in found]), records_of(found)
    shown = lines(request, [c.case for c in found])
    return [
        Row(c, line, rooms.get(c.lease_id, ""), r.text if (r := records.get((c.record_kind, c.record_id))) else "")
        for c, line in zip(found, shown, strict=True)
    ]


@require_GET
@staff_page(needs=VIEW)
def ledger(request: Any) -> HttpResponse:
    """The ledger."""
    asked = Asked(reverse("complaints:ledger"), request.GET.dict())
    wanted, page = wanted_of(request, asked), asked.number("page") or 1
    found = list(complaints(request.actor, wanted)[(page - 1) * PAGE : page * PAGE + 1])
    context = {
        "asked": asked, "wanted": wanted, "listing": Listing(request, LIST, asked),
        "rows": rows_of(request, found[:PAGE]),
        "total": complaints(request.actor, wanted).order_by()[: TOTAL + 1].count(),
        "rate": together(rates(request.actor, project_id=wanted.project_id)),
        "standing": [{"text": VIEWS[v], "href": asked.url(view=v), "on": v == wanted.view} for v in VIEWS],
        "causes": _chips(asked, "cause", _("全部原因"), CAUSES, wanted.cause),
        "narrowed": bool(wanted.cause or wanted.source),
        "sources": _chips(asked, "source", _("全部来源"), SOURCES, wanted.source),
        "newer": asked.url(page=page - 1) if page > 1 else None,
        "older": asked.url(page=page + 1) if len(found) > PAGE else None,
        "may_file": allows(request.actor, FILE), "may_export": may_export(request.actor, "complaint"),
    }  # fmt: skip
    return render(request, "complaints/ledger.html", context, block="list")


def _chips(asked: Asked, name: str, every: str, words: dict[str, Any], now: str) -> list[dict[str, Any]]:
    chips = [{"text": every, "href": asked.url(**{name: None}), "on": not now}]
    return chips + [{"text": word, "href": asked.url(**{name: key}), "on": key == now} for key, word in words.items()]


@require_GET
@staff_page(needs=VIEW)
def export(request: Any) -> HttpResponseBase:
    """The ledger as listed, every page, with what was said and replied."""
    require_export(request.actor, "complaint")
    asked = Asked(reverse("complaints:ledger"), request.GET.dict())
    words = {key: str(text) for key, text in HEADS}
    columns = Listing(request, LIST, asked).columns(
        [
            ("", Column("number", _("单号"))),
            ("", Column("opened", _("投诉日期"), "day")),
            ("room", Column("room", words["room"], width=18)),
            ("cause", Column("cause", words["cause"])),
            ("source", Column("source", words["source"])),
            ("source", Column("hotline_no", _("12345 编号"), width=20)),
            ("", Column("record", _("关联单据"), width=20)),
            ("", Column("said", _("投诉内容"), width=50)),
            ("owner", Column("owner", words["owner"])),
            ("stage", Column("stage", words["stage"])),
            ("", Column("reply", _("答复"), width=50)),
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "complaints.xlsx"
        write_sheet(target, columns, _exported(request, wanted_of(request, asked)), name=_("客诉"))
        name = f"{_('客诉')}-{clock.now():%Y%m%d-%H%M}.xlsx"
        return FileResponse(target.open("rb"), as_attachment=True, filename=name, content_type=EXCEL)


def _exported(request: Any, wanted: Filter) -> Iterator[dict[str, Any]]:
    for start in range(0, MOST, CHUNK):
        found = list(complaints(request.actor, wanted)[start : start + CHUNK])
        replied = last_replies([c.id for c in found])
        for row in rows_of(request, found):
            c = row.complaint
            yield {
                "number": c.case.number, "opened": c.opened_at.astimezone(clock.SHANGHAI).date(), "room": row.room,
                "cause": str(c.get_cause_display()), "source": str(c.get_source_display()), "said": c.said,
                "hotline_no": c.hotline_no, "record": row.record, "owner": row.line.assignee,
                "stage": row.line.stage, "reply": replied.get(c.id, ""),
            }  # fmt: skip
        if len(found) < CHUNK:
            return
