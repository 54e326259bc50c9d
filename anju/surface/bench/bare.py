"""The product's own application with two pages more: as little as a page of twenty rows behind a sign-in can be.

One reads twenty leases by key and shows five columns of each; the other reads and shows what the list of leases does.
"""

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
SAME = """<!doctype html><title>rows</title><p>{{ user.name }}</p><table>{% for r in rows %}
<tr><td>{{ r.payer }}</td><td>{{ r.handle }}</td><td>{{ r.units|join("、") }}</td><td>{{ r.project }}</td>
<td>{{ r.start_on }}</td><td>{{ r.end_on }}</td><td>{{ r.status }}</td><td>{{ r.monthly }}</td>
{% for f in columns %}{% set cell = f.cells.get(r.id) %}<td>{% if cell %}{{ cell.text }}{{ cell.note }}{% endif %}</td>
{% endfor %}</tr>{% endfor %}</table>"""


@cache
def template(text: str) -> Template:
    """A page's template."""
    return Environment(autoescape=True).from_string(text)


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
        return HttpResponse(template(PAGE).render(rows=rows, user=request.staff))

    return page


def same_rows() -> Any:
    """The view of the other page: session, user, the twenty rows of the list of leases with all that it reads."""
    from anju.domain.leases.permissions import VIEW
    from anju.domain.leases.queries import leases
    from anju.foundation.access.pages import staff_page
    from anju.foundation.access.parts import columns_for

    @staff_page(needs=VIEW)
    def page(request: Any) -> HttpResponse:
        rows = leases(request.actor, limit=20).rows
        columns = columns_for(request, "lease", [row["id"] for row in rows])
        return HttpResponse(template(SAME).render(rows=rows, columns=columns, user=request.staff))

    return page


def application_of() -> Any:
    """The WSGI application with the further address."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    made = import_module("anju.config.wsgi").application
    from django.conf import settings

    product = import_module(settings.ROOT_URLCONF)
    urls = ModuleType("anju.surface.bench.bare_urls")
    more = [path("bench/bare", bare()), path("bench/rows", same_rows())]
    handlers = {name: getattr(product, name) for name in ("handler400", "handler403", "handler404", "handler500")}
    vars(urls).update(handlers, urlpatterns=more + product.urlpatterns)
    sys.modules[urls.__name__] = urls
    settings.ROOT_URLCONF = urls.__name__
    return made


application = application_of() if os.environ.get("ANJU_BENCH_ORG") else None
