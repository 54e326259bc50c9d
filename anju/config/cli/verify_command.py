"""``anju verify``: recompute all evidence; ends with 3 when something does not hold."""

from __future__ import annotations

import typer

from anju.config import environment
from anju.config.cli import external, ready

ZH = "重新计算全部存证，检查记录是否被改动。"
EN = "Recompute all evidence and say where it does not hold."
BROKEN = 3


def run() -> None:
    with ready.product_up():
        from django.utils import translation

        from anju.foundation.identity.models import Organization

        with translation.override(environment.language()):
            sound = external.call("verify", Organization.objects.order_by("id").values_list("id", "name"), print)
    if not sound:
        raise typer.Exit(BROKEN)
