"""收款异常: what gateways reported and where statements disagree; a person looks, writes why, and closes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.foundation.access.pages import staff_page
from anju.foundation.payments.actions import close_problem, settle_difference
from anju.foundation.payments.permissions import RESOLVE
from anju.foundation.payments.queries import open_differences, open_problems
from anju.foundation.ui import render
from anju.surface.console.problem_words import DIFFERENCES, GATEWAYS, PROBLEMS

MOST = 100


@require_GET
@staff_page(needs=RESOLVE)
def payment_problems(request: Any) -> HttpResponse:
    """Everything open, the oldest first."""
    context = {
        "problems": list(open_problems()[:MOST]),
        "differences": list(open_differences()[:MOST]),
        "gateways": GATEWAYS,
        "problem_words": PROBLEMS,
        "difference_words": DIFFERENCES,
    }
    return render(request, "console/payment_problems.html", context)


@require_POST
@staff_page(needs=RESOLVE)
def resolve(request: Any, what: str, id: int) -> HttpResponse:
    """Close a problem or a difference with the note that explains it."""
    note = request.POST.get("note", "").strip()
    if not note:
        messages.warning(request, _("请写明核对结果，例如“已在平台退款，单号尾号 0713”。"))
        return redirect("console:payment-problems")
    if what == "problem":
        close_problem(request.actor, problem_id=id, note=note)
    else:
        settle_difference(request.actor, difference_id=id, note=note)
    messages.success(request, _("已处理并留痕。"))
    return redirect("console:payment-problems")
