"""Events of the register in words."""

from __future__ import annotations

from functools import partial
from typing import Any

from anju.domain.equipment.models import Equipment
from anju.domain.equipment.permissions import VIEW
from anju.foundation.trace.told import told

KINDS = dict(Equipment.Kind.choices)


def _kind(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "kind": KINDS.get(body.get("kind", ""), "…")}


item = partial(told, about="place", icon="device-desktop-cog", needs=VIEW, facts=_kind)
item("equipment.item.add", "登记设备：{kind}", "Registered equipment: {kind}", tone="info")
item("equipment.item.change", "修改设备资料：{kind}", "Changed equipment: {kind}")
item("equipment.item.retire", "停用设备：{kind}", "Retired equipment: {kind}", tone="warn")
