"""Messages to me; opening them takes the red dot away."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.foundation.access.pages import tenant_page
from anju.foundation.db import clock
from anju.foundation.messaging.actions import mark_read
from anju.foundation.messaging.queries import Shown, inbox
from anju.foundation.ui import render
from anju.kit import Actor
from anju.surface.portal import words
from anju.surface.portal.subjects import leads_to

PAGE = 30


@tenant_page()
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """In-app messages by day, newest first."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    found = inbox(tenant.id, limit=PAGE + 1, before=before)
    shown = found[:PAGE]
    unread = [m.id for m in shown if m.unread]
    if unread:
        mark_read(tenant, person_id=tenant.id, message_ids=unread)
    facts = {"days": _by_day(shown), "older": shown[-1].id if len(found) > PAGE else None}
    return render(request, "portal/messages.html", facts)


def _by_day(shown: list[Shown]) -> list[tuple[str, list[dict[str, Any]]]]:
    def day(message: Shown) -> str:
        on = message.came_at.astimezone(clock.SHANGHAI).date()
        if on == clock.today():
            return _("今天")
        return words.short(on)

    return [(name, [_row(message) for message in group]) for name, group in groupby(shown, key=day)]


def _row(message: Shown) -> dict[str, Any]:
    href, word = leads_to(message)
    return {
        "title": message.title,
        "body": message.body,
        "at": message.came_at,
        "new": message.unread,
        "href": href,
        "word": word,
    }
