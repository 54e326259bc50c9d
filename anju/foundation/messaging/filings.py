"""The SMS wordings of the policies in force, and what the provider says of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

from anju.foundation.messaging.channels.sms import as_filed, text_hash
from anju.foundation.messaging.models import SmsTemplate
from anju.foundation.messaging.texts import MessageText
from anju.foundation.policy.registry import Declared, all_declared
from anju.foundation.policy.store import in_force


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording: the policy it stands in, our text, the text as it is filed, and its filing if there is one."""

    policy: Declared
    text: str
    content: str
    filing: SmsTemplate | None


def wordings() -> list[Wording]:
    """Every SMS wording in force for the whole organization, each once, those without a filing first."""
    found: dict[str, tuple[Declared, str]] = {}
    for declared in _with_texts():
        for text in _texts(in_force(declared.model).value):
            if wording := text.template("sms")[1]:
                found.setdefault(text_hash(wording), (declared, wording))
    filed = {row.sha256: row for row in SmsTemplate.objects.filter(sha256__in=list(found))}
    rows = [Wording(declared, text, as_filed(text), filed.get(key)) for key, (declared, text) in found.items()]
    return sorted(rows, key=lambda w: (w.filing is not None, w.policy.key))


@cache
def _with_texts() -> tuple[Declared, ...]:
    """Policies whose form has texts in it; the others need not be read."""
    named = MessageText.__name__
    return tuple(d for d in all_declared() if named in d.model.model_json_schema().get("$defs", {}))


def _texts(value: Any) -> Iterator[MessageText]:
    if isinstance(value, MessageText):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
