"""A messy rent roll, made from a seed: what people really have, with known answers.

    write_messy(Path("租户台账.xlsx"), seed=7, leases=60)

Titles above, a header merged over two rows, buildings merged down, every date style, spaced phones, full-width digits,
repeated headers, subtotals and notes; some rows twice, some wrong. Names and numbers are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from anju.kit.china import ID_CHECKS, ID_WEIGHTS
from anju.kit.period import add_months

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = [
    "芳",
    "建国",
    "敏",
    "静怡",
    "伟",
    "秀英",
    "磊",
    "洋",
    "艳",
    "勇",
    "杰",
    "晓彤",
    "涛",
    "明轩",
    "超",
    "雨桐",
    "霞",
    "志强",
]
GROUPS = (("房源", 1, 5), ("租客信息", 6, 8), ("租约", 9, 11), ("费用（元）", 12, 14))
TITLES = [
    "序号", "项目", "楼栋", "房号", "户型", "面积(㎡)", "姓名", "联系电话", "身份证号", "起租日", "到期日", "付款方式",
    "月租金", "押金", "物业费", "", "备注",
]  # fmt: skip
LAYOUTS = ["1室1厅1卫", "1室0厅1卫", "2室1厅1卫"]
TERMS = [("押一付一", 1), ("押一付三", 3), ("押1付3", 3), ("押二付一", 1), ("季付", 3), ("押一付半年", 6)]
FULL = str.maketrans("0123456789-", "０１２３４５６７８９－")


@dataclass
class Messy:
    """What a sample holds, counted: what a right import must find."""

    leases: int = 0
    duplicates: int = 0
    bad: dict[int, str] = field(default_factory=dict)  # sheet row → reason's code


def write_messy(path: Path, *, seed: int = 7, leases: int = 60, today: date = date(2026, 11, 22)) -> Messy:
    """Write the workbook.

    Args:
        path: where to (xlsx).
        seed: same seed, same file.
        leases: how many good leases; about one row in ten more is a repetition or wrong.
        today: leases lie around this day.
    """
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet = book.add_worksheet("租户台账")
    made = _Writer(book, sheet, random.Random(seed), today).write(leases)  # noqa: S311 - a seeded sample
    book.add_worksheet("填写说明").write(0, 0, "本表由各门店每月更新。")
    book.close()
    return made


class _Writer:
    def __init__(self, book: Any, sheet: Any, rng: random.Random, today: date) -> None:
        self.sheet, self.rng, self.today = sheet, rng, today
        self.centre = book.add_format({"align": "center", "bold": True, "border": 1})
        self.day = book.add_format({"num_format": "yyyy/m/d"})
        self.made = Messy()
        self.row = 0
        self.number = 0

    def write(self, leases: int) -> Messy:
        self._head()
        buildings = max(leases // 20, 1)
        for b in range(1, buildings + 1):
            self._building(b, leases // buildings + (leases % buildings if b == 1 else 0))
        self.sheet.write(self.row, 0, "合计")
        self.sheet.write_formula(self.row, 12, f"=SUM(M6:M{self.row})", None, 123456)
        self.sheet.write(self.row + 1, 0, "备注：押金以收据为准，电话变更请及时通知管家。")
        return self.made

    def _head(self) -> None:
        self.sheet.merge_range(0, 0, 0, len(TITLES) - 1, "禾里公寓·杭州滨江店 2026年租户台账", self.centre)
        self.sheet.write(1, 0, "制表：前台")
        self.sheet.write(1, 9, "单位：元")
        for group, left, right in GROUPS:
            self.sheet.merge_range(3, left, 3, right, group, self.centre)
        for column in (0, 16):
            self.sheet.merge_range(3, column, 4, column, TITLES[column], self.centre)
        self._titles(4)
        self.row = 5

    def _titles(self, row: int) -> None:
        for column, title in enumerate(TITLES):
            if column not in (0, 15, 16):
                self.sheet.write(row, column, title, self.centre)

    def _building(self, b: int, count: int) -> None:
        top = self.row
        for i in range(count):
            self._lease(b, i)
            if self.number % 9 == 4:
                self._twice(b, i)
            if self.number % 13 == 6:
                self._wrong(b, count + i)
        if self.row - top > 1:
            self.sheet.merge_range(top, 1, self.row - 1, 1, "禾里公寓·杭州滨江店", self.centre)
            self.sheet.merge_range(top, 2, self.row - 1, 2, f"{b}号楼", self.centre)
        else:
            self.sheet.write(top, 1, "禾里公寓·杭州滨江店")
            self.sheet.write(top, 2, f"{b}号楼")
        self.sheet.write(self.row, 0, "小计")
        self.sheet.write(self.row, 12, 1)
        self._titles(self.row + 1)
        self.row += 2

    def _lease(self, b: int, i: int) -> None:
        self.number += 1
        self.made.leases += 1
        self.facts = self._invent(b, i)
        self._put(self.facts)

    def _twice(self, b: int, i: int) -> None:
        """The same lease again, written another way."""
        self.made.duplicates += 1
        self._put(self.facts)

    def _wrong(self, b: int, i: int) -> None:
        kinds: list[tuple[int, Any, str]] = [
            (7, "1380013", "import.cell.phone"),
            (8, 3.30102199001011e17, "import.cell.damaged"),
            (9, "2026年2月30日", "import.cell.date"),
            (12, "面议", "import.cell.money"),
            (6, "", "import.cell.required"),
            (3, date(2026, 3, 1), "import.cell.room_date"),
            (6, '=HYPERLINK("http://example.invalid","x")', "import.cell.formula"),
        ]
        column, value, code = kinds[len(self.made.bad) % len(kinds)]
        self.made.bad[self.row + 1] = code
        self._put(self._invent(b, 60 + i), {column: value})

    def _invent(self, b: int, i: int) -> dict[str, Any]:
        rng = self.rng
        start = add_months(self.today, -rng.randrange(1, 11)).replace(day=rng.choice([1, 5, 10, 15, 16, 20]))
        pay, _ = rng.choice(TERMS)
        rent = rng.randrange(16, 30) * 100 + rng.choice([0, 50, 80])
        birth = date(1970, 1, 1) + timedelta(days=rng.randrange(0, 12000))
        body = f"330108{birth:%Y%m%d}{rng.randrange(100, 999)}"
        check = ID_CHECKS[sum(int(c) * w for c, w in zip(body, ID_WEIGHTS, strict=True)) % 11]
        return {
            "room": f"{i // 8 + 2}{i % 8 + 1:02d}",
            "layout": rng.choice(LAYOUTS),
            "area": rng.randrange(18, 60),
            "name": rng.choice(SURNAMES) + rng.choice(GIVEN),
            "phone": f"1{rng.choice('3578')}{rng.randrange(10**9):09d}",
            "id": body + check,
            "start": start,
            "end": add_months(start, 12) - timedelta(days=1),
            "pay": pay,
            "rent": rent,
        }

    def _put(self, facts: dict[str, Any], instead: dict[int, Any] | None = None) -> None:
        rng, rent = self.rng, facts["rent"]
        room = rng.choice(ROOMS)(facts["room"])
        cells: dict[int, Any] = {
            0: self.number,
            3: room,
            4: facts["layout"],
            5: rng.choice([facts["area"], f"{facts['area']}㎡", f"{facts['area']}平米"]),
            6: rng.choice([facts["name"], f" {facts['name']}　"]),
            7: rng.choice(PHONES)(facts["phone"]),
            8: rng.choice([facts["id"], facts["id"].translate(FULL)]),
            9: rng.choice(DATES)(facts["start"]),
            10: rng.choice(DATES)(facts["end"]),
            11: facts["pay"],
            12: rng.choice([rent, f"¥{rent:,}", f"{rent}元/月", f"{rent}.00", str(rent).translate(FULL)]),
            13: rent,
            14: rng.choice(["无", "/", "", "——"]),
            16: rng.choice(["", "无", "已交钥匙"]),
        }
        for column, value in (cells | (instead or {})).items():
            self._cell(column, value)
        self.row += 1

    def _cell(self, column: int, value: Any) -> None:
        if isinstance(value, date):
            self.sheet.write_datetime(self.row, column, value, self.day)
        elif isinstance(value, str):
            self.sheet.write_string(self.row, column, value)
        else:
            self.sheet.write_number(self.row, column, value)


ROOMS: list[Callable[[str], Any]] = [str, int, lambda r: r.translate(FULL), lambda r: f"{r}室"]
PHONES: list[Callable[[str], Any]] = [
    str,
    int,
    lambda p: f"{p[:3]} {p[3:7]} {p[7:]}",
    lambda p: f"{p[:3]}-{p[3:7]}-{p[7:]}",
    lambda p: f"+86 {p}",
    lambda p: p.translate(FULL),
    lambda p: f"{p}（微信同号）",
]
DATES: list[Callable[[date], Any]] = [
    lambda d: d,
    lambda d: (d - date(1899, 12, 30)).days,
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year % 100}-{d.month}-{d.day}",
    lambda d: d.strftime("%Y%m%d"),
    lambda d: f"{d.year}-{d.month:02d}-{d.day:02d}".translate(FULL),
]
