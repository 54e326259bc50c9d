"""What a person sees when something is refused or breaks: one sentence and a way on, never a trace of the code.

urls.py sets ``handler400 = …errors.bad_request`` and so on; settings name ``CSRF_FAILURE_VIEW`` and ``Refusals``.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from anju.foundation.db import away, scope_is_open
from anju.foundation.ui.page import render, toast, wants_fragment
from anju.kit import Refused

log = logging.getLogger(__name__)
_faces: dict[str, str] = {}


def face(prefix: str, template: str) -> None:
    """Give the pages under a path a face of their own for refusals (a tenant's phone, a wall). Longest prefix wins."""
    _faces[prefix] = template


def _face_of(path: str) -> str:
    fits = [prefix for prefix in _faces if path.startswith(prefix)]
    return _faces[max(fits, key=len)] if fits else "ui/error.html"


STATUS = {"not_found": 404, "not_allowed": 403, "changed_meanwhile": 409, "too_many": 429}


def error_page(request: HttpRequest, status: int, title: Any, text: Any, icon: str = "alert-circle") -> HttpResponse:
    """A page that says what happened and what to do; htmx requests get the sentence as a toast and keep their page."""
    with translation.override(_language(request)):
        return _answer(request, status, title, text, icon)


def _language(request: HttpRequest) -> str:
    """The reader's language; the door that knew it has closed by now."""
    org = getattr(request, "org", None)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or str(getattr(org, "language", settings.LANGUAGE_CODE))
    return chosen if translation.check_for_language(chosen) else settings.LANGUAGE_CODE


def _answer(request: HttpRequest, status: int, title: Any, text: Any, icon: str) -> HttpResponse:
    title, text = str(title), str(text)
    if wants_fragment(request):
        response = HttpResponse(status=status)
        response.headers["HX-Reswap"] = "none"
        return toast(response, text, "danger")
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": text}, status=status)
    facts = {"status": status, "title": title, "text": text, "icon_name": icon}
    return render(request, _face_of(request.path), facts, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    return error_page(request, 400, _("看不懂这次请求"), _("请返回上一页重新操作。"), "help-circle")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the role does not allow it."""
    text = _("您的角色没有这项权限，请联系管理员。")
    return error_page(request, 403, _("没有权限"), text, "lock")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing of this organization."""
    text = _("地址可能写错了，或者记录不属于您的公司。可以回首页再找。")
    return error_page(request, 404, _("找不到这一页"), text, "map-search")


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: slower, please."""
    return error_page(request, 429, _("操作太频繁"), _("请等一分钟再试。"), "clock-pause")


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault; nothing was half done. 503 where what broke outside the view is the ground under it."""
    found = away.trouble(sys.exc_info()[1])
    if found is not None:
        return unavailable(request, found)
    text = _("是我们的问题，已经记录下来。没有任何数据写到一半，请稍后再试。")
    return error_page(request, 500, _("出了点问题"), text, "alert-triangle")


def unavailable(request: HttpRequest, found: away.Trouble) -> HttpResponse:
    """503: the database is away or crowded, the disk is full, two acts crossed; says when to try again."""
    log.error("unavailable: %s (%s)", found.refusal.code, found.cause)
    text = found.refusal.text(_language(request))
    crossed = found.refusal.code == away.CROSSED().code
    title, icon = (_("这一步没有做"), "git-merge") if crossed else (_("暂时用不了"), "plug-connected-x")
    response = error_page(request, 503, title, text, icon)
    response.headers["Retry-After"] = str(found.retry_after_s)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old or came from elsewhere."""
    text = _("页面停留太久或浏览器拦截了 Cookie。请刷新后再提交一次。")
    return error_page(request, 403, _("这一页过期了"), text, "refresh")


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal's sentence; 404, 403, 409 and 429 by code, 422 for a rule that says no."""
    status = STATUS.get(refusal.code, 422)
    icons = {403: "lock", 404: "map-search", 409: "git-merge", 429: "clock-pause"}
    said = refusal.text(_language(request))
    title = _("找不到这一页") if status == 404 else _("这一步没有做")
    response = error_page(request, status, title, said, icons.get(status, "hand-stop"))
    if status == 429:
        response.headers["Retry-After"] = str(60 * int(refusal.facts.get("minutes", 1)))
    return response


def _carries_nul(request: HttpRequest) -> bool:
    """Whether something typed or pasted holds the one character that no text in the database can hold."""
    given = (values for query in (request.GET, request.POST) for _key, values in query.lists())
    return any("\x00" in str(value) for values in given for value in values)


class Refusals:
    """Middleware: a ``Refused`` that reaches the door becomes its page instead of a 500; so does an absent database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        """Django calls this with what the view raised; None leaves it to the next handler."""
        found = away.trouble(exception)
        if found is not None:
            return unavailable(request, found)
        if isinstance(exception, DataError) and _carries_nul(request):
            return bad_request(request)
        if not isinstance(exception, Refused):
            return None
        log.info("refused: %s", exception.code)
        if scope_is_open():  # a page that called two actions leaves neither when the second is refused
            transaction.set_rollback(True)
        return refused(request, exception)
