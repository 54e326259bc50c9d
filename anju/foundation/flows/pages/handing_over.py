"""移交: all open cases of a colleague, by flow, to another or back to the teams; seen before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.flows import queries
from anju.foundation.flows.actions import hand_over
from anju.foundation.flows.actions.handing_over import Held, Taker, held_by, takers
from anju.foundation.flows.definitions import all_current
from anju.foundation.flows.permissions import HAND_OVER
from anju.foundation.identity.models import Staff
from anju.foundation.ui import render
from anju.kit.refusal import NOT_FOUND


@dataclass(frozen=True, slots=True)
class Part:
    """The cases of one flow in a hand-over. ``to`` is the chosen colleague's id as posted; empty: the teams."""

    held: Held
    word: str
    to: str
    to_name: str
    takers: list[Taker]

    @property
    def name(self) -> str:
        """The form's field."""
        return f"to-{self.held.flow}"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The teams, who may take all of it, who may take some; and who was chosen, whatever changed since."""
        whole = self.held.count
        named = [(str(t.id), t.name if t.suits == whole else self._some(t.name, t.suits)) for t in self.takers]
        known = {value for value, _name in named} | {""}
        gone = [] if self.to in known else [(self.to, self._some(self.to_name, 0))]
        return [("", _("放回小组")), *named, *gone]

    def _some(self, name: str, n: int) -> str:
        return _("{who}（只能接 {n} 张）").format(who=name, n=n)

    @property
    def help(self) -> str:
        """What to know before choosing."""
        late = _("其中 %(n)s 张已超时") % {"n": self.held.late} if self.held.late else ""
        nobody = "" if self.takers else _("没有别的同事能接这些单")
        return _("；").join(filter(None, [late, nobody]))

    @property
    def back(self) -> int:
        """How many go back to their team."""
        return self.held.count - self.held.suits


@require_http_methods(["GET", "POST"])
@staff_page(needs=HAND_OVER)
def hand_over_page(request: Any) -> HttpResponse:
    """GET chooses and shows, flow by flow; POST hands over."""
    asked = request.POST if request.method == "POST" else request.GET
    of = _staff(asked.get("of", ""))
    if of is None:
        return render(request, "flows/hand_over.html", {"holders": _holders(request), "of": None})
    others = Staff.objects.filter(frozen_at__isnull=True).exclude(id=of.id)
    parts = _parts(request, of, asked, {str(row[0]): row[1] for row in others.values_list("id", "name")})
    if request.method == "POST":
        moved = sum(
            hand_over(request.actor, staff_id=of.id, to_staff_id=int(p.to) if p.to else None, flow=p.held.flow)
            for p in parts
        )
        messages.success(request, _("已移交 {n} 张办理单").format(n=moved))
        return redirect(reverse("flows:hand-over"))
    context = {
        "of": of,
        "parts": parts,
        "total": sum(p.held.count for p in parts),
        "chosen": any(p.name in asked for p in parts),
    }
    return render(request, "flows/hand_over.html", context)


def _staff(typed: str) -> Staff | None:
    if not typed:
        return None
    found = Staff.objects.filter(id=int(typed)).first() if typed.isdecimal() else None
    if found is None:
        raise NOT_FOUND()
    return found


def _holders(request: Any) -> list[dict[str, Any]]:
    """Colleagues with open cases, the frozen first: their cases wait for nobody."""
    rows = queries.reachable(request.actor).filter(closed_at__isnull=True, assignee__isnull=False)
    counts = {int(r["assignee"] or 0): r["n"] for r in rows.values("assignee").annotate(n=Count("id"))}
    found = Staff.objects.filter(id__in=counts).order_by("name")
    return sorted(({"staff": s, "count": counts[s.id]} for s in found), key=lambda x: x["staff"].frozen_at is None)


def _parts(request: Any, of: Staff, asked: Any, names: dict[str, str]) -> list[Part]:
    words = {k.key: k.pinned.value.name.word for k in all_current()}
    now, may = clock.now(), takers(request.actor, of.id)
    found: dict[str, dict[str, Held]] = {}
    parts = []
    for flow in [h.flow for h in held_by(request.actor, of.id, None, now=now)]:
        to = asked.get(f"to-{flow}", "")
        if to and to not in names:
            raise NOT_FOUND()
        if to not in found:  # one look for each colleague chosen
            chosen = held_by(request.actor, of.id, int(to) if to else None, now=now)
            found[to] = {h.flow: h for h in chosen}
        if (held := found[to].get(flow)) is not None:
            parts.append(Part(held, words.get(flow, flow), to, names.get(to, ""), may.get(flow, [])))
    return parts
