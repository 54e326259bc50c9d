"""What is sealed for a person opens only for that person, that class, that organization; erased means gone."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anju.foundation import crypto
from anju.foundation.crypto import destruction
from anju.foundation.crypto.org import forget_keys
from anju.foundation.db import fetch, fetch_value, org_scope, run_sql
from anju.kit import Refused

PHONE = b"13800001234"


@pytest.mark.req("T-04")
def test_a_sealed_phone_opens_for_its_owner_only(in_org: int) -> None:
    sealed = crypto.person_encrypt(7, "contact", PHONE)
    assert PHONE not in sealed
    assert crypto.person_decrypt(7, "contact", sealed) == PHONE
    crypto.person_encrypt(8, "contact", b"x")
    crypto.person_encrypt(7, "payment", b"x")
    for person, cls in ((8, "contact"), (7, "payment")):
        with pytest.raises(Refused, match=r"crypto\.damaged"):
            crypto.person_decrypt(person, cls, sealed)  # type: ignore[arg-type]


def test_another_organization_cannot_open_it(org: int, other_org: int) -> None:
    with org_scope(org):
        sealed = crypto.person_encrypt(7, "contact", PHONE)
        own = crypto.org_encrypt(b"secret", context="gateway")
    with org_scope(other_org):
        crypto.person_encrypt(7, "contact", b"x")
        with pytest.raises(Refused, match=r"crypto\.damaged"):
            crypto.person_decrypt(7, "contact", sealed)
        with pytest.raises(Refused, match=r"crypto\.damaged"):
            crypto.org_decrypt(own, context="gateway")
        assert fetch_value("SELECT count(*) FROM person_key") == 1


def test_many_persons_take_as_many_statements_as_one(in_org: int, django_assert_max_num_queries: object) -> None:
    values = [(person, "contact", f"1380000{person:04}".encode()) for person in range(500)] * 2
    crypto.person_encrypt(3, "contact", PHONE)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        sealed = crypto.person_encrypt_many(values)  # type: ignore[arg-type]
    opened = crypto.person_decrypt_many([(p, c, s) for (p, c, _v), s in zip(values, sealed, strict=True)])  # type: ignore[misc]
    assert opened == [v for _p, _c, v in values]
    assert fetch_value("SELECT count(*) FROM person_key") == 500


def test_the_key_is_the_same_after_a_restart(in_org: int) -> None:
    sealed = crypto.person_encrypt(7, "identity", b"110105")
    index = crypto.blind_index("phone", "13800001234")
    forget_keys()
    assert crypto.person_decrypt(7, "identity", sealed) == b"110105"
    assert crypto.blind_index("phone", "13800001234") == index


def test_an_index_finds_the_same_value_and_nothing_else(org: int, other_org: int) -> None:
    with org_scope(org):
        here = crypto.blind_index("phone", "13800001234")
        assert here == crypto.blind_index("phone", "13800001234")
        assert here != crypto.blind_index("bank_account", "13800001234")
        assert crypto.tail_index("phone", "13800001234") == crypto.tail_index("phone", "1234")
        assert crypto.tail_index("phone", "1234") != crypto.blind_index("phone", "1234")
    with org_scope(other_org):
        assert crypto.blind_index("phone", "13800001234") != here


@pytest.mark.req("T-08")
def test_destroying_a_key_destroys_what_was_sealed(in_org: int) -> None:
    scan = crypto.person_encrypt(7, "identity", b"scan")
    phone = crypto.person_encrypt(7, "contact", PHONE)
    assert crypto.destroy_person_keys(7, ["identity"], reason="retention") == 1
    with pytest.raises(Refused, match=r"crypto\.erased"):
        crypto.person_decrypt(7, "identity", scan)
    assert crypto.person_decrypt(7, "contact", phone) == PHONE
    assert crypto.person_decrypt_many([(7, "identity", scan), (7, "contact", phone)]) == [None, PHONE]
    again = crypto.person_encrypt(7, "identity", b"new scan")
    assert crypto.person_decrypt(7, "identity", again) == b"new scan"
    with pytest.raises(Refused, match=r"crypto\.damaged"):
        crypto.person_decrypt(7, "identity", scan)


def test_a_restored_backup_does_not_bring_keys_back(org: int, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True), org_scope(org):
        crypto.person_encrypt(7, "contact", PHONE)
        backup = fetch("SELECT person_id, cls, wrapped, created_at FROM person_key")[0]
        crypto.destroy_person_keys(7, reason="erasure_request")
        living = crypto.person_encrypt(7, "contact", PHONE)
    assert f'"org": {org}' in destruction.record_file().read_text()
    with org_scope(org):
        run_sql("DELETE FROM person_key")
        run_sql(
            "INSERT INTO person_key (person_id, cls, wrapped, created_at)"
            " VALUES (%(person_id)s, %(cls)s, %(wrapped)s, %(created_at)s)",
            backup,
        )
    assert crypto.reconcile_destructions([org]) == 1
    assert crypto.reconcile_destructions([org]) == 0
    with org_scope(org):
        assert fetch_value("SELECT count(*) FROM person_key") == 0
        with pytest.raises(Refused, match=r"crypto\.erased"):
            crypto.person_decrypt(7, "contact", living)


def test_a_key_made_after_a_destruction_is_never_hit_by_its_replay(
    org: int, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), org_scope(org):
        crypto.person_encrypt(7, "contact", PHONE)
        crypto.destroy_person_keys(7, reason="retention")
        returned = crypto.person_encrypt(7, "contact", PHONE)
    assert crypto.reconcile_destructions([org]) == 0
    with org_scope(org):
        assert crypto.person_decrypt(7, "contact", returned) == PHONE


def test_keys_are_never_replaced_by_the_application(in_org: int) -> None:
    from django.db import ProgrammingError, transaction

    crypto.person_encrypt(7, "contact", PHONE)
    for statement in ("UPDATE person_key SET wrapped = ''", "UPDATE org_key SET wrapped = ''", "DELETE FROM org_key",
                      "DELETE FROM key_destruction", "DELETE FROM master_key"):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run_sql(statement)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 200_000), st.integers(0, 400_000))
def test_a_file_comes_back_whole_or_not_at_all(size: int, place: int) -> None:
    plain = os.urandom(size)
    sealed, opened = io.BytesIO(), io.BytesIO()
    key = crypto.encrypt_file(io.BytesIO(plain), sealed)
    crypto.decrypt_file(io.BytesIO(sealed.getvalue()), opened, key)
    assert opened.getvalue() == plain
    broken = bytearray(sealed.getvalue())
    broken[place % len(broken)] ^= 1
    for bad in (bytes(broken), sealed.getvalue()[: place % len(broken)]):
        with pytest.raises(Refused, match=r"crypto\.damaged"):
            crypto.decrypt_file(io.BytesIO(bad), io.BytesIO(), key)


def test_a_file_cut_at_a_chunk_is_noticed() -> None:
    from anju.foundation.crypto.streams import CHUNK, MAGIC, TAG

    sealed = io.BytesIO()
    key = crypto.encrypt_file(io.BytesIO(bytes(3 * CHUNK)), sealed)
    cut = sealed.getvalue()[: len(MAGIC) + 2 * (CHUNK + TAG)]
    with pytest.raises(Refused, match=r"crypto\.damaged"):
        crypto.decrypt_file(io.BytesIO(cut), io.BytesIO(), key)
