"""What a lease says, without a database: terms, the schedule of rates they come to, billing periods, months."""

from anju.domain.leases.rules.periods import MonthPart, billing_periods, first_anchor, months_in
from anju.domain.leases.rules.schedule import FeeLine, Rate, deposit, extend, fee_lines, rates, splice, splice_fees
from anju.domain.leases.rules.terms import Fee, FreeRent, LeaseTerms, Step, check_terms

__all__ = [
    "Fee",
    "FeeLine",
    "FreeRent",
    "LeaseTerms",
    "MonthPart",
    "Rate",
    "Step",
    "billing_periods",
    "check_terms",
    "deposit",
    "extend",
    "fee_lines",
    "first_anchor",
    "months_in",
    "rates",
    "splice",
    "splice_fees",
]
