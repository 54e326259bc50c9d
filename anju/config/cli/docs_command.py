"""``anju docs``: the generated reference; ``--check`` ends with 3 when it differs from the code."""

from __future__ import annotations

from typing import Annotated

import typer

from anju.config.cli import external, ready
from anju.config.cli.words import t

ZH = "生成参考文档；--check 只检查是否与代码一致。"
EN = "Write the generated reference; --check only compares it with the code."
DIFFERS = 3


def run(check: Annotated[bool, typer.Option("--check", help=t("只检查", "only compare"))] = False) -> None:
    ready.set_up_django()
    changed = external.call("docs", check=check)
    for name in changed:
        print(t(f"与代码不一致：{name}", f"differs: {name}") if check else name)
    if check and changed:
        raise typer.Exit(DIFFERS)
