"""Who may look at money."""

from anju.foundation.access import permission

VIEW = permission(
    "billing.view", zh="查看账单与欠款", en="View bills and arrears", roles=("manager", "finance", "service")
)
VIEW_PAYMENTS = permission("billing.payments.view", zh="查看收款", en="View payments", roles=("manager", "finance"))
