"""What the console's frame shows around every page: the rail, the chosen project, the search box, who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from itertools import groupby
from typing import Any, NamedTuple, TypeVar, cast

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from anju.domain.portfolio.models import Project
from anju.foundation.access import allows, in_scopes, reaching, restrict, scopes
from anju.foundation.db import clock, fetch
from anju.foundation.identity.roles import ROLES
from anju.foundation.ui import nav, page_global
from anju.foundation.ui.environment import csrf, request_path
from anju.foundation.ui.formats import count, initial, time_of_day
from anju.foundation.ui.kept import shared
from anju.foundation.ui.still import still

T = TypeVar("T")
PROJECT_KEY = "console_project"
PROJECTS_SHOWN = 20  # in the switcher before one types
FIRST_PROJECTS = f"""
SELECT p.id, p.name FROM project p WHERE {in_scopes("p.id")} ORDER BY p.name LIMIT {PROJECTS_SHOWN + 1}
"""
TABS = ("workbench", "tenants", "charges", "orders")  # what a phone shows first, where the role may open it


@dataclass(frozen=True)
class Item:
    """An entry of the rail as it is drawn."""

    key: str
    label: str
    icon: str
    href: str
    group: str


class MyLink(NamedTuple):
    """A line of the user's menu."""

    text: str
    href: str
    icon: str


def chosen_project(request: HttpRequest) -> int | None:
    """The project the person narrowed the console to, if it is still theirs to see; None: all they may see."""
    chosen = request.session.get(PROJECT_KEY)
    return chosen if chosen and reachable_project(request, chosen) else None


def reachable_project(request: Any, project_id: int) -> Project | None:
    """A project the viewer may see; read once a request."""
    if getattr(request, "console_project_read", None) != project_id:
        request.console_project = _projects(request).filter(id=project_id).first()
        request.console_project_read = project_id
    found: Project | None = request.console_project
    return found


def projects(request: Any, words: str = "") -> list[Project]:
    """The first projects the viewer may see, by name, whose name holds the words; one more than are shown."""
    return list(_projects(request).filter(name__icontains=words)[: PROJECTS_SHOWN + 1])


def _projects(request: Any) -> Any:
    return restrict(Project.objects.only("id", "name").order_by("name"), request.actor, field="id")


