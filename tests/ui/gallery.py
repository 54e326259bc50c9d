"""Every component on pages with invented data, to look at and to let axe read. Not shipped.

DJANGO_SETTINGS_MODULE=tests.settings python -m tests.ui.gallery 8099
"""

from __future__ import annotations

import mimetypes
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from wsgiref.simple_server import make_server

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import RequestFactory
from jinja2 import ChoiceLoader, FileSystemLoader

from anju.foundation.ui import current
from anju.foundation.ui.csp import ContentSecurityPolicy
from anju.foundation.ui.environment import environment
from tests.ui import sample

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 22, 2, 24, tzinfo=UTC)
PAGES = sorted(p.stem for p in (HERE / "templates/gallery").glob("[!_]*.html"))


def page(name: str, cookies: dict[str, str] | None = None) -> str:
    """The HTML of one gallery page."""
    request = RequestFactory().get(f"/{name}")
    request.COOKIES.update(cookies or {})
    shown = environment().overlay(loader=ChoiceLoader([FileSystemLoader(HERE / "templates"), environment().loader]))
    shown.globals = {
        **environment().globals,
        "console_shell": lambda: sample.SHELL,
        "portal_frame": lambda: SimpleNamespace(org_name="安居示范公寓", drill_at=None),
        "url": lambda *_args, **_kwargs: "#",
    }
    shown.cache = {}
    with current.rendering(request), current.frozen(NOW):
        return shown.get_template(f"gallery/{name}.html").render(request=request, **vars(sample))


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serves the gallery and the static files, with the product's headers."""
    path = environ["PATH_INFO"]
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        if not found:
            start_response("404 Not Found", [])
            return [b""]
        start_response("200 OK", [("Content-Type", mimetypes.guess_type(path)[0] or "text/plain")])
        return [Path(str(found)).read_bytes()]
    name = path.strip("/") or "index"
    body = page(name) if name in PAGES else " ".join(f'<a href="/{p}">{p}</a>' for p in PAGES)
    response = ContentSecurityPolicy(lambda _request: HttpResponse(body))(RequestFactory().get(path))
    start_response("200 OK", list(response.headers.items()))
    return [response.content]  # type: ignore[attr-defined]


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), app).serve_forever()
