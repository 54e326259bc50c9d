"""What this slice shows of a person itself: messages, and the data that is stored with who may see it."""

from __future__ import annotations

import re
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anju.domain.tenants import messages
from anju.domain.tenants.actions import Sensitive, reveal
from anju.domain.tenants.permissions import CHANGE_CONTACT, VIEW, VIEW_CONTACTS
from anju.domain.tenants.queries import contact_points, people, person
from anju.domain.tenants.words import SENSITIVE, words
from anju.foundation.access import allows
from anju.foundation.access.revealing import REASONS
from anju.foundation.access.timelines import Named, names
from anju.foundation.messaging.explaining import why_href
from anju.foundation.messaging.queries import what_a_phone_received
from anju.foundation.ui import panels

SHORT, LONG = 4, 60
LINK = re.compile(r"https?://\S+")  # a link in a message opens the tenant's bill without a sign-in


def tab_open(request: Any, key: str) -> bool:
    """Whether this panel is shown as a tab of its own, and so may be long."""
    return bool(request.resolver_match and request.resolver_match.kwargs.get("tab") == key)


def communications(request: Any, person_id: int) -> dict[str, Any]:
    """Messages as they were sent, the newest first."""
    limit = LONG if tab_open(request, "communications") else SHORT
    return {
        "messages": what_a_phone_received(person_id, limit=limit),
        "shown": lambda text: LINK.sub(str(_("（专属链接，不显示）")), text),
        "count": messages.message_count(person_id),
        "channel": messages.channel,
        "result": lambda m: messages.result(vars_of(m)),
        "icons": messages.ICONS,
        "why_href": why_href,
    }


def vars_of(message: Any) -> dict[str, Any]:
    """The columns that say what became of a message."""
    return {"state": message.state, "channel": message.channel, "opened": message.opened}


def may_reveal(request: Any, person_id: int) -> set[str]:
    """The sensitive fields this viewer may open, for a reason."""
    return {
        field
        for field in SENSITIVE
        if reveal.refusal(request.actor, person_id=person_id, field=cast(Sensitive, field), reason="contact") is None
    }


def data(request: Any, person_id: int) -> dict[str, Any]:
    """Contacts with their days, document and account as far as the viewer may see them."""
    return {
        "person": person(request.actor, person_id),
        "points": contact_points(request.actor, person_id),
        "may_reveal": may_reveal(request, person_id),
        "may_change": allows(request.actor, CHANGE_CONTACT),
        "reasons": list(REASONS.items()),
        "words": words,
        "short": not tab_open(request, "data"),
    }


@names("person")
def people_named(request: Any, ids: list[int]) -> dict[int, Named]:
    """Tenants within reach, for feeds."""
    rows = people(request.actor, ids=ids, limit=len(ids)).rows if allows(request.actor, VIEW) else []
    return {row["id"]: Named(row["name"], reverse("tenants:person", args=[row["id"]])) for row in rows}


panels.register(
    "person", "communications", _("沟通"), order=40, template="tenants/communications_panel.html",
    read=communications, needs=VIEW_CONTACTS,
)  # fmt: skip
panels.register(
    "person", "data", _("资料"), order=60, template="tenants/data_panel.html", read=data, needs=VIEW,
)  # fmt: skip
