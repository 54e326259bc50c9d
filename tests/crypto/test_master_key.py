"""A missing or wrong master key stops the start with one sentence."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from anju.foundation import crypto
from anju.foundation.crypto import master
from anju.foundation.crypto.org import forget_keys
from anju.foundation.db import fetch_value
from anju.kit import Refused


@pytest.fixture
def org(org: int) -> Iterator[int]:
    """An organization on a machine that starts anew: no key in memory."""
    forget_keys()
    yield org
    forget_keys()


@pytest.fixture
def fresh_process() -> Iterator[None]:
    forget_keys()
    yield
    forget_keys()


def test_a_new_installation_gets_a_key_only_its_owner_reads(
    db: None, fresh_process: None, tmp_path: Path, settings: object
) -> None:
    settings.HOME = tmp_path / "new"  # type: ignore[attr-defined]
    path = master.create_key_file()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(master.master_key()) == 32
    with pytest.raises(FileExistsError):
        master.create_key_file()


def test_the_database_keeps_a_fingerprint_and_not_the_key(org: int) -> None:
    crypto.check_master_key()
    stored = bytes(fetch_value("SELECT fingerprint FROM master_key"))
    assert master.master_key() not in stored
    assert stored == master.fingerprint()


def test_a_missing_key_stops_the_start(org: int, tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(Refused, match=r"crypto\.master_key\.missing") as refused:
        crypto.check_master_key()
    assert str(tmp_path) in refused.value.text("zh-hans")
    assert not (tmp_path / "master.key").exists()


def test_a_wrong_key_stops_the_start(org: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANJU_MASTER_KEY", base64.b64encode(os.urandom(32)).decode())
    with pytest.raises(Refused, match=r"crypto\.master_key\.wrong") as refused:
        crypto.check_master_key()
    assert "主密钥不对" in refused.value.text()


@pytest.mark.parametrize("text", ["", "short", "not base64 at all!", base64.b64encode(bytes(16)).decode()])
def test_a_malformed_key_is_called_malformed(org: int, tmp_path: Path, settings: object, text: str) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "master.key").write_text(text)
    (tmp_path / "master.key").chmod(0o600)
    with pytest.raises(Refused, match=r"crypto\.master_key\.malformed"):
        crypto.check_master_key()


def test_a_key_file_others_can_read_is_refused(org: int, tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    master.create_key_file().chmod(0o644)
    with pytest.raises(Refused, match=r"crypto\.master_key\.exposed"):
        crypto.check_master_key()
