"""分布: projects by position, the size of a circle is the backlog."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from anju.domain.workorders.permissions import VIEW
from anju.domain.workorders.places import HIGH, WIDE, dots
from anju.foundation.access.pages import staff_page
from anju.foundation.ui import render


@require_GET
@staff_page(needs=VIEW)
def place_map(request: Any) -> HttpResponse:
    """The drawing, and the same as a table."""
    found = dots(request.actor, request.session.get("console_project"))
    context = {"dots": found, "drawn": [d for d in found if d.x is not None], "wide": WIDE, "high": HIGH}
    return render(request, "workorders/places.html", context)
