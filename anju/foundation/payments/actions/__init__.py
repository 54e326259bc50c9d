"""Everything that writes in this slice."""

from anju.foundation.payments.actions.accounts import change_account, close_account, set_up_account, try_account
from anju.foundation.payments.actions.orders import Payer, Prepared, close_order, settle_payment, start_payment
from anju.foundation.payments.actions.problems import close_problem, ignore_notice, refuse_notice, report_not_posted
from anju.foundation.payments.actions.refunds import ask_refund, block_refund, settle_refund
from anju.foundation.payments.actions.statements import load_statement, reconcile, settle_difference

__all__ = [
    "Payer",
    "Prepared",
    "ask_refund",
    "block_refund",
    "change_account",
    "close_account",
    "close_order",
    "close_problem",
    "ignore_notice",
    "load_statement",
    "reconcile",
    "refuse_notice",
    "report_not_posted",
    "set_up_account",
    "settle_difference",
    "settle_payment",
    "settle_refund",
    "start_payment",
    "try_account",
]
