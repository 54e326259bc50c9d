"""The stand-ins a drill organization lives with: they keep filings, and mail ends in a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx

from anju.foundation.db import org_scope
from anju.foundation.messaging.actions import configure_channel
from anju.foundation.messaging.channels import aliyun
from anju.foundation.messaging.channels.aliyun import Dysms
from anju.foundation.messaging.dispatch import dispatch_due
from anju.foundation.messaging.standins.aliyun_sms import AliyunSms
from anju.foundation.messaging.standins.mailbox import Mailbox
from tests.messaging.house import SYSTEM, ZHOU_PHONE, Gateway, secret_of


def service(store: Path) -> AliyunSms:
    return AliyunSms(secret_of=secret_of, report_url_of=lambda key: None, store=store)


def test_filed_templates_outlive_a_restart(tmp_path: Path) -> None:
    store = tmp_path / "sms.json"
    with aliyun.through(httpx.WSGITransport(app=service(store).wsgi)):
        code = Dysms("drill-1", "secret of drill-1").file_template(name="n", content="您好${name}", remark="")[
            "TemplateCode"
        ]
    with aliyun.through(httpx.WSGITransport(app=service(store).wsgi)):
        assert Dysms("drill-1", "secret of drill-1").template_state(code)["TemplateContent"] == "您好${name}"
        assert Dysms("drill-2", "secret of drill-2").template_state(code)["Code"] == "isv.SMS_TEMPLATE_ILLEGAL"


def test_the_stand_in_can_be_told_to_misbehave_over_its_own_door(house: int, gateway: Gateway) -> None:
    dysms = Dysms(gateway.key_id(house), secret_of(gateway.key_id(house)) or "", gateway.url)
    assert dysms.call("StandinBehave", {"Behaviour": '{"balance": 0}'})["Code"] == "OK"
    assert dysms.call("StandinBehave", {"Behaviour": '{"explode": true}'})["Code"] == "InvalidParameter"
    filed = dysms.file_template(name="n", content="您好${name}", remark="")["TemplateCode"]
    sent = dysms.send(phone=ZHOU_PHONE, sign_name="安居公寓", template=filed, values={"name": "周"}, out_id="1")
    assert sent["Code"] == "isv.AMOUNT_NOT_ENOUGH"
    assert dysms.call("StandinPhone", {"PhoneNumber": ZHOU_PHONE})["Texts"] == []


def test_years_of_history_go_through_without_sockets(house: int, notify: Callable[..., int]) -> None:
    standin = AliyunSms(secret_of=secret_of, report_url_of=lambda key: None)
    with org_scope(house):
        configure_channel(
            SYSTEM, channel="sms", provider="aliyun", secret={"key_secret": "secret of drill-9"},
            config={"key_id": "drill-9", "sign_name": "安居公寓", "endpoint": "http://127.0.0.1:1"},
        )  # fmt: skip
    notify()
    with aliyun.through(httpx.WSGITransport(app=standin.wsgi)):
        assert dispatch_due(house)["sent"] == 1
    assert len(standin.phone("drill-9", ZHOU_PHONE)) == 1


def test_drill_mail_ends_in_the_mailbox(house: int, notify: Callable[..., int]) -> None:
    box = Mailbox().start()
    try:
        config = {"host": "127.0.0.1", "port": box.port, "security": "none", "from_address": "no-reply@anju.example"}
        with org_scope(house):
            configure_channel(SYSTEM, channel="email", provider="smtp", config=config)
        notify(channel="email", contact_id=2)
        assert dispatch_due(house)["sent"] == 1
        (mail,) = box.letters_to("zhou@example.test")
        assert "账单 ¥2,214.60" in mail.get_content()
    finally:
        box.stop()
