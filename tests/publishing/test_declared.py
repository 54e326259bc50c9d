"""Every policy of the product can be edited by a person."""

from __future__ import annotations

import pytest

from anju.foundation.policy import all_declared
from anju.foundation.policy.registry import Declared
from anju.foundation.publishing.fields import walk
from anju.foundation.publishing.forms import read, tree, valid
from anju.foundation.publishing.lint import lint
from tests.publishing.test_forms import posted


@pytest.fixture(params=[d for d in all_declared() if d.model.__module__.startswith("anju.")], ids=lambda d: d.key)
def declared(request: pytest.FixtureRequest) -> Declared:
    found: Declared = request.param
    return found


def chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def test_every_field_has_a_chinese_label(declared: Declared) -> None:
    nameless = [path for path, spec in walk(declared.model) if not chinese(spec.title)]
    assert nameless == []


def test_every_choice_is_a_word_and_not_a_code(declared: Declared) -> None:
    codes = [f"{p}={v}" for p, spec in walk(declared.model) for v in spec.choices.values() if not chinese(v)]
    assert codes == []


def test_the_standard_template_survives_its_form(declared: Declared, in_org: int) -> None:
    body = declared.model().model_dump(mode="json")
    got = read(declared.model, posted(tree(declared.model, body)))
    assert got.errors == {}
    assert valid(declared.model, got.body) == body


def test_nobody_has_to_excuse_the_standard_template(declared: Declared) -> None:
    standard = declared.model()
    assert lint(declared.key, standard, standard) == []
