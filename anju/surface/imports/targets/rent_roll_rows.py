"""What follows from the cells of a rent roll's row: the unit's code, the lease's days, who the tenant is."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

from anju.foundation.crypto import blind_index
from anju.kit.china import MOBILE
from anju.kit.period import add_months
from anju.kit.refusal import sentence
from anju.surface.imports.mapping import Draft
from anju.surface.imports.reading.cells import plain
from anju.surface.imports.reading.refusals import DATE_ORDER, REQUIRED
from anju.surface.imports.reading.values import Room
from anju.surface.imports.reading.values.numerals import whole
from anju.surface.imports.targets import Options

MAIN_BUILDING = "主楼"
COMPANY = re.compile(r"公司|集团|有限|事务所|工作室|合作社|学校|医院|银行|\b(ltd|inc|co|llc|corp)\b\.?", re.I)
MOBILE_NEEDED = sentence(
    "import.cell.mobile_needed",
    "{field}：需要一个 11 位手机号，座机收不到短信。",
    "{field}: a mobile number is needed; a landline gets no SMS.",
)
RENT_ZERO = sentence("import.cell.rent_zero", "{field}：租金应大于 0。", "{field}: rent must be more than 0.")


def complete(draft: Draft, options: Options) -> tuple[str, str]:
    """Fill in place, days, terms and tenant; returns the keys of the row and of its lease."""
    for key, text in options.defaults.items():
        if text:
            draft.values.setdefault(key, text)
    _place(draft)
    _days(draft)
    _terms(draft)
    _tenant(draft)
    group = _hash(draft.text("city"), draft.text("project"), draft.text("unit"), str(draft.values.get("start")))
    phones = draft.values.get("phone") or [""]
    return _hash(group, draft.text("name"), blind_index("phone", phones[0]).hex()), group


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _place(draft: Draft) -> None:
    values = draft.values
    for key, title in (("project", "项目"), ("city", "城市")):
        if not values.get(key):
            draft.refuse(key, REQUIRED(field=title))
    values.setdefault("region", draft.text("city"))
    values.setdefault("store", draft.text("project"))
    room: Room | None = values.pop("room", None)
    if room is None:
        return
    name = draft.text("building") or draft.section
    code = building_code(name)
    building = room.building or code
    if room.building and code and room.building != code and not room.entrance:
        # 楼栋“3号楼”, 房号“1-1208”: the room's first part is the entrance.
        building, room = code, Room(code, room.building, room.floor, room.number, room.part, room.is_bed)
    entrance = room.entrance or building_code(draft.text("entrance"))
    number = room.number
    if not building and (letter := re.match(r"[A-Z]+(?=\d)", number)):
        values |= {"building": letter[0], "building_name": f"{letter[0]}座", "unit": _code("", entrance, room)}
    else:
        lead = "" if number.startswith(building) and building.isalpha() else building
        values |= {"building": building or MAIN_BUILDING, "unit": _code(lead, entrance, room)}
        values["building_name"] = name or (f"{building}号楼" if building.isdigit() else building or MAIN_BUILDING)
    values["entrance"] = entrance
    values["kind"] = "bed" if room.is_bed else "room" if room.part else "whole"
    if room.part:
        values["parent"] = values["unit"].removesuffix(f"-{room.part}床" if room.is_bed else f"-{room.part}")
    if values.get("floor") is not None:
        values["floor"] = int(values["floor"])
    elif room.floor is not None:
        values["floor"] = room.floor


def _code(building: str, entrance: str, room: Room) -> str:
    return Room(building, entrance, room.floor, room.number, room.part, room.is_bed).code[:40]


def building_code(name: str) -> str:
    """3号楼 → 3, A座 → A, 三号楼 → 3, 北苑2栋 → 北苑2."""
    text = re.sub(r"\s", "", plain(name)).upper()
    text = re.sub(r"(号楼|栋|幢|座|单元|楼|#)$", "", text)
    number = whole(text)
    return str(number) if number is not None else text[:20]


def _days(draft: Draft) -> None:
    values = draft.values
    if period := values.pop("period", None):
        values.setdefault("start", period[0])
        values.setdefault("end", period[1])
    term = values.pop("term", None)
    start, end = values.get("start"), values.get("end")
    bad = {p.field for p in draft.problems}
    if start is None:
        if not bad & {"start", "period"}:
            draft.refuse("start", REQUIRED())
        return
    if end is None and term:
        end = values["end"] = add_months(start, term) - timedelta(days=1)
    if end is None:
        if not bad & {"end", "period", "term"}:
            draft.refuse("end", REQUIRED())
    elif end < start:
        draft.refuse("end", DATE_ORDER())
    else:
        values["end_on"] = end + timedelta(days=1)


def _terms(draft: Draft) -> None:
    values = draft.values
    pay: Any = values.pop("pay_terms", None)
    if pay is None and not any(p.field == "pay_terms" for p in draft.problems):
        draft.notes.append("monthly_assumed")
    values["cycle"] = pay.cycle_months if pay else 1
    if values.get("deposit") is None and pay and pay.deposit_months is not None:
        values["deposit_months"] = pay.deposit_months
    if "rent" in values and values["rent"] <= 0:
        draft.refuse("rent", RENT_ZERO())


def _tenant(draft: Draft) -> None:
    values = draft.values
    document = values.get("id_number")
    company = bool(COMPANY.search(draft.text("name"))) or (document is not None and document[0] == "company")
    values["person_kind"] = "company" if company else "person"
    phones: list[str] = values.get("phone") or []
    mobiles = [p for p in phones if MOBILE.fullmatch(p)]
    if phones and not mobiles:
        draft.refuse("phone", MOBILE_NEEDED())
    if mobiles:
        values["phone"] = mobiles + [p for p in phones if p not in mobiles]
        if len(phones) > 1:
            draft.notes.append("second_phone")
