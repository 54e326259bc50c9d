"""Merkle roots: every leaf has a path, nothing else has."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from anju.foundation.trace.proof import leaf_hash, merkle_path, merkle_root, proves

texts = st.lists(st.text(max_size=20), min_size=1, max_size=70)


@given(texts, st.data())
def test_every_leaf_proves_itself(rows: list[str], data: st.DataObject) -> None:
    leaves = [leaf_hash(r) for r in rows]
    index = data.draw(st.integers(0, len(rows) - 1))
    assert proves(leaves[index], merkle_path(leaves, index), merkle_root(leaves))


@given(texts, st.data(), st.text(max_size=20))
def test_a_changed_row_proves_nothing(rows: list[str], data: st.DataObject, other: str) -> None:
    leaves = [leaf_hash(r) for r in rows]
    index = data.draw(st.integers(0, len(rows) - 1))
    if other != rows[index]:
        assert not proves(leaf_hash(other), merkle_path(leaves, index), merkle_root(leaves))


@given(texts, st.data())
def test_any_change_of_the_rows_changes_the_root(rows: list[str], data: st.DataObject) -> None:
    root = merkle_root([leaf_hash(r) for r in rows])
    at = data.draw(st.integers(0, len(rows) - 1))
    changed = data.draw(
        st.sampled_from(
            [rows[:at] + rows[at + 1 :], [*rows[:at], rows[at] + "!", *rows[at + 1 :]], [*rows, "one more"]]
        )
    )
    assert merkle_root([leaf_hash(r) for r in changed]) != root


@given(texts)
def test_a_path_grows_with_the_logarithm(rows: list[str]) -> None:
    leaves = [leaf_hash(r) for r in rows]
    assert all(len(merkle_path(leaves, i)) <= (len(rows) - 1).bit_length() for i in range(len(rows)))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_an_inner_node_never_passes_for_a_leaf(left: bytes, right: bytes) -> None:
    assert merkle_root([left, right]) != hashlib.sha256(b"\x00" + left + right).digest()


def test_known_roots() -> None:
    a, b, c = (leaf_hash(t) for t in "abc")

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    assert merkle_root([]) == hashlib.sha256(b"").digest()
    assert merkle_root([a]) == a
    assert merkle_root([a, b, c]) == node(node(a, b), c)
