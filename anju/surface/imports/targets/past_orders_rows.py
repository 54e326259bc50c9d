"""What follows from the cells of a past repair: its room's code, its times in order, its class, how it ended."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from anju.foundation.db import clock
from anju.kit.refusal import sentence
from anju.surface.imports.mapping import Draft
from anju.surface.imports.reading.cells import plain
from anju.surface.imports.reading.refusals import CHOICE, REQUIRED
from anju.surface.imports.reading.values import Room
from anju.surface.imports.reading.values.moments import order_moments
from anju.surface.imports.targets import Options
from anju.surface.imports.targets.rent_roll_rows import building_code

MOMENTS = ("opened", "accepted", "arrived", "finished")
# Longer words first: 不满意 holds 满意.
STARS = {
    "非常不满意": 1, "很不满意": 1, "不满意": 2, "非常满意": 5, "很满意": 5, "满意": 4, "好评": 5, "中评": 3, "差评": 1,
    "一般": 3, "五": 5, "四": 4, "三": 3, "两": 2, "二": 2, "一": 1,
}  # fmt: skip
LEVELS = {
    "特急": 0, "非常紧急": 0, "紧急": 0, "一级": 0, "urgent": 0,
    "高": 1, "较急": 1, "加急": 1, "重要": 1, "二级": 1, "high": 1,
    "中": 2, "一般": 2, "普通": 2, "常规": 2, "三级": 2, "medium": 2, "normal": 2,
    "低": 3, "不急": 3, "四级": 3, "low": 3,
}  # fmt: skip
DONE_WORDS = (
    "已完成 完成 完结 已完结 已结束 结束 已关闭 关闭 已评价 待评价 已修好 修好 已维修 已处理 处理完成 已解决 "
    "办结 已办结 已完工 完工 已验收 已回访 done closed completed finished resolved"
)
VOID_WORDS = "作废 已作废 取消 已取消 撤销 已撤销 撤单 已撤单 无效 已驳回 void cancelled canceled"
OPEN_WORDS = (
    "待接单 待派单 待分配 待处理 待上门 待到场 已接单 已派单 处理中 维修中 进行中 未完成 未处理 挂起 暂停 "
    "待配件 待确认 待验收 新建 open new pending processing"
)
DONE, VOID, OPEN = (frozenset(words.split()) for words in (DONE_WORDS, VOID_WORDS, OPEN_WORDS))
STILL_OPEN = sentence(
    "import.row.still_open",
    "这一单还没有结束，请在系统里报修，不要作为历史导入。",
    "This order has not ended; report it in the system instead.",
)
TOO_EARLY = sentence(
    "import.cell.moment_order",
    "{field}：早于前一步的时间，请核对。",
    "{field}: before the step it follows.",
)
AHEAD = sentence("import.cell.moment_ahead", "{field}：在今天之后，请核对。", "{field}: lies in the future.")


def complete_row(draft: Draft, options: Options) -> None:
    """Fill in place, times, class, rating and how it ended."""
    for key, text in options.defaults.items():
        if text:
            draft.values.setdefault(key, text)
    if not draft.values.get("project"):
        draft.refuse("project", REQUIRED())
    _place(draft)
    _state(draft)
    _times(draft)
    _level(draft)
    _rating(draft)


def _place(draft: Draft) -> None:
    """The code the room has if it was registered from a rent roll, and its last part for codes that were not."""
    values = draft.values
    room: Room | None = values.pop("room", None)
    if room is None:
        return
    building = building_code(draft.text("building") or draft.section)
    entrance = room.entrance
    if room.building and building and room.building != building and not entrance:
        entrance = room.building
    else:
        building = room.building or building
    values["building"] = building
    values["unit"] = Room(building, entrance, room.floor, room.number, room.part, room.is_bed).code
    values["ending"] = Room("", entrance, room.floor, room.number, room.part, room.is_bed).code


def _state(draft: Draft) -> None:
    values = draft.values
    said = re.sub(r"\s", "", plain(values.pop("state", ""))).lower()
    values["void"] = said in VOID
    if said in OPEN:
        draft.refuse("state", STILL_OPEN())
    elif said and said not in DONE | VOID:
        draft.refuse("state", CHOICE())
    elif not said and not any(values.get(key) for key in ("finished", "result", "rating")):
        said_already = any(p.field in ("state", "finished") for p in draft.problems)
        if not said_already:
            draft.refuse("state", REQUIRED())


def _times(draft: Draft) -> None:
    values = draft.values
    given: list[tuple[str, tuple[date, time | None]]] = [(k, values.pop(k)) for k in MOMENTS if values.get(k)]
    placed, wrong = order_moments(given)
    now = clock.now()
    for key in wrong:
        draft.refuse(key, TOO_EARLY())
    for key, at in placed.items():
        if at > now:
            draft.refuse(key, AHEAD())
        values[key] = at.isoformat()
    if "opened" not in placed:
        return
    if "finished" not in placed:
        values["finished"] = max(placed.values()).isoformat()
        draft.notes.append("no_finish")
    for key in ("opened", "finished"):
        values[f"{key}_text"] = f"{datetime.fromisoformat(values[key]):%Y-%m-%d %H:%M}"


def _level(draft: Draft) -> None:
    text = re.sub(r"\s", "", plain(draft.values.pop("level", ""))).lower()
    if not text:
        return
    if found := re.match(r"p?([0-5])(?![0-9])", text):
        draft.values["priority"] = int(found[1])
        return
    level = next((n for word, n in LEVELS.items() if text in (word, f"{word}级", f"{word}报修")), None)
    if level is None:
        draft.refuse("level", CHOICE())
    else:
        draft.values["priority"] = level


def _rating(draft: Draft) -> None:
    text = re.sub(r"\s", "", plain(draft.values.pop("rating", "")))
    if not text or text in ("未评价", "待评价", "0", "0星", "0分"):
        return
    stars: Any = None
    if found := re.fullmatch(r"([1-5])(?:\.0)?(?:星|分|颗星|/5)?", text):
        stars = int(found[1])
    elif re.fullmatch("[★⭐]{1,5}☆{0,4}", text):
        stars = len(re.sub("☆", "", text))
    else:
        stars = next((n for word, n in STARS.items() if text in (word, f"{word}星", f"{word}颗星")), None)
    if stars is None:
        draft.refuse("rating", CHOICE())
    else:
        draft.values["rating"] = stars
