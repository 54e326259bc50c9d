"""The storm: business and kills for a while, then calm, then the check."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from anju.foundation.db import clock, fetch, fetch_value, org_scope
from anju.foundation.messaging.dispatch import dispatch_all
from anju.foundation.payments.models import OPEN, PaymentOrder
from anju.foundation.payments.repair import repair_open_orders, send_refunds
from anju.foundation.payments.standins.wechat_keys import ensure_wechat_keys
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from anju.surface.checker.check import Verdict, check_org
from anju.surface.checker.laws import Law
from anju.surface.demo import company
from anju.surface.demo.load import load_bills, load_leases, load_payments
from anju.surface.demo.world.scale import blocks
from anju.surface.torture.house import House, free_port, patience

SYSTEM = Actor.system()
UNITS = 60
CLIENTS = 3
Say = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """What the storm did, and what the checker says."""

    seed: int
    kills: int
    seconds: float
    killed: dict[str, int]
    business: dict[str, int]
    verdicts: list[Verdict]

    @property
    def broken(self) -> list[Verdict]:
        """The laws that do not hold."""
        return [v for v in self.verdicts if not v.holds]

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "seed": self.seed,
            "kills": self.kills,
            "seconds": round(self.seconds, 1),
            "killed": self.killed,
            "business": self.business,
            "laws": len(self.verdicts),
            "broken": [v.as_json() for v in self.broken],
        }


def prepare(seed: int) -> int:
    """A drill organization with some dozens of leases, its providers at the stand-ins; returns its id."""
    today = company.TODAY
    org = company.found(today - timedelta(days=120), f"压力测试 {seed}")
    with org_scope(org):
        clock.move_to(datetime.combine(today, datetime.min.time(), clock.SHANGHAI) + timedelta(hours=10))
    for block in blocks(UNITS, seed, today):
        for step in (load_leases, load_bills, load_payments):
            with org_scope(org):
                step(SYSTEM, block=block, seed=seed)
    return org


def storm(*, seconds: float, kills: int, seed: int, say: Say) -> Report:
    """Business by several clients while things are killed; then calm, then the check.

    Args:
        seconds: how long, unless the kills are reached before.
        kills: how many; 0 for as many as the seconds hold.
        seed: of what is killed when; business has its own dice.
        say: told what goes on.
    """
    port = free_port()
    os.environ["ANJU_STANDINS_URL"], os.environ["PORT"] = f"http://127.0.0.1:{port + 1}", str(port)
    os.environ["ANJU_BASE_URL"] = f"http://127.0.0.1:{port}"
    settings.BASE_URL = os.environ["ANJU_BASE_URL"]
    org = prepare(seed)
    connections.close_all()
    house = House(Path(settings.HOME), org, port)
    rng, killed, begin = random.Random(seed), Counter[str](), time.monotonic()  # noqa: S311
    house.start(CLIENTS, seed)
    try:
        time.sleep(3)
        while time.monotonic() - begin < seconds and (not kills or house.kills < kills):
            time.sleep(rng.uniform(0.1, 2.0))
            house.revive()
            killed[house.kill_one(rng)] += 1
            if house.kills % 50 == 0:
                say(f"{house.kills} kills, {time.monotonic() - begin:.0f} s")
        house.stop("client")
        took = time.monotonic() - begin
        calm(house, say)
        told = at_the_gateway()
    finally:
        house.stop("")
    verdicts = [*check_org(org), gateway_agrees(org, told)]
    return Report(seed, house.kills, took, dict(killed), business(org), verdicts)


def calm(house: House, say: Say) -> None:
    """Let everything that was begun end: runs resume, the gateway is asked about every order, messages go out, but for
    those whose text the provider still reviews: that may take longer than anybody waits here.

    It is morning then: at night a text message rightly waits.
    """
    morning = False
    with patience(900) as deadline:
        while True:
            house.revive()
            try:
                morning = morning or come_to_morning(house.org)
                if settled(house.org):
                    return
            except (OperationalError, InterfaceError, DatabaseError) as error:
                say(f"waiting: {type(error).__name__}")
                connections.close_all()
            if time.monotonic() > deadline:
                raise TimeoutError(f"the house did not come to rest: {left_over(house.org)}")
            time.sleep(0.5)


def come_to_morning(org: int) -> bool:
    """Set the company's clock to ten in the morning, today or tomorrow."""
    with org_scope(org):
        now = clock.now().astimezone(clock.SHANGHAI)
        ten = datetime.combine(now.date() + timedelta(days=now.hour >= 10), time_of_day(10), clock.SHANGHAI)
        clock.move_to(ten)
    return True


