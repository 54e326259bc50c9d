"""Who may do what with money at gateways."""

from anju.foundation.access import permission

PAY = permission(
    "payments.order.start",
    zh="发起在线付款",
    en="Start an online payment",
    roles=("tenant", "manager", "finance", "service"),
)
POST = permission("payments.order.settle", zh="记入支付平台的到账", en="Post payments from the gateway", roles=())
REFUND = permission("payments.refund.ask", zh="原路退款", en="Refund by the original channel", roles=("finance",))
RECONCILE = permission(
    "payments.statement.load", zh="下载并核对账单", en="Load and reconcile statements", roles=("finance",)
)
RESOLVE = permission(
    "payments.problem.close", zh="处理收款异常", en="Settle payment problems", roles=("manager", "finance")
)
SET_UP = permission("payments.account.set_up", zh="设置商户号", en="Set up merchant accounts", roles=())
