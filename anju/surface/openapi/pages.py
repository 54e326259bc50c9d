"""Keys in the console: who may do what, making one (shown once), ending one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.domain.portfolio.models import Project
from anju.foundation.access import restrict, view
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.identity.models import Staff
from anju.foundation.ui import nav, render
from anju.kit import Refused
from anju.surface.openapi.keys import create_key, revoke_key
from anju.surface.openapi.models import ApiKey
from anju.surface.openapi.permissions import MANAGE_KEYS
from anju.surface.openapi.scopes import SCOPES

FIELDS = (
    *("id", "name", "prefix", "scopes", "projects", "created_by", "created_at"),
    *("expires_at", "revoked_at", "last_used_on"),
)
LASTS = {"90": gettext_lazy("90 天"), "365": gettext_lazy("一年"), "": gettext_lazy("不过期")}

nav.entry(
    "api-keys", gettext_lazy("开放接口"), icon="api", url_name="openapi:keys", order=60, permission=MANAGE_KEYS,
    group=nav.SETUP,
)  # fmt: skip


@require_GET
@staff_page(needs=MANAGE_KEYS)
def keys(request: HttpRequest) -> HttpResponse:
    """Every key, live ones first."""
    return _page(request)


@require_POST
@staff_page(needs=MANAGE_KEYS)
def create(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once."""
    asked = request.POST
    days = asked.get("lasts", "")
    projects = [int(p) for p in asked.getlist("project") if p.isdecimal()]
    try:
        made = create_key(
            request.actor,  # type: ignore[attr-defined]
            name=asked.get("name", ""),
            scopes=asked.getlist("scope"),
            projects=projects or None,
            expires_at=_end(int(days)) if days in LASTS and days else None,
        )
    except Refused as refused:
        return _page(request, refused=refused)
    return _page(request, token=made.token)


def _end(days: int) -> datetime:
    """The end of that day in Shanghai, in wall time."""
    last = clock.wall().astimezone(clock.SHANGHAI).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), clock.SHANGHAI)


@require_POST
@staff_page(needs=MANAGE_KEYS)
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """End a key at once."""
    revoke_key(request.actor, key_id=key_id)  # type: ignore[attr-defined]
    messages.success(request, _("密钥已停用，用它发出的请求立即失效。"))
    return redirect("openapi:keys")


def _page(request: Any, token: str = "", refused: Refused | None = None) -> HttpResponse:
    order = ("revoked_at", "-id")
    rows = view(request.actor, "api_key", ApiKey.objects.order_by(*order).values(*FIELDS))
    rows.sort(key=lambda row: row["revoked_at"] is not None)
    made_by = {f"staff:{s.id}": s.name for s in Staff.objects.only("id", "name")}
    projects = list(restrict(Project.objects.order_by("name"), request.actor, field="id").values("id", "name"))
    facts = {
        "keys": rows,
        "token": token,
        "errors": [refused.text(get_language() or "zh-hans")] if refused else [],
        "typed": request.POST if refused else {},
        "chosen": set(request.POST.getlist("scope") + request.POST.getlist("project")) if refused else set(),
        "scopes": [(s.key, s.label) for s in SCOPES.values()],
        "labels": {s.key: s.label for s in SCOPES.values()},
        "lasts": list(LASTS.items()),
        "projects": projects,
        "project_names": {p["id"]: p["name"] for p in projects},
        "made_by": made_by,
        "moment_now": clock.wall(),
    }
    return render(request, "openapi/keys.html", facts, status=422 if refused else 200)
