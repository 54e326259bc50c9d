"""The reference is made of the code: the same every time, and nothing can be set or refused that it does not tell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from anju.config import docs
from anju.config.variables import INTERNAL, VARIABLES

ROOT = Path(__file__).resolve().parents[2]
DIGEST = """
import hashlib
from anju.config.cli import ready
ready.set_up_django()
from anju.config import docs
print(hashlib.sha256(repr(sorted(docs.rendered().items())).encode()).hexdigest())
"""


def test_the_same_code_gives_the_same_pages_without_a_database(tmp_path: Path) -> None:
    """In two processes with different hash seeds, with a database nobody answers at, in two languages."""
    digests = set()
    for seed, language in (("1", "C.UTF-8"), ("2", "en_GB.UTF-8")):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "LC_ALL": language,
            "ANJU_HOME": str(tmp_path / "home"),
            "ANJU_SECRET_KEY": "reference",
            "DATABASE_URL": "postgresql://anju_app@127.0.0.1:1/nobody",
            "DJANGO_SETTINGS_MODULE": "anju.config.settings",
        }
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        digests.add(done.stdout.split()[-1])
    assert len(digests) == 1
    assert not (tmp_path / "home").exists()


def test_a_page_that_differs_is_told_and_only_then_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "FOLDER", tmp_path)
    monkeypatch.setattr(docs, "rendered", lambda: {"a.md": "one\n", "b.md": "two\n"})
    assert docs.write(check=True) == ["docs/reference/a.md", "docs/reference/b.md"]
    assert list(tmp_path.iterdir()) == []
    docs.write(check=False)
    assert docs.write(check=True) == []
    (tmp_path / "a.md").write_text("changed by hand\n", encoding="utf-8")
    assert docs.write(check=True) == ["docs/reference/a.md"]
    docs.write(check=False)
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "one\n"


def test_the_folder_holds_the_generated_pages_and_no_others() -> None:
    measured = {"performance.md"}  # written by `anju bench all`
    assert {p.name for p in (ROOT / "docs/reference").iterdir()} == set(docs.PAGES) | measured


def test_every_variable_that_the_code_reads_is_told() -> None:
    read = set()
    for path in (ROOT / "anju").rglob("*.py"):
        if path.name != "variables.py":
            read |= set(re.findall(r'["\'](ANJU_[A-Z_]+|DATABASE_URL|PORT|LANG)["\']', path.read_text("utf-8")))
    assert read == {v.name for v in VARIABLES} | set(INTERNAL)


def test_no_variable_is_told_twice() -> None:
    names = [v.name for v in VARIABLES]
    assert len(names) == len(set(names))
