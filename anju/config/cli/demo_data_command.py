"""``anju demo-data``: data at scale, for measuring."""

from __future__ import annotations

from typing import Annotated

import typer

from anju.config.cli import external, ready
from anju.config.cli.steps import step
from anju.config.cli.words import t

ZH = "装入大量演示数据（用于测量性能）。"
EN = "Load demo data at scale (for measuring)."


def run(
    units: Annotated[int, typer.Option(min=1, max=1_000_000, help=t("房间数", "units"))] = 800,
    seed: Annotated[int, typer.Option(help=t("随机种子", "seed"))] = 1,
) -> None:
    with ready.product_up():
        ready.migrate_and_check_key()
        with step(t("装入数据", "Loading")) as report:
            loaded = external.call("demo-data", units=units, seed=seed, progress=report)
        words = t("登录名 {login}，密码 {password}", "Sign in as {login} with {password}")
        print(f"  {words.format(login=loaded.login, password=loaded.password)}")
