"""Thin clients of Aliyun's services with signature version 3; here Dysms (version 2017-05-25), four calls."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from anju.foundation.db import clock
from anju.foundation.messaging.channels import acs3

VERSION = "2017-05-25"
ENDPOINT = "https://dysmsapi.aliyuncs.com"
TIMEOUT = httpx.Timeout(8.0, connect=3.0)
NOTICE = "1"  # TemplateType: notice, as against code (0) and promotion (2)

_transports: list[httpx.BaseTransport] = []


class NotReached(Exception):
    """No connection: the request certainly did not arrive."""


class NoAnswer(Exception):
    """The request may have arrived; nobody knows."""


@contextmanager
def through(transport: httpx.BaseTransport) -> Iterator[None]:
    """Send every request of this process through a transport inside the block.

    ``httpx.WSGITransport(app=stand_in.wsgi)`` reaches a stand-in without sockets: how years of demo history are made.
    """
    _transports.append(transport)
    try:
        yield
    finally:
        _transports.remove(transport)


@dataclass
class Api:
    """One account at one service. Thread-safe, as httpx clients are."""

    key_id: str
    secret: str = field(repr=False)
    endpoint: str
    client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        transport = _transports[-1] if _transports else None
        self.client = httpx.Client(base_url=self.endpoint, timeout=TIMEOUT, transport=transport)

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()

    def call(self, action: str, params: Mapping[str, str]) -> dict[str, Any]:
        """One signed request; the provider's JSON whatever its status, ``Code`` always present.

        Raises:
            NotReached: no connection was made.
            NoAnswer: it broke or timed out after the request may have arrived.
        """
        query = acs3.canonical_query(params)
        url = httpx.URL(self.endpoint)
        host = url.netloc.decode()
        headers = acs3.signed_headers(
            self.key_id, self.secret, host=host, action=action, version=VERSION, query=query,
            at=clock.wall(), nonce=secrets.token_hex(16),
        )  # fmt: skip
        try:
            answer = self.client.post(f"/?{query}", headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotReached from error
        except httpx.HTTPError as error:
            raise NoAnswer from error
        try:
            body = answer.json()
        except ValueError as error:
            raise NoAnswer from error
        return {"Code": f"HTTP {answer.status_code}", **(body if isinstance(body, dict) else {})}


@dataclass
class Dysms(Api):
    """One account at the SMS service."""

    endpoint: str = ENDPOINT

    def send(
        self, *, phone: str, sign_name: str, template: str, values: Mapping[str, str], out_id: str
    ) -> dict[str, Any]:
        """SendSms. ``values`` are strings only, as the provider demands; ``out_id`` comes back in receipts and
        queries.
        """
        param = json.dumps(dict(values), ensure_ascii=False)
        return self.call("SendSms", {"PhoneNumbers": phone, "SignName": sign_name, "TemplateCode": template,
                                     "TemplateParam": param, "OutId": out_id})  # fmt: skip

    def details(self, *, phone: str, on: date) -> list[dict[str, Any]] | None:
        """QuerySendDetails: what went to a phone on a Beijing day (the last 30 are kept); None when it cannot say."""
        found: list[dict[str, Any]] = []
        for page in range(1, 21):
            params = {
                "PhoneNumber": phone,
                "SendDate": on.strftime("%Y%m%d"),
                "PageSize": "50",
                "CurrentPage": str(page),
            }
            answer = self.call("QuerySendDetails", params)
            if answer["Code"] != "OK":
                return None
            rows = (answer.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
            found += rows
            if not rows or len(found) >= int(answer.get("TotalCount") or 0):
                break
        return found

    def file_template(self, *, name: str, content: str, remark: str) -> dict[str, Any]:
        """AddSmsTemplate: hand in a wording for review; ``TemplateCode`` names it from then on."""
        params = {"TemplateType": NOTICE, "TemplateName": name, "TemplateContent": content, "Remark": remark}
        return self.call("AddSmsTemplate", params)

    def template_state(self, template: str) -> dict[str, Any]:
        """QuerySmsTemplate: ``TemplateStatus`` 0 in review, 1 approved, 2 refused with ``Reason``, 10 withdrawn."""
        return self.call("QuerySmsTemplate", {"TemplateCode": template})
