"""``anju backup``: a copy of everything but keys, keys apart; with ``--base`` a base copy into the archived log."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from anju.config import environment
from anju.config.cli import ready
from anju.config.cli.steps import Report, step
from anju.config.cli.words import t

ZH = "备份数据库和文件到新目录，密钥另存；--base 则在日志归档中做一份基础备份。"
EN = "Back up database and files into a new folder, keys apart; --base makes a base copy in the archived log."
KEYS = t(
    "密钥目录，应在别处；默认与备份并列的 anju-keys", "folder of keys, elsewhere; anju-keys beside it unless named"
)
BASE = t("基础备份，用于恢复到某一时刻", "a base copy, for restoring to a moment")
DEST = t("新目录", "a new folder")


def run(
    dest: Annotated[Path | None, typer.Argument(help=DEST)] = None,
    keys: Annotated[Path | None, typer.Option(help=KEYS)] = None,
    base: Annotated[bool, typer.Option("--base", help=BASE)] = False,
) -> None:
    if base == (dest is not None):
        raise typer.BadParameter(t("写明一个新目录，或用 --base", "name a new folder, or use --base"))
    if dest is not None:
        _copy(dest.absolute(), keys)
    else:
        _base(keys)


def two(zh: str, en: str) -> AbstractContextManager[Report]:
    """A step in the terminal's language."""
    return step(t(zh, en))


def keys_beside(place: Path, keys: Path | None) -> Path:
    """The folder of keys that was named, or the one beside."""
    return keys.absolute() if keys is not None else place.parent / "anju-keys"


def _copy(dest: Path, keys: Path | None) -> None:
    from anju.config.backup import copy

    apart = keys_beside(dest, keys)
    copy.check_places(dest, apart)
    with ready.product_up():
        made = copy.back_up(environment.home(), dest, apart, two)
    rows = sum(made.rows.values())
    print(t(f"已备份到 {dest}：{len(made.rows)} 张表、{rows:,} 行。", f"Backed up to {dest}: {rows:,} rows."))
    _tell_keys(apart)


def _base(keys: Path | None) -> None:
    from anju.config.backup import archive

    place = environment.wal_archive()
    apart = keys_beside(place or environment.home(), keys)
    with ready.product_up():
        made = archive.base_copy(environment.home(), apart, two)
    print(t(f"基础备份：{made}", f"Base copy: {made}"))
    _tell_keys(apart)


def _tell_keys(apart: Path) -> None:
    print(
        t(
            f"密钥在 {apart}：请另存到别处，不要和数据放在一起；其中的个人密钥只保留 30 天。",
            f"Keys are in {apart}: keep them elsewhere, not with the data; personal keys among them last 30 days.",
        )
    )
