"""One order: where, what, what was mended here before, and the step to take next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.domain.workorders import rounds, visits, windows
from anju.domain.workorders.models import WorkOrder
from anju.foundation.access.pages import staff_page
from anju.foundation.calls.actions import bind_number
from anju.foundation.flows import who
from anju.foundation.flows.actions import move
from anju.foundation.flows.definition import CaseField, Transition
from anju.foundation.flows.entered import LONGEST, TOO_MUCH
from anju.foundation.flows.files import MOST_PHOTOS, shots, uploads
from anju.foundation.flows.models import FlowVisit
from anju.foundation.flows.queries import visits as stages_of
from anju.foundation.ui import render
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND
from anju.surface.field.cards import Card, path_of, works
from anju.surface.field.permissions import USE
from anju.surface.field.sent import VISIT

OFTEN = 2  # repairs of a kind within a year before this one, from which on the whole part is worth changing


@dataclass(frozen=True)
class Step:
    """A step that this phone can take, now or after the ones that wait to be sent."""

    t: Transition
    fields: tuple[tuple[CaseField, bool], ...]
    now: bool


@require_GET
@staff_page(needs=USE)
def order(request: Any, case_id: int) -> HttpResponse:
    """The page."""
    return drawn(request, case_id)


def drawn(request: Any, case_id: int, error: str = "") -> HttpResponse:
    """The page, with what a refused step said."""
    row = rounds.one(request.actor, case_id)
    if row is None and (ended := rounds.gone(request.actor, case_id)) is not None:
        return over(request, ended)
    if row is None or not (row["assignee"] == request.actor.id or rounds.works(request.actor)):
        raise NOT_FOUND()
    card = Card(row, rounds.way_to(row, rounds.here(request.actor)))
    order = WorkOrder.objects.select_related("case").get(id=row["id"])
    went, earlier = stages_of(case_id), rounds.before(order)
    parts = next((b["parts"] for b in earlier if b["parts"]), "")
    context = {
        "c": card, "error": error, "steps": steps_of(request, card), "path": path(card, went),
        "photos": shots(request.actor, case_id, most=MOST_PHOTOS), "earlier": earlier,
        "often": len(earlier) >= OFTEN, "parts": parts,
        "entry": visits.entry_line(order), "visit": visit_form(request, card),
        "where": where(card, order.get_spot_display()), "wrote": wrote(card, order), "kind": order.get_kind_display(),
        "may_call": bind_number.refusal(request.actor, case_id=case_id) is None,
        "longest": LONGEST, "most": TOO_MUCH - 1,
        "taken": who.staff_name(row["assignee"]) if row["assignee"] not in (None, request.actor.id) else "",
    }  # fmt: skip
    return render(request, "field/order.html", context, status=422 if error else 200)


def over(request: Any, ended: dict[str, Any]) -> HttpResponse:
    """What became of an order that a message or an open page still leads to."""
    title, text = _("这一单已经结束"), _("{n} 已经结案或撤销，不用再去。").format(n=ended["number"])
    if ended["master"]:
        title = _("这一单已经合并")
        text = _("{n} 和 {m} 是同一件事，合在一起办。").format(n=ended["number"], m=ended["master"])
    facts = {"title": title, "text": text, "icon_name": "circle-check"}
    return render(request, "field/error.html", facts, status=404)


def where(card: Card, spot: str) -> list[str]:
    """Project, building, floor and spot, as far as they are known."""
    row = card.row
    return [row["project"], row["building"], *([_("%(n)s 层") % {"n": row["floor"]}] if row["floor"] else []), spot]


def wrote(card: Card, order: WorkOrder) -> list[tuple[str, str]]:
    """What was written down while it was mended, as the technician's form names it."""
    facts = order.case.facts
    return [(f.word, f.said(facts[f.key])) for f in card.flow.fields if facts.get(f.key) not in (None, "")]


def visit_form(request: Any, card: Card) -> dict[str, Any] | None:
    """The form of an appointment; hidden where it becomes possible only once it is accepted without a signal."""
    row, guess = card.row, visits.first_guess(card.visit)
    if row["stage"] not in visits.BEFORE_ARRIVAL or row["assignee"] not in (None, request.actor.id):
        return None
    mine = row["assignee"] == request.actor.id
    now = visits.appoint.refusal(request.actor, case_id=row["case_id"], visit=guess) is None
    return {"guess": guess, "now": now, "sources": "new accepted" if mine else "accepted", "step": VISIT}


def steps_of(request: Any, card: Card) -> list[Step]:
    """Every step of a technician, those possible now marked; the others become possible while no signal is there."""
    found = []
    for t in card.flow.transitions:
        if works(t):
            keys = [(k, True) for k in t.fields] + [(k, False) for k in t.optional]
            fields = tuple((f, needed) for k, needed in keys if (f := card.flow.field(k)) is not None)
            here = card.row["stage"] in t.sources
            now = here and move.refusal(request.actor, case_id=card.row["case_id"], step=t.key) is None
            found.append(Step(t, fields, now))
    return found


def path(card: Card, went: list[FlowVisit]) -> list[dict[str, Any]]:
    """The technician's steps with when they were taken in this round."""
    last = max((v.seq for v in went if v.stage == card.flow.start.key), default=1)
    taken = {v.step: v.entered_at for v in went if v.seq > last}
    found = [{"t": t, "at": taken.get(t.key), "now": False} for t in path_of(card.flow)]
    first = next((x for x in found if x["at"] is None), None)
    if first is not None:
        first["now"] = True
    return found


@require_POST
@staff_page(needs=USE)
def visit(request: Any, case_id: int) -> HttpResponse:
    """Appoint a visit with a signal and without the phone's program."""
    posted = request.POST
    try:
        wanted = windows.typed(posted.get("on", ""), posted.get("starts", ""), posted.get("ends", ""))
        visits.appoint(request.actor, case_id=case_id, visit=wanted)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        return drawn(request, case_id, refused.text(request.LANGUAGE_CODE))
    messages.success(request, _("已约 {t}").format(t=wanted.word))
    return redirect(reverse("field:order", args=[case_id]))


@require_POST
@staff_page(needs=USE)
def take(request: Any, case_id: int, step: str) -> HttpResponse:
    """Take a step with a signal and without the phone's program."""
    photos = uploads(request.FILES.getlist("photos"), most=MOST_PHOTOS)
    try:
        case = move(
            request.actor, case_id=case_id, step=step, facts=request.POST.dict(),
            reason=request.POST.get("reason", ""), photos=photos,
        )  # fmt: skip
    except Refused as refused:
        if refused.code == "not_found":
            raise
        return drawn(request, case_id, refused.text(request.LANGUAGE_CODE))
    messages.success(request, _("{n} 已办理").format(n=case.number))
    mine = case.assignee == request.actor.id and case.closed_at is None
    return redirect(reverse("field:order", args=[case_id]) if mine else reverse("field:today"))
