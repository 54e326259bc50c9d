"""How values look to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from anju.foundation.ui import current, formats
from anju.kit import Money

SUNDAY_MORNING = datetime(2026, 11, 22, 2, 24, tzinfo=UTC)  # 10:24 in Shanghai


@pytest.fixture(autouse=True)
def a_sunday_in_november() -> Iterator[None]:
    with current.frozen(SUNDAY_MORNING):
        yield


def test_an_amount_has_two_decimals_and_thousands() -> None:
    assert formats.money(Money("2468.68")) == "¥2,468.68"
    assert formats.money(Decimal("-316.4")) == "−¥316.40"
    assert formats.money(None) == "—"
    assert formats.money(3, plus=True) == "+¥3.00"
    assert formats.money("2100", symbol="") == "2,100.00"


def test_large_type_shows_yuan_and_fen_apart() -> None:
    assert formats.amount_parts("2386.4") == ("", "2,386", "40")


@given(st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2))
def test_an_amount_read_back_is_the_amount(amount: Decimal) -> None:
    shown = formats.money(amount).replace("¥", "").replace(",", "").replace("−", "-")
    assert Decimal(shown) == amount


def test_a_day_carries_its_weekday() -> None:
    assert formats.day(date(2026, 11, 22)) == "2026-11-22 (周日)"
    assert formats.short_day(date(2026, 11, 25), named=True) == "11-25 (周三)"
    assert formats.short_day(date(2025, 3, 14)) == "2025-03-14"
    assert formats.long_day(date(2026, 11, 25)) == "11月25日（周三）"


def test_a_moment_is_told_in_shanghai() -> None:
    assert formats.moment(SUNDAY_MORNING) == "2026-11-22 10:24 (周日)"
    assert formats.time_of_day(SUNDAY_MORNING) == "10:24"
    assert formats.day(datetime(2026, 11, 22, 17, tzinfo=UTC)) == "2026-11-23 (周一)"


def test_the_lines_of_what_happened_name_a_day_where_it_is_another_one() -> None:
    reported, taken = datetime(2026, 11, 10, 11, 42, tzinfo=UTC), datetime(2026, 11, 10, 12, 25, tzinfo=UTC)
    arrived, agreed = datetime(2026, 11, 11, 7, 4, tzinfo=UTC), datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    assert formats.day_time(reported) == "11月10日 19:42"
    assert formats.day_time(taken, reported) == "20:25"
    assert formats.day_time(arrived, taken) == "11月11日 15:04"
    assert formats.day_time(SUNDAY_MORNING, arrived) == "11月22日 10:24"
    assert formats.day_time(SUNDAY_MORNING) == "10:24"  # today
    assert formats.day_time(agreed) == "1月1日 00:30"  # in Shanghai the year has begun
    assert formats.day_time(agreed - timedelta(hours=1)) == "2025年12月31日 23:30"
    assert formats.day_time(None) == "—"


def test_days_left_says_when_it_is_today_and_when_it_is_late() -> None:
    assert formats.days_left(date(2026, 11, 25)) == "还有 3 天"
    assert formats.days_left(date(2026, 11, 22)) == "今天到期"
    assert formats.days_left(date(2026, 11, 17)) == "逾期 5 天"


def test_relative_time_keeps_the_exact_time_on_hover() -> None:
    shown = formats.ago(SUNDAY_MORNING - timedelta(days=3))
    assert 'title="2026-11-19 10:24 (周四)"' in shown
    assert "3 天前" in shown


def test_durations_are_told_in_two_steps_at_most() -> None:
    assert formats.duration(timedelta(minutes=36)) == "36 分"
    assert formats.duration(timedelta(hours=1, minutes=36)) == "1 时 36 分"
    assert formats.duration(timedelta(days=1, hours=6, minutes=5)) == "1 天 6 时"


def test_lists_do_not_count_beyond_ten_thousand() -> None:
    assert formats.count(10_001) == "10,000+"
    assert formats.count(26) == "26"


def test_a_phone_shows_seven_digits_and_an_odd_one_none() -> None:
    assert formats.mask_phone("+8613812341234") == "138****1234"
    assert formats.mask_phone("12345") == "****"
    assert formats.mask_phone(None) == "—"


def test_a_difference_has_its_sign_in_words_when_there_is_none() -> None:
    assert [formats.signed(n) for n in (48, -41, 0)] == ["+48", "−41", "不变"]
    with translation.override("zh-hans"):
        assert formats.percent(Decimal("0.902")) == "90.2%"


def test_numbers_rooms_and_dates_stay_in_one_piece() -> None:
    cut = formats.whole("厨房漏水・3-1-1208・单号 W26-1805，2026-11-22 <b>")
    assert str(cut) == (
        '厨房漏水・<span class="p-whole">3-1-1208</span>・单号 <span class="p-whole">W26-1805</span>，'
        '<span class="p-whole">2026-11-22</span> &lt;b&gt;'
    )
    assert str(formats.whole(Markup('<a href="/x/a-1">W26-1</a> &amp;'))) == (
        '<a href="/x/a-1"><span class="p-whole">W26-1</span></a> &amp;'
    )
    shown = str(formats.whole("卧室　2026-11-22 07:48 (周日)，11月25日（周三）前"))
    assert re.findall("<span[^>]*>(.*?)</span>", shown) == ["2026-11-22", "(周日)", "11月25日", "（周三）"]
    assert str(formats.whole("a-" * 30 + "b")) == "a-" * 30 + "b"  # wider than a phone: may break


def test_a_few_chinese_words_are_cut_between_words_only() -> None:
    assert str(formats.by_word("师傅正在处理")) == '<span class="p-words">师傅<wbr>正在<wbr>处理</span>'
    assert str(formats.by_word("11月15日 15:04 到场")) == '<span class="p-words">11月15日 15:04 到场</span>'
    assert str(formats.by_word("On site <b>")) == "On site &lt;b&gt;"
