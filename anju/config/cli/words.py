"""The terminal's words: Chinese first, English where the locale is English."""

from __future__ import annotations

from anju.config import environment


def t(zh: str, en: str) -> str:
    """The sentence in the terminal's language."""
    return en if environment.language() == "en" else zh
