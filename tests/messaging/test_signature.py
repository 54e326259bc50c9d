"""The request signature against the example in Aliyun's documentation, and the stand-in's refusals."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anju.foundation.messaging.channels import acs3
from anju.foundation.messaging.standins.aliyun_sms import AliyunSms


def test_the_published_example_gives_the_published_signature() -> None:
    query = acs3.canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = acs3.signed_headers(
        "YourAccessKeyId", "YourAccessKeySecret", host="ecs.cn-shanghai.aliyuncs.com", action="RunInstances",
        version="2014-05-26", query=query, at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )  # fmt: skip
    published = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    assert headers["Authorization"].endswith(f"Signature={published}")


class Caller:
    """Sends raw requests to the stand-in."""

    def __init__(self) -> None:
        self.service = AliyunSms(
            secret_of=lambda key: "right" if key == "drill-1" else None, report_url_of=lambda key: None
        )

    def call(
        self,
        *,
        secret: str = "right",
        key: str = "drill-1",
        at: datetime | None = None,
        action: str = "QuerySmsTemplate",
        sent_query: str | None = None,
    ) -> tuple[str, dict[str, Any]]:
        query = acs3.canonical_query({"TemplateCode": "SMS_1"})
        headers = acs3.signed_headers(key, secret, host="127.0.0.1", action=action, version="2017-05-25", query=query,
                                      at=at or datetime.now(UTC), nonce="n1")  # fmt: skip
        environ = {
            "REQUEST_METHOD": "POST", "PATH_INFO": "/", "QUERY_STRING": sent_query or query, "wsgi.input": io.BytesIO(),
            **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
        }  # fmt: skip
        status: list[str] = []
        body = b"".join(self.service.wsgi(environ, lambda s, h: status.append(s)))
        return status[0], json.loads(body)


def test_a_right_signature_passes_once() -> None:
    caller = Caller()
    assert caller.call()[1]["Code"] == "isv.SMS_TEMPLATE_ILLEGAL"
    assert caller.call()[1]["Code"] == "SignatureNonceUsed"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"sent_query": "TemplateCode=SMS_2"}, "SignatureDoesNotMatch"),
        ({"key": "drill-2"}, "InvalidAccessKeyId.NotFound"),
        ({"at": datetime.now(UTC) - timedelta(minutes=20)}, "InvalidTimeStamp.Expired"),
        ({"action": "DropTables"}, "InvalidAction.NotFound"),
    ],
)
def test_the_stand_in_refuses_as_the_provider_does(wrong: dict[str, Any], code: str) -> None:
    status, body = Caller().call(**wrong)
    assert body["Code"] == code
    assert not status.startswith("200")
