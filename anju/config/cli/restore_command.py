"""``anju restore``: a backup into an empty installation; with ``--to`` any moment of the archived log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anju.config import environment
from anju.config.backup import archive, keyring, recovery
from anju.config.backup.copy import Manifest
from anju.config.backup.refusals import NOT_A_BACKUP
from anju.config.backup.sums import check_sums
from anju.config.cli import external, ready
from anju.config.cli.backup_command import KEYS, keys_beside, two
from anju.config.cli.migrate_command import ADMIN, make_database
from anju.config.cli.verify_command import BROKEN
from anju.config.cli.words import t

ZH = "把备份恢复到空的安装里并核对；--to 恢复到日志归档中的某一时刻。"
EN = "Restore a backup into an empty installation and check it; --to brings any moment of the archived log."
SOURCE = t("备份目录，或日志归档目录", "the backup, or the archive of the log")
TO = t("恢复到的时刻，写明时区：2026-11-27 10:00:00+08:00", "the moment, with its zone: 2026-11-27 10:00:00+08:00")
WITHOUT = t("没有个人密钥也恢复，个人数据将无法读取", "restore without personal keys: personal data stays unreadable")


def run(
    source: Annotated[Path, typer.Argument(help=SOURCE)],
    keys: Annotated[Path | None, typer.Option(help=KEYS)] = None,
    to: Annotated[str, typer.Option(help=TO)] = "",
    admin_url: Annotated[str, typer.Option(help=ADMIN)] = "",
    without_person_keys: Annotated[bool, typer.Option("--without-person-keys", help=WITHOUT)] = False,
) -> None:
    source, home = source.absolute(), environment.home()
    apart = keys_beside(source, keys)
    if to or (source / archive.BASES).is_dir():
        missing = _to_moment(home, source, apart, to)
    else:
        missing = _from_backup(home, source, None if without_person_keys else apart, apart, admin_url)
    sound = _verified()
    if missing:
        print(t(f"注意：{missing} 个文件不在备份里。", f"Note: {missing} files are not in the backup."))
    print(t(f"已恢复到 {home}。", f"Restored into {home}."))
    if not sound:
        raise typer.Exit(BROKEN)


def _from_backup(home: Path, source: Path, person_keys: Path | None, apart: Path, admin_url: str) -> int:
    manifest = Manifest.read(source)
    if person_keys is not None:
        keyring.fitting(person_keys, manifest.stamp)
    with two("核对备份", "Checking the backup") as report:
        check_sums(source, report)
    again = (home / recovery.MARK).exists()
    if not again:
        recovery.check_empty(home)
    if admin_url:
        make_database(admin_url)
    with ready.database_up(restoring=True):
        if not again:
            recovery.check_database_empty(home)
        keyring.bring_secrets(apart, home)
        ready.set_up_django()
        recovery.check_version(manifest)
        with recovery.unfinished(home, source):
            if again:
                recovery.clear_database(home)
            recovery.bring_database(home, source, manifest, person_keys, two)
            recovery.bring_files(source, home, two)
            return _made_current(home)


def _to_moment(home: Path, source: Path, apart: Path, to: str) -> int:
    until = recovery.moment(to) if to else None
    if not (source / archive.BASES).is_dir():
        raise NOT_A_BACKUP(place=source, name=archive.BASES)
    base = recovery.base_for(source, until)
    if not (home / recovery.MARK).exists():
        recovery.check_empty(home, of_server=True)
    keyring.bring_secrets(apart, home)
    with recovery.unfinished(home, source):
        recovery.lay_down(home, base, two)
        recovery.replay(home, archive.recovery_settings(source, until), two)
        recovery.bring_files(source, home, two)
        keyring.bring_destructions(source, home)
        with ready.database_up(restoring=True):
            ready.set_up_django()
            return _made_current(home)


def _made_current(home: Path) -> int:
    """Up to date, under the right key, without what was destroyed since; how many files are missing."""
    try:
        ready.migrate_and_check_key()
        return recovery.missing_files(home)
    finally:
        ready.disconnect()


def _verified() -> bool:
    """All evidence and all books, recomputed."""
    with ready.product_up():
        from django.utils import translation

        from anju.foundation.identity.models import Organization

        with translation.override(environment.language()):
            orgs = list(Organization.objects.order_by("id").values_list("id", "name"))
            sound = bool(external.call("verify", orgs, print))
        if external.exists("check"):
            books = external.call("check", print, english=environment.language().startswith("en"))
            sound = sound and all(verdict.holds for verdict in books)
    return sound
