"""A difference reads like the form."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from anju.foundation.publishing.diff import diff
from anju.foundation.publishing.forms import valid
from anju.foundation.publishing.merge import merge
from tests.publishing.models import Everything

BODY = Everything().model_dump(mode="json")


def rows(**changed: Any) -> list[tuple[str, str | None, str | None]]:
    new = valid(Everything, {**BODY, **changed})
    return [(c.title, c.old, c.new) for c in diff(Everything, BODY, new)]


def step(day: int, **more: Any) -> dict[str, Any]:
    return {"day": day, **more}


def test_scalars_show_units_money_and_words() -> None:
    assert rows(grace=5, fee="80.00", cap="9.00", quiet=False, order="new", note="记得开票") == [
        ("宽限天数", "3 天", "5 天"),
        ("手续费", "¥50.00", "¥80.00"),
        ("封顶", "不设", "¥9.00"),
        ("免打扰", "是", "否"),
        ("顺序", "旧的先", "新的先"),
        ("备注", "空", "记得开票"),
    ]


def test_a_changed_step_is_named_by_its_heading() -> None:
    assert rows(steps=[step(-3, at="09:00"), step(1)]) == [("步骤 · 到期前 3 天 · 时间", "10:00", "09:00")]


def test_a_step_put_in_front_does_not_make_the_others_differ() -> None:
    assert rows(steps=[step(-7), step(-3), step(1)]) == [
        ("步骤 · 到期前 7 天", None, "第几天 -7 天，做什么 短信，签名 安居，时间 10:00，话术 短信正文 您好")
    ]


def test_a_step_taken_away() -> None:
    ((title, old, new),) = rows(steps=[step(-3)])
    assert (title, new) == ("步骤 · 逾期第 1 天", None)
    assert old is not None


def test_another_kind_of_thing_to_do_is_one_row() -> None:
    assert rows(steps=[step(-3), step(1, by={"kind": "call", "times": 2})]) == [
        ("步骤 · 逾期第 1 天 · 做什么", "短信，签名 安居", "语音，次数 2 次")
    ]


def test_lists_of_words_and_maps() -> None:
    assert rows(channels=["email", "sms"], waits=[], rights={**BODY["rights"], "rent.waive": ["boss", "clerk"]}) == [
        ("渠道", "短信", "邮件、短信"),
        ("等待", "1、5", "没有"),
        ("权限 · 减免", "店长", "店长、前台"),
    ]


def test_ticks_in_another_order_are_no_difference() -> None:
    assert rows(rights={**BODY["rights"], "rent.see": ["clerk", "boss"]}) == []


def test_a_key_the_text_does_not_mention_follows_the_standard() -> None:
    assert rows(rights={"rent.waive": ["boss"]}) == []
    assert rows(rights={"rent.waive": []}) == [("权限 · 减免", "店长", "没有")]


texts = st.fixed_dictionaries(
    {
        "grace": st.integers(0, 30),
        "note": st.sampled_from(["", "a", "b"]),
        "steps": st.lists(st.sampled_from([step(-3), step(1), step(5)]), max_size=3),
        "rights": st.dictionaries(st.sampled_from(["rent.waive", "rent.see"]), st.sampled_from([["boss"], []])),
    }
).map(lambda some: valid(Everything, {**BODY, **some}))


@given(texts, texts)
def test_nothing_differs_without_a_row_and_no_row_without_a_difference(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    standard = BODY["rights"]
    mean_the_same = {**old, "rights": {**standard, **old["rights"]}} == {**new, "rights": {**standard, **new["rights"]}}
    assert bool(diff(Everything, old, new)) != mean_the_same
    assert all(c.old != c.new for c in diff(Everything, old, new))


@given(texts, texts, texts)
def test_merging_keeps_mine_takes_theirs_and_loses_nothing(
    base: dict[str, Any], a: dict[str, Any], b: dict[str, Any]
) -> None:
    assert merge(base, a, base) == a
    assert merge(base, base, b) == b
    assert merge(base, a, a) == a
    both = merge(base, a, b)
    for field in ("grace", "note", "steps"):
        assert both[field] == (a[field] if a[field] != base[field] else b[field])
