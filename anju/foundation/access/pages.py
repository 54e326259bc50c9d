"""The doors of pages: who may stand here, in which organization, with which permission.

@staff_page(needs=VIEW_LEASES)
def lease_list(request): ...        # request.staff, request.actor, request.org; the organization's scope is open

@tenant_page()
def home(request): ...              # request.tenant, request.actor, request.org
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from anju.foundation.access.check import require
from anju.foundation.access.permissions import Permission
from anju.foundation.access.rights import known_at_the_door, remembering
from anju.foundation.db.once import looking
from anju.foundation.identity.doors import (
    STAFF_SIGN_IN,
    TENANT_SIGN_IN,
    View,
    staff_inside,
    tenant_inside,
    to_sign_in,
    with_door,
)
from anju.foundation.ui.current import holding
from anju.foundation.ui.kept import note_act

ENROL = "/account/totp"


def staff_page(*, needs: Permission | None) -> Callable[[View], View]:
    """A page for staff.

    Args:
        needs: the permission asked before the view runs; None opens it to every member of staff. What it shows still
            goes through ``view`` and ``restrict``.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with remembering(), holding(), _looking(request), staff_inside(request) as inside:
                if inside:
                    if _must_enrol(request):
                        return redirect(ENROL)
                    seen: Any = request  # with what the door has filled in
                    known_at_the_door(seen.actor, seen.staff.roles, all_projects=seen.staff.all_projects)
                    if needs is not None:
                        require(request.actor, needs)  # type: ignore[attr-defined]
                    answer = view(request, *args, **kwargs)
                    note_act(request, answer)
                    return answer
            return to_sign_in(request, STAFF_SIGN_IN)

        return with_door(page, f"staff: {needs.code if needs else 'everyone'}")

    return decorate


def tenant_page() -> Callable[[View], View]:
    """A page for a tenant who signed in with a phone code; what it shows is asked for ``request.tenant.person_id``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with remembering(), holding(), _looking(request), tenant_inside(request) as inside:
                if inside:
                    return view(request, *args, **kwargs)
            return to_sign_in(request, TENANT_SIGN_IN)

        return with_door(page, "tenant")

    return decorate


def _looking(request: HttpRequest) -> AbstractContextManager[None]:
    return looking(only=request.method == "GET")


def _must_enrol(request: HttpRequest) -> bool:
    org, user = request.org, request.staff.user  # type: ignore[attr-defined]
    return org.totp_required and user.totp_since is None and request.path != ENROL
