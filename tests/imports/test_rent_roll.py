"""The messy rent roll goes in: good rows become leases, bad ones come back, twice is once."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from anju.domain.leases.models import Lease, LeaseParty, LeaseVersion
from anju.domain.portfolio.models import Building, Unit
from anju.domain.tenants.models import Person
from anju.foundation.db import fetch_value, org_scope
from anju.foundation.search import search
from anju.kit import Refused
from anju.surface.imports import actions, jobs, staging
from anju.surface.imports.models import ImportFile, ImportMapping, ImportRow
from anju.surface.imports.reading import open_source
from anju.surface.imports.reasons import fate_text, problem_texts
from anju.surface.imports.returned import write_errors
from anju.surface.imports.sample import Messy, write_messy
from anju.surface.imports.targets import target_named
from tests.imports.conftest import ME, csv_of, inside

BringIn = Callable[..., ImportFile]
WHERE = {"project": "禾里公寓", "city": "杭州"}


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Messy, bytes]:
    path = tmp_path_factory.mktemp("roll") / "台账.xlsx"
    return write_messy(path, seed=7, leases=24), path.read_bytes()


@pytest.mark.req("P-03")
def test_a_messy_rent_roll_becomes_leases_and_bad_rows_say_why(
    company: int, bring_in: BringIn, messy: tuple[Messy, bytes], tmp_path: Path
) -> None:
    made, data = messy
    file = bring_in(data, "rent_roll", city="杭州")
    with inside(company):
        counts = staging.tally(file.id)
        assert (counts["new"], counts["duplicate"], counts["bad"]) == (made.leases, made.duplicates, len(made.bad))
        assert Lease.objects.count() == made.leases
        assert {r.n: r.problems[0]["code"] for r in ImportRow.objects.filter(fate="bad")} == made.bad
        unit = Unit.objects.get(code="1-201")
        assert (unit.building.name, unit.floor) == ("1号楼", 2)
        lease = Lease.objects.get(pk=ImportRow.objects.get(file=file, n=6).subject_id)
        terms = LeaseVersion.objects.get(lease=lease).terms
        assert Decimal(terms["price"]) == LeaseVersion.objects.get(lease=lease).deposit
        path = tmp_path / "bad.xlsx"
        assert write_errors(file, path) == len(made.bad)
    source = open_source(path)
    back = list(source.rows(source.sheets[0]))
    assert back[0][:3] == ["原行号", "原因", "序号"]
    assert [int(str(r[0]).removesuffix(".0")) for r in back[1:]] == sorted(made.bad)
    assert all(isinstance(r[1], str) and r[1] for r in back[1:])


@pytest.mark.req("P-03")
def test_running_it_twice_adds_nothing(company: int, bring_in: BringIn, messy: tuple[Messy, bytes]) -> None:
    made, data = messy
    bring_in(data, "rent_roll", city="杭州")
    again = bring_in(data, "rent_roll", city="杭州")
    with inside(company):
        assert staging.tally(again.id)["same"] == made.leases
        assert (Lease.objects.count(), Person.objects.count() <= made.leases) == (made.leases, True)
        assert again.options["remembered"]
        assert ImportMapping.objects.count() == 1


def row(**changes: str) -> dict[str, str]:
    base = {
        "房号": "3-1-1208",
        "租客": "王芳",
        "电话": "138 0013 8000",
        "合同号": "",
        "起租日": "2026.3.1",
        "到期日": "2027.2.28",
        "月租金": "2280",
        "付款方式": "押一付三",
    }
    return base | changes


def test_two_tenants_of_one_lease_go_in_together(company: int, bring_in: BringIn) -> None:
    bring_in(csv_of([row(), row(租客="陈建国", 电话="13900139000")]), "rent_roll", **WHERE)
    with inside(company):
        lease = Lease.objects.get()
        parts = LeaseParty.objects.filter(lease=lease).values_list("person__name", "role")
        assert set(parts) == {("王芳", "payer"), ("王芳", "tenant"), ("陈建国", "tenant")}
        assert (lease.cycle_months, LeaseVersion.objects.get().deposit) == (3, Decimal(2280))
        assert Unit.objects.get().code == "3-1-1208"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (row(起租日="2026.8.1", 租客="陈", 电话="13900139000"), "import.row.crosses"),
        (row(月租金="2400"), "import.row.contradicts"),
        (row(租客="陈", 电话="13900139000", 月租金="2400"), "import.row.contradicts"),
        (row(房号="A1203", 租客="陈", 电话="13900139000", 合同号="HZ26-9001"), "import.row.number_shared"),
        (row(到期日="2026.2.1", 房号="A1203"), "import.cell.date_order"),
        (row(电话="0571-88886666", 房号="A1203"), "import.cell.mobile_needed"),
        (row(月租金="0", 房号="A1203"), "import.cell.rent_zero"),
        (row(租客="=cmd|x", 房号="A1203"), "import.cell.formula"),
    ],
)
def test_a_row_that_cannot_be_right_comes_back(
    company: int, bring_in: BringIn, second: dict[str, str], code: str
) -> None:
    file = bring_in(csv_of([row(合同号="HZ26-9001") if second["合同号"] else row(), second]), "rent_roll", **WHERE)
    with inside(company):
        assert Lease.objects.count() == 1
        bad = ImportRow.objects.get(file=file, fate="bad")
        assert (bad.n, [p["code"] for p in bad.problems]) == (3, [code])
        assert problem_texts(target_named("rent_roll"), bad.problems)[0]


@pytest.mark.parametrize(
    ("later", "code"),
    [
        (row(到期日="2027.5.31"), "import.row.other_end"),
        (row(月租金="2400"), "import.row.other_rent"),
        (row(租客="陈", 电话="13900139000"), "import.row.other_tenant"),
        (row(起租日="2026.8.1", 租客="陈", 电话="13900139000"), "import.row.occupied"),
    ],
)
def test_what_is_recorded_is_never_overwritten(
    company: int, bring_in: BringIn, later: dict[str, str], code: str
) -> None:
    bring_in(csv_of([row()]), "rent_roll", **WHERE)
    file = bring_in(csv_of([later]), "rent_roll", **WHERE)
    with inside(company):
        bad = ImportRow.objects.get(file=file)
        assert [p["code"] for p in bad.problems] == [code]
        assert "…" not in fate_text(target_named("rent_roll"), bad)
        assert Lease.objects.count() == 1


def test_beds_of_a_room_and_a_building_without_a_name(company: int, bring_in: BringIn) -> None:
    rows = [
        row(房号="5-302-3床"),
        row(房号="5-302-4床", 租客="李", 电话="13900139000"),
        row(房号="808", 租客="周", 电话="13700137000"),
    ]
    bring_in(csv_of(rows), "rent_roll", **WHERE)
    with inside(company):
        assert set(Unit.objects.values_list("code", "kind", "leaf")) == {
            ("5-302", "whole", False), ("5-302-3床", "bed", True), ("5-302-4床", "bed", True), ("808", "whole", True),
        }  # fmt: skip
        assert set(Building.objects.values_list("code", "name")) == {("5", "5号楼"), ("主楼", "主楼")}


def test_a_lease_that_is_over_is_history(company: int, bring_in: BringIn) -> None:
    bring_in(csv_of([row(起租日="2024.3.1", 到期日="2025.2.28"), row()]), "rent_roll", **WHERE)
    with inside(company):
        assert sorted(Lease.objects.values_list("status", flat=True)) == ["active", "ended"]


def test_imported_tenants_are_found_by_search(company: int, bring_in: BringIn) -> None:
    bring_in(csv_of([row()]), "rent_roll", **WHERE)
    with inside(company):
        assert {h.kind.kind for h in search(ME, "王芳 8000")} >= {"person"}
        assert {h.kind.kind for h in search(ME, "1208")} >= {"unit"}


def test_no_phone_or_document_stands_open_in_the_staging_table(company: int, bring_in: BringIn) -> None:
    bring_in(csv_of([row(证件号="11010519491231002X")]), "rent_roll", apply=False, **WHERE)
    with inside(company):
        kept = str(fetch_value("SELECT string_agg(import_row::text, '') FROM import_row"))
        assert "13800138000" not in kept
        assert "11010519491231002X" not in kept
        assert "138****8000" in kept


def test_a_killed_import_goes_on_where_it_stopped(
    company: int, bring_in: BringIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LEADS", 2)
    rows = [row(房号=f"A12{n:02d}", 租客=f"租客{n}", 电话=f"138001380{n:02d}") for n in range(5)]
    file = bring_in(csv_of(rows), "rent_roll", apply=False, **WHERE)
    with org_scope(company):
        actions.start_applying(ME, file_id=file.id)
        assert actions.apply_batch(ME, file_id=file.id) == 2
    with pytest.raises(ZeroDivisionError), org_scope(company):  # the worker dies inside a batch
        actions.apply_batch(ME, file_id=file.id)
        raise ZeroDivisionError
    with org_scope(company):
        file.refresh_from_db()
        assert (file.progress, Lease.objects.count()) == (2, 2)
    jobs.apply_import(org=company, file_id=file.id)
    jobs.apply_import(org=company, file_id=file.id)
    with org_scope(company):
        file.refresh_from_db()
        assert (file.state, file.progress, Lease.objects.count()) == ("applied", 5, 5)


def test_the_same_file_twice_at_once_is_one_import(company: int, messy: tuple[Messy, bytes]) -> None:
    with inside(company):
        one, two = (actions.upload(ME, stream=io.BytesIO(messy[1]), name="x.xlsx", target="rent_roll") for _ in "12")
        assert one.id == two.id
        actions.drop(ME, file_id=one.id)
        three = actions.upload(ME, stream=io.BytesIO(messy[1]), name="x.xlsx", target="rent_roll")
        assert three.id != one.id


def test_two_files_saying_the_same_make_one_lease(company: int, bring_in: BringIn) -> None:
    one = bring_in(csv_of([row()]), "rent_roll", apply=False, **WHERE)
    two = bring_in(csv_of([row(付款方式="押1付3")]), "rent_roll", apply=False, **WHERE)
    for file in (one, two):
        with org_scope(company):
            actions.start_applying(ME, file_id=file.id)
        jobs.apply_import(org=company, file_id=file.id)
    with inside(company):
        assert Lease.objects.count() == 1
        assert ImportRow.objects.get(file=two).fate == "same"


def test_a_required_column_must_be_there_or_be_given(company: int, messy: tuple[Messy, bytes]) -> None:
    with inside(company):
        file = actions.upload(ME, stream=io.BytesIO(messy[1]), name="x.xlsx", target="rent_roll")
        with pytest.raises(Refused) as refused:
            actions.map_columns(ME, file_id=file.id, mapping={"room": 3}, defaults={})
        assert refused.value.code == "import.not_mapped"
        with pytest.raises(Refused) as refused:
            actions.map_columns(ME, file_id=file.id, mapping={"room": 3, "name": 3}, defaults={})
        assert refused.value.code == "import.column_twice"


def test_another_company_does_not_see_the_file(company: int, other_org: int, bring_in: BringIn) -> None:
    file = bring_in(csv_of([row()]), "rent_roll", apply=False, **WHERE)
    with org_scope(other_org), pytest.raises(Refused) as refused:
        actions.start_applying(ME, file_id=file.id)
    assert refused.value.code == "not_found"
