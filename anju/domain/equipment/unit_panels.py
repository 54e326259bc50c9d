"""What a unit's page shows of equipment."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from anju.domain.equipment.permissions import EDIT, VIEW
from anju.domain.equipment.queries import of_unit
from anju.domain.equipment.words import words
from anju.foundation.access import allows
from anju.foundation.ui import panels


def in_room(request: Any, unit_id: int) -> dict[str, Any]:
    """The room's equipment with its warranties."""
    return {
        "rows": of_unit(request.actor, unit_id),
        "unit_id": unit_id,
        "words": words,
        "may_edit": allows(request.actor, EDIT),
    }


panels.register(
    "unit",
    "equipment",
    gettext_lazy("设备"),
    order=30,
    needs=VIEW,
    template="equipment/unit_panel.html",
    read=in_room,
    tab=False,
)
