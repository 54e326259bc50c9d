"""Short links: short, random, kept as hashes, limited, expiring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from anju.foundation.access.permissions import permission
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, org_scope, run_sql
from anju.foundation.messaging import links, queries
from anju.foundation.messaging.dispatch import dispatch_due
from anju.kit import Refused
from tests.messaging.house import SYSTEM, ZHOU, Gateway

REVOKE = permission("messaging_test.revoke", zh="停用链接", en="Revoke", roles=())


@action("messaging_test.revoke", needs=REVOKE)
def revoke(act: Act, *, kind: str, id: int) -> int:
    return links.revoke_links(act, kind, id)


def refusal(code: str, ip: str = "203.0.113.9") -> str:
    with pytest.raises(Refused) as refused:
        links.resolve(code, ip)
    return refused.value.code


@pytest.fixture
def code(house: int) -> str:
    with org_scope(house):
        return links.make_link("bill", 77, clock.wall() + timedelta(days=30), person_id=ZHOU)


def test_a_link_opens_its_target_and_counts(house: int, code: str) -> None:
    opened = links.resolve(code, "203.0.113.9")
    assert (opened.org_id, opened.target_kind, opened.target_id, opened.person_id) == (house, "bill", 77, ZHOU)
    links.resolve(code, "203.0.113.9")
    (row,) = fetch("SELECT opened, code_hash FROM short_link WHERE org_id = %(o)s", {"o": house})
    assert row["opened"] == 2
    assert code.encode() not in bytes(row["code_hash"])


def test_codes_carry_at_least_60_bits() -> None:
    assert links.SPACE > 2**60
    assert len(links.ALPHABET) == len(set(links.ALPHABET))


def test_a_messages_link_is_the_same_at_every_try_and_differs_between_messages(
    house: int, gateway: Gateway, notify: Callable[..., int]
) -> None:
    gateway.set_up(house)
    first, second = notify(dedupe="a"), notify(dedupe="b")
    dispatch_due(house)
    with org_scope(house):
        codes = {links.message_code(first), links.message_code(first), links.message_code(second)}
        assert len(codes) == 2
        assert all(len(c) == links.LENGTH for c in codes)
        shown = {s.id: s for s in queries.what_a_phone_received(ZHOU)}
    opened = links.resolve(shown[first].link.rpartition("/")[2], "203.0.113.9")
    assert (opened.message_id, opened.target_id) == (first, 77)
    with org_scope(house):
        assert [s.opened for s in sorted(queries.what_a_phone_received(ZHOU), key=lambda s: s.id)] == [1, 0]


def test_expired_and_revoked_links_say_so(house: int, code: str) -> None:
    with org_scope(house):
        old = links.make_link("bill", 78, clock.wall() - timedelta(seconds=1))
        assert revoke(SYSTEM, kind="bill", id=77) == 1
    assert refusal(old) == "link.expired"
    assert refusal(code) == "link.revoked"


def test_a_moved_business_clock_does_not_expire_links(house: int, code: str) -> None:
    with org_scope(house):
        clock.move_to(clock.now() + timedelta(days=400))
    assert links.resolve(code, "203.0.113.9").target_id == 77


def test_guessing_is_stopped_per_visitor(code: str) -> None:
    for n in range(links.MISSES):
        assert refusal(f"guess{n}") == "link.unknown"
    assert refusal("another") == "link.too_many"
    assert refusal(code) == "link.too_many"
    assert links.resolve(code, "198.51.100.7").target_id == 77
    assert "203.0.113" not in str(fetch("SELECT encode(visitor, 'escape') AS v FROM short_link_miss"))


def test_guessing_is_forgiven_after_the_window(code: str) -> None:
    for n in range(links.MISSES):
        refusal(f"guess{n}")
    run_sql("UPDATE short_link_miss SET window_at = window_at - interval '11 minutes'")
    assert links.resolve(code, "203.0.113.9").target_id == 77


def test_one_link_is_not_opened_without_end(code: str) -> None:
    for _ in range(links.OPENS_PER_HOUR):
        links.resolve(code, "203.0.113.9")
    assert refusal(code) == "link.too_many"


@pytest.mark.parametrize("wrong", ["", "x", "../../etc", "7Kd2' OR 1=1 --", "字" * 11, "a" * 5000])
def test_strange_codes_are_unknown(code: str, wrong: str) -> None:
    assert refusal(wrong) == "link.unknown"


def test_old_links_are_forgotten(house: int, code: str) -> None:
    with org_scope(house):
        links.make_link("bill", 79, clock.wall() - timedelta(days=91))
    assert links.forget_old_links() == 1
    assert links.resolve(code, "203.0.113.9").target_id == 77
