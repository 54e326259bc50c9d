"""The messy rent roll: every good row is read, every bad row says why, nothing else becomes a row."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from anju.surface.imports.mapping import Draft, guess, knows
from anju.surface.imports.mapping.draft import Reader
from anju.surface.imports.reading import Table, open_source, read_table
from anju.surface.imports.sample import Messy, write_messy
from anju.surface.imports.targets.listings_fields import FIELDS as LISTINGS
from anju.surface.imports.targets.rent_roll_fields import FIELDS

ALL = {f.key: f for f in FIELDS}


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Messy, Table]:
    path = tmp_path_factory.mktemp("messy") / "租户台账.xlsx"
    made = write_messy(path, seed=7, leases=60)
    return made, read_table(open_source(path), knows=knows(FIELDS))


def drafts(table: Table) -> list[Draft]:
    rows = list(table.rows())
    guesses = guess(table.columns, [r.cells for r in rows], FIELDS)
    places = {g.field: i for i, g in enumerate(guesses) if g.field}
    reader = Reader(ALL, places, table.year)
    return [reader.read(r.n, r.cells, r.section) for r in rows]


@pytest.mark.req("P-03")
def test_the_header_merged_over_two_rows_is_found_below_its_title(messy: tuple[Messy, Table]) -> None:
    _, table = messy
    assert (table.header.top, table.header.bottom) == (3, 4)
    assert table.columns[1].title == "房源 项目"
    assert [c.index for c in table.columns] == [*range(15), 16]
    assert table.year == 2026


@pytest.mark.req("P-03")
def test_columns_are_guessed_from_titles(messy: tuple[Messy, Table]) -> None:
    _, table = messy
    found = [g.field for g in guess(table.columns, [r.cells for r in table.rows(50)], FIELDS)]
    assert found == [
        "", "project", "building", "room", "layout", "area", "name", "phone", "id_number", "start", "end", "pay_terms",
        "rent", "deposit", "property_fee", "",
    ]  # fmt: skip


@pytest.mark.req("P-03")
def test_good_rows_are_read_and_bad_ones_say_why(messy: tuple[Messy, Table]) -> None:
    made, table = messy
    read = drafts(table)
    assert len(read) == made.leases + made.duplicates + len(made.bad)
    bad = {d.n: d.problems[0].code for d in read if d.problems}
    wanted = {n: code for n, code in made.bad.items() if code != "import.cell.required"}
    assert bad == wanted
    good = [d for d in read if d.n not in made.bad]
    assert all(d.values["project"] == "禾里公寓·杭州滨江店" and d.text("building").endswith("号楼") for d in good)
    assert all(d.values["start"] < d.values["end"] for d in good)


def test_totals_repeated_headers_and_notes_are_set_aside(messy: tuple[Messy, Table]) -> None:
    _, table = messy
    list(table.rows())
    kinds = [k for _, k in table.aside]
    assert kinds.count("total") == 4
    assert kinds.count("header") == 3
    assert kinds.count("note") == 1


def test_the_same_seed_makes_the_same_rows(tmp_path: Path) -> None:
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_messy(path, seed=3, leases=20)
    one, two = ([r.cells for r in read_table(open_source(p), knows=knows(FIELDS)).rows()] for p in paths)
    assert one == two


def test_columns_without_titles_are_known_by_their_contents(tmp_path: Path) -> None:
    path = tmp_path / "bare.xlsx"
    write(path, [["甲", "乙", "丙"], ["A1203", "13800138000", "11010519491231002X"], ["A1", "13900139000", None]])
    table = read_table(open_source(path), knows=knows(FIELDS))
    assert [g.field for g in guess(table.columns, [r.cells for r in table.rows()], FIELDS)] == [
        "",
        "phone",
        "id_number",
    ]


def test_a_building_as_a_group_title_stands_for_the_rows_below(tmp_path: Path) -> None:
    path = tmp_path / "grouped.xlsx"
    write(
        path,
        [
            ["房号", "姓名", "电话", "租金"],
            ["3号楼"],
            ["101", "王芳", "13800138000", 1],
            ["5号楼"],
            ["101", "陈", "1", 2],
        ],
    )
    assert [r.section for r in read_table(open_source(path), knows=knows(FIELDS)).rows()] == ["3号楼", "5号楼"]


def test_a_group_title_over_sub_titles_in_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "groups.csv"
    path.write_text(
        "房源,,租客,\n楼栋,房号,姓名,电话\n3,101,王芳,13800138000\n,102,陈建国,13900139000\n", encoding="utf-8"
    )
    table = read_table(open_source(path), knows=knows(FIELDS))
    assert [c.title for c in table.columns] == ["房源 楼栋", "房源 房号", "租客 姓名", "租客 电话"]
    assert [d.text("building") for d in drafts(table)] == ["3", "3"]


def test_the_sheet_with_the_data_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "sheets.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("封面").write_row(0, 0, ["编制", "审核"])
    book.add_worksheet("台账").write_row(0, 0, ["房号", "姓名", "电话"])
    book.get_worksheet_by_name("台账").write_row(1, 0, ["A1", "王芳", "13800138000"])
    book.close()
    assert read_table(open_source(path), knows=knows(FIELDS)).sheet == "台账"


@pytest.mark.req("P-03")
def test_public_listings_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "listings.csv"
    head = "城市,区域,板块,小区,户型,户型详情,租金,面积,朝向,标题,经度,纬度,坐标精度\n"
    rows = "杭州,临安区,临安,玲珑花园,三居,3室2厅2卫,2500.0,128.0,南,整租·玲珑花园,,,失败\n"
    path.write_text(head + rows * 2, encoding="utf-8")
    table = read_table(open_source(path), knows=knows(LISTINGS))
    fields = [g.field for g in guess(table.columns, [r.cells for r in table.rows()], LISTINGS)]
    assert fields == [f.key for f in LISTINGS if f.key != "address"]


def write(path: Path, rows: list[list[object]]) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for r, row in enumerate(rows):
        sheet.write_row(r, 0, row)
    book.close()