@cache
def link_to(name: str) -> str | None:
    """The address of a page, or None where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


class Named(NamedTuple):
    """A project as the switcher shows it."""

    id: int
    name: str


@dataclass
class Shell:
    """The frame of one request; every part is asked only when the frame is drawn, never for a fragment.

    What looks the same for everybody with the same rights, language, projects and name is drawn once (``still``).
    """

    request: Any

    @cached_property
    def entries(self) -> list[nav.Entry]:
        """The entries this role may open."""
        return [
            e
            for e in nav.entries()
            if link_to(e.url_name) and (e.permission is None or allows(self.request.actor, e.permission))
        ]

    @cached_property
    def counts(self) -> dict[str, int | None]:
        """What waits behind the entries that count."""
        return {e.key: self._count(e) for e in self.entries if e.count}

    def _count(self, entry: nav.Entry) -> int | None:
        count, request = cast(nav.Counter, entry.count), self.request
        return self._shared(entry.key, lambda: count(request)) if entry.shared else count(request)

    def _shared(self, what: str, read: Callable[[], T]) -> T:
        return shared((what, str(scopes(self.request.actor))), read, request=self.request)

    @property
    def items(self) -> list[Item]:
        """The entries as they are drawn."""
        return [Item(e.key, str(e.label), e.icon, link_to(e.url_name) or "", e.group) for e in self.entries]

    def rail(self, here: str) -> Markup:
        """The rail; parted by lines, ``here`` lit."""
        badges = {
            f"n_{key}": Markup("<em>{}</em>").format(count(n, 999)) if n else "" for key, n in self.counts.items()
        }
        return still(
            "console/rail.html",
            key=(self.org_name, here, self._keys),
            slots={**badges, "time": time_of_day(self.read_at)},
            show=lambda: {
                "here": here,
                "org_name": self.org_name,
                "groups": [list(items) for _key, items in groupby(self.items, key=lambda item: item.group)],
            },
        )

    def tabbar(self, here: str) -> Markup:
        """The phone's order: daily work first."""

        def show() -> dict[str, Any]:
            place = {key: n for n, key in enumerate(TABS)}
            return {"here": here, "tabs": sorted(self.items, key=lambda item: place.get(item.key, len(TABS)))}

        return still("console/tabbar.html", key=(here, self._keys), slots={}, show=show)

    def top(self, title: str) -> Markup:
        """The bar above the page: its title, the projects, the search box, who is signed in."""
        staff, projects = self.request.staff, self.first_projects
        waiting = self.inbox
        slots = {
            "page_title": title,
            "csrf": csrf(),
            "path": request_path(),
            "waiting": waiting,
            "bell": Markup('<em aria-hidden="true">{}</em>').format(waiting) if waiting else "",
        }
        me = (staff.name, *staff.roles[:2])
        chosen = (self.project_id, self.project_name, tuple((p.id, p.name) for p in projects))
        return still("console/top.html", key=(me, self.compact, chosen), slots=slots, show=self._top)

    def _top(self) -> dict[str, Any]:
        return {
            "projects": self.projects,
            "more_projects": self.more_projects,
            "project_id": self.project_id,
            "project_name": self.project_name,
            "search_href": self.search_href,
            "inbox_href": self.inbox_href,
            "sign_out_href": self.sign_out_href,
            "my_links": self.my_links,
            "compact": self.compact,
            "me": self.me(),
        }

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple(e.key for e in self.entries)

    @property
    def org_name(self) -> str:
        """The operator's name."""
        return str(self.request.org.name)

    @cached_property
    def first_projects(self) -> list[Named]:
        """What the switcher offers before one types, and one more if there are more."""
        rows = self._shared("projects", lambda: fetch(*reaching(self.request.actor, FIRST_PROJECTS)))
        return [Named(row["id"], row["name"]) for row in rows]

    @property
    def projects(self) -> list[Named]:
        """What the switcher shows at first."""
        return self.first_projects[:PROJECTS_SHOWN]

    @property
    def more_projects(self) -> bool:
        """Whether there are more than it shows, so that it asks for a name."""
        return len(self.first_projects) > PROJECTS_SHOWN

    @cached_property
    def project_id(self) -> int | None:
        """The chosen project."""
        return chosen_project(self.request)

    @property
    def project_name(self) -> str:
        """Its name, or "" for all."""
        chosen = self.project_id
        found = reachable_project(self.request, chosen) if chosen else None
        return found.name if found else ""

    @property
    def search_href(self) -> str | None:
        """Where the search box asks."""
        return link_to("console:search")

    @property
    def inbox_href(self) -> str | None:
        """What the bell opens."""
        return link_to("console:inbox")

    @property
    def inbox(self) -> int:
        """How many things wait for this person; the workbench's own count."""
        return self.counts.get("workbench") or 0

    @property
    def my_links(self) -> list[MyLink]:
        """The user's own pages."""
        wanted = (
            (_("修改密码"), "staffing:password", "key"),
            (_("两步验证"), "staffing:totp", "shield-lock"),
            (_("演练手机"), "demo:phone", "device-mobile"),
        )
        return [MyLink(text, href, icon) for text, name, icon in wanted if (href := link_to(name))]

    @property
    def sign_out_href(self) -> str:
        """Ends the session."""
        return reverse("staffing:sign-out")

    @property
    def compact(self) -> bool:
        """Whether this browser asked for dense rows."""
        return bool(self.request.COOKIES.get("density") == "compact")

    @property
    def read_at(self) -> datetime:
        """The business time of what the page shows."""
        return clock.now()

    @cached_property
    def drill_at(self) -> datetime | None:
        """A drill organization's own time; None in real ones."""
        return clock.now() if self.request.org.drill else None

    @property
    def drill_href(self) -> str | None:
        """Where an administrator moves the clock."""
        return link_to("demo:clock")

    def me(self) -> Markup:
        """Who is signed in, as the user menu shows it."""
        staff = self.request.staff
        roles = _("、").join(str(ROLES.get(role, role)) for role in staff.roles[:2])
        return Markup(
            '<span class="a-me"><span class="a-avatar" aria-hidden="true">{}</span>'
            "<span><b>{}</b><small>{}</small></span></span>"
        ).format(initial(staff.name), staff.name, roles)


@page_global
def console_shell(request: HttpRequest) -> Shell:
    """The frame's facts for ``console/layout.html``."""
    return Shell(request)
