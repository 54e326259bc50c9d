"""Events of online payments in words."""

from __future__ import annotations

from functools import partial

from anju.foundation.payments.permissions import PAY, RESOLVE
from anju.foundation.trace.told import told

order = partial(told, about="money", icon="brand-wechat", needs=PAY)
desk = partial(told, about="money", icon="alert-triangle", needs=RESOLVE)

order("payments.order.start", "打开支付，待付 ¥{amount}", "Opened the wallet for ¥{amount}", icon="click", tone="info")
order("payments.order.settle", "支付平台到账 ¥{amount}", "The gateway reported ¥{amount}", quiet=True)
order("payments.order.close", "支付单未付，已关闭", "Closed an unpaid order", quiet=True)
order("payments.refund.ask", "申请原路退款 ¥{amount}", "Asked for a refund of ¥{amount}", icon="arrow-back-up")
order(
    "payments.refund.settle", "原路退款 ¥{amount} 有结果", "The refund of ¥{amount} was answered", icon="arrow-back-up"
)
order("payments.refund.block", "原路退款被支付平台拒绝", "The gateway refused a refund", tone="danger")
desk("payments.notice.ignore", "收到重复的到账通知", "A repeated notice came", quiet=True)
desk("payments.notice.refuse", "拒收一条不可信的到账通知", "Refused a notice that can not be trusted", tone="warn")
desk("payments.notice.report", "到账通知有疑点，等待核对", "A notice needs a look", tone="warn")
desk("*.problem", "发现一条收款异常", "Found a payment problem", tone="warn")
desk("payments.problem.close", "处理完一条收款异常", "Closed a payment problem", icon="check", tone="ok")
desk("payments.difference.settle", "处理完一条对账差异", "Settled a difference", icon="check", tone="ok")
desk("payments.statement.load", "下载支付平台账单", "Downloaded the gateway's statement", icon="download", quiet=True)
desk(
    "payments.statement.reconcile",
    "核对支付平台账单",
    "Reconciled the gateway's statement",
    icon="checklist",
    quiet=True,
)
desk("payments.account.set_up", "设置收款商户号", "Set up a merchant account", icon="settings")
desk("payments.account.change", "修改收款商户号的设置", "Changed a merchant account", icon="settings")
desk("payments.account.close", "停用收款商户号", "Closed a merchant account", icon="settings", tone="warn")
desk("payments.account.try", "测试收款商户号", "Tested a merchant account", icon="plug-connected", quiet=True)
