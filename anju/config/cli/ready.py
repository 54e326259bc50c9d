"""Getting from nothing to a database that fits the code, and to static files that fit the templates."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anju.config import database, environment
from anju.config.backup import archive
from anju.config.backup.recovery import refuse_unfinished
from anju.config.cli.exits import NO_FRONT_END
from anju.config.cli.steps import step
from anju.config.cli.words import t
from anju.foundation.db import server


@contextmanager
def database_up(*, restoring: bool = False) -> Iterator[None]:
    """The database answers inside the block: the embedded one, started if need be, or ``DATABASE_URL``'s."""
    if not restoring:
        refuse_unfinished(environment.home())
    if database.external_url() is not None:
        with step(t("连接数据库", "Connecting to the database")):
            database.check(environment.home())
        yield
        return
    with server_for(environment.home()):
        yield


@contextmanager
def server_for(home: Path) -> Iterator[None]:
    """The embedded server, with a step shown while it starts."""
    inside = server.running(home, archive.server_settings())
    with step(t("启动数据库", "Starting the database")):
        place = inside.__enter__()
    if place.outside:
        print(t(f"  数据目录：{place.data}", f"  Data: {place.data}"))
    try:
        yield
    finally:
        inside.__exit__(None, None, None)


def set_up_django() -> None:
    """Load the settings and all apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    import django

    django.setup()


@contextmanager
def product_up() -> Iterator[None]:
    """Database, apps, master key: what a command needs that works with data. Connections are closed at the end."""
    with database_up():
        set_up_django()
        try:
            yield
        finally:
            disconnect()


def disconnect() -> None:
    """Close this process's connections, so that the embedded server can stop at once."""
    from django.db import connection, connections

    connections.close_all()
    if getattr(connection, "pool", None) is not None:
        connection.close_pool()  # type: ignore[attr-defined]


def migrate_and_check_key() -> int:
    """Bring the database up to date, then make sure of its keys: the right master key, and none that was destroyed."""
    from anju.config.organizations import active, bring_up_to_date
    from anju.foundation.crypto import reconcile_destructions
    from anju.foundation.crypto.master import check_master_key
    from anju.foundation.db.migrate import migrate

    with step(t("更新数据库结构", "Updating the database")) as report:
        done = migrate(report)
    check_master_key()
    # A restored backup brings destroyed keys back; they are destroyed again before anybody can use them.
    reconcile_destructions(active())
    bring_up_to_date()
    return done


def collect_static() -> None:
    """Fingerprint and compress static files into ANJU_HOME, when they changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    home: Path = settings.HOME
    stamp, seen = home / "static.stamp", hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            try:
                found = os.stat(storage.path(name))
            except FileNotFoundError:
                raise NO_FRONT_END() from None
            seen.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    with step(t("整理页面文件", "Preparing page files")):
        stamp.unlink(missing_ok=True)
        shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(seen.hexdigest())
