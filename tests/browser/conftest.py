"""A person at the product: a real browser, our own server over HTTP, a database that really commits.

def test_…(site, phone): ...      # site: the address; phone: a 390×844 page, desk: 1440×900
audit(page)                       # axe finds nothing, nothing scrolls sideways, the console is silent
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

# Playwright keeps an event loop in this thread; the tests themselves are synchronous, and so is their database work.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Tests do not log."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """An application on a loopback port; gives its address."""
    server = make_server("127.0.0.1", 0, application, server_class=Threaded, handler_class=QuietHandler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(committed: str, settings: Any) -> Iterator[str]:
    """Our product over HTTP on the test's own database; its address is the one that links carry."""
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False  # a person sees a page, not a broken connection
    handler = StaticFilesHandler(WSGIHandler())

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        # A file that is not closed here is closed by the garbage collector, in the middle of another request, and
        # Django then ends that request's connection.
        try:
            with closing(handler(environ, start_response)) as answer:
                return list(answer)
        finally:
            connections.close_all()  # a thread for each request: none may keep its connection

    with serving(application) as address:
        settings.BASE_URL = address
        yield address


@contextmanager
def opened(browser: Any, **how: Any) -> Iterator[Any]:
    """A page of its own context; what its console says is kept in ``page.said``."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **how)
    context.set_default_timeout(30_000)  # a machine that does something else too
    page = context.new_page()
    page.said = []
    page.on("console", lambda m: page.said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: page.said.append(str(e)))
    yield page
    context.close()


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    """A page 390 px wide, as on a phone."""
    with opened(browser, viewport=PHONE, is_mobile=True, has_touch=True) as page:
        yield page


@pytest.fixture
def desk(browser: Any) -> Iterator[Any]:
    """A page 1440 px wide."""
    with opened(browser, viewport=DESK) as page:
        yield page


def audit(page: Any, *noted: str) -> None:
    """What a careful colleague checks on every page: axe, sideways scrolling, the console's complaints.

    ``noted``: words of what the browser itself notes, at any moment, of a failure that the test brought about."""
    found = page.evaluate(AXE.read_text("utf-8") + f";axe.run(document, {{runOnly: {RULES}}})")
    broken = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    said = [each for each in page.said if not any(words in each for words in noted)]
    assert (page.url, broken, said, max(0, wide)) == (page.url, [], [], 0)
