"""The Jinja2 environment: strict, escaping, translated by Django; every component macro is a global."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.nodes import Macro
from markupsafe import Markup

from anju.foundation.ui import current
from anju.foundation.ui.assets import asset
from anju.foundation.ui.formats import FILTERS
from anju.foundation.ui.icons import icon
from anju.foundation.ui.quick import LanguageEnvironment, QuickContext, address

COMPONENTS = "ui/components/"

_making = Lock()
page_globals: dict[str, Callable[[HttpRequest], Any]] = {}


class Component:
    """A macro that any template may call without importing it.

    Fragments are rendered without their page's imports, and a module's context is a copy of the globals at the moment
    it is made; so components are looked up when called, which also lets them use each other.
    """

    def __init__(self, environment: Environment, template: str, name: str) -> None:
        self._environment, self._template, self.name = environment, template, name
        self._macro: Callable[..., Markup] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Markup:
        if self._macro is None or self._environment.auto_reload:
            self._macro = getattr(self._environment.get_template(self._template).module, self.name)
        return self._macro(*args, **kwargs)


def environment() -> Environment:
    """The environment of the current language. Templates live in ``templates/<slice>/`` inside each of our apps."""
    with _making:  # who comes first makes it for all who came together
        return _environment(get_language())


QuickContext.direct += (Component,)


@cache
def _environment(language: str | None) -> Environment:
    folders = [f"{app.path}/templates" for app in apps.get_app_configs() if app.name.startswith("anju.")]
    made = LanguageEnvironment(
        language,
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.DEBUG,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.filters.update(FILTERS)
    made.globals.update(
        asset=asset,
        icon=icon,
        url=url,
        draw=draw,
        csrf=csrf,
        now=current.now,
        language=get_language,
        large_type=large_type,
        notices=notices,
    )
    made.globals.update(large_type=large_type, notices=notices, request_path=request_path, _icon=icon)
    made.globals.update({name: _bound(function) for name, function in page_globals.items()})
    _install_components(made)
    return made


def _bound(function: Callable[[HttpRequest], Any]) -> Callable[[], Any]:
    return lambda: function(current.request())


def _install_components(made: Environment) -> None:
    for template in made.list_templates(filter_func=lambda name: name.startswith(COMPONENTS)):
        source, _path, _fresh = made.loader.get_source(made, template)  # type: ignore[union-attr]
        for macro in made.parse(source).find_all(Macro):
            if macro.name.startswith("_"):
                continue
            if macro.name in made.globals:
                raise ValueError(f"component {macro.name} of {template} is defined twice")
            made.globals[macro.name] = Component(made, template, macro.name)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """``url("leases:detail", lease.id)``; ``query={…}`` adds a query string."""
    query = kwargs.pop("query", None)
    return address(name, args, kwargs, query)


def draw(template: str, show: dict[str, Any]) -> Markup:
    """A part of the page from its own template: panels of other slices draw themselves."""
    return Markup(environment().get_template(template).render({"request": current.request(), **show}))  # noqa: S704


def csrf() -> Markup:
    """The hidden field every POST form carries; masked once a page, as BREACH asks, not once a form."""
    request: Any = current.request()
    found: Markup | None = getattr(request, "csrf_field", None)
    if found is None:
        text = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')
        found = request.csrf_field = text.format(get_token(request))
    return found


def large_type() -> bool:
    """Whether this phone asked for large type (the "大字" switch keeps it in a cookie)."""
    return current.request().COOKIES.get("large_type") == "1"


def notices() -> list[dict[str, str]]:
    """What the last request left to say (``django.contrib.messages``), as toasts."""
    kinds = {"warning": "warn", "error": "danger"}
    return [{"text": str(m), "kind": kinds.get(m.level_tag, "done")} for m in get_messages(current.request())]


def request_path() -> str:
    """Path and query of the page, to come back to."""
    return current.request().get_full_path()
