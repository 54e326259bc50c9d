"""From a pay page into a wallet and back.

Whatever page it starts from, the order's subject is the lease and its payer the tenant: the table allows one open order
for both, so opening two pages, or the link and the portal, never charges twice.
"""

from __future__ import annotations

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
from anju.surface.portal.due import CHANGED
from anju.surface.portal.in_wallet import COOKIE, Wish, ask_who_pays, who_pays, wish_of

LOGOS = {"wechat": "wechat", "alipay": "alipay", "unionpay": "unionpay"}
PHONES = ("Mobile", "Android", "iPhone", "HarmonyOS")
IN_WECHAT = "MicroMessenger"

NO_WAY = sentence(
    "portal.no_way_to_pay",
    "这里还没有开通在线支付，请联系管家用其他方式付款。",
    "Online payment is not set up here; please ask your manager how to pay.",
)


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
    """How this browser reaches the wallet; None where it cannot (WeChat's own, where it is not told who pays).

    A drill wallet is a page, which every browser opens.
    """
    agent = request.headers.get("User-Agent", "")
    if way.drill:
        return "h5"
    if IN_WECHAT in agent:
        return "jsapi" if way.gateway == "wechat" and way.knows_payers else None
    return "h5" if any(word in agent for word in PHONES) else "native"


def blocked(request: HttpRequest) -> str:
    """Why this browser cannot pay, with the next step; empty when it can."""
    ways = ways_to_pay()
    if not ways:
        return NO_WAY().text(get_language() or "zh-hans")
    if all(method_for(request, way) is None for way in ways):
        return _("请点右上角“…”，选择“在浏览器打开”，再支付。")
    return ""


def begin(request: HttpRequest, by: Actor, wish: Wish, back: str, token: str = "") -> HttpResponse:
    """Prepare the payment and lead into the wallet.

    Args:
        request: the payer's.
        by: who pays.
        wish: what is paid.
        back: our page that shows the payer's latest order for the lease.
        token: how the wallet calls the payer, where its own browser was asked (:mod:`.in_wallet`).

    Refused: ``portal.no_way_to_pay``, ``payments.*``.
    """
    ways = {way.gateway: way for way in ways_to_pay()}
    way = ways.get(wish.gateway) or next(iter(ways.values()), None)
    method = method_for(request, way) if way else None
    if way is None or method is None:
        raise NO_WAY()
    if method == "jsapi" and not token:
        return ask_who_pays(request, by, wish, way)
    told = start_payment(
        by,
        subject=("lease", wish.lease_id),
        amount=wish.amount,
        method=method,
        return_url=request.build_absolute_uri(back),
        description=wish.words,
        gateway=way.gateway,
        payer=Payer(token=token, ip=client_ip(request)),
    )
    if told.state != "prepared":
        return HttpResponseRedirect(back)  # it turned out to be paid already
    return _into_wallet(request, told, way, back)


def resume(request: HttpRequest, by: Actor, back: str, lease_id: int, most: Money | None = None) -> HttpResponse | None:
    """Go on where the wallet's browser has just said who pays; None for any other request.

    Args:
        request: the payer's, come back to the page it left.
        by: who pays.
        back: as for :func:`begin`.
        lease_id: what this page is about.
        most: what is owed now; something may have been paid meanwhile.

    Refused: ``portal.payer_unknown``, ``portal.amount_changed``, and as :func:`begin`.
    """
    wish = wish_of(request, by)
    if wish is None or wish.lease_id != lease_id:
        return None
    if most is not None and wish.amount > most:
        raise CHANGED(owed=most)
    response = begin(request, by, wish, back, who_pays(request, wish))
    response.delete_cookie(COOKIE, path=request.path)
    return response


def _into_wallet(request: HttpRequest, told: Prepared, way: WayToPay, back: str) -> HttpResponse:
    """A page of ours that goes on by itself: gateways ask for a referrer of ours, and forms may not lead elsewhere."""
    english = (get_language() or "zh").startswith("en")
    if told.jsapi:
        return render(request, "portal/in_wechat.html", {"order": told, "back": back})
    code = segno.make(told.code_url, micro=False).svg_data_uri(scale=6, border=2) if told.code_url else ""
    facts = {"order": told, "wallet": way.en if english else way.zh, "drill": way.drill, "code": code, "back": back}
    response = render(request, "portal/into_wallet.html", facts)
    response.headers["Referrer-Policy"] = "origin"
    return response


def latest_order(by: Actor, lease_id: int) -> OrderState | None:
    """The payer's latest order for a lease."""
    return next((order for order in orders_of(("lease", lease_id)) if order.payer == str(by)), None)
