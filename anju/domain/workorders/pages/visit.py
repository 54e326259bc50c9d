"""约时间: from the page of a repair's case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anju.domain.workorders import windows
from anju.domain.workorders.permissions import VISIT
from anju.domain.workorders.visits import appoint
from anju.foundation.access.pages import staff_page
from anju.foundation.flows import queries as cases
from anju.kit import Refused


@require_POST
@staff_page(needs=VISIT)
def visit(request: Any, case_id: int) -> HttpResponse:
    """Appoint when somebody comes."""
    case, posted = cases.case(request.actor, case_id), request.POST
    try:
        wanted = windows.typed(posted.get("on", ""), posted.get("starts", ""), posted.get("ends", ""))
        appoint(request.actor, case_id=case.id, visit=wanted)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        messages.warning(request, refused.text(request.LANGUAGE_CODE))
    else:
        messages.success(request, _("已约 {t}").format(t=wanted.word))
    return redirect(reverse("flows:case", args=[case.id]))
