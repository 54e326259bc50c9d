"""What may be let, and how places are named. Pure."""

from __future__ import annotations

import re
from datetime import date

from anju.kit.refusal import sentence

# 住房租赁条例 §7: spaces that are not for living may not be let separately for living in.
NOT_FOR_LIVING = (
    *("厨房", "卫生间", "洗手间", "厕所", "浴室", "阳台", "过道", "走廊"),
    *("地下储藏室", "储藏室", "地下室", "车库", "kitchen", "bathroom", "balcony", "corridor", "basement", "garage"),
)
FOR_LIVING = frozenset({"residential", "apartment", "dormitory", "homestay"})

NOT_LETTABLE = sentence(
    "unit.not_lettable",
    "“{unit}”属于{space}，按《住房租赁条例》不得单独出租用于居住，请改登记为可居住的房间。",
    "{unit} is a {space}; the housing-rental regulation forbids letting it separately for living in.",
)
STATE_NEEDS_READY_DATE = sentence(
    "unit.ready_before_today",
    "预计可租日期不能早于今天，请重新选择。",
    "The day it is ready again can not lie in the past.",
)


def not_for_living(project_kind: str, code: str, layout: str) -> str | None:
    """The word that says a unit is a space no one may be made to live in, or None.

    Args:
        project_kind: offices may let a garage; homes may not.
        code: the unit's code; the word may stand anywhere in it.
        layout: only a layout that is nothing but such a space counts (``2室1厅1厨房`` is a flat).
    """
    if project_kind not in FOR_LIVING:
        return None
    return next((w for w in NOT_FOR_LIVING if w in code.lower() or w == layout.strip().lower()), None)


def check_lettable(project_kind: str, code: str, layout: str) -> None:
    """Refuse a kitchen, bathroom, balcony, corridor, basement store or garage as a unit of a home."""
    if space := not_for_living(project_kind, code, layout):
        raise NOT_LETTABLE(unit=code, space=space)


def check_ready_on(today: date, ready_on: date | None) -> None:
    """Refuse a day in the past."""
    if ready_on is not None and ready_on < today:
        raise STATE_NEEDS_READY_DATE()


def bedrooms_of(layout: str) -> int | None:
    """How many bedrooms a layout such as 2室1厅1卫, 两居 or 开间 has, or None when it does not say."""
    if layout.strip() in ("开间", "一居", "单间", "studio"):
        return 1
    if found := re.match(r"\s*(\d+)\s*[室房居]", layout):
        return int(found[1])
    if found := re.match(r"\s*([一两二三四五六七八九])\s*[室房居]", layout):
        return {"两": 2}.get(found[1]) or "一二三四五六七八九".index(found[1]) + 1
    return None


def line_of(code: str) -> str:
    """The riser of a room number: the last two digits of its floor-and-room part (3-1-1208 → 08), or nothing."""
    part = next((p for p in reversed(code.split("-")) if re.fullmatch(r"[A-Za-z]?\d{3,4}", p)), "")
    return part[-2:]
