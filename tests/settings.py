"""Settings of the tests: the product's own, in a home that lasts for one run, and hostile where that finds mistakes."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path


def sweep_up() -> None:
    """Remove the homes of runs that were killed: old, and nobody holds their users file."""
    for home in Path(tempfile.gettempdir()).glob("anju-test-*"):
        with contextlib.suppress(OSError):
            if time.time() - home.stat().st_mtime < 3600:
                continue
            with (home / "postgres.users").open("a") as users:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(home)


# Workers of one run are children of the process that came here first, and share its home.
if os.environ.get("ANJU_TESTING") != "1":
    os.environ["ANJU_TESTING"] = "1"
    os.environ["ANJU_HOME"] = tempfile.mkdtemp(prefix="anju-test-")
    os.chmod(os.environ["ANJU_HOME"], 0o711)
    os.environ["ANJU_POOL"] = "0"
    os.environ.pop("DATABASE_URL", None)
    atexit.register(shutil.rmtree, os.environ["ANJU_HOME"], ignore_errors=True)
    sweep_up()

from anju.config.settings import *  # noqa: E402, F403
from anju.config.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
DEBUG_PROPAGATE_EXCEPTIONS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Pages name their files plainly; the fingerprints are the product's, made when it starts.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(exist_ok=True)
