"""What may be done with money: charges, payments, deposits."""

from anju.domain.billing.actions.charges import issue_charge, reverse_charge, write_off
from anju.domain.billing.actions.deposits import offset_deposit, return_deposit
from anju.domain.billing.actions.payments import NewPayment, pay_back, record_payment, record_payments
from anju.domain.billing.actions.refunds import refund_payment

__all__ = [
    "NewPayment",
    "issue_charge",
    "offset_deposit",
    "pay_back",
    "record_payment",
    "record_payments",
    "refund_payment",
    "return_deposit",
    "reverse_charge",
    "write_off",
]
