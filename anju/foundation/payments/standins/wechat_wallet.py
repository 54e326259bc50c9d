"""The page on which a demo payer confirms, as a wallet's sheet would ask; plain forms, no script."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from anju.foundation.payments.standins.wechat_books import Row

PAGE = Template((Path(__file__).parent / "wallet.html").read_text(encoding="utf-8"))
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def sheet(order: Row, return_url: str) -> str:
    """The sheet with its two buttons."""
    back = f'<input type="hidden" name="redirect_url" value="{escape(return_url)}">' if return_url else ""
    content = f"""
  <h1>{escape(order["description"])}</h1>
  <p class="amount"><small>¥</small>{Decimal(order["total"]) / 100:,.2f}</p>
  <dl>
    <div><dt>收款方</dt><dd>商户号 {escape(order["merchant"])}</dd></div>
    <div><dt>订单号</dt><dd>{escape(order["number"])}</dd></div>
    <div><dt>付款方式</dt><dd>零钱</dd></div>
  </dl>
  <form method="post">{back}
    <button class="pay" name="action" value="pay">确认支付</button>
    <button class="cancel" name="action" value="cancel">取消</button>
  </form>"""
    return PAGE.substitute(title="确认支付", content=content)


def words(title: str, text: str, return_url: str = "") -> str:
    """A page that only says something, with the way back if there is one."""
    way = f'<a class="done pay" href="{escape(return_url)}">返回商家</a>' if return_url else ""
    return PAGE.substitute(
        title=escape(title), content=f'<h1>{escape(title)}</h1><p class="words">{escape(text)}</p>{way}'
    )


def way_back(wanted: str, order: Row) -> str:
    """The return address if it belongs to the merchant that made the order, else nothing."""
    there, merchant = urlsplit(wanted), urlsplit(order["notify_url"])
    if there.scheme not in ("http", "https") or not there.hostname:
        return ""
    same = there.hostname == merchant.hostname or {there.hostname, merchant.hostname} <= set(LOOPBACK)
    return wanted if same else ""
