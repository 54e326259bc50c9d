"""办理: every case that waits, whatever its kind; beginning one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from anju.foundation.access import allows, in_scopes, may_export, reaching
from anju.foundation.access.pages import staff_page
from anju.foundation.db import fetch_value
from anju.foundation.flows import who
from anju.foundation.flows.actions import open_case
from anju.foundation.flows.definition import Flow
from anju.foundation.flows.definitions import Known, all_current, current
from anju.foundation.flows.pages.shown import Line, left_words, lines
from anju.foundation.flows.permissions import HAND_OVER, OPEN, VIEW
from anju.foundation.flows.queries import BOXES, Box, inbox
from anju.foundation.flows.subjects import Subject, subject_of
from anju.foundation.lists.listing import Listing, declare
from anju.foundation.publishing.permissions import VIEW as VIEW_POLICIES
from anju.foundation.ui import nav, render, worklist
from anju.foundation.ui.asked import Asked
from anju.kit import Refused
from anju.kit.refusal import sentence

PAGE, TOTAL = 20, 10_000
LIST = declare(
    "cases",
    gettext_lazy("办理"),
    "flows:inbox",
    needs=VIEW,
    keys=("box", "flow"),
    columns=(
        ("subject", gettext_lazy("关于")),
        ("stage", gettext_lazy("阶段")),
        ("who", gettext_lazy("办理人")),
        ("due", gettext_lazy("时限")),
        ("opened", gettext_lazy("发起时间")),
    ),
)
WORDS = {
    "mine": gettext_lazy("我在办"),
    "team": gettext_lazy("我的小组"),
    "unassigned": gettext_lazy("没人接"),
    "overdue": gettext_lazy("已超时"),
    "all": gettext_lazy("全部"),
}
NOT_FOUND_BY = sentence(
    "flow.subject_not_found", "没有找到“{text}”，请核对后再填。", "Nothing is called “{text}”; check it and try again."
)


MINE = f"""
SELECT count(*) AS n FROM (
    SELECT FROM flow_case c WHERE c.closed_at IS NULL AND c.follows_id IS NULL AND c.assignee = %(me)s::bigint
      AND (c.scope_id IS NULL OR {in_scopes("c.scope_id")}) LIMIT 1000) mine
"""


def mine(request: Any) -> int:
    """How many cases one works on, as the rail counts."""
    return int(fetch_value(*reaching(request.actor, MINE, me=request.actor.id)))


nav.entry("cases", gettext_lazy("办理"), "subtask", "flows:inbox", order=55, permission=VIEW, count=mine)


@require_GET
@staff_page(needs=VIEW)
def inbox_page(request: Any) -> HttpResponse:
    """Cases of one box, most pressing first."""
    asked = Asked("/cases", request.GET.dict())
    known = all_current()
    box, flow = asked_for(asked, known)
    found, page = inbox(request.actor, box, flow=flow), max(asked.number("page") or 1, 1)
    rows = list(found[(page - 1) * PAGE : page * PAGE + 1])
    context = {
        "asked": asked,
        "listing": Listing(request, LIST, asked),
        "lines": lines(request, rows[:PAGE]),
        "boxes": [{"text": WORDS[b], "href": asked.url(box=b), "on": b == box} for b in BOXES],
        "box": box,
        "total": found.order_by()[: TOTAL + 1].count(),
        "flows": [
            {"text": k.pinned.value.name.word, "href": asked.url(flow=k.key), "on": k.key == flow} for k in known
        ],
        "flow": flow,
        "may_open": [
            (k.pinned.value.name.word, begins_at(k)) for k in known if who.may_open(request.actor, k.pinned.value)
        ],
        "newer": asked.url(page=page - 1) if page > 1 else None,
        "older": asked.url(page=page + 1) if len(rows) > PAGE else None,
        "may_export": may_export(request.actor, "flow_case"),
        "may_make": allows(request.actor, VIEW_POLICIES),
        "may_hand_over": allows(request.actor, HAND_OVER),
    }
    return render(request, "flows/inbox.html", context, block="list")


def asked_for(asked: Asked, known: Sequence[Known]) -> tuple[Box, str]:
    """The box and the flow that an address asks for; empty: every flow."""
    box: Box = next((b for b in BOXES if b == asked.text("box")), "team")
    return box, asked.text("flow", {k.key: 1 for k in known})


def begins_at(known: Known) -> str:
    """The page where such a case begins: its subject's own form, or the general one."""
    about = subject_of(known.pinned.value.subject)
    return reverse(about.begins) if about and about.begins else reverse("flows:begin", args=[known.key])


@require_http_methods(["GET", "POST"])
@staff_page(needs=OPEN)
def begin(request: Any, flow: str) -> HttpResponse:
    """Begin a case: what it is about, its class, what the definition asks for."""
    definition: Flow = current(flow).value
    about = subject_of(definition.subject)
    if about is not None and about.begins:
        return redirect(reverse(about.begins))
    typed = request.POST.dict() if request.method == "POST" else {}
    error = ""
    if request.method == "POST":
        try:
            made = open_case(request.actor, flow=flow, **_given(request, definition, about, typed))
        except Refused as refused:
            error = refused.text(request.LANGUAGE_CODE)
        else:
            messages.success(request, _("已发起 {n}").format(n=made.number))
            return redirect(reverse("flows:case", args=[made.id]))
    context = {
        "flow": definition,
        "key": flow,
        "about": about,
        "fields": [(f, k in definition.asks) for k in definition.asks if (f := definition.field(k)) is not None],
        "typed": typed,
        "error": error,
        "refused": open_case.refusal(request.actor, flow=flow),
    }
    return render(request, "flows/begin.html", context, status=422 if error else 200)


def _given(request: Any, definition: Flow, about: Subject | None, typed: dict[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {"title": typed.get("title", "").strip()[:120], "facts": typed}
    if definition.classes:
        chosen = typed.get("priority", "")
        given["priority"] = min(int(chosen), len(definition.classes) - 1) if chosen.isdecimal() else 0
    if about is not None and about.find is not None:
        text = typed.get("subject", "").strip()
        found = about.find(request, text) if text else None
        if found is None:
            raise NOT_FOUND_BY(text=text)
        given |= {"subject": (about.key, found), "scope_id": about.scope(found), "persons": about.tenants(found)}
    asked = {f.key for f in definition.fields}
    given["facts"] = {k: v for k, v in typed.items() if k in asked and k in definition.asks}
    return given


@worklist.source("flows.mine", group="mine", area="other", needs=VIEW, count=mine)
def waiting(request: Any, limit: int) -> list[worklist.Line]:
    """Cases one works on, most pressing first."""
    return [_task(x) for x in lines(request, inbox(request.actor, "mine")[:limit])]


def _task(line: Line) -> worklist.Line:
    title = line.title or line.subject.title or line.flow.name.word
    tone = "danger" if line.late else "warn" if line.urgent else ""
    own = reverse("flows:case", args=[line.case.id])
    return worklist.Line(
        "subtask", title, line.case.number, line.flow.name.word, line.stage, _("去办理"), own,
        due_words=left_words(line.case), tone=tone,
    )  # fmt: skip
