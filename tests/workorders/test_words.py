"""What a tenant writes is read: how urgent, of what kind, whether it is reported already."""

from __future__ import annotations

import pytest
from django.utils import translation

from anju.domain.workorders.actions import title_of
from anju.domain.workorders.english import IN_CHINESE
from anju.domain.workorders.order_titles import CUES, titled
from anju.domain.workorders.policies import WorkOrders
from anju.domain.workorders.words import Place, likeness, nearness

BOOK = WorkOrders().dictionary()


@pytest.mark.req("W-02")
@pytest.mark.parametrize(
    ("said", "priority", "kind", "cues"),
    [
        ("整层停水了", 0, "water", ("停水",)),
        ("全屋断电，跳闸推不上去", 0, "power", ("断电", "跳闸")),
        ("闻到很重的煤气味", 0, "appliance", ("煤气味",)),
        ("厨房水槽下的水管一直漏水，地上都湿了", 1, "water", ("漏水", "地上都湿")),
        ("没有热水，洗不了澡", 1, "heat", ("没有热水",)),
        ("马桶堵了", 1, "water", ("堵了",)),
        ("密码锁打不开", 2, "lock", ()),
        ("空调不制冷", 2, "air", ()),
        ("wifi 断网两天了", 2, "network", ()),
        ("燃气灶打不着火", 2, "appliance", ()),
        ("没停电，就是卧室一盏灯不亮", 2, "power", ()),
        ("地漏不漏水了，换的砖有裂缝", 3, "water", ("裂缝",)),
        ("墙角发霉起皮", 3, "wall", ("起皮", "发霉")),
    ],
)
def test_words_suggest_class_and_kind(said: str, priority: int, kind: str, cues: tuple[str, ...]) -> None:
    read = BOOK.read(said)
    assert (read.priority, read.kind, set(read.cues)) == (priority, kind, set(cues))


@pytest.mark.req("W-02")
@pytest.mark.parametrize(
    ("said", "priority", "kind", "cues"),
    [
        ("There is no water in the whole flat", 0, "water", ("no water",)),
        ("Power cut, the breaker trips again and again", 0, "power", ("power cut", "breaker")),
        ("I smell gas in the kitchen", 0, "appliance", ("smell gas",)),
        ("A pipe has burst!", 0, "water", ("burst",)),
        ("water is leaking under the sink", 1, "water", ("leak",)),
        ("No hot water, the heater shows E1", 1, "heat", ("no hot water",)),
        ("The toilet is blocked and overflows", 1, "water", ("blocked", "overflow")),
        ("I am locked out", 1, "lock", ("locked out",)),
        ("The door won’t open", 1, "lock", ("door won't open",)),
        ("The socket sparks", 1, "power", ("spark",)),
        ("The air conditioner does not cool", 2, "air", ()),
        ("The clock in the kitchen is two blocks high", 2, "other", ()),
        ("It is not leaking any more, but there's no light", 2, "power", ()),
        ("The tap doesn't drip, it hums", 2, "water", ()),
        ("Mould on the bedroom wall", 3, "wall", ("mould",)),
        ("The floor is scratched", 3, "wall", ("scratch",)),
    ],
)
def test_what_is_written_in_english_is_read_as_well(said: str, priority: int, kind: str, cues: tuple[str, ...]) -> None:
    read = BOOK.read(said)
    assert (read.priority, read.kind, set(read.cues)) == (priority, kind, set(cues))


def test_what_is_written_in_english_has_a_chinese_title_for_the_crew() -> None:
    read = BOOK.read("water is leaking under the sink")
    assert title_of("kitchen", read) == "厨房漏水"
    with translation.override("en"):
        assert titled("厨房漏水") == "Kitchen: water leak"
    assert set(IN_CHINESE.values()) <= CUES


def test_words_that_mean_the_same_are_one_word() -> None:
    assert BOOK.read("厨房水管滴水").terms == BOOK.read("厨房下水管渗水").terms


HERE = Place(5, 1, 12, "08", "1")


@pytest.mark.req("W-07")
@pytest.mark.parametrize(
    ("first", "second", "there", "same"),
    [
        ("厨房水槽下漏水", "厨房水管滴水", Place(5, 2, 13, "08", "1"), True),
        ("马桶堵塞", "厕所的马桶不下水", Place(5, 1, 12, "08", "1"), True),
        ("整层停水", "家里没水", Place(5, 9, 12, "03", "1"), True),
        ("厨房漏水", "空调不制冷", Place(5, 1, 12, "08", "1"), False),
        ("马桶堵塞", "卧室窗户关不上", Place(5, 3, 11, "08", "1"), False),
        ("灯不亮", "门锁坏了", Place(5, 9, 3, "03", "2"), False),
    ],
)
def test_two_reports_are_one_thing_or_two(first: str, second: str, there: Place, same: bool) -> None:
    a, b = BOOK.read(first), BOOK.read(second)
    score = likeness(a.terms, b.terms, same_kind=a.kind == b.kind, near=nearness(HERE, there))
    assert (score * 100 >= WorkOrders().same_from) is same, score
