"""English of source strings, read from the catalogue's text: the compiled one may be older, and the reference must not
depend on it."""

from __future__ import annotations

from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from anju.config.environment import PACKAGE


@cache
def _catalogue() -> Catalog:
    with (PACKAGE / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file)


def english(source: str) -> str:
    """The English of a Chinese source string; empty while nobody has translated it."""
    message = _catalogue().get(source) if source else None
    return message.string if message is not None and isinstance(message.string, str) else ""
