"""Migrations run as the owner of the tables; everything else runs as the application role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from anju.foundation.db.roles import OWNER

# Two processes starting together must not both migrate.
LOCK = 0x616E6A75


@contextmanager
def as_owner() -> Iterator[None]:
    """This thread's connection acts as ``anju_owner`` for the length of the block."""
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{OWNER}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def migrate(progress: Callable[[int, int, str], None] | None = None) -> int:
    """Bring the database up to date, the job queue's tables included; returns how many migrations were applied.

    Args:
        progress: called with (done, total, name) after each migration.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        with as_owner():
            return _apply(progress or (lambda *_: None))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def pending() -> int:
    """How many migrations the database is behind the code."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _apply(progress: Callable[[int, int, str], None]) -> int:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan and not _signals_missing():
        return 0
    done = 0

    def report(action: str, migration: Any = None, fake: bool = False, /) -> None:
        nonlocal done
        if action == "apply_success":
            done += 1
            progress(done, len(plan), f"{migration.app_label}.{migration.name}")

    executor.progress_callback = cast(Any, report)
    executor.migrate(executor.loader.graph.leaf_nodes(), plan=plan)
    with transaction.atomic():  # all listeners or none: what is missing as a whole is noticed the next time
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias, apps=_after(executor))
    return done


def _signals_missing() -> bool:
    """Whether an earlier run was killed after its last migration and before the listeners had their turn."""
    from django.contrib.contenttypes.models import ContentType

    known = set(ContentType.objects.values_list("app_label", "model"))
    return any((model._meta.app_label, model._meta.model_name) not in known for model in apps.get_models())


def _after(executor: MigrationExecutor) -> Any:
    """The models as they are after all migrations, for the listeners that make content types and permissions."""
    return executor.loader.project_state(executor.loader.graph.leaf_nodes()).apps
