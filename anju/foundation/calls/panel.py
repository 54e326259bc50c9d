"""隐私电话 on a case's page: the number that lasts, or the button to ask for one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from anju.foundation.calls.actions import bind_number
from anju.foundation.calls.permissions import CALL
from anju.foundation.calls.phones import has_phone
from anju.foundation.calls.queries import lasting, minutes_left
from anju.foundation.ui import panels

LABEL = gettext_lazy("隐私电话")


def read(request: Any, case_id: int) -> dict[str, Any] | None:
    """What the viewer may do; nothing for who may not call about this case."""
    if bind_number.refusal(request.actor, case_id=case_id) is not None:
        return None
    number = lasting(request.actor, case_id)
    return {
        "case_id": case_id,
        "number": number,
        "minutes": minutes_left(number.expires_at) if number else 0,
        "needs_phone": not has_phone(request.actor.id),
    }


panels.register("flow_case", "calls", LABEL, order=10, needs=CALL, template="calls/panel.html", read=read)
