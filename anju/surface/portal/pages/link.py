"""A short link from a message: amount, masked name, due day and pay. Everything else asks for the phone code.

The link is resolved, and its opening counted, once; the pages after it carry a signed token with ids only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anju.domain.billing.queries.own import own_bill
from anju.domain.tenants.own import own_person
from anju.foundation.access.rights import remembering
from anju.foundation.db import clock, org_scope
from anju.foundation.identity.doors import open_door, speaking
from anju.foundation.identity.limits import client_ip
from anju.foundation.identity.models import Organization
from anju.foundation.messaging.links import UNKNOWN, resolve
from anju.foundation.ui import render
from anju.kit import Actor, Money, Refused
from anju.kit.masks import mask_company, mask_name
from anju.kit.refusal import NOT_FOUND, sentence
from anju.surface.portal import words
from anju.surface.portal.due import CHANGED
from anju.surface.portal.in_wallet import Wish
from anju.surface.portal.pages.orders import looks_of, seen
from anju.surface.portal.paying import begin, blocked, latest_order, resume, wallets

SALT = "anju.portal.link"
LASTS = timedelta(days=2)

STALE = sentence(
    "portal.link_page_old",
    "这一页打开太久了，请从最近一条消息里重新点开。",
    "This page has been open too long; open it again from the latest message.",
)


@dataclass(frozen=True)
class Held:
    """What holding a link gives: one bill, for the person it was sent to."""

    org: int
    person: int
    bill: int

    @property
    def by(self) -> Actor:
        """Who acts."""
        return Actor.tenant(self.person)

    def token(self) -> str:
        """To come back with."""
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    @classmethod
    def of(cls, token: str) -> Held:
        """Read a token. Refused: ``portal.link_page_old``."""
        try:
            return cls(**signing.loads(token, salt=SALT, max_age=LASTS))
        except signing.SignatureExpired as error:
            raise STALE() from error
        except (signing.BadSignature, TypeError) as error:
            raise NOT_FOUND() from error


@contextmanager
def inside(request: HttpRequest, held: Held) -> Iterator[None]:
    """Open the organization of the link; nobody is signed in by it."""
    with remembering(), org_scope(held.org):
        org = Organization.objects.get(id=held.org)
        request.org = org  # type: ignore[attr-defined]
        with speaking(request, org.language):
            yield


@require_GET
def _link(request: HttpRequest, code: str) -> HttpResponse:
    opened = resolve(code, client_ip(request))
    if opened.target_kind != "bill" or opened.person_id is None:
        raise UNKNOWN()
    held = Held(opened.org_id, opened.person_id, opened.target_id)
    with inside(request, held):
        return _page(request, held)


@require_http_methods(["GET", "POST"])
def _pay(request: HttpRequest, token: str) -> HttpResponse:
    held = Held.of(token)
    with inside(request, held):
        bill = _bill(held)
        owed = Money(bill["open"])
        back = reverse("portal:link-order", args=[token])
        try:
            if request.method == "GET" or not owed:
                return resume(request, held.by, back, bill["lease_id"], owed) or _page(request, held)
            if request.POST.get("shown") != str(owed):
                raise CHANGED(owed=owed)
            wish = Wish(bill["lease_id"], owed, words.bill_title(bill), request.POST.get("wallet", ""))
            return begin(request, held.by, wish, back)
        except Refused as refused:
            return _page(request, held, refused)


@require_GET
def _order(request: HttpRequest, token: str) -> HttpResponse:
    held = Held.of(token)
    with inside(request, held):
        bill = _bill(held)
        found = latest_order(held.by, bill["lease_id"])
        if found is None:
            return redirect("portal:link-pay", token)
        looks = looks_of(request)
        facts = seen(found, looks) | {
            "again": reverse("portal:link-pay", args=[token]),
            "poll": f"{request.path}?n={looks + 1}",
            "form": _sign_in(held, bill["id"]),
        }
        return render(request, "portal/order.html", facts, block="state")


def _bill(held: Held) -> dict[str, Any]:
    return own_bill(held.by, clock.today(), held.bill)


def _page(request: HttpRequest, held: Held, refused: Refused | None = None) -> HttpResponse:
    bill, person, found = _bill(held), own_person(held.by), wallets()
    hide = mask_company if person["kind"] == "company" else mask_name
    facts = {
        "title": words.bill_title(bill),
        "name": hide(person["name"]),
        "bill": bill,
        "owed": Money(bill["open"]),
        "wallets": found,
        "wallet": found[0]["value"] if found else "",
        "blocked": blocked(request),
        "token": held.token(),
        "sign_in": _sign_in(held, bill["id"]),
        "error": refused.text(get_language() or "zh-hans") if refused else "",
        "house": request.org.short_name or request.org.name,  # type: ignore[attr-defined]
        "until": _("最晚 %(day)s") % {"day": words.short(bill["due_on"])},
    }
    return render(request, "portal/link.html", facts, status=422 if refused else 200)


def _sign_in(held: Held, bill_id: int) -> str:
    place = reverse("portal:bill", args=[bill_id])
    return reverse("portal:sign-in", query={"org": held.org, "next": place})


link = open_door("a short link is possession of a message; it opens an amount and a way to pay")(_link)
link_pay = open_door("signed by the page that a short link opened")(_pay)
link_order = open_door("signed by the page that a short link opened")(_order)
