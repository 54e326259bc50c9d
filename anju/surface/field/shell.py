"""Where the field app stands in the house: an entry in the console, its own error page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from anju.foundation.ui import nav, page_global
from anju.foundation.ui.errors import face
from anju.surface.field.permissions import USE

face("/f/", "field/error.html")
nav.entry("field", gettext_lazy("师傅手机"), "device-mobile", "field:today", order=55, permission=USE)


@page_global
def staff_id(request: HttpRequest) -> str:
    """Whose phone it is: what waits in it belongs to this person alone."""
    staff = getattr(request, "staff", None)
    return "" if staff is None else str(staff.id)
