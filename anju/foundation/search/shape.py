"""What kind of thing was typed: that decides which index is asked. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from anju.kit import china

Route = Literal["key", "bigram", "trigram"]
LONGEST = 60
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_KEY = re.compile(r"[a-z0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query. ``key``: it may begin a code or pinyin; ``phone``: "whole", "tail" or ""."""

    text: str
    route: Route
    key: str = ""
    phone: Literal["", "whole", "tail"] = ""


def terms(query: str) -> list[Term]:
    """The words of a query, the most selective first; at most four. Fewer than two characters find nothing."""
    text = unicodedata.normalize("NFKC", query)[:LONGEST].lower()
    number = china.mobile(text)  # "138 0013 8000" is one word
    words = [number] if number else [w for w in re.split(r"[\s,，、;；·|]+", text) if w]
    found = [term for word in words[:4] if (term := _term(word)) is not None]
    return sorted(found, key=_selectivity)


def _term(word: str) -> Term | None:
    squeezed = fold_key(word)
    if _KEY.fullmatch(squeezed) and len(squeezed) >= 2:
        phone: Literal["", "whole", "tail"] = ""
        if china.mobile(squeezed):
            phone = "whole"
        elif re.fullmatch(r"\d{4}", squeezed):
            phone = "tail"
        return Term(word, "key", squeezed, phone)
    if len(word) < 2:
        return None
    chinese = len(_CHINESE.findall(word))
    if chinese == len(word) and len(word) <= 3:
        return Term(word, "bigram")
    if len(word) == 2:
        return Term(word, "key", squeezed) if squeezed else None
    return Term(word, "trigram")


def _selectivity(term: Term) -> int:
    if term.phone == "whole":
        return 0
    return {"trigram": 1, "bigram": 2, "key": 3 - min(len(term.key), 8) // 4}[term.route]


def fold_key(text: str) -> str:
    """A code as it is kept: lower case, no spaces, dashes, dots, slashes, no 室 or 床 (HZ25-0412 → hz250412)."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s\-_./#—–]|室$|号$|房$|床$", "", folded)


def bigrams(text: str) -> list[str]:
    """Every pair of neighbouring Chinese characters; must equal ``search_grams`` in SQL."""
    pairs = (text[i : i + 2] for i in range(len(text) - 1))
    return sorted({p for p in pairs if all(_CHINESE.match(c) for c in p)})
