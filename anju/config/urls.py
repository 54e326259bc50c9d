"""Every surface's addresses. A surface that exists brings ``urls.py``; the console owns the root and comes last."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# Tried in this order. Most pages are opened on phones, and whether an address is theirs shows in its first letters.
PHONES = {"portal": "", "field": ""}
SURFACES = {
    "openapi": "api/",
    "imports": "",
    "cockpit": "",
    "providers": "",
    "demo": "",
    "console": "",
}
SLICES = {
    "portfolio": "",
    "tenants": "",
    "leases": "",
    "billing": "",
    "equipment": "",
    "reminders": "",
    "workorders": "",
    "complaints": "",
}
# Payment callbacks and short links belong to the mechanism that makes them.
MECHANISMS = {"payments": "pay/", "messaging": "", "staffing": "", "access": "", "lists": "", "flows": "", "calls": ""}


def _included(floor: str, names: dict[str, str]) -> list[URLPattern | URLResolver]:
    modules = {name: f"anju.{floor}.{name}.urls" for name in names}
    return [path(names[name], include(module)) for name, module in modules.items() if find_spec(module)]


urlpatterns = [
    *_included("surface", PHONES),
    *_included("foundation", MECHANISMS),
    *_included("domain", SLICES),
    *_included("surface", SURFACES),
]
handler400 = "anju.foundation.ui.errors.bad_request"
handler403 = "anju.foundation.ui.errors.forbidden"
handler404 = "anju.foundation.ui.errors.not_found"
handler500 = "anju.foundation.ui.errors.broken"
