"""A tenant's page: head, tabs made of panels that slices bring, the timeline; the same beside the list."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.domain.tenants.actions import Sensitive, change_contact, reveal
from anju.domain.tenants.models import ContactPoint
from anju.domain.tenants.panels import may_reveal
from anju.domain.tenants.permissions import VIEW
from anju.domain.tenants.queries import person
from anju.domain.tenants.words import SENSITIVE, words
from anju.foundation.access.pages import staff_page
from anju.foundation.access.parts import facts_for, head_for, panels_for, parts, shown_on
from anju.foundation.access.revealing import REASONS
from anju.foundation.access.timelines import FILTERS, STEP, timeline
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.page import wants_fragment
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND

KIND = "person"


@require_GET
@staff_page(needs=VIEW)
def tenant_page(request: Any, person_id: int, tab: str = "") -> HttpResponse:
    """One tenant. htmx asks for the side panel, a tab or the timeline alone."""
    target = request.headers.get("HX-Target", "")
    if wants_fragment(request) and target == "timeline":
        person(request.actor, person_id)
        return render(request, "tenants/person.html", told(request, person_id), block="timeline")
    if wants_fragment(request) and target == "panel":
        shown = head_context(request, person_id) | {"parts": parts(request, KIND, person_id, side=True)}
        return render(request, "tenants/person.html", shown, block="panel")
    return render(request, "tenants/person.html", page_context(request, person_id, tab), block="tab")


def page_context(request: Any, person_id: int, tab: str = "") -> dict[str, Any]:
    """Everything the page draws."""
    known = panels_for(request, KIND)
    if tab and tab not in {p.key for p in known}:
        raise NOT_FOUND()
    found = parts(request, KIND, person_id)
    return {
        **head_context(request, person_id),
        **told(request, person_id),
        "tab": tab,
        "parts": shown_on(found, tab),
        "topics": tabs_of(reverse("tenants:person", args=[person_id]), found, tab),
    }


def tabs_of(own: str, found: Any, tab: str) -> list[dict[str, Any]]:
    """The overview and a tab for each panel that has one."""
    first = {"text": _("概览"), "href": own, "on": not tab}
    return [first] + [
        {"text": p.panel.label, "href": f"{own}/{p.panel.key}", "on": tab == p.panel.key, "count": p.count}
        for p in found
        if p.panel.tab
    ]


def head_context(request: Any, person_id: int) -> dict[str, Any]:
    """Who the tenant is, and what slices say in the head."""
    return {
        "person": person(request.actor, person_id),
        "head_of": head_for(request, KIND, person_id),
        "figures_of": facts_for(request, KIND, person_id),
        "may_reveal": may_reveal(request, person_id),
        "revealed": {},
        "reasons": list(REASONS.items()),
        "words": words,
    }


def told(request: Any, person_id: int) -> dict[str, Any]:
    """The timeline with its filters; ``show`` asks for more of it."""
    asked = Asked(request.path, request.GET.dict())
    about = asked.text("about", FILTERS)
    limit = asked.number("show") or STEP // 2
    story = timeline(request, KIND, person_id, about=about, limit=limit)
    chips = [{"text": _("全部"), "href": asked.url(about=None, show=None), "on": not about}]
    chips += [{"text": FILTERS[f], "href": asked.url(about=f, show=None), "on": f == about} for f in story.filters]
    return {"story": story, "story_filters": chips, "story_more": asked.url(show=limit + STEP) if story.more else None}


@require_POST
@staff_page(needs=VIEW)
def reveal_value(request: Any, person_id: int) -> HttpResponse:
    """Show one sensitive value once, for a reason that is recorded; nothing is kept, a reload hides it again."""
    field, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    if field not in SENSITIVE:
        raise NOT_FOUND()
    context: dict[str, Any] = {"field": field, "value": "", "error": "", "person_id": person_id}
    try:
        context["value"] = reveal(request.actor, person_id=person_id, field=cast(Sensitive, field), reason=reason)
    except Refused as refused:
        if refused.code in ("not_found", "not_allowed"):
            raise
        context["error"] = refused.text(get_language() or "zh-hans")
    context["label"] = SENSITIVE[field]
    status = 422 if context["error"] else 200
    return render(request, "tenants/revealed.html", context, block="value", status=status)


@require_POST
@staff_page(needs=VIEW)
def change_contact_point(request: Any, person_id: int) -> HttpResponse:
    """Give a tenant a new phone, e-mail or WeChat; the old one stays with its last day."""
    kind, value = request.POST.get("kind", ""), request.POST.get("value", "").strip()
    if kind not in ContactPoint.Kind.values:
        raise NOT_FOUND()
    try:
        change_contact(request.actor, person_id=person_id, kind=ContactPoint.Kind(kind), value=value)
    except Refused as refused:
        if refused.code in ("not_found", "not_allowed"):
            raise
        messages.error(request, refused.text(get_language() or "zh-hans"))
    else:
        messages.success(request, _("已更换{what}，旧的保留了截止日期。").format(what=words.contact(kind)))
    return redirect("tenants:tab", person_id, "data")
