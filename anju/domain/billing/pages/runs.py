"""自动任务: what the engines did each day, how many were looked at, what was decided, and the proof of one row."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from anju.domain.billing.permissions import VIEW
from anju.foundation.access.pages import staff_page
from anju.foundation.sweeps.explain import prove
from anju.foundation.sweeps.models import SweepBatch, SweepRun
from anju.foundation.sweeps.sweep import sweep
from anju.foundation.ui import render
from anju.kit.refusal import NOT_FOUND

PAGE = 60


def _words(run: SweepRun) -> dict[str, Any]:
    s, english = sweep(run.sweep), (get_language() or "").startswith("en")

    def said(zh: str, en: str) -> str:
        # The facts of single decisions ({amount}) have no place in a tally.
        return re.split(r"[：:，,]| ¥| of", en if english else zh)[0]

    tally = [(said(s.words(code).zh, s.words(code).en), n, s.words(code).acts) for code, n in run.tally.items()]
    return {"run": run, "title": s.en if english else s.zh, "tally": sorted(tally, key=lambda t: (not t[2], -t[1]))}


@require_GET
@staff_page(needs=VIEW)
def run_list(request: Any) -> HttpResponse:
    """The last runs of every engine."""
    runs = SweepRun.objects.order_by("-as_of", "-id")[:PAGE]
    return render(request, "billing/runs.html", {"runs": [_words(r) for r in runs]})


@require_GET
@staff_page(needs=VIEW)
def proof(request: Any, run_id: int, subject_id: int) -> HttpResponse:
    """One decision's leaf, path and root, checked here and printable for a check elsewhere."""
    run = SweepRun.objects.filter(id=run_id).first()
    if run is None:
        raise NOT_FOUND()
    try:
        found = prove(run_id, subject_id)
    except SweepBatch.DoesNotExist:
        raise NOT_FOUND() from None
    context = {**_words(run), "proof": found, "path": [(side, sibling.hex()) for side, sibling in found.path]}
    return render(request, "billing/proof.html", context)
