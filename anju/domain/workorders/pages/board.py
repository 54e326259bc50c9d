"""派单台: open orders by stage, most urgent first, with who could take them; the crew and what each has in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from anju.domain.workorders.dispatch_policy import Dispatch
from anju.domain.workorders.dispatching import Suggestion, member_of, order_of, skill_words, suggest_all
from anju.domain.workorders.merging import suspects
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.pages.heat import heat_card
from anju.domain.workorders.permissions import COST_LIST, REPORT, SCORES_ALL, VIEW
from anju.domain.workorders.queries import board, crew
from anju.domain.workorders.visits import BEFORE_ARRIVAL
from anju.domain.workorders.windows import Window, of_row
from anju.foundation.access import allows, in_scopes, reaching, scopes
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock, fetch_value
from anju.foundation.flows.actions import assign
from anju.foundation.flows.permissions import JOIN, MANAGE
from anju.foundation.policy.store import in_force
from anju.foundation.ui import nav, render
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.formats import duration
from anju.foundation.ui.kept import counted
from anju.kit import Refused

MOST, COUNTED = 300, 999
LONG = timedelta(hours=3)
KINDS = dict(WorkOrder.Kind.choices)
COLUMNS = (
    ("free", gettext_lazy("待派单"), gettext_lazy("先急后近")),
    ("given", gettext_lazy("待接单"), gettext_lazy("已派，等师傅接")),
    ("work", gettext_lazy("处理中"), ""),
    ("proof", gettext_lazy("待租客确认"), gettext_lazy("48 小时自动确认")),
)
COUNT = f"""
SELECT count(*) AS n FROM (
    SELECT FROM flow_case c WHERE c.flow = 'repair' AND c.closed_at IS NULL AND c.follows_id IS NULL
      AND c.stage <> 'proof'
      AND {in_scopes("c.scope_id")} LIMIT 1000) n
"""


def waiting(request: Any) -> int:
    """The rail's number: orders that are not mended yet."""
    by = request.actor
    return counted(("orders", str(scopes(by))), lambda: int(fetch_value(*reaching(by, COUNT))), most=COUNTED)


nav.entry(
    "orders", gettext_lazy("工单"), "tool", "workorders:board", order=54, permission=VIEW, count=waiting, shared=True
)


