"""A real PostgreSQL for every run: started in a temporary home, migrated once as the owner, cloned for each worker.

Tests run as the application role, which owns nothing, so row-level security and privileges are those of production.

    def test_rent_is_billed(in_org): ...          # an organization, its scope open
    def test_two_companies(org, other_org): ...   # two organization ids, no scope open
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from anju.foundation.db import migrate, org_scope, roles, server
from anju.foundation.db.server_binaries import OLDEST
from anju.foundation.db.server_tuning import FORGETFUL

# The machine is shared: how long an example takes says nothing about us.
hypothesis.settings.register_profile(
    "anju",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
)
hypothesis.settings.load_profile("anju")

TEMPLATE = "anju_template"
# A browser that talks to our own server only.
QUIET = (
    "--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TEST_SERVER = {**FORGETFUL, "shared_buffers": "128MB", "max_connections": "200"}


def pytest_report_header() -> str:
    return f"anju home: {os.environ['ANJU_HOME']}"


@pytest.fixture(scope="session")
def home() -> Path:
    """ANJU_HOME of this run."""
    return Path(os.environ["ANJU_HOME"])


@pytest.fixture(scope="session")
def database_server(home: Path) -> Iterator[Path]:
    """The embedded server, shared by this run's workers; the last one to leave stops it."""
    with server.running(home, TEST_SERVER):
        yield home


@pytest.fixture(scope="session")
def new_database(database_server: Path, django_db_blocker: Any) -> Callable[[str], str]:
    """Make a freshly migrated database by name: ``new_database("anju_load")``."""

    def make(name: str) -> str:
        with one_at_a_time(database_server), admin(database_server) as run:
            if not run.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
                roles.prepare(
                    server.dsn(database_server, database="postgres", user=server.SUPERUSER), database="anju_new"
                )
                with django_db_blocker.unblock(), pointing_at("anju_new"):
                    migrate.migrate()
                run.execute(f"ALTER DATABASE anju_new RENAME TO {TEMPLATE}")
            clone = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy")
            run.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            run.execute(clone.format(*map(sql.Identifier, (name, TEMPLATE, roles.OWNER))))
        return name

    return make


@pytest.fixture(scope="session")
def django_db_setup(new_database: Callable[[str], str], django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's: this worker's own clone of the template."""
    name = new_database(f"anju_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    with django_db_blocker.unblock(), pointing_at(name):
        yield


@pytest.fixture
def committed(new_database: Callable[[str], str], django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A fresh database in which transactions really commit: for threads, other processes and a browser.

    Its name, for processes of their own.
    """
    name = new_database(f"anju_committed_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    with django_db_blocker.unblock(), pointing_at(name):
        yield name


@pytest.fixture
def own_database(new_database: Callable[[str], str], django_db_blocker: Any) -> Iterator[str]:
    """A database of this test's own, committed for real: for several connections, workers, crashes. Its name."""
    name = f"anju_own_{secrets.token_hex(4)}"
    new_database(name)
    with django_db_blocker.unblock(), pointing_at(name):
        yield name


@pytest.fixture
def oldest(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The programs of the oldest PostgreSQL that is supported, for whatever starts one here; skipped without them."""
    programs = Path(f"/usr/lib/postgresql/{OLDEST}/bin")
    if not programs.exists():
        pytest.skip(f"no PostgreSQL {OLDEST} in {programs}")
    monkeypatch.setenv("ANJU_POSTGRES", str(programs))
    return programs


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path; without one browser tests are skipped, but under CI that is a failure."""
    found = os.environ.get("ANJU_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return found
    why = f"no browser: none of {', '.join(BROWSERS)} is installed (ANJU_CHROMIUM may name one)"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """A running Chromium, driven by playwright: ``browser.new_page(viewport=…)``."""
    from playwright.sync_api import sync_playwright

    # playwright runs an event loop in this thread; our own database calls are made outside of it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield running
        running.close()


@pytest.fixture
def org(db: None) -> int:
    """A new organization's id; no scope is open."""
    return make_organization("测试公寓")


@pytest.fixture
def other_org(db: None, org: int) -> int:
    """Another company on the same installation."""
    return make_organization("隔壁公寓")


@pytest.fixture
def in_org(org: int) -> Iterator[int]:
    """A new organization with its scope open for the whole test."""
    with org_scope(org):
        yield org


def make_organization(name: str) -> int:
    """An organization made the way the product makes one: key, clock, standard template."""
    from anju.foundation.staffing.actions import create_organization  # its models need a ready Django

    return create_organization(name=name).id


@contextmanager
def pointing_at(name: str) -> Iterator[None]:
    """Django's connection goes to this database inside the block."""
    before = settings.DATABASES["default"]["NAME"]
    with ExitStack() as undo:
        for target in (settings.DATABASES["default"], connections.settings["default"], connection.settings_dict):
            target["NAME"] = name
            undo.callback(target.__setitem__, "NAME", before)
        connections.close_all()
        try:
            yield
        finally:
            connections.close_all()


@contextmanager
def admin(home: Path) -> Iterator[psycopg.Connection[Any]]:
    """The server's superuser, for making databases."""
    with psycopg.connect(
        **server.dsn(home, database="postgres", user=server.SUPERUSER), autocommit=True
    ) as open_connection:
        yield open_connection


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Workers take turns: the first makes the template, and a template in use cannot be cloned."""
    with (home / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def company(db: None) -> Iterator[int]:
    """A drill organization on the standard template since 2025, its scope open, its clock on 1 January 2026."""
    from anju.foundation.db import clock  # models need a ready Django
    from anju.foundation.staffing.actions import create_organization

    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        clock.move_to(datetime(2026, 1, 1, 9, tzinfo=clock.SHANGHAI))
        yield org
