"""Files of a backup: copied, summed, compared. The list of sums is what ``sha256sum -c SHA256SUMS`` reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from anju.config.backup.refusals import DAMAGED, NOT_A_BACKUP

Report = Callable[[int, int, str], None]
LIST = "SHA256SUMS"
BLOCK = 1024 * 1024


def tree(folder: Path) -> Iterator[Path]:
    """All files below a folder, by name."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place) / name for name in sorted(names))


def copy_file(source: Path, target: Path) -> None:
    """Copy one file; it appears under its name whole, with mode 0600."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_name(f".{target.name}.part")
    with source.open("rb") as read, open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as write:
        while block := read.read(BLOCK):
            write.write(block)
        write.flush()
        os.fsync(write.fileno())
    fresh.replace(target)


def copy_tree(source: Path, target: Path, report: Report) -> int:
    """Copy what is missing or of another size in ``target``; a file that vanishes meanwhile is left out."""
    names = [path.relative_to(source) for path in tree(source)] if source.is_dir() else []
    for n, name in enumerate(names, 1):
        there = target / name
        try:
            if not there.exists() or there.stat().st_size != (source / name).stat().st_size:
                copy_file(source / name, there)
        except FileNotFoundError:
            if (source / name).exists():
                raise
        report(n, len(names), str(name))
    return len(names)


def write_sums(folder: Path, report: Report) -> None:
    """Sum every file below ``folder`` into its list."""
    names = [path for path in tree(folder) if path.name != LIST]
    with (folder / LIST).open("w", encoding="utf-8") as out:
        for n, path in enumerate(names, 1):
            out.write(f"{digest(path)}  {path.relative_to(folder)}\n")
            report(n, len(names), path.name)
        out.flush()
        os.fsync(out.fileno())


def check_sums(folder: Path, report: Report) -> None:
    """Compare every file with the list.

    Raises:
        Refused: ``restore.not_a_backup`` without a list or a listed file, ``restore.damaged``.
    """
    if not (folder / LIST).is_file():
        raise NOT_A_BACKUP(place=folder, name=LIST)
    lines = (folder / LIST).read_text("utf-8").splitlines()
    for n, line in enumerate(lines, 1):
        wanted, _, name = line.partition("  ")
        if not (folder / name).is_file():
            raise NOT_A_BACKUP(place=folder, name=name)
        if digest(folder / name) != wanted:
            raise DAMAGED(name=name)
        report(n, len(lines), name)


def digest(path: Path) -> str:
    """A file's SHA-256."""
    seen = sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            seen.update(block)
    return seen.hexdigest()
