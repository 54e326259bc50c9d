"""Every sentence a person may see has its English."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from anju.foundation.policy.registry import all_declared, families
from anju.foundation.publishing.fields import source_strings

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "anju/locale/en/LC_MESSAGES/django.po"
PLACEHOLDERS = re.compile(r"\{\w*\}|%\(\w+\)[sd]|%[sd]")
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def policy_words() -> set[tuple[str | None, str]]:
    """What the forms of policies say; `make messages` finds it through .ci/policy_words.py."""
    return {
        (None, words)
        for policy in (*all_declared(), *families())
        if policy.model.__module__.startswith("anju.")
        for words in source_strings(policy.model)
    }


def sentences() -> set[tuple[str | None, str]]:
    """Every (context, msgid) in the code, the templates and the policies."""
    with (ROOT / ".ci/babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(ROOT / "anju", methods, options, KEYWORDS)
    return {(context, ids[0] if isinstance(ids, tuple) else ids) for _, _, ids, _, context in found} | policy_words()


def test_every_sentence_has_its_english() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    missing = []
    for context, msgid in sorted(sentences(), key=lambda s: s[1]):
        message = catalogue.get(msgid, context)
        if message is None or not any(message.string) or message.fuzzy:
            missing.append(msgid)
    assert not missing, "run `make messages` and translate:\n" + "\n".join(missing)


def test_translations_keep_their_placeholders() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    wrong = []
    for message in catalogue:
        if not message.id or message.pluralizable:
            continue
        if sorted(PLACEHOLDERS.findall(message.id)) != sorted(PLACEHOLDERS.findall(str(message.string))):
            wrong.append(message.id)
    assert not wrong
