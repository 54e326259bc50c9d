"""Twelve buildings and 800 places to let, in five cities."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from anju.domain.portfolio.places import Place

ORIENTATIONS = ("南", "南", "南", "东南", "西南", "东", "西", "北")
# One room, two halls…: layout, area m² and rent ¥ a month (from, to), share
ROOMS = (
    ("1室0厅1卫", (22, 30), (1680, 2380), 62),
    ("1室1厅1卫", (34, 46), (2180, 2980), 30),
    ("2室1厅1卫", (55, 70), (2980, 3880), 8),
)


def demo_places(seed: int) -> list[Place]:
    """Every building, floor and unit of the demo company; 800 of them have nothing below."""
    rng = random.Random(seed)
    return [*_hangzhou(rng), *_chengdu(rng), *_shanghai(rng), *_sanya(rng), *_suzhou(rng)]


def some_flat(rng: random.Random, scale: float = 1.0) -> dict[str, Any]:
    """Layout, area, guide rent and orientation of an ordinary flat."""
    layout, area, rent, _ = rng.choices(ROOMS, weights=[r[3] for r in ROOMS])[0]
    return {
        "layout": layout,
        "area": Decimal(rng.randint(area[0] * 10, area[1] * 10)) / 10,
        "guide_rent": Decimal(round(rng.randint(*rent) * scale / 10) * 10),
        "orientation": rng.choice(ORIENTATIONS),
    }


def _tower(
    rng: random.Random,
    base: dict[str, object],
    building: str,
    stairs: list[tuple[int, range, int]],
    scale: float = 1.0,
) -> Iterator[Place]:
    """A tower of flats: per entrance its floors and flats a floor. Codes are 3-1-1208."""
    for entrance, floors, wide in stairs:
        for floor in floors:
            for n in range(1, wide + 1):
                yield Place(
                    **{**base, **some_flat(rng, scale)},
                    building=building,
                    unit=f"{building}-{entrance}-{floor:02}{n:02}",
                    entrance=str(entrance),
                    floor=floor,
                    line=f"{entrance}-{n:02}",
                )


def _hangzhou(rng: random.Random) -> Iterator[Place]:
    base: dict[str, object] = {
        "region": "华东", "store": "杭州滨江店", "city": "杭州", "project": "禾里公寓·杭州滨江店", "project_code": "HZ",
        "district": "滨江区", "block": "长河", "address": "杭州市滨江区长河路 88 号（示例地址）",
        "lon": Decimal("120.197100"), "lat": Decimal("30.187200"), "position_precision": "项目",
    }  # fmt: skip
    yield from _tower(rng, base, "1", [(1, range(2, 18), 8)])
    yield from _tower(rng, base, "2", [(1, range(2, 18), 8)])
    yield from _tower(rng, base, "3", [(1, range(2, 15), 8), (2, range(2, 14), 5)])


def _chengdu(rng: random.Random) -> Iterator[Place]:
    base: dict[str, object] = {
        "region": "西南", "store": "成都天府店", "city": "成都", "project": "禾里公寓·成都天府店", "project_code": "CD",
        "district": "高新区", "block": "天府", "address": "成都市高新区天府大道 66 号（示例地址）",
        "lon": Decimal("104.068900"), "lat": Decimal("30.548300"), "position_precision": "项目",
    }  # fmt: skip
    for building in ("1", "2", "3"):
        yield from _tower(rng, base, building, [(1, range(2, 15), 6)], 0.85)
    # The fourth building lets shared flats by the room: a lease of the whole flat excludes leases of its rooms.
    for floor in range(2, 21):
        flat = f"4-1-{floor:02}01"
        shared = {**base, "building": "4", "entrance": "1", "floor": floor, "line": "1-01"}
        area, rent = Decimal(rng.randint(880, 1020)) / 10, Decimal(rng.randint(380, 460) * 10)
        yield Place(**shared, unit=flat, layout="4室2厅2卫", area=area, guide_rent=rent, orientation="南")  # type: ignore[arg-type]
        for letter in "ABCD":
            yield Place(
                **shared,  # type: ignore[arg-type]
                unit=f"{flat}{letter}",
                parent=flat,
                kind="room",
                area=Decimal(rng.randint(110, 190)) / 10,
                guide_rent=Decimal(rng.randint(95, 145) * 10),
                orientation=rng.choice(ORIENTATIONS),
            )


def _shanghai(rng: random.Random) -> Iterator[Place]:
    base: dict[str, object] = {
        "region": "华东", "store": "上海漕河泾店", "city": "上海", "project": "云岫大厦·上海漕河泾",
        "project_code": "SH", "project_kind": "office", "district": "徐汇区", "block": "漕河泾",
        "address": "上海市徐汇区宜山路 900 号（示例地址）",
        "lon": Decimal("121.397800"), "lat": Decimal("31.170100"), "position_precision": "项目",
    }  # fmt: skip
    for tower in "AB":
        for n in range(10):
            floor = 8 + n // 2
            area = Decimal(rng.randint(800, 2400)) / 10
            yield Place(
                **base,  # type: ignore[arg-type]
                building=tower,
                building_name=f"{tower}座",
                unit=f"{tower}{floor:02}{n % 2 + 1:02}",
                kind="office",
                floor=floor,
                area=area,
                guide_rent=(area * rng.randint(50, 80) / 10 * 365 / 12).quantize(Decimal("1")),
            )


def _sanya(rng: random.Random) -> Iterator[Place]:
    base: dict[str, object] = {
        "region": "华南", "store": "三亚海棠店", "city": "三亚", "project": "海棠云舍·三亚", "project_code": "SY",
        "project_kind": "homestay", "district": "海棠区", "address": "三亚市海棠区湾坡路 9 号（示例地址）",
        "lon": Decimal("109.742100"), "lat": Decimal("18.301500"), "position_precision": "项目",
    }  # fmt: skip
    for n in range(10):
        floor = 1 + n // 5
        code = f"海{floor}{n % 5 + 1:02}"
        yield Place(**{**base, **some_flat(rng, 1.6)}, building="云舍", building_name="云舍", unit=code, floor=floor)


def _suzhou(rng: random.Random) -> Iterator[Place]:
    base: dict[str, object] = {
        "region": "华东", "store": "苏州园区店", "city": "苏州", "project": "沧浪宿舍·苏州", "project_code": "SZ",
        "project_kind": "dormitory", "district": "工业园区", "address": "苏州市工业园区星湖街 328 号（示例地址）",
        "lon": Decimal("120.729600"), "lat": Decimal("31.283800"), "position_precision": "项目",
    }  # fmt: skip
    for building in ("5", "6"):
        for n in range(5):
            floor = 3 + n // 3
            room = f"{building}-{floor}{n % 3 + 1:02}"
            inside = {**base, "building": building, "floor": floor}
            yield Place(**inside, unit=room, kind="room", layout="4人间", area=Decimal("28.0"))  # type: ignore[arg-type]
            for bed in range(1, 5):
                yield Place(
                    **inside,  # type: ignore[arg-type]
                    unit=f"{room}-{bed}床",
                    parent=room,
                    kind="bed",
                    guide_rent=Decimal(rng.randint(45, 60) * 10),
                )
