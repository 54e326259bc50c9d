"""Files: encrypted on disk, opened by those who may, gone when their key is gone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from anju.foundation import crypto
from anju.foundation.access import permission, permissions
from anju.foundation.actions import Act, action
from anju.foundation.actions.action import _registry
from anju.foundation.db import clock, org_scope
from anju.foundation.files import media, purposes
from anju.foundation.files.links import link
from anju.foundation.files.models import StoredFile
from anju.foundation.files.store import file_name, files_of, open_file, orphans, remove_file, same_content, store
from anju.foundation.identity import sessions
from anju.foundation.staffing.actions import add_staff
from anju.foundation.trace.events import timeline
from anju.kit import Actor, Refused

PDF = b"%PDF-1.7\n" + b"rent agreement " * 20_000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)
SYSTEM = Actor.system()
Put = Callable[..., StoredFile]


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """A contract, open to staff 1 … and the tenant of the lease, and an ID scan sealed by the person's own key."""
    purposes.purpose(
        "t.contract", zh="合同", en="Contract", media=(media.PDF,), may_open=lambda by, f: by.kind == "staff"
    )
    purposes.purpose(
        "t.scan", zh="证件照", en="ID scan", media=media.IMAGES, max_bytes=purposes.MIB, person_class="identity",
        retention="approval+7d", may_open=lambda by, f: by == Actor.tenant(f.person_id or 0),
    )  # fmt: skip
    yield
    del purposes._declared["t.contract"], purposes._declared["t.scan"]


@pytest.fixture
def put() -> Iterator[Put]:
    """Upload something: ``put(PDF)``."""
    needs = permission("t.upload", zh="上传", en="Upload", roles=())

    @action("t.upload", needs=needs)
    def upload(
        act: Act,
        *,
        content: bytes,
        purpose: str = "t.contract",
        owner: tuple[str, int] = ("lease", 7),
        person_id: int | None = None,
    ) -> StoredFile:
        stream = io.BytesIO(content)
        return store(act, stream, name="张三合同.pdf", purpose=purpose, owner=owner, person_id=person_id)

    @action("t.remove", needs=needs)
    def remove(act: Act, *, file_id: int) -> None:
        remove_file(act, file_id, reason="mistake")

    yield lambda content, **more: upload(SYSTEM, content=content, **more)
    del _registry["t.upload"], _registry["t.remove"], permissions._declared["t.upload"]


def on_disk(row: StoredFile) -> Path:
    return Path(settings.HOME) / "files" / row.place


def test_a_file_comes_back_and_is_unreadable_on_disk(in_org: int, put: Put) -> None:
    row = put(PDF)
    assert (row.media_type, row.size) == (media.PDF, len(PDF))
    opened = open_file(Actor.staff(1), row.id)
    assert opened.stream.read() == PDF
    assert opened.name == "张三合同.pdf"
    sealed = on_disk(row).read_bytes()
    assert b"rent agreement" not in sealed
    assert "张三".encode() not in sealed + bytes(row.sealed_name or b"")
    assert on_disk(row).stat().st_mode & 0o077 == 0
    assert row.place.startswith(f"{in_org}/")


def test_the_subjects_timeline_shows_it_without_its_name(in_org: int, put: Put) -> None:
    row = put(PDF)
    (event,) = timeline(("lease", 7))
    assert (event["stream_kind"], event["stream_id"]) == ("file", row.id)
    assert event["body"] == f'{{"purpose":"t.contract","size":{len(PDF)}}}'


