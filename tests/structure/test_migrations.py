"""The migrations make exactly the models."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation


def test_no_migration_is_missing() -> None:
    loader = MigrationLoader(None)
    with translation.override(None):  # Django's own labels would be compared in Chinese
        models = ProjectState.from_apps(apps)
        changes = MigrationAutodetector(loader.project_state(), models).changes(graph=loader.graph)
    told = [f"{label}: {op.describe()}" for label, made in changes.items() for m in made for op in m.operations]
    assert not told, "\n".join(told)


def test_each_app_has_one_last_migration() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}
