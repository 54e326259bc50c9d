"""Money that came through the gateway goes back the same way, and the ledger never loses it on the road."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.domain.billing.actions import refund_payment
from anju.domain.billing.models import Credit, Payment, Payout
from anju.foundation.db import clock, fetch_one, org_scope
from anju.foundation.payments.actions import start_payment
from anju.foundation.payments.repair import send_refunds
from anju.kit import Money, Refused
from tests.billing.test_ledger import LAWS
from tests.builders import house, let, terms
from tests.payments.conftest import (
    SYSTEM,
    Shop,
    committing,
    keys,
    payments_database,
    shop,
    standin,
    till,
    trade_day,
    web,
)

__all__ = ["committing", "keys", "payments_database", "shop", "standin", "till", "trade_day", "web"]


@pytest.fixture
def paid_ahead(shop: Shop) -> int:
    """A tenant paid 500.00 ahead through the wallet; gives the payment's id."""
    with org_scope(shop.org):
        lease = let(house(), "3-1-1208", terms(), status="awaiting")
        number = start_payment(
            SYSTEM,
            subject=("lease", lease.id),
            amount=Money("500.00"),
            method="h5",
            return_url=f"{shop.web_url}/back",
            description="预存房租",
        ).number
    shop.pay(number)
    assert shop.deliver() == [204]
    with org_scope(shop.org):
        return Payment.objects.get().id


def books(shop: Shop) -> tuple[str, str]:
    """The credit's open amount and the payout's state; the ledger's laws hold."""
    with org_scope(shop.org):
        assert set((fetch_one(LAWS) or {}).values()) == {0}
        return str(Credit.objects.get().open), Payout.objects.order_by("-id")[0].state


@pytest.mark.req("R-03")
def test_a_refund_takes_the_credit_at_once_and_is_done_when_the_gateway_says_so(
    shop: Shop,
    paid_ahead: int,
) -> None:
    with org_scope(shop.org):
        refund_payment(SYSTEM, payment_id=paid_ahead, amount=Money("300.00"), reason="多付退回")
        refused = refund_payment.refusal(SYSTEM, payment_id=paid_ahead, amount=Money("200.01"), reason="再退")
    assert refused is not None
    assert "200.00" in refused.text()
    assert books(shop) == ("200.00", "asked")
    assert send_refunds(shop.org, clock.wall()) == {"processing": 1}
    assert shop.deliver() == [204]
    assert books(shop) == ("200.00", "done")


def test_a_refund_the_gateway_closed_gives_the_credit_back(shop: Shop, paid_ahead: int) -> None:
    with org_scope(shop.org):
        refund_payment(SYSTEM, payment_id=paid_ahead, amount=Money("300.00"), reason="多付退回")
    shop.standin.desk.refund_results.append("CLOSED")
    send_refunds(shop.org, clock.wall())
    shop.deliver()
    send_refunds(shop.org, clock.wall() + timedelta(minutes=10))
    assert books(shop) == ("500.00", "failed")


def test_cash_is_not_refunded_through_a_gateway(shop: Shop) -> None:
    from anju.domain.billing.actions import record_payment

    with org_scope(shop.org):
        lease = let(house(), "3-1-1208", terms(), status="awaiting")
        paid = record_payment(
            SYSTEM, lease_id=lease.id, amount=Money("100"), method="cash", received_at=clock.now(), source="cash:1"
        )
        with pytest.raises(Refused, match="refund_by_hand"):
            refund_payment(SYSTEM, payment_id=paid.id, amount=Money("10"), reason="退")
