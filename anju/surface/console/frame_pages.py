"""What the console's frame itself posts: the chosen project, and how this browser likes its pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from anju.foundation.access.pages import staff_page
from anju.foundation.ui import render
from anju.surface.console.shell import PROJECT_KEY, PROJECTS_SHOWN, chosen_project, projects, reachable_project

YEAR = 365 * 24 * 3600
PREFERENCES = {"density": ("compact", "normal"), "language": tuple(code for code, _name in settings.LANGUAGES)}


@require_POST
@staff_page(needs=None)
def choose_project(request: HttpRequest) -> HttpResponse:
    """Narrow every list to one project, or to all of them; a project out of reach changes nothing."""
    wanted = request.POST.get("project", "")
    if not wanted:
        request.session.pop(PROJECT_KEY, None)
    elif wanted.isdigit() and reachable_project(request, int(wanted)):
        request.session[PROJECT_KEY] = int(wanted)
    return redirect(back_to(request))


@require_GET
@staff_page(needs=None)
def project_choices(request: HttpRequest) -> HttpResponse:
    """The projects whose name holds what is being typed into the switcher."""
    found = projects(request, request.GET.get("q", "").strip()[:40])
    shown = {"choices": found[:PROJECTS_SHOWN], "chosen": chosen_project(request), "more": len(found) > PROJECTS_SHOWN}
    return render(request, "console/project_choices.html", shown)


@require_POST
@staff_page(needs=None)
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep a preference in this browser for a year: ``density`` or ``language``."""
    response = redirect(back_to(request))
    for name, allowed in PREFERENCES.items():
        if (value := request.POST.get(name)) in allowed:
            cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
            response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


def back_to(request: HttpRequest) -> str:
    """The page the form was on; never another site."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else "/"
