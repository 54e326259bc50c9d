"""模拟手机: what a chosen tenant's phone shows, and beside it what became of each message, why, and what comes next."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.domain.tenants.actions import reveal
from anju.domain.tenants.models import Person
from anju.domain.tenants.queries import people, person
from anju.foundation.access import allows, restrict
from anju.foundation.crypto import blind_index
from anju.foundation.db import clock, fetch, fetch_value, scoped_org
from anju.foundation.messaging.queries import unread_count
from anju.foundation.publishing.permissions import VIEW as VIEW_POLICIES
from anju.foundation.search import search
from anju.foundation.ui import render
from anju.foundation.ui.page import toast, wants_fragment
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND
from anju.surface.demo.pages.clock import BACK_TO_PHONE
from anju.surface.demo.pages.drill import drill_page
from anju.surface.demo.permissions import MOVE_CLOCK
from anju.surface.demo.received import FILTERS, next_step, owed, received, why

OWN_PHONE = "13800008888"  # of the tenant whom visitors of the demo meet
LONGEST, MOST = 60, 8
FIRST, CARDS = 5, 20  # messages in the list before "更早的", and on the phone
# People whose phones tell different stories: one of each kind among the newest messages.
STORIES = """
SELECT DISTINCT ON (what) what, to_person FROM (
    SELECT CASE WHEN state = 'failed' THEN 'failed' WHEN fell_back_at IS NOT NULL THEN 'passed_on'
                WHEN state = 'read' THEN 'read' WHEN channel = 'inapp' AND state = 'delivered' THEN 'unread'
                ELSE 'sent' END AS what, to_person, id
    FROM message WHERE state IN ('sent', 'delivered', 'read', 'failed')
      AND id > (SELECT coalesce(max(id), 0) FROM message) - 5000
) newest ORDER BY what, id DESC
"""
# Changes whenever the phone would look different.
MARK = """
SELECT concat_ws('.', count(*), max(m.id), count(*) FILTER (WHERE m.state IN ('delivered', 'read')), count(m.read_at),
                 count(m.fell_back_at), sum((SELECT max(l.opened) FROM short_link l
                                             WHERE l.org_id = %(org)s AND l.message_id = m.id)))
FROM message m WHERE m.to_person = %(person)s
"""


@require_GET
@drill_page
def phone(request: Any) -> HttpResponse:
    """The phone of ``?person=``; ``?show=`` narrows the list, ``?message=`` asks why of one of them."""
    person_id = _chosen(request)
    if person_id is None:
        return render(request, "demo/nobody.html", {"now": clock.now()})
    mark = _mark(person_id)
    if wants_fragment(request) and request.GET.get("mark") == mark:
        return HttpResponse(status=204)  # nothing new on this phone
    request.session[BACK_TO_PHONE] = person_id
    return render(request, "demo/phone.html", _context(request, person_id, mark), block="phone")


def _context(request: Any, person_id: int, mark: str) -> dict[str, Any]:
    who, everything, now = person(request.actor, person_id), received(person_id), clock.now()
    show = request.GET.get("show", "all")
    show = show if show in FILTERS else "all"
    asked = request.GET.get("message", "")
    chosen = next((r for r in everything if str(r.message.id) == asked), everything[0] if everything else None)
    bills = owed(person_id)
    lines = [r for r in everything if r.fits(show)]
    return {
        "who": who,
        "rooms": _rooms(person_id),
        "bills": bills,
        "owed": sum(b["open"] for b in bills),
        "lines": lines if "all" in request.GET else lines[:FIRST],
        "hidden": 0 if "all" in request.GET else max(0, len(lines) - FIRST),
        "cards": [r for r in everything if r.arrived][:CARDS],
        "chosen": chosen,
        "why": why(chosen, everything) if chosen else None,
        "next": next_step(bills, now.date()),
        "show": show,
        "counts": {name: sum(r.fits(name) for r in everything) for name in FILTERS},
        "unread": unread_count(person_id),
        "now": now,
        "mark": mark,
        "may_read_rules": allows(request.actor, VIEW_POLICIES),
        "may_move": allows(request.actor, MOVE_CLOCK),
        "may_reveal": reveal.refusal(request.actor, person_id=person_id, field="phone", reason="verify") is None,
        "others": _others(request, person_id),
    }


def _mark(person_id: int) -> str:
    return str(fetch_value(MARK, {"person": person_id, "org": scoped_org()}))


def _chosen(request: Any) -> int | None:
    """Whose phone: the one asked for, else the demo's own tenant, else whoever got the newest message."""
    asked = request.GET.get("person", "")
    within = restrict(Person.objects.all(), request.actor)
    if asked:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 18 and within.filter(id=int(asked)).exists()):
            raise NOT_FOUND()
        return int(asked)
    own = fetch_value(
        "SELECT person_id FROM contact_point WHERE blind = %(blind)s AND stale_since IS NULL ORDER BY id LIMIT 1",
        {"blind": blind_index("phone", OWN_PHONE)},
    )
    newest = [own, *(row["to_person"] for row in fetch(STORIES))]
    there = set(within.filter(id__in=[i for i in newest if i]).values_list("id", flat=True))
    return next((i for i in newest if i in there), None)


def _rooms(person_id: int) -> str:
    rows = fetch(
        "SELECT DISTINCT u.code FROM lease l JOIN lease_unit lu ON lu.lease_id = l.id JOIN unit u ON u.id = lu.unit_id"
        " WHERE l.payer_id = %(person)s AND l.status IN ('active', 'awaiting') ORDER BY 1",
        {"person": person_id},
    )
    return "、".join(row["code"] for row in rows)


def _others(request: Any, person_id: int) -> list[dict[str, Any]]:
    """Phones worth a look, each with what is special about it."""
    told = {
        "failed": _("短信没送达"), "passed_on": _("没读，换了渠道"), "read": _("读过消息"), "unread": _("有红点没看"),
        "sent": _("刚收到短信"),
    }  # fmt: skip
    stories = {row["to_person"]: told[row["what"]] for row in fetch(STORIES) if row["to_person"] != person_id}
    found = people(request.actor, ids=list(stories)).rows if stories else []
    return [{"id": row["id"], "name": row["name"], "what": stories[row["id"]]} for row in found]


@require_POST
@drill_page
def find(request: Any) -> HttpResponse:
    """换一位: tenants by name, pinyin, phone, room or lease; words never stand in an address."""
    words = request.POST.get("q", "").strip()[:LONGEST]
    found = search(request.actor, words, limit=30) if len(words) > 1 else []
    hits = [hit for hit in found if hit.kind.kind == "person"][:MOST]
    if wants_fragment(request) or len(hits) != 1:
        return render(request, "demo/found.html", {"hits": hits, "words": words}, block="found")
    return redirect(f"{reverse('demo:phone')}?person={hits[0].subject_id}")


@require_POST
@drill_page
def number(request: Any, person_id: int) -> HttpResponse:
    """The phone's own number, for signing in as its owner; the look is on record like any other."""
    try:
        shown = reveal(request.actor, person_id=person_id, field="phone", reason="verify")
    except Refused as refused:
        if refused.code == "not_found":
            raise
        return toast(HttpResponse(status=204), refused.text(), "warn")
    return render(request, "demo/number.html", {"number": shown}, block="number")
