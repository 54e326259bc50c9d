"""A policy as a form and back: nobody ever meets JSON."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from anju.foundation.publishing.forms import Node, edit_list, put, read, tree, valid
from tests.publishing.models import Everything

BODY = Everything().model_dump(mode="json")


def posted(nodes: list[Node]) -> dict[str, list[str]]:
    """What a browser sends for a form as drawn."""
    sent: dict[str, list[str]] = {}
    for node in nodes:
        if node.kind == "bool":
            sent[node.path] = ["0", "1"] if node.value else ["0"]
        elif node.kind == "choices":
            sent[node.path] = ["", *node.value]
        elif node.kind not in ("group", "list", "map"):
            sent[node.path] = [node.value]
        sent.update(posted(node.children))
    return sent


def form(body: dict[str, Any]) -> dict[str, list[str]]:
    return posted(tree(Everything, body))


def find(nodes: list[Node], path: str) -> Node:
    for node in nodes:
        if node.path == path:
            return node
        if path.startswith(node.path):
            return find(node.children, path)
    raise LookupError(path)


def test_an_untouched_form_comes_back_as_it_was() -> None:
    got = read(Everything, form(BODY))
    assert got.errors == {}
    assert valid(Everything, got.body) == BODY


@given(
    st.fixed_dictionaries(
        {
            "grace": st.integers(0, 30),
            "quiet": st.booleans(),
            "fee": st.integers(0, 10**7).map(lambda fen: f"{fen // 100}.{fen % 100:02d}"),
            "waits": st.lists(st.integers(0, 99), max_size=4),
            "channels": st.permutations(["sms", "email"]),
            "steps": st.lists(
                st.builds(lambda d: {"day": d, "by": {"kind": "call", "times": 2}}, st.integers(-30, 30)), max_size=4
            ),
            "rights": st.dictionaries(st.sampled_from(["rent.waive", "rent.see"]), st.just(["clerk"]), min_size=2),
        }
    )
)
def test_any_valid_text_survives_the_form(some: dict[str, Any]) -> None:
    body = valid(Everything, {**BODY, **some})
    got = read(Everything, form(body))
    assert got.errors == {}
    assert valid(Everything, got.body) == body


def test_labels_help_units_and_headings_are_there() -> None:
    nodes = tree(Everything, BODY, changed=["steps.1.at"])
    grace = find(nodes, "grace")
    assert (grace.label, grace.help, grace.spec.unit) == ("宽限天数", "几天内不算逾期", "天")
    assert dict(grace.spec.limits) == {"ge": 0, "le": 30}
    assert find(nodes, "steps.0").label == "到期前 3 天"
    assert [n.changed for n in find(nodes, "steps").children] == [False, True]
    assert find(nodes, "rights.rent~waive").label == "减免"
    assert find(nodes, "order").choices == [("old", "旧的先"), ("new", "新的先")]


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        ("grace", "", "请填写宽限天数。"),
        ("grace", "三", "请填整数，如 3。"),
        ("grace", "31", "不能大于 30 天。"),
        ("grace", "-1", "不能小于 0 天。"),
        ("fee", "5.005", "请填金额，最多两位小数，如 2280.00。"),
        ("fee", "很多", "请填金额，最多两位小数，如 2280.00。"),
        ("rate", "x", "请填数字，如 0.5。"),
        ("rate", "NaN", "请填数字，如 0.5。"),
        ("rate", "0.00001", "最多 4 位小数。"),
        ("order", "sideways", "请从列表里选一项。"),
        ("since", "明天", "请填日期，如 2026-12-01。"),
        ("steps.0.at", "25:00", "请填时间，如 09:00。"),
        ("steps.1.by", "pigeon", None),
        ("steps.1.by.signature", "一", "至少写 2 个字。"),
        ("steps.1.words.sms", "长" * 71, "最多 70 个字，请缩短。"),
        ("waits.0", "x", "请填整数，如 3。"),
        ("note", "滚", "请换个客气的说法。"),
        ("channels", "", "至少要有 1 项。"),
        ("rights.rent~see", "ghost", "请从列表里选一项。"),
    ],
)
def test_each_fault_is_one_sentence_at_its_field(path: str, typed: str, sentence: str | None) -> None:
    got = read(Everything, {**form(BODY), path: [typed]})
    where = {p for p in got.errors if p == path or p.startswith(f"{path}.")}
    if sentence is None:
        assert got.errors == {}
    else:
        assert where, got.errors
        assert {got.errors[p] for p in where} == {sentence}
        assert len(got.errors) == len(where)


def test_all_faults_are_said_at_once_and_what_was_typed_is_kept() -> None:
    got = read(Everything, {**form(BODY), "grace": ["99"], "fee": ["x"], "steps.0.day": ["soon"]})
    assert set(got.errors) == {"grace", "fee", "steps.0.day"}
    nodes = tree(Everything, got.body, got.errors)
    assert find(nodes, "steps.0.day").value == "soon"
    assert find(nodes, "fee").value == "x"
    assert find(nodes, "steps").faulty


def test_english_readers_get_english_numbers_in_the_same_sentence() -> None:
    with translation.override("zh-hans"):
        assert "30 天" in read(Everything, {**form(BODY), "grace": ["31"]}).errors["grace"]


def test_full_width_digits_and_thousands_are_understood() -> None:
    got = read(Everything, {**form(BODY), "grace": ["１２"], "fee": ["¥1,280.5"]})
    assert got.errors == {}
    assert (got.body["grace"], got.body["fee"]) == (12, "1280.50")


def test_empty_lines_of_a_list_are_dropped_and_the_rest_is_renumbered() -> None:
    got = read(Everything, {**form(BODY), "waits.0": [""], "waits.1": ["5"], "waits.2": ["x"]})
    assert got.body["waits"] == [5, "x"]
    assert set(got.errors) == {"waits.1"}


def test_a_long_text_keeps_its_line_breaks_and_a_short_one_loses_spaces() -> None:
    long = "您好：\n\n请查收。\n"
    got = read(Everything, {**form(BODY), "letter": [long.replace("\n", "\r\n")], "note": ["  记得开票 "]})
    assert (got.body["letter"], got.body["note"]) == (long, "记得开票")


def test_what_may_be_left_out_is_left_out() -> None:
    assert read(Everything, {**form(BODY), "cap": [""]}).body["cap"] is None
    assert read(Everything, {**form(BODY), "cap": ["9"]}).body["cap"] == "9.00"


def test_list_buttons_work_on_a_half_filled_form() -> None:
    body = read(Everything, {**form(BODY), "grace": ["oops"]}).body
    body = edit_list(Everything, body, "add", "steps")
    assert len(body["steps"]) == 3
    assert body["steps"][2]["day"] == ""
    body = edit_list(Everything, body, "up", "steps.1")
    assert [s["day"] for s in body["steps"]] == [1, -3, ""]
    body = edit_list(Everything, body, "remove", "steps.2")
    body = edit_list(Everything, body, "down", "steps.1")
    body = edit_list(Everything, body, "remove", "steps.9")
    body = edit_list(Everything, body, "add", "grace")
    assert [s["day"] for s in body["steps"]] == [1, -3]
    assert body["grace"] == "oops"


def test_a_suggestion_is_put_in_its_place() -> None:
    body = put(Everything, valid(Everything, BODY), "steps.1.by", {"kind": "call", "times": 2})
    assert body["steps"][1]["by"] == {"kind": "call", "times": 2}
    assert put(Everything, body, "no.such.place", 1) == body


@given(st.dictionaries(st.sampled_from(sorted(form(BODY))), st.lists(st.text(max_size=8), max_size=2)))
def test_nothing_posted_ever_breaks_the_form(wild: dict[str, list[str]]) -> None:
    got = read(Everything, {**form(BODY), **wild})
    tree(Everything, got.body, got.errors)
    if not got.errors:
        valid(Everything, got.body)
