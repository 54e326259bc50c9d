"""The door of pages about money: the permission, and the right to see amounts at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

from anju.foundation.access import Permission, may_see
from anju.foundation.access.pages import staff_page
from anju.foundation.identity.doors import View
from anju.kit.refusal import NOT_ALLOWED


def money_page(*, needs: Permission) -> Callable[[View], View]:
    """A staff page whose every row is an amount: a role that may not see amounts finds no page, not an empty one.

    Args:
        needs: the permission asked besides.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inside(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may_see(request.actor, "bill", "amount"):
                raise NOT_ALLOWED(permission=needs.code)
            return view(request, *args, **kwargs)

        return staff_page(needs=needs)(inside)

    return decorate
