"""What cases are about. The slice that owns the subject says how it is called and who its tenants are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from anju.kit import Actor

BEGUN = ("提交", "Submitted")


@dataclass(frozen=True, slots=True)
class Shown:
    """A subject as a line of a case: ``title`` (who, where), ``handle``, ``href``."""

    title: str
    handle: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of subject.

    ``show(request, ids)`` names several at once, inside the reader's rights; ``tenants(id)`` are the persons who act
    as ``@reporter``; ``find(request, text)`` finds one by what a person types (number, room); ``scope(id)`` is its row
    scope; ``pictures(id)`` are those of the tenants who may see its pictures (all, if left out); ``seen(by)`` whether
    a colleague within its row scope may see what is in it (all, if left out); ``begins`` names the
    page of its own form, where a case does not begin with the general one; ``begun`` is what its beginning is called,
    in Chinese and English.
    """

    key: str
    zh: str
    en: str
    show: Callable[[Any, Sequence[int]], dict[int, Shown]]
    scope: Callable[[int], int | None]
    tenants: Callable[[int], Sequence[int]]
    find: Callable[[Any, str], int | None] | None = None
    begins: str = ""
    pictures: Callable[[int], Sequence[int]] | None = None
    seen: Callable[[Actor], bool] | None = None
    begun: tuple[str, str] = BEGUN


_subjects: dict[str, Subject] = {}


def subject(kind: Subject) -> Subject:
    """Register a kind of subject."""
    if kind.key in _subjects:
        raise ValueError(f"subject {kind.key} is registered twice")
    _subjects[kind.key] = kind
    return kind


def subject_of(key: str) -> Subject | None:
    """A kind of subject, or None."""
    return _subjects.get(key)


def begun_word(kind: str) -> str:
    """What the beginning of a case about this kind of subject is called, in the reader's language."""
    known = _subjects.get(kind)
    zh, en = known.begun if known else BEGUN
    return en if (get_language() or "").startswith("en") else zh


def all_subjects() -> list[Subject]:
    """Every kind, by key."""
    return [_subjects[k] for k in sorted(_subjects)]


def tenants_of(kind: str, subject_id: int) -> Sequence[int]:
    """The persons a subject concerns."""
    known = _subjects.get(kind)
    return known.tenants(subject_id) if known else ()
