"""Invented tenants: names, phones, segments, and how each of them pays."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pypinyin import lazy_pinyin

from anju.domain.tenants.rules import NewPerson

SURNAMES, *_WORDS = (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines()
GIVEN, COMPANIES, TRADES = (line.split() for line in _WORDS)
SEGMENTS = (("office", 58), ("student", 24), ("family", 18))
OWN = 0  # the number of the tenant whom visitors of the demo meet
PREFIXES = (133, 135, 136, 137, 138, 139, 150, 151, 152, 157, 158, 159, 177, 180, 186, 188)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Tenant:
    """A tenant as the importer gets them, with a temper: ``late`` ones make most of the late bills."""

    person: NewPerson
    late: bool
    company: bool


def tenants(seed: int) -> Iterator[Tenant]:
    """Tenants without end; the first is the one whom visitors of the demo meet."""
    rng = random.Random(seed * 7919 + 1)
    phones: set[str] = set()
    yield Tenant(
        NewPerson(name="林晓雯", phone="13800008888", email="lin.xiaowen@example.com", segment="office"), False, False
    )
    while True:
        phone = f"{rng.choice(PREFIXES)}{rng.randint(0, 99_999_999):08}"
        if phone in phones:
            continue
        phones.add(phone)
        yield _person(rng, phone)


def companies(seed: int) -> Iterator[Tenant]:
    """Companies without end, for offices."""
    rng = random.Random(seed * 7919 + 2)
    while True:
        name = f"{rng.choice(COMPANIES)}{rng.choice(COMPANIES)}{rng.choice(TRADES)}有限公司"
        phone = f"{rng.choice(PREFIXES)}{rng.randint(0, 99_999_999):08}"
        yield Tenant(
            NewPerson(name=name, kind="company", phone=phone, segment="company"), late=rng.random() < 0.05, company=True
        )


def _person(rng: random.Random, phone: str) -> Tenant:
    return Tenant(person_with_phone(rng, phone), late=rng.random() < 0.08, company=False)


def person_with_phone(rng: random.Random, phone: str) -> NewPerson:
    """An invented person whom nobody has met, with the given phone."""
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    email = f"{''.join(lazy_pinyin(name))}{rng.randint(1, 99)}@example.com" if rng.random() < 0.35 else ""
    segment = rng.choices([s for s, _ in SEGMENTS], weights=[w for _, w in SEGMENTS])[0]
    number = id_number(rng)
    return NewPerson(name=name, phone=phone, email=email, segment=segment, id_kind="id_card", id_number=number)


def id_number(rng: random.Random) -> str:
    """A resident number with a right check digit and a region code that is given to nobody (999999)."""
    born = date(1975, 1, 1) + timedelta(days=rng.randint(0, 11_000))
    body = f"999999{born:%Y%m%d}{rng.randint(1, 999):03}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]