@dataclass(frozen=True)
class Card:
    """An order on the board; whether there are ``several`` projects on it."""

    row: dict[str, Any]
    now: datetime
    suggested: Suggestion | None
    several: bool = False

    @property
    def column(self) -> str:
        """Where it stands."""
        if self.row["stage"] == "new":
            return "given" if self.row["assignee"] else "free"
        return "proof" if self.row["stage"] == "proof" else "work"

    @property
    def late(self) -> bool:
        """Past its most pressing limit."""
        return bool(self.row["due_at"] and self.row["due_at"] < self.now)

    @property
    def warn(self) -> bool:
        """About to pass it."""
        return bool(not self.late and self.row["warn_at"] and self.row["warn_at"] <= self.now)

    @property
    def left(self) -> str:
        """``41 分``, ``超 22 分``; empty without a limit."""
        if self.row["paused_at"]:
            return _("计时已暂停")
        if self.row["due_at"] is None:
            return ""
        left = self.row["due_at"] - self.now
        size = abs(left)
        rounded = size if size < LONG else timedelta(hours=size // timedelta(hours=1))  # a card is narrow
        return _("超 {d}").format(d=duration(rounded)) if left < timedelta() else duration(rounded)

    @property
    def visit(self) -> Window | None:
        """When somebody comes, until it is past; nothing once somebody is there."""
        found = of_row(self.row) if self.row["stage"] in BEFORE_ARRIVAL else None
        return None if found is None or found.over else found

    @property
    def appointed(self) -> str:
        """``14:30``, ``明天 09:00``: in the countdown's place while nothing is late or about to be."""
        if self.visit is None or not self.visit.agreed or self.late or self.warn:
            return ""
        return self.visit.word.partition("–")[0]

    @property
    def place(self) -> str:
        """The room, or the building; where there are several projects, with its project."""
        named = f"{self.row['building']} {self.row['project']}" if self.several else self.row["building"]
        return str(self.row["code"] or named)

    @property
    def why(self) -> str:
        """Why this technician is suggested."""
        return self.suggested.why if self.suggested else ""


def cards_of(rows: list[dict[str, Any]], people: list[dict[str, Any]], *, most: int, now: datetime) -> list[Card]:
    """The orders as cards, each free one with who could take it.

    Args:
        rows: the board, most urgent first.
        people: the crew.
        most: who has so many orders in hand gets no more.
        now: the moment of the countdowns.
    """
    free = [row for row in rows if row["stage"] == "new" and not row["assignee"]]
    found = suggest_all([order_of(row) for row in free], [member_of(row) for row in people], most=most)
    suggested = {row["id"]: best for row, best in zip(free, found, strict=True)}
    several = len({row["scope_id"] for row in rows}) > 1
    return [Card(row, now, suggested.get(row["id"]), several) for row in rows]


def may_give(request: Any, cards: list[Card]) -> bool:
    """Whether one may give orders to technicians: asked of the first that is free, all of the board are alike in it."""
    free = next((c for c in cards if c.column == "free"), None)
    return free is not None and assign.refusal(request.actor, case_id=free.row["case_id"], staff_id=None) is None


def counted_up(n: int, more: bool) -> str:
    """A number of the board's; ``27+`` while there are more orders than it holds."""
    return f"{n}+" if more else str(n)


@require_GET
@staff_page(needs=VIEW)
def dispatch(request: Any) -> HttpResponse:
    """The board."""
    asked = Asked(reverse("workorders:board"), request.GET.dict())
    kind = asked.text("kind", KINDS)
    rows = board(request.actor, project_id=request.session.get("console_project"), most=MOST + 1)
    more, rows = len(rows) > MOST, rows[:MOST]
    people, now, most = crew(request.actor), clock.now(), in_force(Dispatch).value.most_in_hand
    cards = [c for c in cards_of(rows, people, most=most, now=now) if not kind or c.row["kind"] == kind]
    by_kind = {k: sum(row["kind"] == k for row in rows) for k in KINDS}
    chips = [{"text": f"{_('全部')} {counted_up(len(rows), more)}", "href": asked.url(kind=None), "on": not kind}]
    chips += [
        {"text": f"{KINDS[k]} {counted_up(n, more)}", "href": asked.url(kind=k), "on": k == kind}
        for k, n in by_kind.items()
        if n
    ]
    context = {
        "columns": [(key, word, note, [c for c in cards if c.column == key]) for key, word, note in COLUMNS],
        "urgent": [c for c in cards if c.row["priority"] == 0 and c.column in ("free", "given")][:2],
        "kind_chips": chips, "crew": people, "full": most, "cards": cards, "skill_words": skill_words,
        "on_shift": sum(p["on_shift"] for p in people), "may_score": allows(request.actor, SCORES_ALL),
        "late": counted_up(sum(c.late for c in cards), more), "more": more, "most": MOST, "asked": asked,
        "all": counted_up(len(cards), more), "to_mend": counted_up(sum(c.column != "proof" for c in cards), more),
        "today": counted_up(sum(c.row["opened_at"].astimezone(now.tzinfo).date() == now.date() for c in cards), more),
        "may_report": allows(request.actor, REPORT), "may_give": may_give(request, cards),
        "may_costs": allows(request.actor, COST_LIST), "may_join": allows(request.actor, JOIN),
        "hot": heat_card(request, kind), "suspects": suspects(rows),
    }  # fmt: skip
    return render(request, "workorders/board.html", context, block="board")


@require_POST
@staff_page(needs=MANAGE)
def give(request: Any, case_id: int) -> HttpResponse:
    """Give an order to a technician, from the board."""
    chosen, back = Asked("", request.POST.dict()), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    try:
        # It is offered for what nobody has: whoever gave it to somebody meanwhile was first.
        assign(request.actor, case_id=case_id, staff_id=chosen.number("staff"), holds=None)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        messages.warning(request, refused.text(request.LANGUAGE_CODE))
    else:
        messages.success(request, _("已派单"))
    return redirect(back if safe else reverse("workorders:board"))
