"""Files that are not what they seem: one sentence each, and the server lives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from anju.kit import Refused
from anju.surface.imports.reading import archive, open_source, read_table

LINES = "房号,租客,电话,租金\nA1203,王芳,138 0013 8000,2280\nA1204,陈建国,13900139000,2400\n"


def knows(text: str) -> bool:
    return text in {"房号", "租客", "姓名", "电话", "租金", "起租", "到期"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_any_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = write(tmp_path, LINES.replace(",", delimiter).encode(encoding))
    rows = list(read_table(open_source(path), knows=knows).rows())
    assert [r.cells[1] for r in rows] == ["王芳", "陈建国"]
    assert [r.n for r in rows] == [2, 3]


@pytest.mark.req("P-03")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import.empty"),
        (b"\n\n  \n", "import.empty"),
        (b"%PDF-1.7\n...", "import.not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "import.not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "import.html"),
        (bytes(range(256)) * 40, "import.encoding"),
        (bytes([0, 1, 2, 3, 27, 14]) * 400, "import.broken"),
        (b"PK\x03\x04" + b"garbage" * 100, "import.broken"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 2000, "import.broken"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "import.password"),
        ("锟斤拷锟斤拷,锟斤拷,锟斤拷\n1,2,3\n".encode(), "import.mojibake"),
    ],
)
def test_a_file_that_is_no_table_gets_one_sentence(tmp_path: Path, data: bytes, code: str) -> None:
    assert refusal(lambda: open_source(write(tmp_path, data))) == code


def test_contents_decide_and_not_the_extension(tmp_path: Path) -> None:
    path = tmp_path / "data.xlsx"
    path.write_bytes(LINES.encode("gb18030"))
    assert open_source(path, "租户.xlsx").kind == "text"


def test_a_word_document_is_named_as_such(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"word/document.xml": b"<w/>", "[Content_Types].xml": b"<x/>"})
    assert refusal(lambda: open_source(path)) == "import.not_a_table"


@pytest.mark.req("P-03")
def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = zipped(
        tmp_path, {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"\x00" * (archive.RATIO_FROM + 1)}
    )
    assert path.stat().st_size < 100_000
    assert refusal(lambda: open_source(path)) == "import.zip_bomb"


def test_a_bomb_that_lies_about_its_size_is_caught_while_counting(tmp_path: Path) -> None:
    size = 3 * 1024 * 1024
    path = zipped(tmp_path, {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"\x00" * size})
    data = bytearray(path.read_bytes())
    for at in find_all(data, size.to_bytes(4, "little")):
        data[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    assert refusal(lambda: open_source(path)) in ("import.zip_bomb", "import.broken")


def test_a_thousand_entries_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"xl/workbook.xml": b"<x/>", **{f"xl/{n}.bin": b"a" for n in range(archive.MAX_ENTRIES)}})
    assert refusal(lambda: open_source(path)) == "import.zip_bomb"


def test_a_cell_at_the_far_corner_does_not_eat_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "房号")
    sheet.write(1048575, 16383, "x")
    book.close()
    source = open_source(path)
    assert refusal(lambda: source.look(source.sheets[0], 10)) == "import.zip_bomb"


def test_an_empty_workbook_and_one_without_a_header(tmp_path: Path) -> None:
    assert refusal(lambda: read_table(open_source(workbook(tmp_path, [])), knows=knows)) == "import.empty"
    numbers = workbook(tmp_path, [[1, 2], [3, 4]])
    assert refusal(lambda: read_table(open_source(numbers), knows=knows)) == "import.no_header"


def test_rows_stream_and_do_not_pile_up(tmp_path: Path) -> None:
    path = write(tmp_path, (LINES + "A1,甲,13800138000,1\n" * 5000).encode())
    rows = read_table(open_source(path), knows=knows).rows()
    assert next(rows).n == 2
    assert sum(1 for _ in rows) == 5001


def write(folder: Path, data: bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(data)
    return path


def zipped(folder: Path, entries: dict[str, bytes]) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, data in entries.items():
            archive_file.writestr(name, data)
    path = folder / "book.xlsx"
    path.write_bytes(buffer.getvalue())
    return path


def workbook(folder: Path, rows: list[list[object]]) -> Path:
    path = folder / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for r, row in enumerate(rows):
        sheet.write_row(r, 0, row)
    book.close()
    return path


def find_all(data: bytearray, needle: bytes) -> list[int]:
    found, at = [], data.find(needle)
    while at >= 0:
        found.append(at)
        at = data.find(needle, at + 1)
    return found


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code
