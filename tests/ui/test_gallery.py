"""The gallery in a real browser: axe finds nothing, the page's policy refuses nothing, nothing scrolls sideways."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles import finders

from tests.ui import gallery

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = {"desk": (1440, 900), "phone": (390, 844)}


class Quiet(WSGIRequestHandler):
    """Says nothing per request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, gallery.app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.browser
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", gallery.PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(address: str, browser: Any, name: str, screen: str) -> None:
    width, height = SCREENS[screen]
    page = browser.new_page(viewport={"width": width, "height": height})
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto(f"{address}/{name}", wait_until="networkidle")
    found = page.evaluate(AXE.read_text() + f";axe.run(document, {{runOnly: {RULES}}})")
    broken = [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert (broken, complaints) == ([], [])
    assert wide <= width


@pytest.mark.browser
def test_a_row_opens_beside_the_list_and_closes_again(address: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route("**/tenants/2", lambda route: route.fulfill(body="<article><h2>唐一鸣</h2></article>"))
    page.goto(f"{address}/arrears", wait_until="networkidle")
    page.locator("tr[data-open]").nth(1).locator("td").nth(2).click()
    page.wait_for_selector("#panel h2:has-text('唐一鸣')")
    assert page.url.endswith("/tenants/2")
    page.keyboard.press("Escape")
    assert page.locator("#panel > *").count() == 0
    assert page.url.endswith("/arrears")
    page.close()


@pytest.mark.browser
def test_choosing_rows_counts_them_and_slash_reaches_the_search(address: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/arrears", wait_until="networkidle")
    assert page.locator("[data-bulk-text]").inner_text() == "已选 3 位"
    page.get_by_label("选择这一页全部").check()
    assert page.locator("[data-bulk-text]").inner_text() == "已选 12 位"
    page.get_by_label("取消选择").click()
    assert not page.locator(".a-bulk").is_visible()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.close()


@pytest.mark.parametrize("name", [p for p in gallery.PAGES if p.startswith("portal_")])
def test_a_tenant_s_first_view_is_light_and_needs_no_script(name: str) -> None:
    html = gallery.page(name)
    assert "<script" not in html
    css = Path(str(finders.find("ui/portal.css"))).read_bytes()
    logo = Path(str(finders.find("ui/logo.svg"))).read_bytes()
    over_the_wire = sum(len(gzip.compress(part)) for part in (html.encode(), css, logo))
    assert over_the_wire < 50_000


def test_large_type_is_remembered_by_the_phone() -> None:
    assert 'class="is-large"' in gallery.page("portal_home", {"large_type": "1"})
    assert 'class="is-large"' not in gallery.page("portal_home")
