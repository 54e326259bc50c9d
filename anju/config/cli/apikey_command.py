"""``anju apikey``: make a key for the open API."""

from __future__ import annotations

from typing import Annotated

import typer

from anju.config.cli import external, ready
from anju.config.cli.words import t

ZH = "建立开放接口的密钥（只显示一次）。"
EN = "Make a key for the open API (shown once)."


def run(
    name: Annotated[str, typer.Argument(help=t("用途", "what it is for"))],
    org: Annotated[int, typer.Option(help=t("公司编号", "organization id"))] = 1,
    scope: Annotated[list[str] | None, typer.Option(help=t("权限范围，可重复", "scope, repeatable"))] = None,
) -> None:
    with ready.product_up():
        print(external.call("apikey", org_id=org, name=name, scopes=scope or []))
