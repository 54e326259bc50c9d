"""News for the slices above: money came in, money went back, something needs a person.

    @on_paid("bill")
    def post(paid: Paid) -> None: ...

Handlers run inside the transaction of the action that brings the news: either both are written or neither is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.kit import Money


@dataclass(frozen=True, slots=True)
class Paid:
    """An order was paid in full. ``at`` is business time: the gateway's moment, or a drill organization's clock."""

    order_id: int
    number: str
    gateway: str
    method: str
    transaction: str
    subject_kind: str
    subject_id: int
    payer: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundDone:
    """A refund ended. ``state``: ``succeeded``; ``closed`` (did not happen); ``abnormal`` (stuck at the gateway)."""

    refund_id: int
    number: str
    order_id: int
    subject_kind: str
    subject_id: int
    payer: str
    amount: Money
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """A new gateway problem: to become a task. Holds no personal values."""

    problem_id: int
    gateway: str
    kind: str
    reference: str
    detail: dict[str, Any]


PaidHandler = Callable[[Paid], None]
RefundHandler = Callable[[RefundDone], None]
ProblemHandler = Callable[[Problem], None]

_paid: dict[str, PaidHandler] = {}
_refunded: dict[str, RefundHandler] = {}
_problem: list[ProblemHandler] = []
_posting: dict[str, str] = {}


def on_paid(subject_kind: str) -> Callable[[PaidHandler], PaidHandler]:
    """Register the one handler that posts payments for a kind of subject."""

    def register(handler: PaidHandler) -> PaidHandler:
        if _paid.get(subject_kind, handler) is not handler:
            raise ValueError(f"payments for {subject_kind} already have a handler")
        _paid[subject_kind] = handler
        return handler

    return register


def on_refunded(subject_kind: str) -> Callable[[RefundHandler], RefundHandler]:
    """Register the one handler told how refunds for a kind of subject ended."""

    def register(handler: RefundHandler) -> RefundHandler:
        if _refunded.get(subject_kind, handler) is not handler:
            raise ValueError(f"refunds for {subject_kind} already have a handler")
        _refunded[subject_kind] = handler
        return handler

    return register


def on_problem(handler: ProblemHandler) -> ProblemHandler:
    """Register a handler of new problems; called once per open problem, not per repetition."""
    if handler not in _problem:
        _problem.append(handler)
    return handler


def posted_by(subject_kind: str, function: str) -> None:
    """Register the function of the server that posts plain payments of a kind of subject as its handler does.

    Args:
        subject_kind: the kind; its ``on_paid`` handler stays for everything that is not a plain callback.
        function: ``name(orders payment_order[], received timestamptz, now timestamptz, wall timestamptz)``; received
            is null where each order says itself when it was paid. It writes its own trace.
    """
    _posting[subject_kind] = function


def posting() -> dict[str, str]:
    """The registered functions by kind of subject."""
    return dict(_posting)


def payable(subject_kind: str) -> bool:
    """Whether some slice takes payments for this kind of subject."""
    return subject_kind in _paid


def publish_paid(paid: Paid) -> None:
    """Tell the subject's slice; KeyError if none registered, so that money is never settled into nothing."""
    _paid[paid.subject_kind](paid)


def publish_refunded(done: RefundDone) -> None:
    """Tell the subject's slice, if it asked to know."""
    if handler := _refunded.get(done.subject_kind):
        handler(done)


def publish_problem(problem: Problem) -> None:
    """Tell everyone who makes tasks of problems."""
    for handler in _problem:
        handler(problem)
