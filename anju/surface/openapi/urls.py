"""The API's addresses, its documentation, and the console's page of keys."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from anju.surface.openapi import docs, pages
from anju.surface.openapi.api import api
from anju.surface.openapi.door import key_door

app_name = "openapi"


def guarded() -> list[URLPattern]:
    """The operations, each address once, behind the key's door."""
    found = {_route(p): p for p in api.urls[0] if isinstance(p, URLPattern) and p.name != "api-root"}
    return [path(f"v1{route}", key_door(p.callback), name=f"v1-{p.name}") for route, p in found.items()]


def _route(pattern: URLPattern) -> str:
    return "/" + str(pattern.pattern).lstrip("/")


urlpatterns = [
    path("v1/openapi.json", docs.openapi_json, name="document"),
    path("v1/docs", docs.documentation, name="docs"),
    *guarded(),
    re_path(r"^v1(?:/.*)?$", docs.no_such_operation),
    path("keys", pages.keys, name="keys"),
    path("keys/create", pages.create, name="key-create"),
    path("keys/<int:key_id>/revoke", pages.revoke, name="key-revoke"),
]
