"""What people type into a rent roll, and what it means."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from anju.kit import Refused
from anju.surface.imports.reading import values
from anju.surface.imports.reading.cells import is_blank, is_formula, tidy

D = date(2025, 3, 1)


@pytest.mark.req("P-03")
@pytest.mark.parametrize(
    "cell",
    [
        "2025/3/1", "2025.3.1", "2025-03-01", 45717, 45717.0, "45717", "2025年3月1日",
        "2025年3月1号", "25-3-1", "25.3.1",
        "25年3月1日", "20250301", "250301", "二〇二五年三月一日",
        "２０２５／３／１", " 2025 / 3 / 1 ", "2025-03-01 00:00:00",
        "2025年3月1日(周六)", date(2025, 3, 1), datetime(2025, 3, 1, 8, 30, tzinfo=UTC), "2025-3-1 8:30",
    ],
)  # fmt: skip
def test_every_way_to_write_the_first_of_march(cell: object) -> None:
    assert values.parse_date(cell) == D  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3/1/2025", "import.cell.date_ambiguous"),
        ("201203", "import.cell.date_ambiguous"),
        ("202503", "import.cell.date_no_day"),
        ("2025年3月", "import.cell.date_no_day"),
        ("3月1日", "import.cell.date_no_year"),
        ("2025年2月30日", "import.cell.date"),
        ("长期", "import.cell.date"),
        (1.5, "import.cell.date"),
        (True, "import.cell.date"),
        ("2025.3.1-2026.2.28", "import.cell.date"),
    ],
)
def test_a_date_with_two_readings_is_refused(cell: object, code: str) -> None:
    assert refused(values.parse_date, cell) == code


def test_a_year_from_the_title_completes_a_day() -> None:
    assert values.parse_date("3月1日", year=2025) == D
    assert values.parse_date("3.1", year=2025) == D


@pytest.mark.req("P-03")
@pytest.mark.parametrize(
    "cell",
    [
        "2025.3.1-2026.2.28", "2025/3/1-2026/2/28", "2025-3-1-2026-2-28",
        "2025年3月1日至2026年2月28日", "25.3.1—26.2.28",
        "2025-03-01~2026-02-28", "2025.3.1-2.28", "20250301-20260228", "从2025.3.1起至2026.2.28止",
    ],
)  # fmt: skip
def test_both_ends_of_a_lease_in_one_cell(cell: str) -> None:
    assert values.parse_dates(cell) == (D, date(2026, 2, 28))


def test_a_lease_that_ends_before_it_starts_is_refused() -> None:
    assert refused(values.parse_dates, "2026.3.1-2025.2.28") == "import.cell.date_order"


@pytest.mark.req("P-03")
@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("¥2,280", "2280"), ("￥ 2,280.00 元", "2280"), ("2280元/月", "2280"), ("2280元/月/间", "2280"),
        ("2千3", "2300"),
        ("两千三", "2300"), ("1.2万", "12000"), ("1万2", "12000"), ("2.28k", "2280"), ("一千五百", "1500"),
        ("２２８０", "2280"), (2280.0, "2280"), (0.1 + 0.2, "0.30"), (1233.335, "1233.34"), ("(200)", "-200"),
        ("2 280.5", "2280.50"), ("RMB 2280", "2280"), (0, "0"), ("二千零五十", "2050"),
    ],
)  # fmt: skip
def test_an_amount_as_people_write_it(cell: object, yuan: str) -> None:
    assert values.parse_money(cell) == Decimal(yuan)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("面议", "import.cell.money"),
        ("1500-2000", "import.cell.money_two"),
        ("1500/2000", "import.cell.money_two"),
        ("27360元/年", "import.cell.money_per"),
        ("3.5元/㎡/天", "import.cell.money_per"),
        ("=1+1", "import.cell.money"),
        ("1e400", "import.cell.money"),
        (float("inf"), "import.cell.money"),
        (True, "import.cell.money"),
    ],
)
def test_an_amount_that_is_not_a_month_s_is_refused(cell: object, code: str) -> None:
    assert refused(values.parse_money, cell) == code


@pytest.mark.req("P-03")
@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("138 0013 8000", ["13800138000"]),
        ("138-0013-8000", ["13800138000"]),
        ("+86 13800138000", ["13800138000"]),
        ("8613800138000", ["13800138000"]),
        ("１３８００１３８０００", ["13800138000"]),
        (13800138000.0, ["13800138000"]),
        ("手机：13800138000（微信同号）", ["13800138000"]),
        ("13800138000/13900139000", ["13800138000", "13900139000"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("13800138000、13800138000", ["13800138000"]),
        ("0571-88886666", ["0571-88886666"]),
        ("010-12345678", ["010-12345678"]),
        ("0571 8888 6666 转 801", ["0571-88886666-801"]),
        ("+852 9123 4567", ["+85291234567"]),
    ],
)
def test_phones_however_they_are_spaced(cell: object, numbers: list[str]) -> None:
    assert values.parse_phones(cell) == numbers  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("1380013800", "import.cell.phone"), ("1.38E+10", "import.cell.damaged"), ("问房东", "import.cell.phone")],
)
def test_a_wrong_phone_is_refused(cell: object, code: str) -> None:
    assert refused(values.parse_phones, cell) == code


def test_identity_numbers_of_persons_and_companies() -> None:
    assert values.parse_id_number("１１０１０５１９４９１２３１００２x") == ("11010519491231002X", "resident")
    assert values.parse_id_number("E12345678") == ("E12345678", "passport")
    assert refused(values.parse_id_number, "110105194912310021") == "import.cell.id_number"


@pytest.mark.parametrize("cell", [3.30102199001011e17, "3.30102E+17", 330102199001011000])
def test_an_identity_number_that_excel_destroyed_is_named_as_such(cell: object) -> None:
    assert refused(values.parse_id_number, cell) == "import.cell.damaged"


@pytest.mark.req("P-03")
@pytest.mark.parametrize(
    ("cell", "code", "floor"),
    [
        ("3-1-1208", "3-1-1208", 12),
        ("3号楼1单元1208", "3-1-1208", 12),
        ("三号楼一单元1208室", "3-1-1208", 12),
        ("３－１－１２０８", "3-1-1208", 12),
        ("3栋1208", "3-1208", 12),
        ("A1203", "A1203", 12),
        ("A座1203", "A-1203", 12),
        ("5-302-3床", "5-302-3床", 3),
        ("5-302-3号床", "5-302-3床", 3),
        ("1208-A", "1208-A", 12),
        ("302主卧", "302-主卧", 3),
        (1208.0, "1208", 12),
        ("B1-003", "B1-003", None),
    ],
)
def test_a_room_has_one_code_however_it_is_written(cell: object, code: str, floor: int | None) -> None:
    room = values.parse_room(cell)  # type: ignore[arg-type]
    assert (room.code, room.floor) == (code, floor)


def test_a_room_that_excel_turned_into_a_date_is_named_as_such() -> None:
    assert refused(values.parse_room, date(2025, 3, 1)) == "import.cell.room_date"


@pytest.mark.parametrize(
    ("cell", "deposit", "cycle"),
    [
        ("押一付三", 1, 3), ("押1付3", 1, 3), ("押二付一", 2, 1), ("押一付半年", 1, 6), ("季付", None, 3),
        ("半年付", None, 6),
        ("免押月付", 0, 1), ("年付", None, 12), ("押 一 付 三", 1, 3), ("押0付1", 0, 1),
    ],
)  # fmt: skip
def test_payment_terms(cell: str, deposit: int | None, cycle: int) -> None:
    assert values.parse_pay_terms(cell) == values.PayTerms(deposit, cycle)


@pytest.mark.parametrize(
    ("cell", "months"),
    [("12个月", 12), ("1年", 12), ("一年半", 18), ("半年", 6), (12.0, 12), ("1年3个月", 15), ("1.5年", 18)],
)
def test_a_term_in_months(cell: object, months: int) -> None:
    assert values.parse_term(cell) == months  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", [None, "", " ", "无", "/", "-", "——", "N/A", "\u200b", "　"])
def test_blank_looks_many_ways(cell: str | None) -> None:
    assert is_blank(cell)


def test_text_is_tidied_without_changing_its_words() -> None:
    assert tidy("　ＡＢ１２（东区）\u200b 3 号\n") == "AB12（东区） 3 号"
    assert is_formula("=HYPERLINK(1)")
    assert not is_formula("-5")


def refused(parse: object, cell: object) -> str:
    with pytest.raises(Refused) as refusal:
        parse(cell)  # type: ignore[operator]
    return refusal.value.code
