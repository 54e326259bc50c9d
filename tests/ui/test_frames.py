"""The frames around pages: who sees which entry, which project is chosen, what a browser remembers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils.translation import override

from anju.domain.portfolio.models import Project, Region, Store
from anju.foundation.access.permissions import Permission
from anju.foundation.db import org_scope
from anju.foundation.identity.models import Organization, Staff, StaffScope
from anju.foundation.staffing import actions
from anju.foundation.ui import nav, render
from anju.foundation.ui.current import rendering
from anju.foundation.ui.environment import csrf
from anju.foundation.ui.still import still
from anju.kit import Actor
from anju.surface.console.shell import Shell, chosen_project

PASSWORD = "rent-is-due-on-friday"
FOR_FINANCE = Permission("ui.test.see", "看测试页", "See the test page", ("finance",))


@pytest.fixture
def finance(org: int) -> Staff:
    with org_scope(org):
        actions.add_staff(Actor.system(), login="boss", name="王店", roles=["admin"], password=PASSWORD)
        return actions.add_staff(Actor.system(), login="shen", name="沈佳", roles=["finance"], password=PASSWORD)


@pytest.fixture
def service(org: int, finance: Staff) -> Staff:
    with org_scope(org):
        return actions.add_staff(Actor.system(), login="lin", name="林晓", roles=["service"], password=PASSWORD)


@pytest.fixture
def two_projects(org: int) -> list[int]:
    with org_scope(org):
        store = Store.objects.create(region=Region.objects.create(name="华东"), name="滨江店")
        return [Project.objects.create(store=store, name=n, code=n[:2], city="杭州").id for n in ("滨江", "天府")]


@pytest.fixture
def an_entry() -> Iterator[None]:
    nav.entry("ui-test", "测试", "home", "console:preferences", 999, permission=FOR_FINANCE, count=lambda _request: 4)
    yield
    del nav._entries["ui-test"]


def shell_of(org: int, staff: Staff, **session: Any) -> Shell:
    request: Any = RequestFactory().get("/")
    request.session = session
    request._messages = []
    request.staff, request.actor = staff, Actor.staff(staff.id)
    request.org = Organization.objects.get(id=org)
    return Shell(request)


def test_the_rail_shows_what_the_role_may_open(org: int, finance: Staff, service: Staff, an_entry: None) -> None:
    with org_scope(org):
        assert shell_of(org, finance).counts["ui-test"] == 4
        assert not [i for i in shell_of(org, service).items if i.key == "ui-test"]


def test_an_entry_whose_page_is_not_installed_is_left_out(org: int, finance: Staff) -> None:
    nav.entry("ui-gone", "没有", "home", "nowhere:at-all", 999)
    try:
        with org_scope(org):
            assert "ui-gone" not in [i.key for i in shell_of(org, finance).items]
    finally:
        del nav._entries["ui-gone"]


def test_the_frame_names_the_company_the_person_and_the_drill(
    org: int, finance: Staff, two_projects: list[int]
) -> None:
    Organization.objects.filter(id=org).update(drill=True)
    with org_scope(org):
        request = shell_of(org, finance, console_project=two_projects[0]).request
        page = render(request, "console/layout.html").content.decode()
    for words in ("测试公寓", "沈佳", "财务", "滨江", "演练环境", 'action="/sign-out"'):
        assert words in page


def test_a_project_out_of_reach_is_neither_offered_nor_kept(org: int, service: Staff, two_projects: list[int]) -> None:
    with org_scope(org):
        Staff.objects.filter(id=service.id).update(all_projects=False)
        StaffScope.objects.create(staff=service, scope_id=two_projects[0])
        shell = shell_of(org, service, console_project=two_projects[1])
        assert [p.name for p in shell.projects] == ["滨江"]
        assert chosen_project(shell.request) is None


def framed(shell: Shell) -> str:
    with rendering(shell.request):
        return shell.rail("ui-test") + shell.top("某一页") + shell.tabbar("ui-test")


def test_what_is_drawn_once_never_shows_one_person_to_another(
    org: int, finance: Staff, service: Staff, two_projects: list[int], an_entry: None
) -> None:
    with org_scope(org):
        Staff.objects.filter(id=service.id).update(all_projects=False)
        StaffScope.objects.create(staff=service, scope_id=two_projects[0])
        theirs = framed(shell_of(org, finance, console_project=two_projects[1], workbench_count=31))
        mine = framed(shell_of(org, service, workbench_count=7))
        again = framed(shell_of(org, finance, console_project=two_projects[1], workbench_count=32))
    for words, page, other in (("沈佳", theirs, mine), ("天府", theirs, mine), ("林晓", mine, theirs)):
        assert words in page
        assert words not in other
    assert "测试" in theirs
    assert "测试" not in mine.replace("测试公寓", "")
    assert [re.findall(r'aria-label="待办 (\d+) 条"', page) for page in (theirs, mine, again)] == [
        ["31"],
        ["7"],
        ["32"],
    ]
    forms = [set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)) for page in (theirs, mine, again)]
    assert all(len(own) == 1 for own in forms)
    assert len(set.union(*forms)) == 3


def test_a_right_taken_away_leaves_the_frame_at_once(org: int, finance: Staff, an_entry: None) -> None:
    with org_scope(org):
        assert "测试</span>" in framed(shell_of(org, finance))
        Staff.objects.filter(id=finance.id).update(roles=["service"])
        assert "测试</span>" not in framed(shell_of(org, finance))


def test_what_is_drawn_once_speaks_the_reader_s_language(org: int, finance: Staff) -> None:
    with org_scope(org):
        assert "退出登录" in framed(shell_of(org, finance))
        with override("en"):
            assert "退出登录" not in framed(shell_of(org, finance))
        assert "退出登录" in framed(shell_of(org, finance))


def test_what_is_drawn_once_cannot_ask_for_the_request() -> None:
    with rendering(RequestFactory().get("/leases?number=HZ25")), pytest.raises(RuntimeError, match="needs a request"):
        still("console/top.html", key=("csrf",), slots={}, show=lambda: {"projects": [], "csrf": csrf()})


def test_choosing_a_project_lasts_and_leads_back(finance: Staff, two_projects: list[int]) -> None:
    client = Client()
    client.post("/sign-in", {"login": "shen", "password": PASSWORD})
    answer = client.post("/frame/project", {"project": two_projects[1], "next": "/charges?late=1"})
    assert answer.headers["Location"] == "/charges?late=1"
    assert client.session["console_project"] == two_projects[1]
    away = client.post("/frame/project", {"project": "", "next": "https://evil.example/"})
    assert away.headers["Location"] == "/"
    assert "console_project" not in client.session


def test_a_browser_remembers_density_and_language_and_nothing_odd(finance: Staff) -> None:
    client = Client()
    client.post("/sign-in", {"login": "shen", "password": PASSWORD})
    client.post("/frame/preferences", {"density": "compact", "language": "en"})
    assert client.cookies["density"].value == "compact"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    client.post("/frame/preferences", {"density": "<b>"})
    assert client.cookies["density"].value == "compact"


def test_large_type_needs_no_sign_in(db: None) -> None:
    client = Client()
    answer = client.post("/p/type", {"large": "1", "next": "/p/"})
    assert answer.status_code == 302
    assert client.cookies["large_type"].value == "1"


def test_before_sign_in_the_portal_knows_no_company() -> None:
    from anju.surface.portal.shell import portal_frame

    assert portal_frame(SimpleNamespace(org=None)).org_name == ""  # type: ignore[arg-type]


def test_many_projects_are_found_by_name(org: int, finance: Staff) -> None:
    with org_scope(org):
        store = Store.objects.create(region=Region.objects.create(name="华东"), name="滨江店")
        Project.objects.bulk_create(
            Project(store=store, name=f"禾里公寓{n:03}", code=f"H{n}", city="杭州") for n in range(60)
        )
        shell = shell_of(org, finance)
        assert len(shell.projects) == 20
        assert shell.more_projects
    client = Client()
    client.post("/sign-in", {"login": "shen", "password": PASSWORD})
    page = client.get("/").content.decode()
    assert "禾里公寓019" in page
    assert "禾里公寓020" not in page
    assert "查找项目" in page
    found = client.get("/frame/projects", {"q": "寓057"}).content.decode()
    assert "禾里公寓057" in found
    assert found.count("<button") == 1
    assert "没有这个名称的项目" in client.get("/frame/projects", {"q": "海棠"}).content.decode()
    with org_scope(org):
        wanted = Project.objects.get(name="禾里公寓057").id
    client.post("/frame/project", {"project": str(wanted), "next": "/"})
    assert "禾里公寓057" in client.get("/").content.decode()
