"""Reading and applying happen in the worker, commit as they go, and go on where they stopped."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.jobs import daily, every, job
from anju.kit import Actor, Refused
from anju.surface.imports import actions, staging, storage
from anju.surface.imports.mapping import knows
from anju.surface.imports.models import ImportFile
from anju.surface.imports.reading import open_source, read_table
from anju.surface.imports.targets import Options, target_named

KEPT_DAYS = 30
SYSTEM = Actor.system()


@job("imports.read", scoped=False)
def read_import(*, org: int, file_id: int) -> None:
    """Read the whole file into staging rows, batch by batch, then foretell their fates."""
    with TemporaryDirectory(prefix="anju-import-") as folder:
        with org_scope(org):
            file = ImportFile.objects.filter(id=file_id, state=ImportFile.State.READING).first()
            if file is None or file.stored_id is None:
                return
            path = storage.unpacked(file.stored_id, Path(folder))
        try:
            _read(org, file, path)
        except Refused as refused:
            with org_scope(org):
                actions.refuse(SYSTEM, file_id=file_id, refused=refused)


def _read(org: int, file: ImportFile, path: Path) -> None:
    goal = target_named(file.target)
    options = Options(defaults=file.options.get("defaults", {}), year=file.options.get("year"))
    table = read_table(open_source(path), knows=knows(goal.fields), sheet=file.sheet)
    batches = staging.read_batches(table, goal, file.mapping, options)
    first = True
    while True:
        with org_scope(org):  # the organization's keys seal the rows
            batch = next(batches, None)
            if batch is not None or first:
                actions.stage(SYSTEM, file_id=file.id, rows=batch or [], first=first)
            if batch is None:
                actions.finish_reading(SYSTEM, file_id=file.id, aside=list(table.aside))
                return
        first = False


@job("imports.apply", scoped=False)
def apply_import(*, org: int, file_id: int) -> None:
    """Apply batch after batch in the name of who confirmed, until nothing is left."""
    while True:
        with org_scope(org):
            file = ImportFile.objects.filter(id=file_id, state=ImportFile.State.APPLYING).first()
            if file is None:
                return
            if actions.apply_batch(actor_of(file), file_id=file_id) == 0:
                return


def actor_of(file: ImportFile) -> Actor:
    """Who confirmed the import."""
    kind, _, number = file.actor.partition(":")
    return Actor(kind, int(number or 0))  # type: ignore[arg-type]


@every("imports.resume", minutes=5)
def resume(org: int, now: datetime) -> None:
    """Take up again what a killed worker left: queued at most once, run by one worker at a time."""
    with org_scope(org):
        for file in ImportFile.objects.filter(state__in=["reading", "applying"]).order_by("id"):
            again = read_import if file.state == ImportFile.State.READING else apply_import
            again.schedule({"file_id": file.id}, once=str(file.id), alone=f"import:{file.id}")


@daily("imports.tidy", at="03:40")
def tidy(org: int, day: date) -> None:
    """Remove rows and file of imports that ended 30 days ago."""
    with org_scope(org):
        old = fetch(
            "SELECT id FROM import_file WHERE stored_id IS NOT NULL AND state IN ('applied', 'refused')"
            " AND coalesce(applied_at, uploaded_at) < %(now)s - make_interval(days => %(days)s) ORDER BY id",
            {"now": clock.wall(), "days": KEPT_DAYS},
        )
        for row in old:
            actions.drop(SYSTEM, file_id=row["id"])
