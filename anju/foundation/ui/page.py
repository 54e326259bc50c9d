"""Rendering a page, or one block of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from jinja2_fragments import render_block

from anju.foundation.ui import current
from anju.foundation.ui.environment import environment, page_globals

F = TypeVar("F", bound=Callable[[HttpRequest], Any])


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    block: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page; for an htmx request only its named block.

    Args:
        request: templates see it as ``request``.
        template: ``slice/page.html``.
        context: everything the template names; an undefined name is an error.
        block: what an htmx request gets. A browser's reload, a boosted link and htmx's own history get the whole page.
        status: HTTP status. htmx swaps 422 too, so that a form comes back with its errors.
    """
    names = {"request": request, **(context or {})}
    with current.rendering(request):
        if block is not None and wants_fragment(request):
            body = render_block(environment(), template, block, names)
        else:
            body = environment().get_template(template).render(names)
    response = HttpResponse(body, status=status)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    # Pages hold personal data; a shared front-desk computer must not show them after sign-out.
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def render_text(template: str, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> str:
    """A template as text, for what is not a page of its own (a document, a message)."""
    with current.rendering(request):
        return environment().get_template(template).render({"request": request, **(context or {})})


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part: neither a boosted link nor a page restored from history."""
    headers = request.headers
    whole = headers.get("HX-Boosted") == "true" or headers.get("HX-History-Restore-Request") == "true"
    return headers.get("HX-Request") == "true" and not whole


def go_on(request: HttpRequest, place: str) -> HttpResponse:
    """On to another page; htmx, or a program of ours that sent the form itself, is told where to."""
    return HttpResponse(headers={"HX-Redirect": place}) if wants_fragment(request) else redirect(place)


def page_global(function: F) -> F:
    """Offer ``function(request)`` to every template as ``function_name()``; it runs only where a template calls it.

    Register at start (an app's ``ready``): the environment reads the list once.
    """
    name = function.__name__
    if name in page_globals:
        raise ValueError(f"page global {name} is registered twice")
    page_globals[name] = function
    return function


def toast(response: HttpResponse, text: str, kind: str = "done") -> HttpResponse:
    """Show a short message when htmx receives ``response``.

    Args:
        response: the answer to an htmx request. After a redirect use ``django.contrib.messages`` instead.
        text: one sentence.
        kind: ``done``, ``warn`` or ``danger``.
    """
    triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
    triggers["toast"] = {"text": text, "kind": kind}
    response.headers["HX-Trigger"] = json.dumps(triggers)  # ASCII by json's default, as headers must be
    return response
