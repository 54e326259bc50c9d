"""Finding: the shape of each word picks the index, the database holds organization and row scope."""

from __future__ import annotations

import json
from dataclasses import dataclass

from anju.foundation.access import scopes
from anju.foundation.crypto import blind_index, tail_index
from anju.foundation.db import fetch
from anju.foundation.search.entries import phone_key, tail_key
from anju.foundation.search.kinds import Searchable, kinds_for
from anju.foundation.search.shape import Term, bigrams, terms
from anju.kit import Actor

FIND = "SELECT * FROM search_find(%(terms)s::jsonb, %(kinds)s::text[], %(scopes)s::bigint[], %(limit)s)"
MOST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. ``handle`` tells it from its namesakes; ``url`` opens it."""

    kind: Searchable
    subject_id: int
    title: str
    handle: str
    detail: str

    @property
    def url(self) -> str:
        """Where it opens."""
        return self.kind.url.format(id=self.subject_id)


def search(by: Actor, query: str, limit: int = 20) -> list[Hit]:
    """What an actor finds: only kinds whose pages the actor may open, only rows within the actor's scopes.

    Args:
        by: who asks.
        query: two characters or more: a name, pinyin initials, a phone or its last four digits, a lease number or its
            beginning, a room; several words must all fit ("王芳 8000").
        limit: at most this many, best first.
    """
    words, kinds = terms(query), kinds_for(by)
    if not words or not kinds:
        return []
    rows = fetch(
        FIND,
        {
            "terms": json.dumps([_asked(t) for t in words], ensure_ascii=False),
            "kinds": sorted(kinds),
            "scopes": scopes(by),
            "limit": min(limit, MOST),
        },
    )
    hits = [Hit(kinds[r["kind"]], r["subject_id"], r["title"], r["handle"], r["detail"]) for r in rows]
    return sorted(hits, key=lambda h: (h.title.lower() != query.strip().lower(), h.kind.order))


def _asked(term: Term) -> dict[str, object]:
    blind = ""
    if term.phone == "whole":
        blind = phone_key(blind_index("phone", term.key))
    elif term.phone == "tail":
        blind = tail_key(tail_index("phone", term.key))
    return {
        "route": term.route,
        "text": term.text,
        "key": term.key,
        "blind": blind,
        "grams": bigrams(term.text) if term.route == "bigram" else [],
    }
