"""Pages, their fragments, refusals and headers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from anju.foundation.ui import csp, errors, nav, render, toast
from anju.foundation.ui.assets import SERVED, NpmFinder
from anju.foundation.ui.environment import Component, environment
from anju.foundation.ui.icons import icon
from anju.foundation.ui.page import wants_fragment
from anju.kit.refusal import CHANGED, NOT_FOUND

PAGE = """{% extends "ui/plain.html" %}{% block title %}合同{% endblock %}
{% block content %}<h1>合同</h1>{% block list %}<ul><li>{{ name }}</li></ul>{{ badge("在住", "ok") }}{% endblock %}
{% endblock %}"""

BROKEN_PAGE = '{% extends "ui/plain.html" %}{% block content %}{{ forgotten }}{% endblock %}'


@pytest.fixture(autouse=True)
def a_page() -> Iterator[None]:
    made = environment()
    usual = made.loader
    assert usual is not None
    made.loader = jinja2.ChoiceLoader(
        [jinja2.DictLoader({"test/page.html": PAGE, "test/broken.html": BROKEN_PAGE}), usual]
    )
    yield
    made.loader = usual


def ask(**headers: str) -> HttpRequest:
    return RequestFactory().get("/leases", headers=headers)


def test_a_reload_gets_the_whole_page_and_htmx_its_block() -> None:
    whole = render(ask(), "test/page.html", {"name": "HZ25-0412"}, block="list").content.decode()
    part = render(ask(HX_Request="true"), "test/page.html", {"name": "HZ25-0412"}, block="list").content.decode()
    assert whole.startswith("<!doctype html>")
    assert part.strip().startswith("<ul>")
    assert part.strip() in whole


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_link_and_the_back_button_get_the_whole_page(header: str) -> None:
    assert not wants_fragment(RequestFactory().get("/", headers={"HX-Request": "true", header: "true"}))


def test_pages_are_not_kept_on_a_shared_computer() -> None:
    response = render(ask(), "test/page.html", {"name": "x"})
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "HX-Request" in response.headers["Vary"]


def test_what_people_typed_is_shown_and_never_run() -> None:
    shown = render(ask(), "test/page.html", {"name": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_a_forgotten_name_stops_the_page() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render(ask(), "test/broken.html")


def test_a_refusal_is_a_page_with_its_sentence_and_the_right_status() -> None:
    page = errors.refused(ask(), NOT_FOUND())
    assert page.status_code == 404
    assert "找不到这条记录" in page.content.decode()
    assert errors.refused(ask(), CHANGED(changes="租金")).status_code == 409


def test_a_refusal_inside_a_page_is_a_toast_and_the_page_stays() -> None:
    answer = errors.refused(ask(HX_Request="true"), NOT_FOUND())
    assert answer.headers["HX-Reswap"] == "none"
    assert json.loads(answer.headers["HX-Trigger"])["toast"]["text"].startswith("找不到")


def test_a_refusal_speaks_the_reader_s_language() -> None:
    request = ask()
    request.COOKIES["anju_language"] = "en"
    assert "Not found." in errors.refused(request, NOT_FOUND()).content.decode()


def test_an_absent_database_is_a_page_too_and_a_deadlock_is_not_taken_for_one() -> None:
    doors = errors.Refusals(lambda _request: HttpResponse())
    away = doors.process_exception(ask(), OperationalError("connection refused"))
    assert away.status_code == 503
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = psycopg.errors.DeadlockDetected()
    crossed = doors.process_exception(ask(), deadlock)
    assert crossed.status_code == 503
    assert "这一步没有做" in crossed.content.decode()
    assert "维护" not in crossed.content.decode()


@pytest.mark.parametrize("view", [errors.bad_request, errors.forbidden, errors.not_found, errors.too_many])
def test_every_error_page_offers_a_way_on(view: Any) -> None:
    assert 'href="/"' in view(ask()).content.decode()


def test_two_toasts_do_not_undo_other_triggers() -> None:
    response = HttpResponse(headers={"HX-Trigger": json.dumps({"saved": 7})})
    assert json.loads(toast(response, "已保存").headers["HX-Trigger"]) == {
        "saved": 7,
        "toast": {"text": "已保存", "kind": "done"},
    }


def test_no_page_may_run_inline_scripts_or_styles() -> None:
    response = csp.ContentSecurityPolicy(lambda _request: HttpResponse("ok"))(ask())
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy


def test_a_payment_page_may_post_to_its_gateway_and_only_that_page() -> None:
    paying = csp.ContentSecurityPolicy(
        lambda _request: csp.allow(HttpResponse("ok"), "form-action", "https://wx.tenpay.com")
    )(ask())
    usual = csp.ContentSecurityPolicy(lambda _request: HttpResponse("ok"))(ask())
    assert "form-action 'self' https://wx.tenpay.com" in paying.headers["Content-Security-Policy"]
    assert "tenpay" not in usual.headers["Content-Security-Policy"]


def test_only_the_chosen_npm_files_are_served() -> None:
    finder = NpmFinder()
    assert all(Path(finder.find(path)).is_file() for path in SERVED)
    assert finder.find("npm/../package.json") == []
    assert finder.find("npm/echarts/package.json") == []


def test_an_unknown_icon_is_an_error_not_a_hole() -> None:
    with pytest.raises(LookupError):
        icon("no-such-icon")
    with pytest.raises(LookupError):
        icon("../../package")


def test_a_button_that_would_be_refused_is_not_offered() -> None:
    button = environment().globals["button"]
    assert isinstance(button, Component)
    assert "变更" in button("变更", href="#")
    assert not button("变更", href="#", unless=NOT_FOUND()).strip()


def test_the_rail_is_ordered_by_group_then_by_place() -> None:
    before = dict(nav._entries)
    try:
        nav.entry("z-setup", "配置", "adjustments", "x", 1, group=nav.SETUP)
        nav.entry("z-late", "合同", "file-text", "x", 990)
        nav.entry("z-early", "租客", "users", "x", 980)
        keys = [e.key for e in nav.entries() if e.key.startswith("z-")]
        assert keys == ["z-early", "z-late", "z-setup"]
        with pytest.raises(ValueError, match="twice"):
            nav.entry("z-late", "合同", "file-text", "x", 30)
    finally:
        nav._entries.clear()
        nav._entries.update(before)


def all_templates() -> list[str]:
    return [name for name in environment().list_templates() if not name.startswith("test/")]


def test_every_template_compiles_and_names_icons_that_exist() -> None:
    made = environment()
    for name in all_templates():
        assert made.loader is not None
        source, _path, _fresh = made.loader.get_source(made, name)
        made.get_template(name)
        for found in re.findall(r"""\b_?icon\(\s*"([a-z0-9-]+)"|\bicon\s*=\s*"([a-z0-9-]+)\"""", source):
            icon(found[0] or found[1])


def test_no_template_carries_inline_script_style_or_handlers() -> None:
    made = environment()
    assert made.loader is not None
    for name in all_templates():
        source = made.loader.get_source(made, name)[0]
        assert not re.search(r"\sstyle=|\son[a-z]+=|hx-on|javascript:", source), name
        assert not re.search(r"<script>(?!\s*$)", source), name
