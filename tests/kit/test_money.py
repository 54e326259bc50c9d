"""Laws of Money: nothing is lost, nothing is made, a fen is the smallest thing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.kit import ZERO, Money

fen = st.integers(-(10**12), 10**12)
amounts = fen.map(Money.fen)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=24).filter(any)


@given(amounts, amounts, amounts)
def test_adding_is_commutative_and_associative(a: Money, b: Money, c: Money) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a - b == a + (-b)
    assert a + ZERO == a


@given(amounts, st.integers(1, 60), st.sampled_from(["first", "last"]))
def test_a_split_adds_up_and_its_shares_differ_by_a_fen_at_most(total: Money, parts: int, to: str) -> None:
    shares = total.split(parts, remainder_to=to)  # type: ignore[arg-type]
    assert len(shares) == parts
    assert Money.sum(shares) == total
    assert max(shares).in_fen - min(shares).in_fen <= 1
    biggest_first = sorted(shares, key=abs, reverse=True)
    assert shares == (biggest_first if to == "first" else biggest_first[::-1])


@given(amounts, weights)
def test_an_allocation_adds_up_and_no_share_is_a_fen_off(total: Money, by: list[int]) -> None:
    shares = total.allocate(by)
    assert Money.sum(shares) == total
    for share, weight in zip(shares, by, strict=True):
        assert abs(share.in_fen * sum(by) - total.in_fen * weight) < sum(by)


def test_an_allocation_stays_exact_where_decimals_would_round() -> None:
    tiny, huge = Decimal("0.0000000001"), Decimal(10) ** 25
    shares = Money("0.03").allocate([tiny, huge])
    assert shares == [ZERO, Money("0.03")]


@given(amounts)
def test_fen_and_text_lead_back(a: Money) -> None:
    assert Money.fen(a.in_fen) == a
    assert Money(str(a)) == a
    assert hash(Money(str(a))) == hash(a)


@given(st.decimals(-(10**9), 10**9, places=6))
def test_rounding_goes_half_away_from_zero_and_stays_within_half_a_fen(yuan: Decimal) -> None:
    rounded = Money.round(yuan)
    assert abs(rounded.yuan - yuan) <= Decimal("0.005")
    assert Money.round(-yuan) == -rounded


@pytest.mark.parametrize(
    ("yuan", "text"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("1.004999", "1.00"), ("2.675", "2.68"), ("-0.001", "0.00")],
)
def test_rounding_examples(yuan: str, text: str) -> None:
    assert str(Money.round(Decimal(yuan))) == text


@pytest.mark.parametrize("wrong", ["0.001", "NaN", "Infinity", "二百"])
def test_what_is_no_amount_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        Money(wrong)


def test_floats_never_become_money() -> None:
    with pytest.raises(TypeError):
        Money(0.1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money("1.00") * 0.5  # type: ignore[operator]


@pytest.mark.parametrize("by", [[], [0, 0], [1, -1]])
def test_weights_must_mean_something(by: list[int]) -> None:
    with pytest.raises(ValueError):
        Money(1).allocate(by)
