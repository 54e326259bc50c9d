"""A house with people, real stand-ins on loopback sockets, and a clock that stands on a Sunday morning."""

from __future__ import annotations

import itertools
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client

from anju.foundation.access.permissions import permission
from anju.foundation.actions import Act, action
from anju.foundation.crypto import create_org_key
from anju.foundation.db import clock, fetch, fetch_one, org_scope
from anju.foundation.messaging.actions import configure_channel
from anju.foundation.messaging.contacts import Contact, using_contact_source
from anju.foundation.messaging.outbox import enqueue
from anju.foundation.messaging.standins.aliyun_sms import AliyunSms
from anju.foundation.messaging.texts import MessageText
from anju.foundation.policy import PolicyModel, policy
from anju.foundation.policy.store import in_force, install_template
from anju.kit import Actor

MORNING = datetime(2026, 11, 22, 10, 0, tzinfo=clock.SHANGHAI)
SYSTEM = Actor.system()
ZHOU, LIN = 11, 12
ZHOU_PHONE, LIN_PHONE = "13900005567", "13800001234"


@policy("messaging_test_notices", area="system", zh="测试通知", en="Test notices")
class Notices(PolicyModel):
    """Texts the tests send."""

    bill: MessageText = MessageText(
        sms="{name}您好，账单{amount}元，{due}到期。若您近期有出行计划，可提前支付：{link}",
        inapp_title="账单 ¥{amount}",
        inapp_body="{name}您好，账单 ¥{amount}，{due}到期。",
        email_subject="账单 ¥{amount}",
        email_body="{name}您好：\n账单 ¥{amount}，请在{due}前支付。\n{link}",
    )


@dataclass
class PhoneBook:
    """A contact source of the tests' own: contact id → contact."""

    contacts_by_id: dict[int, Contact] = field(default_factory=dict)
    asked: int = 0

    def contacts(self, contact_ids: Sequence[int]) -> Mapping[int, Contact]:
        self.asked += 1
        return {i: self.contacts_by_id[i] for i in contact_ids if i in self.contacts_by_id}

    def names(self, person_ids: Sequence[int]) -> Mapping[int, str]:
        wanted = set(person_ids)
        return {c.person_id: c.name for c in self.contacts_by_id.values() if c.person_id in wanted}

    def preferred(self, person_ids: Sequence[int], channel: str) -> Mapping[int, int]:
        mail = channel == "email"
        return {
            c.person_id: c.contact_id
            for c in self.contacts_by_id.values()
            if c.person_id in person_ids and ("@" in c.address) == mail and not c.refusal
        }

    def mark(self, contact_id: int, refusal: str) -> None:
        self.contacts_by_id[contact_id] = replace(self.contacts_by_id[contact_id], refusal=refusal)


@pytest.fixture
def phone_book() -> Iterator[PhoneBook]:
    book = PhoneBook(
        {
            1: Contact(1, ZHOU, "周子昂", ZHOU_PHONE),
            2: Contact(2, ZHOU, "周子昂", "zhou@example.test"),
            3: Contact(3, LIN, "林晓", LIN_PHONE),
        }
    )
    with using_contact_source(book):
        yield book


house_ids = itertools.count(7_000_000 + os.getpid() % 1000 * 1000)


def open_house() -> int:
    """An organization id with its key, the standard template and its own clock."""
    org = next(house_ids)
    with org_scope(org):
        create_org_key()
        install_template(MORNING - timedelta(days=400))
        clock.move_to(MORNING)
    return org


@pytest.fixture
def house(db: None, phone_book: PhoneBook) -> int:
    return open_house()


@pytest.fixture
def lasting_house(django_db_setup: None, django_db_blocker: Any, phone_book: PhoneBook) -> Iterator[int]:
    """A house whose rows are really committed, for what only another process can see; the database is the run's own."""
    with django_db_blocker.unblock():
        yield open_house()


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return None


class ThreadedServer(WSGIServer):
    """Serves each request in its own thread, as the product's server does."""

    daemon_threads = True

    def process_request(self, request: Any, client_address: Any) -> None:
        threading.Thread(target=self._serve, args=(request, client_address), daemon=True).start()

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        finally:
            self.shutdown_request(request)


