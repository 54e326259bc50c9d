"""``anju bench``: how fast it is, each figure beside its floor in the same run."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from anju.config import database, environment
from anju.config.cli import external, ready
from anju.config.cli.words import t
from anju.foundation.db import roles, server

ZH = "测量性能：同一次运行里与底线对比（在单独的数据库里进行）。"
EN = "Measure performance beside its floor (in a database of its own)."
DATABASE = "anju_bench"


def run(
    name: Annotated[str, typer.Argument(help=t("测什么；all 为全部", "which bench; all for every one"))],
    leases: Annotated[int, typer.Option(help=t("规模；0 为默认", "size; 0 for the usual"), min=0, max=1_000_000)] = 0,
    rounds: Annotated[int, typer.Option(help=t("轮数", "rounds"), min=1, max=20)] = 3,
    as_json: Annotated[bool, typer.Option("--json", help=t("输出 JSON", "print JSON"))] = False,
    here: Annotated[
        bool, typer.Option(help=t("用本安装自己的数据库（已装入大量数据时）", "in this installation's own database"))
    ] = False,
    scale: Annotated[bool, typer.Option(help=t("在三种规模下测量", "measure at three sizes"))] = False,
) -> None:
    apart = database.external_url() is None and not here
    if apart:
        os.environ["ANJU_DATABASE"] = DATABASE
    home = environment.home()
    with ready.database_up():
        if apart:
            roles.prepare(server.dsn(home, database="postgres", user=server.SUPERUSER), database=DATABASE)
        ready.set_up_django()
        ready.migrate_and_check_key()
        ready.collect_static()
        asked = {"leases": leases, "rounds": rounds, "scale": scale, "say": _say}
        found = external.call("bench", name, **asked)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for line in external.call("bench-lines", found):
            print(line)


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
