"""An administrator at the settings of a drill company, its providers' stand-ins on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from anju.foundation.payments import accounts
from tests.messaging.house import Gateway, Postman, gateway, postman, secret_of
from tests.payments.conftest import keys, serving, standin, trade_day
from tests.staff import signed_in

__all__ = ["gateway", "keys", "postman", "standin", "trade_day"]

PASSWORD = "correct horse 7"
WECHAT, SMS, EMAIL = (f"/system/providers/{key}" for key in ("wechat", "sms", "email"))


@dataclass
class Desk:
    """Where the administrator sits."""

    client: Client
    company: int

    def see(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.content.decode())

    def send(self, path: str, proof: str = PASSWORD, **typed: Any) -> tuple[int, str]:
        """Submit a form; the status it was answered with, and the page that is seen then."""
        answer = self.client.post(path, {**typed, "proof": proof})
        page = self.client.get(answer.headers["Location"]) if answer.status_code == 302 else answer
        return answer.status_code, page.content.decode()

    def attempt(self, path: str, to: str = "") -> str:
        """Press the test's button; the page afterwards."""
        answer = self.client.post(f"{path}/try", {"to": to})
        return str(self.client.get(answer.headers["Location"]).content.decode())


@pytest.fixture
def desk(company: int) -> Iterator[Desk]:
    accounts._opened.clear()
    yield Desk(signed_in("admin", name="许婧"), company)
    accounts._opened.clear()


@pytest.fixture
def wechat(desk: Desk, keys: Any, standin: Any) -> Iterator[dict[str, str]]:
    """What the administrator types for WeChat Pay."""
    with serving(standin.wsgi) as address:
        yield {
            "mchid": f"1600{desk.company:06d}",
            "appid": keys[1].appid,
            "serial_no": keys[1].merchant_serial,
            "private_key": keys[1].merchant_key,
            "apiv3_key": keys[1].apiv3_key,
            "mode": "public_key",
            "public_key_id": keys[1].public_key_id,
            "public_key": keys[1].platform_public,
            "app_secret": keys[1].app_secret,
            "base_url": address,
        }


@pytest.fixture
def sms(desk: Desk, gateway: Gateway) -> dict[str, str]:
    """What the administrator types for SMS."""
    key = gateway.key_id(desk.company)
    return {
        "key_id": key,
        "key_secret": secret_of(key) or "",
        "sign_name": "【安居公寓】",
        "daily_quota": "5000",
        "balance": "200",
        "endpoint": gateway.url,
    }


@pytest.fixture
def email(desk: Desk, postman: Postman) -> dict[str, str]:
    """What the administrator types for e-mail."""
    return {
        "host": "127.0.0.1",
        "port": str(postman.port),
        "security": "none",
        "from_address": "no-reply@anju.example",
        "from_name": "安居公寓",
        "user": "",
        "password": "",
    }