def at_the_gateway() -> dict[str, bool]:
    """Every order the gateway knows: whether it was paid there."""
    bearer = {"Authorization": f"Bearer {ensure_wechat_keys(settings.HOME).control_token}"}
    url = f"{os.environ['ANJU_STANDINS_URL']}/wechat/control/orders"
    with patience(60) as deadline:
        while True:
            try:
                # Stand-ins that were killed last may still be on their way up.
                with httpx.Client(transport=httpx.HTTPTransport(retries=7), trust_env=False, timeout=10) as client:
                    answer = client.get(url, headers=bearer)
                return {row["number"]: row["paid_at"] is not None for row in answer.json()}
            except httpx.HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)


def gateway_agrees(org: int, told: dict[str, bool]) -> Verdict:
    """What was paid at the gateway is paid here, and nothing else is."""
    with org_scope(org):
        here = dict(PaymentOrder.objects.values_list("number", "paid_at"))
    differ = [n for n, paid in told.items() if n in here and paid != (here[n] is not None)]
    lost = [n for n, paid in told.items() if paid and n not in here]
    law = Law("gateway_agrees", "网关上付清的订单，这里也已入账", "What was paid at the gateway is paid here", "")
    return Verdict(org, law, tuple((differ + lost)[:5]), len(differ) + len(lost))


RUNNING = "SELECT sweep, as_of FROM sweep_run WHERE state = 'running' ORDER BY id"
UNDER_WAY = """
SELECT (SELECT count(*) FROM sweep_run WHERE state = 'running')
     + (SELECT count(*) FROM message WHERE state = 'sending')
     + (SELECT count(*) FROM message WHERE state = 'queued' AND due_at <= %(now)s AND channel <> 'email'
        AND reason <> 'text.in_review')
"""


def left_over(org: int) -> dict[str, Any]:
    """What is still under way, for whoever asks why."""
    with org_scope(org):
        orders = list(PaymentOrder.objects.filter(state__in=OPEN).values_list("number", "state")[:5])
        return {"runs": fetch(RUNNING), "under_way": fetch_value(UNDER_WAY, {"now": clock.now()}), "orders": orders}


def settled(org: int) -> bool:
    """Do what is left to do once more; whether nothing is left."""
    with org_scope(org):
        running = fetch(RUNNING)
    for run in running:
        run_sweep(SYSTEM, org, run["sweep"], run["as_of"])
    # Open orders are due to be asked about in time; here the time is now.
    repair_open_orders(org, clock.wall() + timedelta(hours=3))
    send_refunds(org, clock.wall() + timedelta(hours=3))
    dispatch_all(org)
    with org_scope(org):
        open_orders = PaymentOrder.objects.filter(state__in=OPEN).count()
        return not fetch_value(UNDER_WAY, {"now": clock.now()}) and not open_orders


BUSINESS = """
SELECT (SELECT count(*) FROM payment) AS payments, (SELECT count(*) FROM bill) AS bills,
       (SELECT count(*) FROM charge WHERE amount < 0) AS reversals, (SELECT count(*) FROM payout) AS payouts,
       (SELECT count(*) FROM payment_order) AS orders,
       (SELECT count(*) FROM payment_order WHERE paid_at IS NOT NULL) AS orders_paid,
       (SELECT count(*) FROM message) AS messages, (SELECT count(*) FROM sweep_run) AS runs,
       (SELECT count(*) FROM lease_version) AS versions, (SELECT count(*) FROM trace_event) AS events
"""


def business(org: int) -> dict[str, int]:
    """How much was done."""
    with org_scope(org):
        return {k: int(v) for k, v in fetch(BUSINESS)[0].items()}
