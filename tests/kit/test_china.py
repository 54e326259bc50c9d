"""Identifiers as people type them, and what is shown of them to those who may not see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.kit import china, masks


@pytest.mark.parametrize(
    "typed",
    ["13800001234", "138 0000 1234", "138-0000-1234", "+86 13800001234", "8613800001234", "008613800001234",
     "１３８００００１２３４", "（138）00001234", "\u200b13800001234\u00a0"],
)  # fmt: skip
def test_a_mobile_number_is_read_however_it_was_typed(typed: str) -> None:
    assert china.mobile(typed) == "13800001234"


@pytest.mark.parametrize(
    "typed", ["", "12800001234", "1380000123", "138000012345", "0571-88880000", "手机", "²3800001234", "1٣800001234"]
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    assert china.mobile(typed) is None


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "１１０１０５１９４９１２３１００２ｘ"])
def test_a_resident_id_with_the_right_check_character_is_accepted(number: str) -> None:
    assert china.resident_id(number) is not None


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491331002X", "", "11010519491231002", "abc"])
def test_a_wrong_resident_id_is_refused(number: str) -> None:
    assert china.resident_id(number) is None


def test_a_hong_kong_residents_permit_is_a_valid_number() -> None:
    body = "81000019900307123"
    check = china.ID_CHECKS[sum(int(c) * w for c, w in zip(body, china.ID_WEIGHTS, strict=True)) % 11]
    assert china.resident_id(body + check) == body + check


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body: str, place: int, shift: int) -> None:
    body = "110105" + "19900307" + body[:3]
    right = body + china.ID_CHECKS[sum(int(c) * w for c, w in zip(body, china.ID_WEIGHTS, strict=True)) % 11]
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert china.resident_id(right) == right
    assert china.resident_id(wrong) is None


def test_a_company_code_is_checked() -> None:
    assert china.uscc("91350100M000100Y43") == "91350100M000100Y43"
    assert china.uscc("91350100m000100y43") == "91350100M000100Y43"
    assert china.uscc("91350100M000100Y44") is None
    assert china.uscc("91350100I000100Y43") is None


def test_a_bank_card_is_checked() -> None:
    assert china.bank_card("4111 1111 1111 1111") == "4111111111111111"
    assert china.bank_card("4111111111111112") is None


def test_masks_show_what_the_law_lets_them_show() -> None:
    assert masks.mask_phone("13800001234") == "138****1234"
    assert masks.mask_name("张三丰") == "张*"
    assert masks.mask_id_number("110105194912311234") == "110***********1234"
    assert masks.mask_bank_card("6222020000000001234") == "**** 1234"
    assert masks.mask_email("zhangsan@example.com") == "z***@example.com"
    assert masks.mask_company("杭州安居住房租赁有限公司") == "杭州****公司"


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader_or_a_mask(text: str) -> None:
    for read in (china.mobile, china.resident_id, china.uscc, china.bank_card):
        read(text)
    for mask in (masks.mask_phone, masks.mask_name, masks.mask_id_number, masks.mask_bank_card, masks.mask_email):
        mask(text)
