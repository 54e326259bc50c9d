"""A technician, a tenant with a leak, and the number-protection service behind a real socket on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.test import Client

from anju.domain.tenants.actions import change_contact
from anju.domain.tenants.models import ContactPoint
from anju.foundation.calls.actions import enter_phone
from anju.foundation.calls.models import CallBinding
from anju.foundation.calls.setting_up import configure_service
from anju.foundation.calls.standins.aliyun_dypls import AliyunDypls
from anju.foundation.flows.actions import move
from anju.foundation.flows.models import FlowCase
from anju.kit import Actor
from tests.messaging.house import QuietHandler, ThreadedServer, secret_of
from tests.workorders.conftest import Block, agent, block, technician
from tests.workorders.test_orders import ROOM, leak

__all__ = ["agent", "block", "technician"]

SYSTEM = Actor.system()
MINE, THEIRS = "13911112222", "13733334444"
BOTH = (MINE, THEIRS, MINE[3:], THEIRS[3:])


@dataclass
class Exchange:
    """The running stand-in and how the company reaches it."""

    service: AliyunDypls
    url: str
    company: int

    @property
    def key(self) -> str:
        return f"drill-{self.company}"

    def set_up(self, **more: Any) -> None:
        configure_service(
            SYSTEM,
            provider="aliyun",
            config={"key_id": self.key, "pool_key": "FC100000001", "endpoint": self.url, **more},
            secret={"key_secret": secret_of(self.key) or ""},
        )

    def behave(self, **changes: Any) -> None:
        self.service.behave(self.key, **changes)

    def dial(self, binding: CallBinding, caller: str = MINE, seconds: int = 62) -> str:
        return self.service.dial(self.key, binding.x_number, caller, seconds)

    def reported(self) -> list[dict[str, Any]]:
        """What would be reported next."""
        return self.service.account(self.key).waiting

    def release(self) -> int:
        return self.service.release(self.key)


def report(company: int, rows: Any) -> Any:
    """Post receipts as the provider does; its answer's status and body."""
    body = rows if isinstance(rows, bytes) else json.dumps(rows)
    answer = Client().post(f"/calls/report/aliyun/{company}", body, content_type="application/json")
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def exchange(company: int) -> Iterator[Exchange]:
    def post(url: str, rows: list[dict[str, Any]]) -> None:
        assert report(int(url), rows) == (200, 0)

    service = AliyunDypls(secret_of=secret_of, report_url_of=lambda key: key.removeprefix("drill-"), post=post)
    server = make_server("127.0.0.1", 0, service.wsgi, server_class=ThreadedServer, handler_class=QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = Exchange(service, f"http://127.0.0.1:{server.server_port}", company)
    made.set_up()
    yield made
    server.shutdown()
    server.server_close()


def reachable(person: Actor, phone: str = THEIRS) -> None:
    """Give a tenant a mobile number."""
    change_contact(SYSTEM, person_id=person.id, kind=ContactPoint.Kind.PHONE, value=phone)


@pytest.fixture
def case(block: Block, technician: Actor) -> FlowCase:
    """A leak that the technician took; both sides have a phone."""
    found: FlowCase = leak(block).case
    reachable(block.tenant(ROOM))
    enter_phone(technician, phone=MINE)
    move(technician, case_id=found.id, step="accept")
    found.refresh_from_db()
    return found