@dataclass
class Gateway:
    """The running stand-in and how the house reaches it."""

    service: AliyunSms
    url: str

    def key_id(self, org: int) -> str:
        return f"drill-{org}"

    def set_up(self, org: int, **more: Any) -> None:
        with org_scope(org):
            configure_channel(
                SYSTEM,
                channel="sms",
                provider="aliyun",
                config={"key_id": self.key_id(org), "sign_name": "安居公寓", "endpoint": self.url},
                secret={"key_secret": secret_of(self.key_id(org)) or ""},
                **more,
            )

    def behave(self, org: int, **changes: Any) -> None:
        self.service.behave(self.key_id(org), **changes)

    def phone(self, org: int, number: str) -> list[str]:
        return self.service.phone(self.key_id(org), number)

    def release(self, org: int) -> int:
        return self.service.release(self.key_id(org))


def secret_of(key_id: str) -> str | None:
    return f"secret of {key_id}" if key_id.startswith("drill-") else None


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """The SMS stand-in behind a real socket; its receipts come back through our own address when released."""

    def post(url: str, rows: list[dict[str, Any]]) -> None:
        answer = Client().post(url, json.dumps(rows), content_type="application/json")
        assert answer.json() == {"code": 0, "msg": "接收成功"}

    service = AliyunSms(
        secret_of=secret_of,
        report_url_of=lambda key: f"/messages/report/aliyun/{key.removeprefix('drill-')}",
        post=post,
    )
    server = make_server("127.0.0.1", 0, service.wsgi, server_class=ThreadedServer, handler_class=QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Gateway(service, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


@dataclass
class Postman:
    """What a real SMTP server took in."""

    port: int
    letters: list[Envelope] = field(default_factory=list)
    answer: str = "250 kept"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.letters.append(envelope)
        return self.answer

    def set_up(self, org: int) -> None:
        config = {"host": "127.0.0.1", "port": self.port, "security": "none", "from_address": "no-reply@anju.example",
                  "from_name": "安居公寓"}  # fmt: skip
        with org_scope(org):
            configure_channel(SYSTEM, channel="email", provider="smtp", config=config, secret={})


@pytest.fixture
def postman() -> Iterator[Postman]:
    with socket.socket() as free:  # the library cannot pick a port itself
        free.bind(("127.0.0.1", 0))
        man = Postman(free.getsockname()[1])
    controller = Controller(man, hostname="127.0.0.1", port=man.port)
    controller.start()
    yield man
    controller.stop()


TELL = permission("messaging_test.tell", zh="测试通知", en="Tell", roles=("service",))


@action("messaging_test.tell", needs=TELL)
def tell(act: Act, /, **message: Any) -> int | None:
    """An action of a slice above that sends a notice."""
    made = enqueue(act, **message)
    if made is None:
        act.nothing_changed()
    return made


@pytest.fixture
def notify(house: int) -> Callable[..., int]:
    """Queue a bill notice: to Zhou by SMS unless said otherwise."""
    return lambda **more: queue_notice(house, **more)


def queue_notice(org: int, **more: Any) -> int:
    message = {
        "dedupe": f"bill:{more.get('channel', 'sms')}:{more.get('to_person', ZHOU)}",
        "to_person": ZHOU,
        "contact_id": None if more.get("channel") == "inapp" else 1,
        "channel": "sms",
        "kind": "reminder",
        "template": "messaging_test_notices:bill",
        "subject": ("bill", 77),
        "vars": {"amount": "2214.60", "due": "2026-11-25"},
        "link": ("bill", 77),
        **more,
    }
    with org_scope(org):
        message.setdefault("version_id", in_force(Notices).version_id)
        made = tell(SYSTEM, **message)
    assert made is not None
    return made


def message(org: int, message_id: int) -> dict[str, Any]:
    with org_scope(org):
        row = fetch_one("SELECT * FROM message WHERE id = %(id)s", {"id": message_id})
    assert row is not None
    return row


def attempts(org: int, message_id: int) -> list[dict[str, Any]]:
    with org_scope(org):
        return fetch("SELECT * FROM message_attempt WHERE message_id = %(id)s ORDER BY n", {"id": message_id})


def wait(org: int, **time: float) -> None:
    """Let business time pass."""
    with org_scope(org):
        clock.move_to(clock.now() + timedelta(**time))


def run_out_of_lease(org: int) -> None:
    """As if the wall clock had gone past every lease and every wait for a provider."""
    from anju.foundation.db import run_sql

    past = clock.wall() - timedelta(seconds=1)
    with org_scope(org):
        run_sql("UPDATE message SET lease_until = %(past)s WHERE state = 'sending'", {"past": past})
        run_sql("UPDATE message SET retry_at = %(past)s WHERE retry_at IS NOT NULL", {"past": past})
        run_sql("UPDATE channel_setting SET retry_after = %(past)s WHERE retry_after IS NOT NULL", {"past": past})
