"""Reading the ledger, always as the viewer may see it."""

from anju.domain.billing.queries.arrears import ArrearsFilter, arrears, arrears_count, arrears_totals
from anju.domain.billing.queries.balances import Balance, balances, curve
from anju.domain.billing.queries.bills import BillFilter, bill, bills, charges, payments
from anju.domain.billing.queries.statement import Statement, booked_days, statement

__all__ = [
    "ArrearsFilter",
    "Balance",
    "BillFilter",
    "Statement",
    "arrears",
    "arrears_count",
    "arrears_totals",
    "balances",
    "bill",
    "bills",
    "booked_days",
    "charges",
    "curve",
    "payments",
    "statement",
]
