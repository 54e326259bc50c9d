"""配置 in the console: the whole way of a change through the pages, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from anju.foundation.policy.models import PolicyVersion
from anju.foundation.policy.store import in_force
from anju.foundation.publishing.forms import tree
from anju.foundation.staffing.actions import add_staff
from anju.kit import Actor
from tests.publishing.models import Everything
from tests.publishing.test_forms import posted

pytestmark = pytest.mark.usefixtures("rules")
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
HOME = "/policies/everything"


def signed_in(name: str, *roles: str) -> Client:
    """A member of staff, signed in at the door."""
    add_staff(Actor.system(), login=f"{name}@example.com", name=name, roles=roles, password="correct horse 7")
    client = Client()
    assert client.post("/sign-in", {"login": f"{name}@example.com", "password": "correct horse 7"}).status_code == 302
    return client


@pytest.fixture
def author(in_org: int) -> Client:
    return signed_in("许婧", "manager")


@pytest.fixture
def colleague(in_org: int) -> Client:
    return signed_in("陈立", "manager")


def form(**changed: Any) -> dict[str, Any]:
    """What the browser sends for the open draft with some fields typed anew."""
    draft = PolicyVersion.objects.get(key="everything", state="draft")
    sent = {**posted(tree(Everything, draft.body)), "_rev": [str(draft.rev)]}
    return {**sent, **{k.replace("__", "."): v for k, v in changed.items()}}


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.req("L-04")
def test_a_change_walks_through_the_pages_without_scripts(author: Client, colleague: Client) -> None:
    assert "现行 v1" in text(author.get(HOME))
    page = text(author.post(f"{HOME}/start", follow=True))
    assert "草稿 v2" in page
    assert "还没有改动" in page
    page = text(author.post(f"{HOME}/save", form(grace="5"), follow=True))
    assert "3 天" in page
    assert "请先模拟这份草稿" in page
    assert "模拟通过" in text(author.post(f"{HOME}/simulate", form(), follow=True))
    page = text(author.post(f"{HOME}/submit", form(), follow=True))
    assert "v2 复核中" in page
    assert "同意并发布" not in page, "the author is not offered to approve"
    assert "等您复核" in text(colleague.get("/policies/"))
    page = text(colleague.get(HOME))
    assert "同意并发布" in page
    assert "宽限天数" in page
    colleague.post(f"{HOME}/approve", {"effective": "", "reason": ""})
    assert in_force(Everything).value.grace == 5
    versions = text(author.get(f"{HOME}/versions"))
    assert "许婧" in versions
    assert "陈立 复核" in versions
    both = text(author.get(f"{HOME}/compare?left=1&right=2"))
    assert "1 项不同" in both
    assert "5 天" in both
    assert "免打扰" not in both
    assert "免打扰" in text(author.get(f"{HOME}/compare?left=1&right=2&all=1"))
    preview = text(author.get(f"{HOME}/roll-back/1"))
    assert "回退到 v1" in preview
    assert in_force(Everything).value.grace == 5, "looking changes nothing"
    author.post(f"{HOME}/roll-back/1", {"reason": "投诉太多，先退回", "effective": ""})
    assert in_force(Everything).value.grace == 3


def test_autosave_refreshes_marks_and_leaves_the_typed_text_alone(author: Client) -> None:
    author.post(f"{HOME}/start")
    part = text(author.post(f"{HOME}/save", form(grace="5"), **HTMX))
    assert "<html" not in part
    assert 'name="grace"' not in part
    assert '<div class="pf-mark is-changed" id="m-f-grace" hx-swap-oob="true"' in part
    assert 'name="_rev" id="pf-rev" value="2" hx-swap-oob="true"' in part


def test_a_wrong_value_stays_on_the_page_with_its_sentence_and_is_not_saved(author: Client) -> None:
    author.post(f"{HOME}/start")
    response = author.post(f"{HOME}/save", form(grace="99", fee="x"), **HTMX)
    assert response.status_code == 422
    part = text(response)
    assert "不能大于 30 天。" in part
    assert "有 2 处填得不对" in part
    assert PolicyVersion.objects.get(key="everything", state="draft").rev == 1
    whole = author.post(f"{HOME}/save", form(grace="99"))
    assert whole.status_code == 422
    assert 'value="99"' in text(whole), "without scripts the page comes back as it was typed"


def test_the_second_editor_hears_what_the_first_changed(author: Client, colleague: Client) -> None:
    author.post(f"{HOME}/start")
    stale = form(note="我的备注")
    author.post(f"{HOME}/save", form(grace="5"))
    response = colleague.post(f"{HOME}/save", stale, **HTMX)
    assert response.status_code == 422
    assert "这条记录刚刚被别人改过：宽限天数" in text(response)
    assert "载入最新内容" in text(response)


def test_list_buttons_redraw_the_form(author: Client) -> None:
    author.post(f"{HOME}/start")
    part = text(author.post(f"{HOME}/save", form(_list="add:steps"), **HTMX))
    assert 'name="steps.2.day"' in part
    part = text(author.post(f"{HOME}/save", form(_list="remove:steps.0"), **HTMX))
    assert 'name="steps.1.day"' not in part
    assert "逾期第 1 天" in part


@pytest.mark.req("R-13")
def test_a_warning_is_settled_in_place_by_suggestion_or_reason(author: Client) -> None:
    author.post(f"{HOME}/start")
    author.post(f"{HOME}/save", form(_list="remove:steps.0"))
    part = text(author.post(f"{HOME}/save", form(steps__0__by="call", steps__0__by__times="1", _redraw="1"), **HTMX))
    assert "一开始就打电话太强硬" in part
    place = "everything.harsh:steps.0.by"
    kept = text(author.post(f"{HOME}/save", form(**{"_keep": place, f"_reason:{place}": "客群习惯接电话"}), **HTMX))
    assert "保留，理由" in kept
    assert "客群习惯接电话" in kept
    taken = text(author.post(f"{HOME}/save", form(_adopt=place), **HTMX))
    assert "一开始就打电话太强硬" not in taken
    assert PolicyVersion.objects.get(key="everything", state="draft").body["steps"][0]["by"]["kind"] == "sms"


def test_a_rejection_reaches_the_author_with_its_reason(author: Client, colleague: Client) -> None:
    author.post(f"{HOME}/start")
    author.post(f"{HOME}/simulate", form(grace="5"))
    author.post(f"{HOME}/submit", form())
    colleague.post(f"{HOME}/reject", {"reason": "宽限五天没有依据"})
    page = text(author.get(HOME))
    assert "草稿 v3" in page
    assert "陈立 退回了它" in page
    assert "宽限五天没有依据" in page
    assert "宽限五天没有依据" in text(author.get(f"{HOME}/versions"))


def test_who_may_not_look_finds_neither_page_nor_entry(in_org: int) -> None:
    clerk = signed_in("林晓", "service")
    assert 'href="/policies/"' not in text(clerk.get("/account/password"))
    assert clerk.get("/policies/").status_code == 403


def test_who_may_look_but_not_write_sees_the_text_and_no_buttons(author: Client) -> None:
    author.post(f"{HOME}/start")
    finance = signed_in("周宁", "finance")
    page = text(finance.get(HOME))
    assert "草稿内容" in page
    assert "提交复核" not in page
    finance.post(f"{HOME}/save", form(grace="9"))
    assert PolicyVersion.objects.get(key="everything", state="draft").body["grace"] == 3


@pytest.mark.parametrize(
    "path",
    ["/policies/nothing", f"{HOME}/compare?left=1&right=99", f"{HOME}/roll-back/99", "/policies/nothing/versions"],
)
def test_what_is_not_there_is_not_found(author: Client, path: str) -> None:
    assert author.get(path).status_code == 404


def test_a_page_left_open_after_the_draft_is_gone(author: Client) -> None:
    author.post(f"{HOME}/start")
    stale = form(grace="5")
    author.post(f"{HOME}/discard", stale)
    assert author.post(f"{HOME}/save", stale, **HTMX).status_code == 404


def test_a_release_that_is_not_ours_is_said_to_be_missing(author: Client) -> None:
    page = text(author.post(f"{HOME}/call-off/999999", {"reason": "别人的发布"}, follow=True))
    assert "找不到这条记录" in page
