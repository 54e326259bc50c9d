"""From a pay page into a wallet and back.

Whatever page it starts from, the order's subject is the lease and its payer the tenant: the table allows one open order
for both, so opening two pages, or the link and the portal, never charges twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anju.foundation.identity.limits import client_ip
from anju.foundation.payments.actions import Payer, Prepared, start_payment
from anju.foundation.payments.gateways import Method
from anju.foundation.payments.queries import OrderState, WayToPay, orders_of, ways_to_pay
from anju.foundation.ui import render
from anju.kit import Actor, Money
from anju.kit.refusal import sentence

LOGOS = {"wechat": "wechat", "alipay": "alipay", "unionpay": "unionpay"}
PHONES = ("Mobile", "Android", "iPhone", "HarmonyOS")
IN_WECHAT = "MicroMessenger"

NO_WAY = sentence(
    "portal.no_way_to_pay",
    "这里还没有开通在线支付，请联系管家用其他方式付款。",
    "Online payment is not set up here; please ask your manager how to pay.",
)


@dataclass(frozen=True)
class Wish:
    """What is to be paid: the lease it is for, how much, and the words the wallet shows."""

    lease_id: int
    amount: Money
    words: str
    gateway: str


def wallets() -> list[dict[str, Any]]:
    """The gateways that are set up, best first, as ``p_choices`` shows them."""
    english = (get_language() or "zh").startswith("en")
    ways = ways_to_pay()
    return [
        {
            "value": way.gateway,
            "text": way.en if english else way.zh,
            "note": _("付款成功后即时到账"),
            "badge": _("到账最快") if n == 0 and len(ways) > 1 else None,
            "logo": LOGOS.get(way.gateway),
        }
        for n, way in enumerate(ways)
    ]


def method_for(request: HttpRequest, way: WayToPay) -> Method | None:
    """How this browser reaches the wallet; None where it cannot (the wallet's own browser without its own sign-in).

    A drill wallet is a page, which every browser opens.
    """
    agent = request.headers.get("User-Agent", "")
    if way.drill:
        return "h5"
    if IN_WECHAT in agent:
        return None
    return "h5" if any(word in agent for word in PHONES) else "native"


def blocked(request: HttpRequest) -> str:
    """Why this browser cannot pay, with the next step; empty when it can."""
    ways = ways_to_pay()
    if not ways:
        return NO_WAY().text(get_language() or "zh-hans")
    if all(method_for(request, way) is None for way in ways):
        return _("请点右上角“…”，选择“在浏览器打开”，再支付。")
    return ""


def begin(request: HttpRequest, by: Actor, wish: Wish, back: str) -> HttpResponse:
    """Prepare the payment and lead into the wallet.

    Args:
        request: the payer's.
        by: who pays.
        wish: what is paid.
        back: our page that shows the payer's latest order for the lease.

    Refused: ``portal.no_way_to_pay``, ``payments.*``.
    """
    ways = {way.gateway: way for way in ways_to_pay()}
    way = ways.get(wish.gateway) or next(iter(ways.values()), None)
    method = method_for(request, way) if way else None
    if way is None or method is None:
        raise NO_WAY()
    told = start_payment(
        by,
        subject=("lease", wish.lease_id),
        amount=wish.amount,
        method=method,
        return_url=request.build_absolute_uri(back),
        description=wish.words,
        gateway=way.gateway,
        payer=Payer(ip=client_ip(request)),
    )
    if told.state != "prepared":
        return HttpResponseRedirect(back)  # it turned out to be paid already
    return _into_wallet(request, told, way, back)


def _into_wallet(request: HttpRequest, told: Prepared, way: WayToPay, back: str) -> HttpResponse:
    """A page of ours that goes on by itself: gateways ask for a referrer of ours, and forms may not lead elsewhere."""
    english = (get_language() or "zh").startswith("en")
    code = segno.make(told.code_url, micro=False).svg_data_uri(scale=6, border=2) if told.code_url else ""
    facts = {"order": told, "wallet": way.en if english else way.zh, "drill": way.drill, "code": code, "back": back}
    response = render(request, "portal/into_wallet.html", facts)
    response.headers["Referrer-Policy"] = "origin"
    return response


def latest_order(by: Actor, lease_id: int) -> OrderState | None:
    """The payer's latest order for a lease."""
    return next((order for order in orders_of(("lease", lease_id)) if order.payer == str(by)), None)
