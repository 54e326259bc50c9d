"""Secrets of an installation: files of mode 0600 in ANJU_HOME, made on first use, or given by the environment."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from anju.foundation.db.server_place import make_home


def django_secret(home: Path) -> str:
    """Django's SECRET_KEY: ``ANJU_SECRET_KEY``, else the file ``django.secret``."""
    return os.environ.get("ANJU_SECRET_KEY") or secret_file(home, "django.secret", lambda: secrets.token_urlsafe(48))


def secret_file(home: Path, name: str, make: Callable[[], str]) -> str:
    """The text of ``home/name``, made once.

    Two processes that start together get the same secret: the file appears whole, and only once.

    Args:
        home: ANJU_HOME; made when missing.
        name: the file's name, without folders.
        make: gives the text when there is no file yet.
    """
    path = home / name
    if not path.exists():
        make_home(home)
        handle, fresh = tempfile.mkstemp(dir=home, prefix=f".{name}.")  # mkstemp makes it 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(fresh)
    return path.read_text(encoding="utf-8").strip()
