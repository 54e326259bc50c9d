"""What the ticker runs. Wall time: gateways know no drill clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from anju.foundation.db import clock, org_scope
from anju.foundation.jobs import every
from anju.foundation.payments.gateways import GatewayError
from anju.foundation.payments.models import MerchantAccount, Statement
from anju.foundation.payments.repair import load_day, repair_open_orders, send_refunds

STATEMENT_READY = time(10, 30)
"""Beijing time: yesterday's statement is there from 10:00."""
LOOK_BACK_DAYS = 7


@every("payments.repair", minutes=1)
def repair(org: int, now: datetime) -> None:
    """Orders whose callback never came."""
    repair_open_orders(org, now)


@every("payments.refunds", minutes=1)
def refunds(org: int, now: datetime) -> None:
    """Refunds to send and to ask after."""
    send_refunds(org, now)


@every("payments.statements", minutes=60)
def statements(org: int, now: datetime) -> None:
    """Statements of the last days that were not reconciled yet; a gateway that does not answer is asked next hour."""
    for gateway, day in missing_statements(org, now):
        try:
            load_day(org, gateway, day, now)
        except GatewayError:
            return


def missing_statements(org: int, now: datetime) -> list[tuple[str, date]]:
    """(gateway, day) pairs without a reconciled statement, oldest first, from the account's first day on."""
    here = now.astimezone(clock.SHANGHAI)
    last = here.date() - timedelta(days=1 if here.time() >= STATEMENT_READY else 2)
    days = [last - timedelta(days=n) for n in reversed(range(LOOK_BACK_DAYS))]
    missing = []
    with org_scope(org):
        for account in MerchantAccount.objects.order_by("id"):
            began = account.created_at.astimezone(clock.SHANGHAI).date()
            done = set(
                Statement.objects.filter(account=account, day__gte=days[0], reconciled_at__isnull=False).values_list(
                    "day", flat=True
                )
            )
            missing += [(account.gateway, day) for day in days if day >= began and day not in done]
    return missing
