"""A shop at the till: a real organization, our own web server and the gateway's stand-in, all over HTTP on loopback.

The web server's threads must see what a test wrote, so these tests commit, in a database of their own; each test has a
new organization, and row-level security keeps it apart from the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections, transaction
from django.urls import Resolver404, resolve

from anju.foundation.db import clock, org_scope
from anju.foundation.payments import accounts, news
from anju.foundation.payments.actions import Prepared, start_payment
from anju.foundation.payments.gateways import Method
from anju.foundation.payments.models import GatewayProblem
from anju.foundation.payments.queries import OrderState, order_state
from anju.foundation.payments.standins.drill_account import set_up_drill_account
from anju.foundation.payments.standins.wechat import WechatStandIn
from anju.foundation.payments.standins.wechat_keys import WechatKeys, ensure_wechat_keys
from anju.foundation.staffing.actions import create_organization
from anju.kit import Actor, Money
from tests.conftest import pointing_at

SYSTEM = Actor.system()
PARCEL = "parcel"


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Tests do not log."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """An application on a loopback port; gives its address."""
    server = make_server("127.0.0.1", 0, application, server_class=Threaded, handler_class=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Till:
    """What the slice above would be: it posts payments for parcels, in the payment's own transaction."""

    posted: list[news.Paid] = field(default_factory=list)
    refunds: list[news.RefundDone] = field(default_factory=list)
    problems: list[news.Problem] = field(default_factory=list)
    broken: bool = False

    def take(self, paid: news.Paid) -> None:
        if self.broken:
            raise RuntimeError("the till is jammed")
        transaction.on_commit(lambda: self.posted.append(paid))

    def refunded(self, done: news.RefundDone) -> None:
        transaction.on_commit(lambda: self.refunds.append(done))

    def problem(self, problem: news.Problem) -> None:
        transaction.on_commit(lambda: self.problems.append(problem))


@dataclass
class Shop:
    """One organization with its gateway."""

    org: int
    standin: WechatStandIn
    gateway_url: str
    web_url: str
    till: Till

    def start(self, amount: str = "2280.00", *, parcel: int = 1, method: Method = "h5", **more: Any) -> Prepared:
        """A payer opens the pay page."""
        with org_scope(self.org):
            return start_payment(
                SYSTEM,
                subject=(PARCEL, parcel),
                amount=Money(amount),
                method=method,
                return_url=f"{self.web_url}/back",
                description="十二月账单, 3-1-1208",
                **more,
            )

    def pay(self, number: str, **damage: Any) -> None:
        """The payer confirms in the wallet; the callback waits with the stand-in, damaged as said."""
        if damage:
            self.standin.desk.damages.append(damage | {"for": number})
        order = self.standin.books.row("SELECT prepay_id FROM orders WHERE number = ?", number)
        assert order is not None
        self.standin.desk.pay(order["prepay_id"])

    def deliver(self, *, everything: bool = False) -> list[int]:
        """Callbacks reach us; gives our answers."""
        return self.standin.courier.deliver(everything=everything)

    def paid(self, amount: str = "2280.00", **more: Any) -> str:
        """An order, paid and told."""
        number = self.start(amount, **more).number
        self.pay(number)
        assert self.deliver() == [204]
        return number

    def state(self, number: str) -> OrderState:
        with org_scope(self.org):
            return order_state(number)

    def order_id(self, number: str) -> int:
        from anju.foundation.payments.models import PaymentOrder

        with org_scope(self.org):
            return int(PaymentOrder.objects.get(number=number).id)

    def problems(self) -> list[tuple[str, str, int]]:
        """Open problems: kind, reference, count."""
        with org_scope(self.org):
            return list(GatewayProblem.objects.filter(closed_at=None).values_list("kind", "reference", "count"))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WechatKeys]:
    """Both sides' keys and the home they are kept in."""
    home = tmp_path_factory.mktemp("wechat")
    return home, ensure_wechat_keys(home)


@pytest.fixture(scope="session")
def payments_database(new_database: Callable[[str], str]) -> str:
    """A database that tests commit to."""
    return new_database(f"anju_payments_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")


@pytest.fixture
def committing(payments_database: str, django_db_blocker: Any) -> Iterator[None]:
    """Django works in that database, and commits."""
    with django_db_blocker.unblock(), pointing_at(payments_database):
        yield


@pytest.fixture(scope="session")
def web() -> Iterator[str]:
    """Our own product over HTTP."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns where there is none
    handler = WSGIHandler()
    with suppress(Resolver404):
        resolve("/healthz")  # every page is imported now, not inside the gateway's five seconds

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        try:
            return list(handler(environ, start_response))
        finally:
            connections.close_all()  # a thread for each request: none may keep its connection

    with serving(application) as url:
        yield url


@pytest.fixture
def till(monkeypatch: pytest.MonkeyPatch) -> Till:
    till = Till()
    monkeypatch.setitem(news._paid, PARCEL, till.take)
    monkeypatch.setitem(news._refunded, PARCEL, till.refunded)
    monkeypatch.setattr(news, "_problem", [till.problem])
    return till


@pytest.fixture
def trade_day() -> list[datetime]:
    """The stand-in's trade time, one element; a test moves it by changing it."""
    return []


@pytest.fixture
def standin(keys: tuple[Path, WechatKeys], trade_day: list[datetime]) -> Iterator[WechatStandIn]:
    standin = WechatStandIn(keys[1], now=lambda: trade_day[0] if trade_day else datetime.now(UTC))
    yield standin
    standin.books.close()


def open_shop(home: Path, standin: WechatStandIn, gateway_url: str, web_url: str, till: Till, **account: Any) -> Shop:
    """A new organization with its merchant account."""
    org = create_organization(name="测试公寓").id
    with org_scope(org):
        set_up_drill_account(SYSTEM, home=home, address=gateway_url, **account)
        assert clock.drill_clock() is None
    accounts._opened.clear()
    return Shop(org, standin, gateway_url, web_url, till)


@pytest.fixture
def shop(
    committing: None, keys: tuple[Path, WechatKeys], standin: WechatStandIn, web: str, till: Till, settings: Any
) -> Iterator[Shop]:
    """A shop whose gateway is checked by public key."""
    settings.BASE_URL = web
    with serving(standin.wsgi) as gateway_url:
        yield open_shop(keys[0], standin, gateway_url, web, till)
