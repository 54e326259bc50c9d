"""短信 and 电子邮件 in the console: set up, tried for real, switched off, texts filed by hand."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

import pytest

from anju.foundation.db import clock
from anju.foundation.messaging.actions import name_text, switch_channel, try_channel
from anju.foundation.messaging.channels.sms import as_filed
from anju.foundation.messaging.filings import wordings
from anju.foundation.messaging.models import ChannelSetting, SmsTemplate
from anju.kit import Actor, Refused
from tests.messaging.house import Gateway, Postman
from tests.providers.conftest import EMAIL, SMS, Desk

PHONE = "13900005567"


@pytest.mark.req("R-11")
def test_sms_is_set_up_and_a_test_reaches_a_phone(desk: Desk, sms: dict[str, str], gateway: Gateway) -> None:
    status, page = desk.send(SMS, **sms)
    assert status == 302
    assert sms["key_secret"] not in page
    assert "由许婧填写；留空表示不变" in page
    assert f"/messages/report/aliyun/{desk.company}" in page
    assert "请看看 13900005567 收到没有" in desk.attempt(SMS, "139 0000 5567")
    (arrived,) = gateway.phone(desk.company, PHONE)
    assert re.fullmatch(r"【安居公寓】您的验证码是\d{6}，5分钟内有效，请勿告诉他人。", arrived)
    row = ChannelSetting.objects.get(channel="sms")
    assert (row.balance, row.daily_quota, row.config["sign_name"]) == (200, 5000, "安居公寓")


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ({"fail": {"*": "isv.AMOUNT_NOT_ENOUGH"}}, "短信余额不足"),
        ({"sign_names": ("别家公寓",)}, "短信签名未通过备案"),
        ({"review": "in_review"}, "正在等待服务商审核"),
        ({"fail": {"*": "isv.BUSINESS_LIMIT_CONTROL"}}, "短时间内发送过多"),
    ],
)
def test_what_the_provider_says_is_said_in_one_sentence(
    desk: Desk, sms: dict[str, str], gateway: Gateway, behaviour: dict[str, object], said: str
) -> None:
    desk.send(SMS, **sms)
    gateway.behave(desk.company, **behaviour)
    assert said in desk.attempt(SMS, PHONE)


def test_wrong_keys_and_wrong_numbers_are_told_apart(desk: Desk, sms: dict[str, str]) -> None:
    desk.send(SMS, **sms | {"key_secret": "nonsense"})
    assert "号码或邮箱格式不对" in desk.attempt(SMS, "123")
    assert "服务商拒绝了我们的账号或地址" in desk.attempt(SMS, PHONE)
    desk.send(SMS, **sms | {"endpoint": "http://127.0.0.1:9"})
    assert "连不上服务商" in desk.attempt(SMS, PHONE)


def test_a_good_test_ends_the_trouble_and_the_rest_goes_on(desk: Desk, sms: dict[str, str]) -> None:
    desk.send(SMS, **sms)
    ChannelSetting.objects.update(trouble_code="channel.balance", retry_after=clock.wall())
    assert "有故障" in desk.see(SMS)
    assert "短信余额不足" in desk.see("/system/providers")
    desk.attempt(SMS, PHONE)
    assert "有故障" not in desk.see(SMS)


def test_saving_again_keeps_the_secret_and_what_is_left(desk: Desk, sms: dict[str, str]) -> None:
    desk.send(SMS, **sms)
    ChannelSetting.objects.update(balance=150)
    assert desk.send(SMS, **sms | {"key_secret": "", "balance": "", "daily_quota": ""})[0] == 302
    row = ChannelSetting.objects.get(channel="sms")
    assert (row.balance, row.daily_quota) == (150, None)
    assert "收到没有" in desk.attempt(SMS, PHONE)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("key_id", "", "请填写 AccessKey ID。"),
        ("key_secret", "", "请填写 AccessKey Secret。"),
        ("sign_name", "", "请填写短信签名。"),
        ("daily_quota", "many", "请填整数，或留空。"),
        ("endpoint", "http://sms.example.com", "接口地址要以 https:// 开头。"),
        ("endpoint", "https://dysmsapi.aliyuncs.com", "演练环境只能连接本机的模拟服务"),
    ],
)
def test_faulty_settings_of_sms_are_marked(desk: Desk, sms: dict[str, str], field: str, value: str, said: str) -> None:
    status, page = desk.send(SMS, **sms | {field: value})
    assert status == 422
    assert said in page
    assert not ChannelSetting.objects.exists()


def test_email_is_set_up_and_a_letter_arrives(desk: Desk, email: dict[str, str], postman: Postman) -> None:
    assert desk.send(EMAIL, **email)[0] == 302
    assert "请看看 xu@anju.example 收到没有" in desk.attempt(EMAIL, "xu@anju.example")
    (letter,) = postman.letters
    assert letter.rcpt_tos == ["xu@anju.example"]
    assert isinstance(letter.content, bytes)
    assert message_from_bytes(letter.content, policy=default)["Subject"] == "测试邮件"


def test_email_that_does_not_work_says_why(desk: Desk, email: dict[str, str], postman: Postman) -> None:
    desk.send(EMAIL, **email)
    assert "邮箱不存在或拒收" in desk.attempt(EMAIL, "nobody@anju.example")
    assert "号码或邮箱格式不对" in desk.attempt(EMAIL, "nobody")
    desk.send(EMAIL, **email | {"port": "9"})
    assert "连不上邮件服务器 127.0.0.1:9" in desk.attempt(EMAIL, "xu@anju.example")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("host", "", "请填写服务器地址"),
        ("port", "70000", "端口是 1 至 65535"),
        ("port", "smtp", "端口是 1 至 65535"),
        ("from_address", "nobody", "发件地址要是一个邮箱"),
        ("host", "smtp.example.com", "演练环境只能连接本机的模拟服务"),
    ],
)
def test_faulty_settings_of_email_are_marked(
    desk: Desk, email: dict[str, str], field: str, value: str, said: str
) -> None:
    status, page = desk.send(EMAIL, **email | {field: value})
    assert status == 422
    assert said in page


def test_a_channel_is_switched_off_after_its_consequence_was_seen(desk: Desk, sms: dict[str, str]) -> None:
    desk.send(SMS, **sms)
    assert "0 条，到时改走下一个渠道" in desk.see(f"{SMS}/off")
    status, page = desk.send(f"{SMS}/off")
    assert status == 302
    assert "短信已停用。" in page
    assert not ChannelSetting.objects.get(channel="sms").enabled
    assert "收到没有" in desk.attempt(SMS, PHONE)  # trying is what one does before switching it on again
    desk.send(SMS, **sms | {"key_secret": ""})
    assert ChannelSetting.objects.get(channel="sms").enabled


def test_tests_are_counted(desk: Desk, sms: dict[str, str]) -> None:
    desk.send(SMS, **sms)
    pages = [desk.attempt(SMS, "123") for _again in range(21)]
    assert "操作太频繁" not in pages[19]
    assert "操作太频繁" in pages[20]


def test_a_text_filed_by_hand_is_named_and_checked(desk: Desk, sms: dict[str, str], gateway: Gateway) -> None:
    desk.send(SMS, **sms)
    place, wording = f"{SMS}/texts", next(w for w in wordings() if w.policy.key == "reminders")
    assert wording.content in desk.see(place).replace("&#39;", "'")
    account = gateway.service.account(gateway.key_id(desk.company))
    account.templates["SMS_111111111"] = [wording.content, "1", ""]
    account.templates["SMS_222222222"] = ["别的正文", "1", ""]
    for code, said in (("SMS_222222222", "在服务商处的正文和这一条不同"), ("SMS_333333333", "服务商处没有模板")):
        status, page = desk.send(place, content=wording.content, template=code)
        assert status == 422
        assert said in page
    assert not SmsTemplate.objects.exists()
    status, page = desk.send(place, content=wording.content, template="SMS_111111111")
    assert status == 302
    assert "SMS_111111111" in page
    assert "已通过" in page
    assert SmsTemplate.objects.get().content == as_filed(wording.text)


def test_each_action_refuses_whoever_may_not(desk: Desk) -> None:
    somebody = Actor.tenant(1)
    for call in (
        lambda by: switch_channel(by, channel="sms", enabled=False),
        lambda by: try_channel(by, channel="sms", address=PHONE),
        lambda by: name_text(by, wording="x", template="SMS_1"),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            call(somebody)
        with pytest.raises(Refused, match=r"messaging\.channel\.not_set"):
            call(Actor.system())
