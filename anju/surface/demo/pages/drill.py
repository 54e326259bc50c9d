"""The door of drill pages: staff, and only where the organization is a drill."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

from anju.foundation.access.pages import staff_page
from anju.kit.refusal import NOT_FOUND

View = Callable[..., HttpResponseBase]


def drill_page(view: View) -> View:
    """A page for all staff of a drill organization; elsewhere it does not exist."""

    @wraps(view)
    def inside(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.org.drill:
            raise NOT_FOUND()
        return view(request, *args, **kwargs)

    return staff_page(needs=None)(inside)
