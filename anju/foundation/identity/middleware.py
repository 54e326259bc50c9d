"""Nobody is anybody until a door says so, and no view runs without a door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from anju.foundation.identity.doors import door_of

MACHINE_DOORS = ("/api/",)  # keys instead of sessions; django-ninja owns these views


class IdentityMiddleware:
    """Gives every request ``staff``, ``tenant``, ``actor`` and ``org`` (None), which the view's door fills."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name in ("staff", "tenant", "actor", "org"):
            setattr(request, name, None)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Stop a view that forgot its viewer, before it reads anything."""
        if door_of(view) is None and not request.path.startswith(MACHINE_DOORS):
            raise ImproperlyConfigured(
                f"{view.__module__}.{view.__qualname__} has no viewer: use staff_page, tenant_page or open_door"
            )
