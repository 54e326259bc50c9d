"""The organization's key, wrapped by the master key; what is derived from it for each job."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from anju.foundation.crypto import master
from anju.foundation.crypto.ciphers import derive, new_key, seal, unseal
from anju.foundation.db import fetch_value, run_sql, scoped_org
from anju.kit import Refused


@dataclass(frozen=True)
class OrgKeys:
    """One organization's derived keys: for its own values, for wrapping persons' keys, for indexes."""

    values: AESGCM
    wrapping: AESGCM
    indexes: bytes


_unwrapped: dict[tuple[str, int], OrgKeys] = {}


def create_org_key() -> None:
    """Make the key of the organization in scope. Only the creation of an organization calls it, in its transaction."""
    master.check_master_key()
    org = scoped_org()
    run_sql(
        "INSERT INTO org_key (wrapped, created_at) VALUES (%(wrapped)s, now())",
        {"wrapped": seal(_master(), new_key(), _bound(org))},
    )
    _unwrapped.pop(_place(org), None)


def org_keys() -> OrgKeys:
    """The keys of the organization in scope, unwrapped once per process; a key never changes.

    Raises:
        LookupError: the organization has no key.
        Refused: ``crypto.master_key.*``.
    """
    org = scoped_org()
    if (found := _unwrapped.get(_place(org))) is not None:
        return found
    wrapped = fetch_value("SELECT wrapped FROM org_key")
    if wrapped is None:
        raise LookupError("this organization has no key; create_organization makes it")
    try:
        key = unseal(_master(), wrapped, _bound(org))
    except Refused as refused:
        raise master.WRONG(place=master.place()) from refused
    keys = OrgKeys(AESGCM(derive(key, "values")), AESGCM(derive(key, "wrapping")), derive(key, "indexes"))
    return _unwrapped.setdefault(_place(org), keys)


def org_encrypt(plain: bytes, *, context: str = "") -> bytes:
    """Encrypt under the organization's key, for what belongs to the operator (gateway secrets, API credentials).

    Args:
        plain: the value.
        context: what it is (``payments.gateway.key``); it opens only with the same context.
    """
    return seal(org_keys().values, plain, f"{scoped_org()}|{context}".encode())


def org_decrypt(sealed: bytes, *, context: str = "") -> bytes:
    """Open what :func:`org_encrypt` sealed.

    Raises:
        Refused: ``crypto.damaged``, also for another organization's value or another context.
    """
    return unseal(org_keys().values, sealed, f"{scoped_org()}|{context}".encode())


def forget_keys() -> None:
    """Drop what this process holds unwrapped, the master key included; the next use reads it again."""
    _unwrapped.clear()
    master.master_key.cache_clear()


def _master() -> AESGCM:
    return AESGCM(derive(master.master_key(), "organizations"))


def _bound(org: int) -> bytes:
    return f"org-key|{org}".encode()


def _place(org: int) -> tuple[str, int]:
    return str(connection.settings_dict["NAME"]), org
