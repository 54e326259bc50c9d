"""The finder of repeated reports, judged on labelled pairs (how far these are unseen: see the module)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anju.domain.workorders.policies import WorkOrders
from anju.domain.workorders.words import likeness, readable
from anju.surface.bench import duplicates

BOOK = WorkOrders().dictionary()


@pytest.mark.req("W-07")
def test_the_finder_does_not_fall_behind_on_what_it_was_tuned_on() -> None:
    pairs = duplicates.labelled()
    assert len(pairs) >= 300
    found = duplicates.evaluate(pairs)
    assert found.precision >= 0.95
    assert found.recall >= 0.95


@pytest.mark.req("W-07")
def test_it_does_not_matter_which_of_two_came_first() -> None:
    policy = WorkOrders()
    for pair in duplicates.labelled():
        turned = replace(pair, spot_a=pair.spot_b, said_a=pair.said_b, spot_b=pair.spot_a, said_b=pair.said_a)
        assert duplicates.score(pair, policy) == duplicates.score(turned, policy), pair


def test_halves_part_every_pair_once() -> None:
    pairs = duplicates.labelled()
    tune, held_out = duplicates.halves(pairs)
    assert not set(tune) & set(held_out)
    assert sorted(map(repr, tune + held_out)) == sorted(map(repr, pairs))


@pytest.mark.req("W-07")
@pytest.mark.skipif(not duplicates.BLIND.exists(), reason="the pairs of the writer who had not seen the program")
def test_the_finder_finds_what_others_write() -> None:
    _tune, held_out = duplicates.tuned_and_held_out()
    found = duplicates.evaluate(held_out)
    assert found.precision >= 0.9
    assert found.recall >= 0.85


@pytest.mark.req("W-07")
@pytest.mark.parametrize(
    ("first", "second", "near", "same"),
    [
        ("门锁坏了", "门锁打不开", "unit", True),
        ("门锁坏了", "门锁打不开", "riser", False),  # each home has its own
        ("密码锁没电", "停电了", "building", False),  # a lock without power is no outage
        ("停电了", "家里突然没电", "building", True),
        ("厨房天花板滴水", "水槽下面渗水", "riser", True),
        ("厨房天花板滴水", "水槽下面渗水", "building", False),  # water does not run across the house
        ("厨房漏水", "卫生间漏水", "unit", False),
        ("洗衣机放在阳台，不脱水", "卫生间的洗衣机甩不干", "unit", True),  # there is only one
        ("楼道灯不亮", "走廊的灯坏了", "building", True),
        ("三楼走廊灯不亮", "六楼走廊灯不亮", "building", False),
        ("主卧灯不亮", "次卧灯不亮", "unit", False),  # a home has more than one
        ("马桶堵了", "洗手盆下水堵了", "unit", False),
        ("冰箱旁边的插座没电", "冰箱门关不严", "unit", False),  # 旁边 says where
        ("空调开了半天屋里还是三十度", "冷气唔冻", "unit", True),  # said without naming it, and in dialect
        ("衣服洗完捞出来还滴着水", "洗衣机甩不干", "unit", True),
        ("家里屋顶下雨了", "角阀断了，水喷得到处都是", "riser", True),
        ("洗菜池返水，有菜叶", "厨房下水不通", "riser", True),
        ("马桶漏水", "花洒漏水", "riser", False),  # both drip for themselves
        ("成栋楼都冇水", "水龙头没水，楼下也没有", "building", True),
        ("我房间停电，一开吹风机就跳闸", "停电了", "building", False),  # says itself that it is only there
        ("电梯里臭", "电梯停在八楼不动", "building", False),
        ("网络从昨晚开始断断续续", "整层停水，好几家都没水了", "building", False),
    ],
)
def test_what_homes_share_and_what_they_do_not(first: str, second: str, near: str, same: bool) -> None:
    a, b = BOOK.read(first), BOOK.read(second)
    found = likeness(a.terms, b.terms, same_kind=a.kind == b.kind, near=near)
    assert (found * 100 >= WorkOrders().same_from) is same, (a, b, found)
    assert likeness(b.terms, a.terms, same_kind=a.kind == b.kind, near=near) == found


@pytest.mark.req("W-07")
def test_words_an_operator_adds_are_read_as_the_word_their_group_begins_with() -> None:
    first, second = "马桶堵了", "五谷轮回所堵了"
    policy = WorkOrders()
    added = tuple(f"{g} 五谷轮回所" if g.startswith("马桶 ") else g for g in policy.synonyms)
    for book, same in ((BOOK, False), (WorkOrders(synonyms=added).dictionary(), True)):
        assert ("~toilet" in book.read(second).terms) is same
        assert "~toilet" in book.read(first).terms


@pytest.mark.req("W-07")
def test_marks_stay_where_words_are_many_and_are_not_for_reading() -> None:
    said = "厨房漏水，" + "，".join(f"{a}{b}" for a in "甲乙丙丁戊" for b in "山河湖海江")
    terms = BOOK.read(said, "厨房").terms
    assert len(terms) <= 24
    assert all(len(t) <= 20 for t in terms)
    assert "~leak" in terms
    assert not any(t.startswith("~") for t in readable(terms))
    assert "漏水" in readable(BOOK.read("厨房漏水", "厨房").terms)


@pytest.mark.req("W-07")
def test_an_order_from_before_there_were_marks_is_read_again() -> None:
    old, new = ("厨房", "漏水", "水槽"), BOOK.read("洗菜池下面渗水", "厨房").terms
    assert likeness(old, new, same_kind=True, near="unit") * 100 >= WorkOrders().same_from