def test_who_may_not_open_it_does_not_find_it(org: int, other_org: int, put: Put) -> None:
    with org_scope(org):
        row = put(PDF)
        with pytest.raises(Refused, match="not_found"):
            open_file(Actor.tenant(7), row.id)
        assert files_of(("lease", 7), Actor.tenant(7)) == []
        assert [f.id for f in files_of(("lease", 7), Actor.staff(1))] == [row.id]
    with org_scope(other_org), pytest.raises(Refused, match="not_found"):
        open_file(SYSTEM, row.id)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "files.empty"),
        (PNG, "files.wrong_kind"),
        (b"<html><script>alert(1)</script>", "files.wrong_kind"),
        (b"%PDF-1.7" + bytes(21 * purposes.MIB), "files.too_large"),
    ],
)
def test_what_does_not_fit_the_purpose_is_refused(in_org: int, put: Put, content: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        put(content)
    assert not StoredFile.objects.exists()


@pytest.mark.req("T-08")
def test_destroying_the_persons_key_destroys_the_scan(in_org: int, put: Put) -> None:
    row = put(PNG, purpose="t.scan", person_id=7, owner=("person", 7))
    assert open_file(Actor.tenant(7), row.id).stream.read() == PNG
    with pytest.raises(Refused, match="not_found"):
        open_file(Actor.tenant(8), row.id)
    crypto.destroy_person_keys(7, ["identity"], reason="retention")
    assert on_disk(row).exists()
    with pytest.raises(Refused, match=r"crypto\.erased"):
        open_file(SYSTEM, row.id)


def test_a_removed_file_loses_its_key_and_its_bytes(
    org: int, put: Put, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), org_scope(org):
        row = put(PDF)
        _registry["t.remove"](SYSTEM, file_id=row.id)
    assert not on_disk(row).exists()
    with org_scope(org):
        kept = StoredFile.objects.get(id=row.id)
        assert kept.sealed_key is None
        with pytest.raises(Refused, match="not_found"):
            file_name(kept)
        with pytest.raises(Refused, match="not_found"):
            open_file(SYSTEM, row.id)


def test_a_file_damaged_on_disk_is_not_shown(in_org: int, put: Put) -> None:
    row = put(PDF)
    on_disk(row).write_bytes(on_disk(row).read_bytes()[:-1])
    with pytest.raises(Refused, match=r"crypto\.damaged"):
        open_file(SYSTEM, row.id)


def test_the_second_upload_of_the_same_is_noticed(in_org: int, put: Put) -> None:
    row = put(PDF)
    assert same_content(("lease", 7), io.BytesIO(PDF)) == row
    assert same_content(("lease", 7), io.BytesIO(PNG)) is None
    assert same_content(("lease", 8), io.BytesIO(PDF)) is None


def test_bytes_left_by_a_rollback_are_found(in_org: int, put: Put) -> None:
    from django.db import transaction

    kept = put(PDF)
    try:
        with transaction.atomic():
            lost = put(PDF).place
            raise RuntimeError
    except RuntimeError:
        pass
    found = list(orphans(timedelta(0)))
    assert found == [lost]
    assert kept.place not in found
    assert list(orphans()) == []


def test_the_application_cannot_rewrite_what_was_stored(in_org: int, put: Put) -> None:
    from django.db import ProgrammingError, transaction

    row = put(PDF)
    for change in ("size = 1", "owner_id = 9", "place = 'x'"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(f"UPDATE stored_file SET {change} WHERE id = {row.id}")


def test_a_link_opens_for_its_viewer_for_ten_minutes(org: int, other_org: int, put: Put) -> None:
    password = "rent-is-due-on-friday"
    with org_scope(org):
        row = put(PDF)
        staff = add_staff(SYSTEM, login="li", name="李", roles=["finance"], password=password)
        colleague = add_staff(SYSTEM, login="wang", name="王", roles=["finance"], password=password)
        address = link(Actor.staff(staff.id), row.id)
        tenants = link(Actor.tenant(7), row.id)
    client = Client()
    assert client.get(address).headers["Location"].startswith("/sign-in")
    client.post("/sign-in", {"login": "li", "password": password})
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == media.PDF
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    other = Client()
    other.post("/sign-in", {"login": "wang", "password": password})
    assert other.get(address).status_code == 404
    assert colleague.id != staff.id
    phone = Client()
    phone.cookies[sessions.TENANT_COOKIE] = sessions.open_tenant_session(org, 7)
    assert phone.get(tenants).status_code == 404, "the purpose is asked again"
    assert client.get(address + "x").status_code == 422
    with time_machine.travel(clock.wall() + timedelta(minutes=11)):
        assert "已过期" in client.get(address).content.decode()


def test_files_are_recognised_by_content() -> None:
    assert media.sniff(b"PK\x03\x04....[Content_Types].xml..xl/workbook") == media.XLSX
    assert media.sniff(b"PK\x03\x04....word/document.xml") == media.DOCX
    assert media.sniff("姓名,手机\n".encode("gb18030")) == media.CSV
    assert media.sniff(b"  <svg onload=x>") == media.UNKNOWN
    assert media.sniff(b"MZ\x90\x00") == media.UNKNOWN
    assert media.sniff(b"") == media.UNKNOWN
