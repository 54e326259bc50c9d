"""Texts: what a person reads, what it costs, what lint says before it is published."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.foundation.messaging.policies import Hours, Messaging
from anju.foundation.messaging.texts import MessageText, lint_text, signed, sms_parts, variable
from anju.kit import Refused

BILL = MessageText(
    sms="{name}您好，账单{amount}元，{due}到期：{link}",
    inapp_title="账单 ¥{amount}",
    inapp_body="{due}到期。",
)
VARS = {"name": "周子昂", "amount": "2214.6", "due": "2026-11-25", "link": "https://anju.example/b/7Kd2mQ9xLpA"}


def test_amounts_and_days_are_written_as_people_write_them() -> None:
    assert BILL.render("sms", VARS).body == (
        "周子昂您好，账单2,214.60元，11月25日到期：https://anju.example/b/7Kd2mQ9xLpA"
    )
    shown = BILL.render("inapp", VARS)
    assert (shown.title, shown.body) == ("账单 ¥2,214.60", "11月25日到期。")


def test_a_variable_without_a_value_refuses_instead_of_sending_a_gap() -> None:
    with pytest.raises(Refused) as refused:
        BILL.render("sms", {**VARS, "amount": None})
    assert refused.value.code == "messaging.variable.missing"
    assert "amount" in refused.value.text()


def test_a_channel_without_text_refuses() -> None:
    with pytest.raises(Refused, match=r"messaging\.text\.missing"):
        BILL.render("email", VARS)
    assert BILL.channels() == ("sms", "inapp")


@pytest.mark.parametrize(("units", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
def test_an_sms_is_billed_per_70_or_67_characters(units: int, parts: int) -> None:
    assert sms_parts("房" * units) == parts


def test_the_signature_and_characters_beyond_the_basic_plane_count() -> None:
    assert sms_parts(signed("房" * 64, "安居公寓")) == 1
    assert sms_parts(signed("房" * 65, "安居公寓")) == 2
    assert sms_parts("𠮷" * 36) == 2  # 72 UTF-16 units


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_parts_never_shrink_as_a_text_grows(text: str) -> None:
    assert sms_parts(text) <= sms_parts(text + "。")


def test_lint_finds_what_would_go_wrong() -> None:
    text = MessageText(sms="【安居】{nmae}，再不交就断水断电", inapp_body="欠 {amount")
    found = {(f.code, f.path) for f in lint_text(text, path="steps.0.text", need_link=True)}
    assert found == {
        ("messaging.unknown_variable", "steps.0.text.sms"),
        ("messaging.signature_in_text", "steps.0.text.sms"),
        ("messaging.forbidden_word", "steps.0.text.sms"),
        ("messaging.braces", "steps.0.text.inapp_body"),
        ("messaging.no_link", "steps.0.text.sms"),
        ("messaging.no_link", "steps.0.text.inapp_body"),
    }


def test_lint_warns_of_a_long_sms_and_refuses_an_empty_notice() -> None:
    assert [f.code for f in lint_text(MessageText(sms="请" * 200))] == ["messaging.too_long"]
    assert [f.code for f in MessageText().lint()] == ["messaging.no_text"]
    assert BILL.lint() == []


def test_the_preview_shows_samples_and_signature() -> None:
    assert BILL.preview("sms", signature="安居公寓").body.startswith("【安居公寓】周子昂您好，账单2,214.60元")


def test_a_variable_is_declared_once() -> None:
    assert variable("name", zh="称呼", en="Name", sample="周子昂").sample == "周子昂"
    with pytest.raises(ValueError, match="twice"):
        variable("name", zh="姓名", en="Name", sample="李四")


def test_hours_that_allow_nothing_cannot_be_published() -> None:
    closed = Messaging(sms_hours=Hours(start=time(21), end=time(8)))
    assert [(f.code, f.path) for f in closed.lint()] == [("messaging.no_hours", "sms_hours.end")]
    assert Messaging().lint() == []
