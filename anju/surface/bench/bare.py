"""The product's own application with one page more: as little as a page of twenty rows behind a sign-in can be."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.http import HttpResponse
from django.urls import path
from jinja2 import Environment, Template

ROWS = "SELECT id, number, start_on, end_on, status FROM lease WHERE id = ANY(%(ids)s) ORDER BY id"
PAGE = """<!doctype html><title>bare</title><p>{{ user.name }}</p><table>{% for r in rows %}
<tr><td>{{ r.number }}</td><td>{{ r.start_on }}</td><td>{{ r.end_on }}</td><td>{{ r.status }}</td></tr>
{% endfor %}</table>"""


@cache
def template() -> Template:
    """The page's template."""
    return Environment(autoescape=True).from_string(PAGE)


@cache
def ids(org: int) -> tuple[int, ...]:
    """The twenty rows of this organization, found once."""
    from anju.foundation.db import fetch

    return tuple(r["id"] for r in fetch("SELECT id FROM lease ORDER BY id DESC LIMIT 20"))


def bare() -> Any:
    """The page's view: session, user, twenty rows by key."""
    from anju.foundation.access.pages import staff_page
    from anju.foundation.db import fetch

    @staff_page(needs=None)
    def page(request: Any) -> HttpResponse:
        rows = fetch(ROWS, {"ids": list(ids(request.org.id))})
        return HttpResponse(template().render(rows=rows, user=request.staff))

    return page


def application_of() -> Any:
    """The WSGI application with the further address."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    made = import_module("anju.config.wsgi").application
    from django.conf import settings

    product = import_module(settings.ROOT_URLCONF)
    urls = ModuleType("anju.surface.bench.bare_urls")
    urls.urlpatterns = [path("bench/bare", bare()), *product.urlpatterns]  # type: ignore[attr-defined]
    for name in ("handler400", "handler403", "handler404", "handler500"):
        setattr(urls, name, getattr(product, name))
    sys.modules[urls.__name__] = urls
    settings.ROOT_URLCONF = urls.__name__
    return made


application = application_of() if os.environ.get("ANJU_BENCH_ORG") else None
