"""One client: random business until it is killed (``python -m anju.surface.torture.client ORG SEED N``).

Whatever a database that dies under it raises, it waits a little and goes on with something else, as people do.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

Op = Callable[[random.Random, int], None]


def main(org: int, seed: int, n: int) -> None:
    """Load everything once, then do business in a child of our own; when it is killed, in another."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    import django

    django.setup()
    incarnation = 0
    while True:
        incarnation += 1
        child = os.fork()
        if child == 0:
            business(org, random.Random(f"{seed}:{n}:{incarnation}"))  # noqa: S311 invented business
        os.waitpid(child, 0)


def business(org: int, rng: random.Random) -> None:
    """Do business for ever."""
    from django.db import connections

    from anju.kit import Refused

    names, weights = zip(*operations(), strict=True)
    while True:
        op: Op = rng.choices(names, weights=weights)[0]
        try:
            op(rng, org)
        except Refused:
            continue
        except Exception as error:
            sys.stderr.write(f"{op.__name__}: {type(error).__name__}\n")
            sys.stderr.flush()
            connections.close_all()
            time.sleep(0.1)


def operations() -> list[tuple[Op, int]]:
    """What a client does, and how often."""
    return [
        (pay_in_cash, 8),
        (pay_by_wallet, 8),
        (bill, 2),
        (remind, 2),
        (amend, 2),
        (reverse, 2),
        (give_back, 1),
        (offset, 1),
        (send, 2),
        (next_day, 1),
    ]


def some(rng: random.Random, sql: str) -> int | None:
    """One id out of many."""
    from anju.foundation.db import fetch

    found = fetch(f"{sql} LIMIT 200")
    return int(rng.choice(found)["id"]) if found else None


OWING = "SELECT DISTINCT lease_id AS id FROM charge WHERE open > 0 ORDER BY 1"


def pay_in_cash(rng: random.Random, org: int) -> None:
    """Money over the counter; receipts repeat now and then, and are one payment."""
    from anju.domain.billing.actions import NewPayment, record_payments
    from anju.foundation.db import clock, org_scope
    from anju.kit import Actor, Money

    with org_scope(org):
        lease = some(rng, OWING)
        if lease is not None:
            amount, source = Money(rng.randint(100, 6000)), f"cash:{lease}:{rng.randint(1, 40)}"
            record_payments(Actor.system(), payments=[NewPayment(lease, amount, "cash", clock.now(), source)])


def pay_by_wallet(rng: random.Random, org: int) -> None:
    """An order at the gateway, paid in the wallet; its callback is repeated, late, held back or lost."""
    from django.conf import settings

    from anju.foundation.db import org_scope
    from anju.foundation.payments.actions import start_payment
    from anju.kit import Actor, Money

    with org_scope(org):
        lease = some(rng, OWING)
        if lease is None:
            return
        asked: dict[str, Any] = {"amount": Money(rng.randint(100, 6000)), "method": "h5", "description": "账单"}
        made = start_payment(
            Actor.system(), subject=("lease", lease), return_url=settings.BASE_URL, **asked
        )  # the payer is whoever stands there
    if made.state != "prepared":
        return
    _in_the_wallet(rng, made.number)


def _in_the_wallet(rng: random.Random, number: str) -> None:
    """Pay at the gateway, with a callback that goes astray now and then."""
    import httpx
    from django.conf import settings

    from anju.foundation.payments.standins.wechat_keys import ensure_wechat_keys

    damages: list[dict[str, Any]] = [
        {},
        {},
        {"repeat": 3},
        {"delay": rng.uniform(0, 3)},
        {"hold": True},
        {"lose": True},
    ]
    damage = rng.choice(damages)
    control = f"{os.environ['ANJU_STANDINS_URL']}/wechat/control"
    bearer = {"Authorization": f"Bearer {ensure_wechat_keys(settings.HOME).control_token}"}
    with httpx.Client(trust_env=False, timeout=5, headers=bearer) as wallet:
        if damage:
            wallet.post(f"{control}/damage", json={**damage, "for": number})
        wallet.post(f"{control}/pay", json={"number": number})
        if rng.random() < 0.2:
            wallet.post(f"{control}/release", json={"backwards": rng.random() < 0.5})
        if rng.random() < 0.1:
            wallet.post(f"{control}/replay", json={"number": number})


