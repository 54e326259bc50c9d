"""What every gateway can do, in the house's words; amounts are Money, times are zone-aware."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from anju.kit import Money, Refused

Method = Literal["jsapi", "native", "h5"]
OrderSays = Literal["unpaid", "paid", "closed", "failed", "missing"]
RefundSays = Literal["processing", "succeeded", "closed", "abnormal"]


class GatewayError(Exception):
    """The gateway said no, for certain. ``code`` is its own word (``OUT_TRADE_NO_USED``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class GatewayUnsure(GatewayError):
    """Nobody knows whether it happened (time-out, broken answer, 5xx): ask before doing it again."""


class BadNotice(Exception):
    """A callback that is not to be believed. ``kind`` is a ``GatewayProblem.Kind`` or ``probe``."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Ask:
    """What an order asks the gateway for. ``payer_token`` is the gateway's own name of the payer (jsapi)."""

    number: str
    method: Method
    amount: Money
    description: str
    expires_at: datetime
    notify_url: str
    payer_token: str = ""
    client_ip: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class RefundAsk:
    """A refund to send. The same ``number`` asked twice is one refund."""

    number: str
    order_number: str
    amount: Money
    total: Money
    reason: str
    notify_url: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as the gateway tells it."""

    number: str
    transaction: str
    amount: Money
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class OrderNews:
    """The answer to a query."""

    state: OrderSays
    payment: Payment | None = None


@dataclass(frozen=True, slots=True)
class RefundNews:
    """A refund as the gateway tells it."""

    number: str
    state: RefundSays
    gateway_refund: str
    amount: Money
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified callback. Both parts empty: an event we do not act on."""

    id: str
    event: str
    payment: Payment | None = None
    refund: RefundNews | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement. ``refund_amount`` is positive on refund lines."""

    kind: Literal["pay", "refund"]
    at: datetime
    transaction: str
    number: str
    amount: Money
    refund_number: str = ""
    refund_amount: Money = Money(0)  # noqa: RUF009  immutable
    fee: Money = Money(0)  # noqa: RUF009  immutable


@dataclass(frozen=True, slots=True)
class Handover:
    """What the payer's page needs: one of the three."""

    redirect_url: str | None = None
    code_url: str | None = None
    jsapi: dict[str, str] | None = None


class Gateway(Protocol):
    """One merchant's account at a gateway. Thread-safe; holds no database."""

    prepay_lives: Mapping[str, int]
    """Seconds a prepared order may be handed to the payer, by method; afterwards it is prepared again."""
    drill: bool
    """Whether this is a stand-in."""

    def prepare(self, ask: Ask) -> dict[str, str]:
        """Prepare an order; the same ask again renews it. Returns what ``hand_over`` needs."""
        ...

    def hand_over(self, method: Method, prepay: Mapping[str, str], return_url: str) -> Handover:
        """What the payer's page needs now (signatures carry the time)."""
        ...

    def query(self, number: str) -> OrderNews:
        """What the gateway knows of an order."""
        ...

    def close(self, number: str) -> bool:
        """Close an unpaid order; False if it was paid meanwhile."""
        ...

    def refund(self, ask: RefundAsk) -> RefundNews:
        """Send a refund."""
        ...

    def query_refund(self, number: str) -> RefundNews | None:
        """What the gateway knows of a refund; None if it never heard of it."""
        ...

    def verify_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """Verify and open a callback; raises BadNotice."""
        ...

    def probe(self, notify_url: str) -> None:
        """Prove keys and address by asking something harmless; raises GatewayError with the gateway's word."""
        ...

    def sign_in_url(self, back: str, state: str) -> str | None:
        """Where the wallet's own browser is sent to learn who pays; it comes back with a code. None: not set up."""
        ...

    def payer_token(self, code: str) -> str:
        """The payer's name at the wallet for a code that came back; raises GatewayError."""
        ...

    def statement(self, day: date) -> Iterator[Line] | None:
        """The lines of a day; None where the gateway has no statement (nothing happened)."""
        ...


@dataclass(frozen=True, slots=True)
class GatewayKind:
    """A gateway that can be configured: how it is called and what payers and finance should know.

    ``stays_here`` says of a configuration, without opening it, that it reaches nothing but this machine;
    ``merchant`` is the field of ``config`` that says whose account it is, ``secrets`` those never shown again; ``says``
    turns the gateway's word into a sentence.
    """

    key: str
    zh: str
    en: str
    methods: tuple[Method, ...]
    arrives: str
    fee_permille: int
    open: Callable[[dict[str, Any]], Gateway]
    stays_here: Callable[[dict[str, Any]], bool]
    config: type[BaseModel]
    merchant: str
    secrets: tuple[str, ...]
    says: Callable[[str], Refused]
    notice_headers: tuple[str, ...]


_kinds: dict[str, GatewayKind] = {}


def register_gateway(kind: GatewayKind) -> GatewayKind:
    """Make a gateway known by its key."""
    _kinds[kind.key] = kind
    return kind


def gateway_kind(key: str) -> GatewayKind:
    """The gateway of that key; KeyError if there is none."""
    return _kinds[key]


def gateway_kinds() -> list[GatewayKind]:
    """Every gateway, by key."""
    return [_kinds[k] for k in sorted(_kinds)]
