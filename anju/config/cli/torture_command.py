"""``anju torture``: random business while everything is killed, then the books are checked."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from typing import Annotated

import typer

from anju.config.cli import external, ready
from anju.config.cli.words import t

ZH = "在随机业务中反复强行结束各进程，然后核对全部账目（在单独的临时目录里进行）。"
EN = "Kill everything at random under random business, then check all books (in a temporary home)."


def run(
    seconds: Annotated[int, typer.Option(min=5, help=t("时长（秒）", "how long, in seconds"))] = 60,
    kills: Annotated[int, typer.Option(min=0, help=t("结束次数；0 为不限", "how many kills; 0 for no limit"))] = 0,
    seed: Annotated[int, typer.Option(help=t("随机种子", "seed"))] = 1,
    keep: Annotated[bool, typer.Option(help=t("保留现场", "keep the home"))] = False,
) -> None:
    home = tempfile.mkdtemp(prefix="anju-torture-")
    os.chmod(home, 0o711)  # noqa: S103 the database's own user passes through
    os.environ["ANJU_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    try:
        with ready.product_up():
            ready.migrate_and_check_key()
            ready.collect_static()
            report = external.call("torture", seconds=seconds, kills=kills, seed=seed, say=_say)
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    finally:
        if keep:
            _say(home)
        else:
            shutil.rmtree(home, ignore_errors=True)
    raise typer.Exit(1 if report.broken else 0)


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
