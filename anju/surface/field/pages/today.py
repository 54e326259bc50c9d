"""今天: what is in hand, what is free, what was done."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from anju.domain.workorders import given, paging, rounds
from anju.foundation.access.pages import staff_page
from anju.foundation.ui import render
from anju.surface.field.cards import Card
from anju.surface.field.permissions import USE


@require_GET
@staff_page(needs=USE)
def today(request: Any) -> HttpResponse:
    """The round, most pressing first."""
    here = rounds.here(request.actor)
    mine = [Card(row, rounds.way_to(row, here)) for row in rounds.mine(request.actor)]
    free = [Card(row, rounds.way_to(row, here)) for row in rounds.free(request.actor)]
    context = {
        "name": request.staff.name, "first": mine[0] if mine else None, "rest": mine[1:], "free": free,
        "count": len(mine), "done": rounds.done_today(request.actor), "pages": paging.pages_of(request.actor),
        "given": given.given_to(request.actor),
    }  # fmt: skip
    return render(request, "field/today.html", context)
