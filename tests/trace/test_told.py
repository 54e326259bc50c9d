"""Every kind of event has words in both languages; nobody reads a raw name."""

from __future__ import annotations

import re

import pytest

import anju.surface.demo.load  # noqa: F401  its actions register when it is imported
from anju.foundation.actions import registry
from anju.foundation.trace import told
from anju.foundation.trace.told import Sentence, all_sentences, is_told, words

CODE = re.compile(r"[a-z_]+\.[a-z_]+")


def test_every_action_has_a_sentence() -> None:
    assert [n for n, a in registry().items() if a.body.__module__.startswith("anju.") and not is_told(n)] == []


@pytest.mark.parametrize("sentence", all_sentences(), ids=lambda s: s.action)
def test_both_languages_say_the_same_and_belong_to_an_action(sentence: Sentence) -> None:
    facts = re.compile(r"\{(\w+)")
    assert set(facts.findall(sentence.en)) <= set(facts.findall(sentence.zh))
    assert not CODE.search(sentence.zh)
    assert sentence.action.startswith("*.") or sentence.action in registry()


def test_an_unknown_event_is_told_without_its_name() -> None:
    said = words({"action": "something.never.declared", "body": '{"amount": "3"}'})
    assert said == told.UNKNOWN.zh
    assert not CODE.search(said)


def test_what_an_action_causes_is_told_by_its_suffix() -> None:
    body = '{"reversed": "2280.00", "charged": "2400"}'
    assert (
        words({"action": "leases.lease.amend.rebill", "body": body}) == "已出账期重算：冲回 ¥2,280.00，新计 ¥2,400.00"
    )


def test_a_body_that_cannot_be_read_closes_no_page(caplog: pytest.LogCaptureFixture) -> None:
    broken = {"id": 7, "action": "billing.payment.record", "body": '{"amount":"3","settled":[[,""]]}'}
    assert words(broken) == "收款 ¥…，…"
    assert caplog.messages == ["event 7 cannot be read"]


def test_a_body_without_the_facts_still_reads_well() -> None:
    assert words({"action": "billing.payment.record", "body": "{}"}) == "收款 ¥…，…"
