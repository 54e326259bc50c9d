"""Importing at the desk: who may, what each page shows, what comes back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anju.domain.leases.models import Lease
from anju.foundation.db import clock, org_scope
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.surface.imports import jobs
from anju.surface.imports.models import ImportFile
from anju.surface.imports.reading import open_source
from anju.surface.imports.sample import write_messy
from tests.imports.conftest import ME

SignIn = Callable[..., Client]


@pytest.fixture
def operator(db: None) -> int:
    """An organization with staff, on 22 November 2026."""
    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2026, 11, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        clock.move_to(datetime(2026, 11, 22, 9, tzinfo=clock.SHANGHAI))
    return org


@pytest.fixture
def signed_in(operator: int) -> SignIn:
    """Staff of some roles at the desk."""

    def enter(*roles: str, login: str = "") -> Client:
        login, password = login or f"{'-'.join(roles)}@example.com", "correct horse 7"
        with org_scope(operator):
            add_staff(ME, login=login, name="林晓", roles=roles, password=password)
        client = Client()
        assert client.post("/sign-in", {"login": login, "password": password}).status_code == 302
        return client

    return enter


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("pages") / "台账.xlsx"
    write_messy(path, seed=7, leases=24)
    return path.read_bytes()


def sent(client: Client, data: bytes, name: str = "王芳的台账.xlsx", target: str = "rent_roll") -> str:
    answer = client.post("/imports/upload", {"target": target, "file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(answer.headers["Location"])


def confirm(client: Client, org: int, place: str, **defaults: str) -> int:
    file_id = int(place.rsplit("/", 1)[1])
    with org_scope(org):
        mapping = ImportFile.objects.get(id=file_id).mapping
    posted = {f"column-{column}": field for field, column in mapping.items()}
    answer = client.post(f"{place}/map", posted | {f"default-{k}": v for k, v in defaults.items()})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return file_id


@pytest.mark.req("P-03")
def test_from_upload_to_the_bad_rows_back(operator: int, signed_in: SignIn, messy: bytes, tmp_path: Path) -> None:
    client = signed_in("manager")
    assert "还没有导入过" in client.get("/imports/").content.decode()
    place = sent(client, messy)
    page = client.get(place).content.decode()
    for text in (
        "王芳的台账.xlsx",
        "租客信息 联系电话",
        "不是租赁必需的个人信息" if "性别" in page else "自由文字",
        "读取并预览",
    ):
        assert text in page
    file_id = confirm(client, operator, place, city="杭州")
    assert "正在读取" in client.get(place).content.decode()
    jobs.read_import(org=operator, file_id=file_id)
    done = client.get(f"{place}/progress", HTTP_HX_REQUEST="true")
    assert done.headers["HX-Redirect"] == place
    preview = client.get(place).content.decode()
    assert "导入 24 行" in preview
    assert "138" not in preview or "****" in preview
    bad = client.get(f"{place}?fate=bad", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in bad
    assert "不是有效的电话号码" in bad
    assert client.post(f"{place}/apply").status_code == 302
    jobs.apply_import(org=operator, file_id=file_id)
    assert "24 行已写入" in client.get(place).content.decode()
    with org_scope(operator):
        assert Lease.objects.count() == 24
    back = tmp_path / "back.xlsx"
    back.write_bytes(client.get(f"{place}/errors.xlsx").content)
    source = open_source(back)
    assert next(source.rows(source.sheets[0]))[:2] == ["原行号", "原因"]


@pytest.mark.parametrize("role", ["service", "finance", "maintenance", "risk"])
def test_other_roles_find_no_import(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    assert client.get("/imports/").status_code == 403
    assert "/imports/" not in client.get("/account/password").content.decode()


def test_a_file_that_is_no_table_is_refused_on_the_page(signed_in: SignIn) -> None:
    client = signed_in("manager")
    for data, words in ((b"%PDF-1.7 ...", "不是表格"), (b"", "没有数据"), (b"PK\x03\x04 junk", "已损坏")):
        answer = client.post("/imports/upload", {"target": "rent_roll", "file": SimpleUploadedFile("a.xlsx", data)})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert client.post("/imports/upload", {"target": "rent_roll"}).status_code == 422
    assert client.post("/imports/upload", {"target": "nothing"}).status_code == 404


def test_what_is_missing_is_said_and_nothing_chosen_is_lost(signed_in: SignIn, messy: bytes) -> None:
    client = signed_in("manager")
    place = sent(client, messy)
    answer = client.post(f"{place}/map", {"column-3": "room", "default-store": "滨江店"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还没有指定" in page
    assert "滨江店" in page
    twice = client.post(f"{place}/map", {"column-3": "room", "column-4": "room"})
    assert "有两列选成了同一个字段" in twice.content.decode()


def test_a_colleague_sees_neither_the_file_s_name_nor_its_cells(signed_in: SignIn, messy: bytes) -> None:
    place = sent(signed_in("manager"), messy)
    other = signed_in("manager", login="other@example.com")
    page = other.get(place).content.decode()
    assert "王芳的台账" not in page
    assert "只有上传者能看" in page
    assert other.get(f"{place}/errors.xlsx").status_code == 403


def test_giving_up_removes_file_and_rows(operator: int, signed_in: SignIn, messy: bytes) -> None:
    client = signed_in("manager")
    place = sent(client, messy)
    assert client.post(f"{place}/drop").status_code == 302
    with org_scope(operator):
        assert ImportFile.objects.get().stored_id is None
    assert "已放弃" in client.get(place).content.decode()
    assert client.post(f"{place}/apply").status_code == 422


def test_another_company_s_import_does_not_exist(operator: int, other_org: int, signed_in: SignIn) -> None:
    client = signed_in("manager")
    for path in ("", "/progress", "/errors.xlsx"):
        assert client.get(f"/imports/424242{path}").status_code == 404


def test_the_sample_can_be_downloaded_and_read(signed_in: SignIn, tmp_path: Path) -> None:
    data = b"".join(signed_in("manager").get("/imports/sample.xlsx"))
    path = tmp_path / "sample.xlsx"
    path.write_bytes(io.BytesIO(data).read())
    assert open_source(path).sheets[0] == "租户台账"
