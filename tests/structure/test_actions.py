"""Every action asks for a permission that exists, and its name says where it belongs."""

from __future__ import annotations

import re

import pytest

from anju.foundation.access import all_permissions
from anju.foundation.actions import Action, registry
from anju.kit.refusal import declared

NAME = re.compile(r"[a-z_]+(\.[a-z_]+){1,3}")


@pytest.mark.parametrize("action", registry().values(), ids=lambda a: a.name)
def test_every_action_has_a_permission(action: Action[..., object]) -> None:
    assert action.needs in all_permissions()
    assert NAME.fullmatch(action.name)


def test_every_refusal_has_both_languages() -> None:
    """A sentence that is only a fact (``{why}``) brings its language with it."""
    chinese = re.compile(r"[\u4e00-\u9fff]|\{\w+\}")
    poor = [code for code, (zh, en) in declared().items() if not en or not chinese.search(zh)]
    assert poor == []


def test_both_languages_of_a_refusal_name_the_same_facts() -> None:
    facts = re.compile(r"\{(\w+)")
    wrong = [c for c, (zh, en) in declared().items() if set(facts.findall(zh)) != set(facts.findall(en))]
    assert wrong == []
