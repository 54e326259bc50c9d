"""Words for what is wrong with payments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

GATEWAYS: dict[str, Any] = {"wechat": _("微信支付"), "alipay": _("支付宝")}
PROBLEMS: dict[str, Any] = {
    "wrong_signature": _("到账通知签名不对，没有入账"),
    "stale": _("到账通知时间太旧，没有入账"),
    "malformed": _("到账通知读不懂，没有入账"),
    "wrong_merchant": _("到账通知的商户号不是我们的"),
    "unknown_order": _("到账通知的订单我们没有"),
    "unknown_refund": _("退款通知的退款单我们没有"),
    "wrong_amount": _("到账金额与订单不符"),
    "paid_twice": _("同一订单被付了两次，多付的要退"),
    "not_posted": _("已到账但入账失败，平台会再通知"),
    "refund_failed": _("原路退款失败"),
    "refund_blocked": _("原路退款被平台拒绝，请换方式退"),
    "difference": _("当日账单与我方订单有差异"),
}
DIFFERENCES: dict[str, Any] = {
    "unknown_here": _("平台有、我方没有这笔订单"),
    "unpaid_here": _("平台已收、我方未入账"),
    "missing_there": _("我方已入账、平台账单没有"),
    "amount": _("两边金额不同"),
    "refund_unknown_here": _("平台有、我方没有这笔退款"),
    "refund_missing_there": _("我方已退、平台账单没有"),
    "refund_amount": _("两边退款金额不同"),
}
