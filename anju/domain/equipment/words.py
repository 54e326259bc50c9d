"""Codes of the register as people read them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.equipment.models import Equipment
from anju.foundation.db import clock

KINDS = dict(Equipment.Kind.choices)
ICONS = {
    "water_heater": "bath", "air_conditioner": "air-conditioning", "washing_machine": "wash-machine",
    "fridge": "fridge", "lock": "lock", "lift": "elevator", "pump": "droplet", "boiler": "flame", "other": "tool",
}  # fmt: skip
TONES = {"in": "ok", "soon": "warn", "over": "neutral", "none": "line"}


class Words:
    """What templates ask."""

    def kind(self, key: str) -> str:
        """``热水器``."""
        return str(KINDS.get(key, key))

    def icon(self, key: str) -> str:
        """The kind's icon."""
        return ICONS.get(key, "tool")

    def warranty(self, row: dict[str, Any]) -> str:
        """``在保``, ``12 天后到期``, ``已过保``, ``没有保修``."""
        match row["warranty"]:
            case "in":
                return _("在保")
            case "soon":
                return self._soon(row["warranty_until"])
            case "over":
                return _("已过保")
        return _("没有登记保修")

    def tone(self, row: dict[str, Any]) -> str:
        """The badge's colour."""
        return TONES[row["warranty"]]

    def place(self, row: dict[str, Any]) -> str:
        """The room, or the building where it is in none."""
        return str(row["code"] or row["building"])

    def _soon(self, until: date) -> str:
        left = (until - clock.today()).days
        return _("{n} 天后到期").format(n=left) if left else _("今天到期")


words = Words()
