"""What the tools of a list post."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anju.foundation.access.pages import staff_page
from anju.foundation.lists.actions import choose_columns, drop_view, known, save_view
from anju.kit import Refused


@require_POST
@staff_page(needs=None)
def save(request: Any, key: str) -> HttpResponse:
    """Keep the filters of the page under a name."""
    of, query = known(key), request.POST.get("query", "")
    try:
        kept = save_view(
            request.actor,
            list_key=key,
            label=request.POST.get("label", ""),
            query=query,
            shared="shared" in request.POST,
        )
    except Refused as refused:
        messages.error(request, refused.text(request.LANGUAGE_CODE))
        return redirect(back(request, of.url_name))
    messages.success(request, _("已存为视图“{t}”").format(t=kept.label))
    return redirect(f"{reverse(of.url_name)}?{kept.query}" if kept.query else reverse(of.url_name))


@require_POST
@staff_page(needs=None)
def drop(request: Any, view_id: int) -> HttpResponse:
    """Delete a view."""
    of = known(drop_view(request.actor, view_id=view_id))
    messages.success(request, _("视图已删除"))
    return redirect(back(request, of.url_name))


@require_POST
@staff_page(needs=None)
def columns(request: Any, key: str) -> HttpResponse:
    """Show the ticked columns and leave out the others."""
    of = known(key)
    shown, offered = set(request.POST.getlist("shown")), set(request.POST.getlist("offered"))
    choose_columns(request.actor, list_key=key, hidden=sorted(offered - shown))
    return redirect(back(request, of.url_name))


def back(request: Any, url_name: str) -> str:
    """The page the form was on; never another site."""
    wanted: str = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else reverse(url_name)
