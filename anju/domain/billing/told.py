"""Events of money in words; who may not see money reads none of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.billing.models import Charge, Payment
from anju.domain.billing.permissions import VIEW
from anju.foundation.trace.told import told

KINDS, METHODS = dict(Charge.Kind.choices), dict(Payment.Method.choices)


def _charge(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "kind": KINDS.get(body.get("kind", ""), "…")}


def _payment(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "method": METHODS.get(body.get("method", ""), "…")}


def _refund(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "state": _("已退到付款账户") if body.get("state") == "succeeded" else _("未退成，已回到预存")}


money = partial(told, about="money", icon="coin-yuan", needs=VIEW)
money(
    "billing.payment.record", "收款 ¥{amount}，{method}", "Received ¥{amount} by {method}", icon="cash", tone="ok",
    facts=_payment,
)  # fmt: skip
money("billing.payment.pay_back", "退回预收款 ¥{amount}", "Paid ¥{amount} back", icon="arrow-back-up")
money("billing.payment.refund", "发起原路退款 ¥{amount}", "Asked to refund ¥{amount}", icon="arrow-back-up")
money(
    "billing.refund.settle", "原路退款有了结果：{state}", "A refund ended: {state}", icon="arrow-back-up",
    facts=_refund,
)  # fmt: skip
money("billing.charge.issue", "新增{kind} ¥{amount}", "Charged ¥{amount}: {kind}", icon="receipt", facts=_charge)
money("billing.charge.reverse", "冲正费用 ¥{amount}", "Reversed ¥{amount}", icon="receipt-refund", tone="warn")
money("billing.charge.write_off", "核销 ¥{amount}", "Wrote ¥{amount} off", icon="receipt-off", tone="danger")
money("billing.deposit.offset", "押金抵扣欠款 ¥{amount}", "Offset ¥{amount} from the deposit", icon="shield-minus")
money("billing.deposit.return", "退还押金 ¥{amount}", "Returned ¥{amount} of the deposit", icon="shield-check")
money(
    "*.rebill", "已出账期重算：冲回 ¥{reversed}，新计 ¥{charged}",
    "Billed again: ¥{reversed} reversed, ¥{charged} charged",
    icon="refresh", tone="info",
)  # fmt: skip