def bill(rng: random.Random, org: int) -> None:
    """The day's billing, again."""
    _sweep(org, "billing", fresh=rng.random() < 0.5)


def remind(rng: random.Random, org: int) -> None:
    """The day's reminders, again."""
    _sweep(org, "reminders", fresh=rng.random() < 0.5)


def _sweep(org: int, key: str, *, fresh: bool) -> None:
    from anju.foundation.db import clock, org_scope
    from anju.foundation.sweeps.run import run_sweep
    from anju.kit import Actor

    with org_scope(org):
        today = clock.today()
    run_sweep(Actor.system(), org, key, today, fresh=fresh)


def amend(rng: random.Random, org: int) -> None:
    """Another rent from a month on: billed periods are corrected by adding."""
    from anju.domain.leases.actions import Amendment, amend_lease
    from anju.domain.leases.models import Lease, LeaseVersion
    from anju.domain.leases.rules import LeaseTerms
    from anju.foundation.db import clock, org_scope
    from anju.kit import Actor

    with org_scope(org):
        lease_id = some(rng, "SELECT id FROM lease WHERE status = 'active' ORDER BY id") or 0
        lease = Lease.objects.filter(id=lease_id).first()
        version = LeaseVersion.objects.filter(id=(lease.current_version_id if lease else None) or 0).first()
        if lease is None or version is None:
            return
        terms = LeaseTerms.model_validate(version.terms)
        changed = terms.model_copy(update={"price": terms.price + Decimal(rng.randint(-200, 200))})
        day = max(lease.start_on, clock.today()) + timedelta(days=rng.randint(0, 20))
        change = Amendment(lease_id=lease.id, rev=lease.rev, effective_from=day, terms=changed, reason="调价")
        amend_lease(Actor.system(), change=change)


def reverse(rng: random.Random, org: int) -> None:
    """A charge that should not have been."""
    from anju.domain.billing.actions import reverse_charge
    from anju.foundation.db import org_scope
    from anju.kit import Actor

    with org_scope(org):
        charge = some(rng, "SELECT id FROM charge WHERE amount > 0 AND kind <> 'rent' ORDER BY id")
        if charge is not None:
            reverse_charge(Actor.system(), charge_id=charge, reason="重复收取")


def give_back(rng: random.Random, org: int) -> None:
    """What was paid ahead goes back."""
    from anju.domain.billing.actions import pay_back
    from anju.domain.billing.models import Credit
    from anju.foundation.db import org_scope
    from anju.kit import Actor, Money

    with org_scope(org):
        credit = Credit.objects.filter(id=some(rng, "SELECT id FROM credit WHERE open > 0 ORDER BY id") or 0).first()
        if credit is not None:
            amount, source = Money(min(credit.open, Decimal(500))), f"back:{credit.id}:{rng.randint(1, 3)}"
            pay_back(Actor.system(), credit_id=credit.id, amount=amount, source=source, reason="多付退回")


def offset(rng: random.Random, org: int) -> None:
    """A deposit settles what is open."""
    from anju.domain.billing.actions import offset_deposit
    from anju.foundation.db import org_scope
    from anju.kit import Actor, Money

    with org_scope(org):
        lease = some(rng, OWING)
        if lease is not None:
            offset_deposit(Actor.system(), lease_id=lease, amount=Money(rng.randint(50, 500)), reason="抵扣")


def send(rng: random.Random, org: int) -> None:
    """Messages that are due go out."""
    from anju.foundation.messaging.dispatch import dispatch_all

    dispatch_all(org, limit=rng.choice([5, 50]))


def next_day(rng: random.Random, org: int) -> None:
    """The clock goes on a day; the daily work of the day runs."""
    from anju.foundation.db import clock, org_scope
    from anju.foundation.jobs.ticks import run_due

    with org_scope(org):
        until = clock.now() + timedelta(days=1)
    run_due(org, until, move=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
