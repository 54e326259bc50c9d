"""``anju check``: the books, checked by laws of their own."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from anju.config import environment
from anju.config.cli import external, ready
from anju.config.cli.words import t

ZH = "用独立的规则核对全部账目、消息、判定和记录链。"
EN = "Check all books, messages, decisions and chains by independent laws."


def run(as_json: Annotated[bool, typer.Option("--json", help=t("输出 JSON", "print JSON"))] = False) -> None:
    def say(text: str) -> None:
        print(text, file=sys.stderr if as_json else sys.stdout, flush=True)

    with ready.product_up():
        found = external.call("check", say, english=environment.language().startswith("en"))
    broken = [v for v in found if not v.holds]
    if as_json:
        print(json.dumps([v.as_json() for v in found], ensure_ascii=False, indent=2))
    say(t(f"{len(found)} 条核对，{len(broken)} 条不符", f"{len(found)} checked, {len(broken)} broken"))
    raise typer.Exit(1 if broken else 0)
