"""Reading orders, problems and ways to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from anju.foundation.db import clock, fetch, planned
from anju.foundation.db.once import once
from anju.foundation.payments.accounts import opened, read_config
from anju.foundation.payments.gateways import GatewayKind, Method, gateway_kind
from anju.foundation.payments.models import Difference, GatewayProblem, MerchantAccount, PaymentOrder
from anju.foundation.payments.policies import Payments
from anju.foundation.policy.store import in_force
from anju.foundation.trace.events import Subject
from anju.kit import Money
from anju.kit.refusal import NOT_FOUND


@dataclass(frozen=True, slots=True)
class OrderState:
    """An order as its payer's page shows it. ``waiting``: handed out and neither paid nor expired."""

    number: str
    state: str
    gateway: str
    method: Method
    subject: Subject
    payer: str
    amount: Money
    refunded: Money
    paid_at: datetime | None
    expires_at: datetime
    transaction: str

    @property
    def paid(self) -> bool:
        """Whether money came in, refunded later or not."""
        return self.paid_at is not None

    @property
    def waiting(self) -> bool:
        """Whether it can still be paid."""
        return self.state in ("created", "prepared") and self.expires_at > clock.wall()


@dataclass(frozen=True, slots=True)
class WayToPay:
    """A gateway offered to payers, with the facts it is ordered by."""

    gateway: str
    zh: str
    en: str
    methods: tuple[Method, ...]
    arrives: str
    fee_permille: int
    reconciled: float
    drill: bool

    @property
    def knows_payers(self) -> bool:
        """Whether the wallet's own browser can be asked who pays, as its ``jsapi`` needs."""
        return opened(self.gateway).gateway.sign_in_url("", "") is not None


def order_state(number: str) -> OrderState:
    """An order by its number. Refused: ``not_found``."""
    order = PaymentOrder.objects.filter(number=number).first()
    if order is None:
        raise NOT_FOUND()
    return _state(order)


def orders_of(subject: Subject) -> list[OrderState]:
    """A subject's orders, newest first."""
    kind, id = subject
    orders = PaymentOrder.objects.filter(subject_kind=kind, subject_id=id).order_by("-id")
    return [_state(order) for order in orders]


def _state(order: PaymentOrder) -> OrderState:
    method: Method = order.method  # type: ignore[assignment]  # written only from Method
    return OrderState(
        number=order.number,
        state=order.state,
        gateway=order.gateway,
        method=method,
        subject=(order.subject_kind, order.subject_id),
        payer=order.payer,
        amount=Money(order.amount),
        refunded=Money(order.refunded_amount),
        paid_at=order.paid_at,
        expires_at=order.expires_at,
        transaction=order.gateway_transaction or "",
    )


WAYS = """
SELECT a.gateway, a.drill, coalesce(checked.reconciled, 1) AS reconciled
FROM merchant_account a
LEFT JOIN (
    SELECT gateway, greatest(1 - sum(open)::float / greatest(sum(lines), 1), 0) AS reconciled
    FROM (
        SELECT s.gateway, s.lines,
               (SELECT count(*) FROM payment_difference d WHERE d.statement_id = s.id AND d.settled_at IS NULL) AS open
        FROM payment_statement s WHERE s.day >= %(since)s::date
    ) day GROUP BY gateway
) checked ON checked.gateway = a.gateway
WHERE a.active ORDER BY a.id
"""
LOOK_BACK = timedelta(days=30)


def ways_to_pay() -> list[WayToPay]:
    """The gateways set up, best first by the policy's criteria (arrival, fee, share of lines that reconciled)."""
    return [*once(("ways to pay",), _ways_to_pay)]


def _ways_to_pay() -> list[WayToPay]:
    since = (clock.wall() - LOOK_BACK).date()
    accounts = fetch(planned(WAYS), {"since": since})
    ways = [_way(gateway_kind(a["gateway"]), a["reconciled"], a["drill"]) for a in accounts]
    criteria = in_force(Payments).value.priority
    return sorted(ways, key=lambda way: tuple(_rank(way, criterion) for criterion in criteria))


def _way(kind: GatewayKind, reconciled: float, drill: bool) -> WayToPay:
    return WayToPay(kind.key, kind.zh, kind.en, kind.methods, kind.arrives, kind.fee_permille, reconciled, drill)


def _rank(way: WayToPay, criterion: str) -> float | str:
    if criterion == "fee":
        return way.fee_permille
    return way.arrives if criterion == "arrival" else -way.reconciled


@dataclass(frozen=True, slots=True)
class Stored:
    """An account's settings as an administrator sees them: secrets by name only.

    ``ids`` are all accounts the organization ever had at the gateway, whose traces tell who entered what.
    """

    id: int
    ids: list[int]
    active: bool
    drill: bool
    values: dict[str, str]
    secrets: list[str]


def stored_account(gateway: str) -> Stored | None:
    """The active account, or the one that was last; None where nobody set one up."""
    rows = list(MerchantAccount.objects.filter(gateway=gateway).order_by("-active", "-id"))
    if not rows:
        return None
    config = read_config(rows[0])
    hidden = gateway_kind(gateway).secrets
    shown = {name: str(value) for name, value in config.items() if name not in hidden and name != "drill"}
    kept = [name for name in hidden if config.get(name)]
    return Stored(rows[0].id, [row.id for row in rows], rows[0].active, rows[0].drill, shown, kept)


def under_way(gateway: str) -> tuple[int, int]:
    """How many orders may still be paid, and how many refunds are not through."""
    row = fetch(
        "SELECT (SELECT count(*) FROM payment_order WHERE gateway = %(gateway)s AND state IN ('created', 'prepared'))"
        " AS orders, (SELECT count(*) FROM payment_refund r JOIN payment_order o ON o.id = r.order_id"
        " WHERE o.gateway = %(gateway)s AND r.state IN ('asked', 'processing')) AS refunds",
        {"gateway": gateway},
    )[0]
    return row["orders"], row["refunds"]


def open_problems() -> QuerySet[GatewayProblem]:
    """What about gateways waits for a person, oldest first."""
    return GatewayProblem.objects.filter(closed_at=None).order_by("first_at", "id")


def open_differences() -> QuerySet[Difference]:
    """Where statements and orders disagree, oldest first."""
    return Difference.objects.filter(settled_at=None).select_related("statement").order_by("found_at", "id")
