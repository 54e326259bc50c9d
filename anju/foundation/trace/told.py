"""What happened, in words: every kind of event has a sentence, declared in the ``told.py`` of the slice that causes it.

    told("billing.payment.record", "收款 ¥{amount}", "Received ¥{amount}", icon="cash", tone="ok", about="money",
         needs=VIEW)

Facts are the event's body; ``facts`` turns codes into words. Timelines, feeds and the reference read it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.utils.translation import get_language

log = logging.getLogger(__name__)
About = Literal["message", "money", "lease", "place", "data", "decision", "setting", "system"]
Facts = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """An event's words. ``needs``: the permission to read it; ``quiet`` events stay out of feeds."""

    action: str
    zh: str
    en: str
    icon: str
    tone: str
    about: About
    needs: Any
    facts: Facts | None
    quiet: bool


UNKNOWN = Sentence("", "记录了一次操作", "An operation was recorded", "point", "", "system", None, None, True)
_sentences: dict[str, Sentence] = {}


def told(
    action: str,
    zh: str,
    en: str,
    *,
    icon: str = "point",
    tone: str = "",
    about: About = "system",
    needs: Any = None,
    facts: Facts | None = None,
    quiet: bool = False,
) -> None:
    """Declare an event's sentence.

    Args:
        action: the event's name: an action's, or ``*.suffix`` for whatever action causes it.
        zh: what happened, with ``{facts}`` of the body.
        en: the same in English.
        icon: Tabler's icon name.
        tone: ``""``, ``ok``, ``info``, ``warn`` or ``danger``.
        about: the timeline's filter it falls under.
        needs: the permission asked of the reader; events about money ask for money's.
        facts: turns the body into the sentence's facts, where codes need words.
        quiet: machinery that people do not follow in a feed.
    """
    if action in _sentences:
        raise ValueError(f"the event {action} is told twice")
    _sentences[action] = Sentence(action, zh, en, icon, tone, about, needs, facts, quiet)


def sentence_of(action: str) -> Sentence:
    """The sentence of an event's name; a general one for names nobody declared, never the name itself."""
    return _sentences.get(action) or _sentences.get(f"*.{action.rpartition('.')[2]}") or UNKNOWN


def is_told(action: str) -> bool:
    """Whether somebody declared a sentence for this name."""
    return sentence_of(action) is not UNKNOWN


def all_sentences() -> list[Sentence]:
    """Every declared sentence, by name."""
    return [_sentences[a] for a in sorted(_sentences)]


def words(event: dict[str, Any]) -> str:
    """An event as one sentence in the reader's language; ``event`` is a row of ``events.timeline``."""
    known = sentence_of(event["action"])
    found: dict[str, Any] = {}
    try:
        body = json.loads(event["body"] or "{}")
    except ValueError:  # an event stays for ever: one that cannot be read must not close the page of all the others
        log.warning("event %s cannot be read", event.get("id"))
    else:
        found = known.facts(body) if known.facts else body
    text = known.en if (get_language() or "").startswith("en") else known.zh
    return text.format_map(_Body({k: amount(v) if k in MONEY else v for k, v in found.items()}))


MONEY = ("amount", "charged", "reversed")


def amount(value: Any) -> str:
    """An amount of a body as people write it: ``2468.5`` → ``2,468.50``."""
    try:
        return f"{Decimal(str(value)):,.2f}"
    except InvalidOperation:
        return str(value)


class _Body(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
