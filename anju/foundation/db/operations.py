"""Migration operations that give a table its organization: composite keys, foreign keys, row-level security."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from anju.foundation.db.models import OrgForeignKey

Row = dict[str, Any]


class OrgTable(Operation):
    """Turn a model's freshly made table into an organization's table.

    Replaces the primary key with ``(org_id, id)``, adds ``(org_id, x_id)`` foreign keys and indexes for every
    ``OrgForeignKey``, and row-level security comparing ``org_id`` with the scope's ``anju.org``.

    Args:
        name: the model's name in this app.
        append_only: the application role may insert and read, never update or delete.
        updatable: columns the application role may update (implies append_only for all others).
        no_delete: rows stay for ever; updates are allowed.
    """

    reversible = False

    def __init__(
        self, name: str, *, append_only: bool = False, updatable: tuple[str, ...] = (), no_delete: bool = False
    ) -> None:
        self.name = name
        self.append_only = append_only
        self.updatable = updatable
        self.no_delete = no_delete

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        # Constraints that Django deferred (unique, check) must exist before the key is replaced.
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        run = editor.execute
        run(f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"')
        run(f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (org_id, id)')
        for field in model._meta.local_fields:
            if isinstance(field, OrgForeignKey):
                add_foreign_key(editor, table, field)
        secure(editor, table)
        grant(editor, table, append_only=self.append_only, updatable=self.updatable, no_delete=self.no_delete)

    def database_backwards(self, *args: Any) -> None:
        raise NotImplementedError("organization tables are not undone; restore a backup instead")

    def describe(self) -> str:
        return f"Organization keys and row-level security for {self.name}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs: dict[str, Any] = {}
        if self.append_only:
            kwargs["append_only"] = True
        if self.updatable:
            kwargs["updatable"] = self.updatable
        if self.no_delete:
            kwargs["no_delete"] = True
        return type(self).__name__, [self.name], kwargs


class OrgKeys(Operation):
    """Add the composite constraint for ``OrgForeignKey`` columns that a later migration added to an existing table."""

    reversible = False

    def __init__(self, name: str, fields: tuple[str, ...]) -> None:
        self.name = name
        self.fields = fields

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        for name in self.fields:
            add_foreign_key(editor, model._meta.db_table, model._meta.get_field(name))

    def database_backwards(self, *args: Any) -> None:
        raise NotImplementedError("organization keys are not undone; restore a backup instead")

    def describe(self) -> str:
        return f"Organization keys for {self.name}.{', '.join(self.fields)}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.name, self.fields], {}


def add_foreign_key(editor: BaseDatabaseSchemaEditor, table: str, field: Any) -> None:
    """``(org_id, x_id) → (org_id, id)`` with its index, named after table and column."""
    column, target = field.column, field.related_model._meta.db_table
    editor.execute(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_fk" FOREIGN KEY (org_id, "{column}") '
        f'REFERENCES "{target}" (org_id, id)'
    )
    if field.org_index and not field.unique:
        editor.execute(f'CREATE INDEX "{table}_{column}_ix" ON "{table}" (org_id, "{column}")')


def secure(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Rows are visible and writable only inside their organization's scope."""
    inside = "org_id = (SELECT current_setting('anju.org')::bigint)"
    editor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    editor.execute(f'CREATE POLICY "{table}_org" ON "{table}" USING ({inside}) WITH CHECK ({inside})')


def grant(
    editor: BaseDatabaseSchemaEditor,
    table: str,
    *,
    append_only: bool = False,
    updatable: tuple[str, ...] = (),
    no_delete: bool = False,
) -> None:
    """What the application role may do with a table. Default privileges give everything; here it is taken back."""
    if append_only or updatable:
        editor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM anju_app')
    elif no_delete:
        editor.execute(f'REVOKE DELETE, TRUNCATE ON "{table}" FROM anju_app')
    if updatable:
        columns = ", ".join(f'"{c}"' for c in updatable)
        editor.execute(f'GRANT UPDATE ({columns}) ON "{table}" TO anju_app')
