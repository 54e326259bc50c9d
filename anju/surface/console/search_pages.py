"""搜索: suggestions under the field, and the page of everything found; every hit names the handle."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from anju.foundation.access.pages import staff_page
from anju.foundation.search import Hit, search
from anju.foundation.ui import render
from anju.foundation.ui.page import wants_fragment

SUGGESTED, FOUND, LONGEST = 8, 60, 60
KEPT = "search_words"  # names and phones never stand in an address: the words stay in the session
ICONS = {"person": "user", "lease": "file-text", "unit": "door", "project": "building-community", "workorder": "tool"}


@require_http_methods(["GET", "POST"])
@staff_page(needs=None)
def search_page(request: Any) -> HttpResponse:
    """POST finds: htmx gets suggestions, a form the page."""
    if request.method == "POST":
        words = request.POST.get("q", "").strip()[:LONGEST]
        if wants_fragment(request):
            return render(request, "console/search.html", _context(request, words, SUGGESTED), block="suggestions")
        request.session[KEPT] = words
        return redirect("console:search")
    return render(request, "console/search.html", _context(request, request.session.get(KEPT, ""), FOUND))


def _context(request: Any, words: str, limit: int) -> dict[str, Any]:
    hits = search(request.actor, words, limit=limit + 1) if len(words) >= 2 else []
    english = (get_language() or "").startswith("en")

    def kind(hit: Hit) -> str:
        return hit.kind.en if english else hit.kind.zh

    shown = sorted(hits[:limit], key=lambda h: h.kind.order)
    groups = [(title, list(own)) for title, own in groupby(shown, key=kind)]
    return {"words": words, "groups": groups, "more": len(hits) > limit, "icons": ICONS, "total": len(hits[:limit])}
