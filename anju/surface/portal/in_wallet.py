"""Inside WeChat's own browser: it is asked who pays, and comes back to the page it left.

What was to be paid travels beside it in a signed cookie of that page's, for as long as WeChat's code lives. The answer,
an openid, names a person: it goes into the order and is kept nowhere.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language

from anju.foundation.payments.accounts import opened
from anju.foundation.payments.gateways import GatewayError
from anju.foundation.payments.queries import WayToPay
from anju.foundation.ui import render
from anju.kit import Actor, Money
from anju.kit.refusal import sentence

COOKIE = "anju_wallet"
SALT = "anju.portal.wallet"
LASTS_S = 300

PAYER_UNKNOWN = sentence(
    "portal.payer_unknown",
    "微信没有告诉我们由谁付款，没有扣款。请再点一次付款；还不行，就点右上角“…”选择“在浏览器打开”，再支付。",
    "WeChat did not say who pays; nothing was charged. Try once more, or choose “open in browser” from the “…” menu.",
)


@dataclass(frozen=True)
class Wish:
    """What is to be paid: the lease it is for, how much, and the words the wallet shows."""

    lease_id: int
    amount: Money
    words: str
    gateway: str


def ask_who_pays(request: HttpRequest, by: Actor, wish: Wish, way: WayToPay) -> HttpResponse:
    """A page that leads to WeChat and back to this one, and remembers what for."""
    state = secrets.token_hex(16)
    place = opened(way.gateway).gateway.sign_in_url(request.build_absolute_uri(request.path), state)
    english = (get_language() or "zh").startswith("en")
    facts = {"place": place, "wallet": way.en if english else way.zh, "amount": wish.amount}
    response = render(request, "portal/who_pays.html", facts)
    kept = {
        "state": state,
        "by": str(by),
        "lease": wish.lease_id,
        "amount": str(wish.amount),
        "words": wish.words,
        "gateway": way.gateway,
    }
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=LASTS_S,
        path=request.path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def wish_of(request: HttpRequest, by: Actor) -> Wish | None:
    """What this browser wanted to pay when it left for WeChat; None unless it comes straight from there."""
    if request.method != "GET" or "code" not in request.GET or "state" not in request.GET:
        return None
    try:
        kept: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS_S)
    except signing.BadSignature:
        return None
    if kept["by"] != str(by) or not constant_time_compare(kept["state"], request.GET["state"]):
        return None
    return Wish(kept["lease"], Money(kept["amount"]), kept["words"], kept["gateway"])


def who_pays(request: HttpRequest, wish: Wish) -> str:
    """The payer as the wallet calls them. Refused: ``portal.payer_unknown``."""
    try:
        return opened(wish.gateway).gateway.payer_token(request.GET["code"])
    except GatewayError as error:
        raise PAYER_UNKNOWN() from error
