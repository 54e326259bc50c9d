"""Bringing a file in: upload, mapping, reading, applying in batches that survive a kill, giving up."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction

from anju.foundation.access import require
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, run_sql
from anju.foundation.files.store import remove_file, store
from anju.kit import Actor, Refused
from anju.kit.canonical import canonical
from anju.kit.refusal import NOT_FOUND, sentence
from anju.surface.imports import seals, staging, storage
from anju.surface.imports.mapping import guess, knows
from anju.surface.imports.models import ImportFile, ImportMapping, ImportRow
from anju.surface.imports.permissions import RUN_IMPORTS
from anju.surface.imports.reading import Table, open_source, read_table
from anju.surface.imports.targets import ImportTarget, Options, Outcome, StagedRow, target_named

State = ImportFile.State
LEADS = 500  # groups of rows applied in one transaction

WRONG_STATE = sentence(
    "import.wrong_state",
    "这份表格目前“{state}”，不能做这一步，请刷新页面。",
    "The import is “{state}”; reload the page.",
)
NOT_MAPPED = sentence(
    "import.not_mapped",
    "还没有指定{fields}所在的列，也没有填写统一的值。",
    "No column and no common value is given for {fields}.",
)
FIELD_TWICE = sentence(
    "import.field_twice", "有两列选成了同一个字段，请只留一列。", "Two columns are the same field; keep one."
)
COLUMN_TWICE = sentence(
    "import.column_twice", "同一列不能同时作为两个字段。", "A column can not be two fields at once."
)


@action("imports.file.upload", needs=RUN_IMPORTS)
def upload(act: Act, *, stream: BinaryIO, name: str, target: str) -> ImportFile:
    """Take a file in: look into it safely, find its table, guess or remember the mapping.

    A file that is already on its way in is returned as it is.

    Refused: everything :mod:`anju.surface.imports.reading.refusals` says about files; an actor without the target's
    own rights.
    """
    goal = target_named(target)
    for needed in goal.needs:
        require(act.by, needed)
    with storage.received(stream) as (path, digest):
        found = ImportFile.objects.filter(target=target, sha256=digest, state__in=OPEN).first()
        if found is not None:
            act.nothing_changed()
            return found
        table = _table(path, goal, name=name)
        file = ImportFile(target=target, sha256=digest, actor=str(act.by), uploaded_at=clock.wall())
        _look(file, table, goal)
        try:
            with transaction.atomic():
                file.save(force_insert=True)
        except IntegrityError:  # uploaded twice at once: the other was first
            act.nothing_changed()
            return ImportFile.objects.get(target=target, sha256=digest, state__in=OPEN)
        with path.open("rb") as kept:
            stored = store(act, kept, name=name, purpose=storage.UPLOAD, owner=("import", file.id))
    file.stored_id = stored.id
    file.save(update_fields=["stored_id"])
    act.trace("import", file.id, target=target)
    return file


OPEN = [State.UPLOADED, State.READING, State.PREVIEWED, State.APPLYING]


def _table(path: Path, goal: ImportTarget, *, name: str = "", sheet: str | None = None) -> Table:
    return read_table(open_source(path, name), knows=knows(goal.fields), sheet=sheet, name=name)


def _look(file: ImportFile, table: Table, goal: ImportTarget) -> None:
    """Columns, sheet, and the mapping: as remembered for these titles, else guessed."""
    sample = table.sample()
    file.sheet, file.sheets = table.sheet, list(table.source.sheets)
    file.signature, file.samples = table.signature, seals.seal_samples(sample)
    file.columns = [{"index": c.index, "title": c.title, "parts": list(c.parts)} for c in table.columns]
    known = ImportMapping.objects.filter(target=goal.key, signature=table.signature).first()
    if known is not None:
        file.mapping, file.options = known.mapping, known.options | {"year": table.year, "remembered": True}
        return
    file.mapping = {g.field: g.column for g in guess(table.columns, sample, goal.fields) if g.field}
    file.options = {"defaults": {}, "year": table.year}


def _locked(file_id: int, *states: str) -> ImportFile:
    file = ImportFile.objects.select_for_update().filter(id=file_id).first()
    if file is None:
        raise NOT_FOUND()
    if file.state not in states:
        raise WRONG_STATE(state=file.get_state_display())
    return file


@action("imports.file.choose_sheet", needs=RUN_IMPORTS)
def choose_sheet(act: Act, *, file_id: int, sheet: str) -> ImportFile:
    """Read another sheet of the workbook instead; the mapping is guessed anew."""
    file = _locked(file_id, State.UPLOADED, State.PREVIEWED)
    goal = target_named(file.target)
    with TemporaryDirectory(prefix="anju-import-") as folder:
        _look(file, _table(storage.unpacked(_stored(file), Path(folder)), goal, sheet=sheet), goal)
    file.state = State.UPLOADED
    file.save()
    act.trace("import", file.id, sheet=file.sheets.index(sheet))
    return file


def _stored(file: ImportFile) -> int:
    if file.stored_id is None:
        raise NOT_FOUND()
    return file.stored_id


@action("imports.file.map", needs=RUN_IMPORTS)
def map_columns(act: Act, *, file_id: int, mapping: dict[str, int], defaults: dict[str, str]) -> ImportFile:
    """Confirm which column is which field, remember it for these titles, and have the file read.

    Args:
        file_id: which import.
        mapping: field → index of the column.
        defaults: texts for fields without a column.

    Refused: a required field with neither; a column used twice; an unknown field.
    """
    from anju.surface.imports.jobs import read_import

    file = _locked(file_id, State.UPLOADED, State.PREVIEWED)
    _check_mapping(target_named(file.target), file, mapping, defaults)
    file.mapping = mapping
    file.options = file.options | {"defaults": {k: v.strip()[:120] for k, v in defaults.items() if v.strip()}}
    file.state, file.progress, file.rows = State.READING, 0, 0
    file.save()
    ImportMapping.objects.update_or_create(
        target=file.target,
        signature=file.signature,
        defaults={
            "mapping": mapping,
            "options": {"defaults": file.options["defaults"]},
            "used_at": clock.wall(),
        },
    )
    read_import.schedule({"file_id": file.id}, once=str(file.id), alone=f"import:{file.id}")
    act.trace("import", file.id, mapping=mapping)
    return file


def _check_mapping(goal: ImportTarget, file: ImportFile, mapping: dict[str, int], defaults: dict[str, str]) -> None:
    fields = {f.key: f for f in goal.fields}
    columns = {c["index"] for c in file.columns}
    if set(mapping) - set(fields) or set(mapping.values()) - columns:
        raise NOT_FOUND()
    if len(set(mapping.values())) < len(mapping):
        raise COLUMN_TWICE()
    given = set(mapping) | {k for k, v in defaults.items() if v.strip()}
    missing = [f.zh for f in goal.fields if f.required and f.key not in given]
    missing += [a.zh for a in goal.asked if a.key in NEEDED.get(goal.key, ()) and a.key not in given]
    if missing:
        raise NOT_MAPPED(fields="、".join(dict.fromkeys(missing)))


NEEDED = {"rent_roll": ("project", "city"), "listings": ("city",), "past_orders": ("project",)}


@action("imports.file.stage", needs=RUN_IMPORTS)
def stage(act: Act, *, file_id: int, rows: list[Any], first: bool) -> int:
    """Put a batch of read rows into the staging table; the first batch clears what an interrupted reading left.

    Returns the number of rows staged so far.
    """
    act.nothing_changed()  # scratch rows; the reading as a whole is traced when it ends
    file = _locked(file_id, State.READING)
    if first:
        run_sql("DELETE FROM import_row WHERE file_id = %(file)s", {"file": file_id})
        file.progress = 0
    staging.copy_batch(file_id, rows)
    file.progress += len(rows)
    file.save(update_fields=["progress"])
    return file.progress


@action("imports.file.read", needs=RUN_IMPORTS)
def finish_reading(act: Act, *, file_id: int, aside: list[tuple[int, str]]) -> dict[str, int]:
    """All rows are staged: foretell each one's fate. Returns the tally."""
    file = _locked(file_id, State.READING)
    staging.foretell(file_id, target_named(file.target))
    counts = staging.tally(file_id)
    file.state, file.rows, file.progress, file.aside = State.PREVIEWED, counts["rows"], 0, aside[:500]
    file.save()
    act.trace("import", file_id, counts=counts)
    return counts


@action("imports.file.refuse", needs=RUN_IMPORTS)
def refuse(act: Act, *, file_id: int, refused: Refused) -> None:
    """The file turned out to be unreadable while it was read."""
    file = _locked(file_id, State.READING)
    file.state, file.refusal = State.REFUSED, {"code": refused.code, "facts": refused.facts}
    file.save()
    act.trace("import", file_id, code=refused.code)


@action("imports.file.apply", needs=RUN_IMPORTS)
def start_applying(act: Act, *, file_id: int) -> ImportFile:
    """Have the good rows written, in batches, by a worker."""
    from anju.surface.imports.jobs import apply_import

    file = _locked(file_id, State.PREVIEWED)
    for needed in target_named(file.target).needs:
        require(act.by, needed)
    file.state, file.progress, file.actor = State.APPLYING, 0, str(act.by)
    file.save()
    apply_import.schedule({"file_id": file.id}, once=str(file.id), alone=f"import:{file.id}")
    act.trace("import", file.id, links=(), rows=file.rows)
    return file


@action("imports.batch.apply", needs=RUN_IMPORTS)
def apply_batch(act: Act, *, file_id: int) -> int:
    """Write the next rows and say what became of each; returns how many groups were taken, 0 at the end.

    One transaction: after a kill it has happened or it has not. Two runners take turns on the file's row, and the fate
    of each row is foretold again first, so that nothing is added that came in meanwhile.
    """
    file = _locked(file_id, State.APPLYING, State.APPLIED)
    if file.state == State.APPLIED:  # the other runner was the last
        act.nothing_changed()
        return 0
    goal = target_named(file.target)
    fetch("SELECT pg_advisory_xact_lock(hashtext(%(lock)s))", {"lock": f"import:{goal.key}"})
    leads = [r["lead"] for r in fetch(NEXT_LEADS, {"file": file_id, "limit": LEADS})]
    if not leads:
        act.nothing_changed()
        _finish(act, file)
        return 0
    staging.foretell(file_id, goal, leads)
    rows = list(ImportRow.objects.filter(file_id=file_id, lead__in=leads, done=False).order_by("lead", "n"))
    going = [_open(r) for r in rows if r.fate in (ImportRow.Fate.NEW, ImportRow.Fate.CHANGES)]
    outcomes = goal.apply(act, going, _options(file)) if going else []
    _note(file_id, outcomes)
    run_sql(
        "UPDATE import_row SET done = true WHERE file_id = %(file)s AND lead = ANY(%(leads)s) AND NOT done",
        {"file": file_id, "leads": leads},
    )
    file.progress += len(rows)
    file.save(update_fields=["progress"])
    act.trace("import", file_id, rows=len(rows), written=sum(o.refused is None for o in outcomes))
    return len(leads)


NEXT_LEADS = """
SELECT DISTINCT lead FROM import_row WHERE file_id = %(file)s AND NOT done ORDER BY lead LIMIT %(limit)s
"""
NOTE = """
UPDATE import_row r SET
    fate = CASE WHEN o.code = '' THEN r.fate ELSE 'bad' END,
    problems = CASE WHEN o.code = '' THEN r.problems ELSE jsonb_build_array(jsonb_build_object(
        'code', o.code, 'field', '', 'facts', o.facts::jsonb)) END,
    subject_kind = o.kind, subject_id = nullif(o.subject, 0)
FROM unnest(%(ns)s::int[], %(codes)s::text[], %(facts)s::text[], %(kinds)s::text[], %(subjects)s::bigint[])
    AS o(n, code, facts, kind, subject)
WHERE r.file_id = %(file)s AND r.n = o.n
"""


def _note(file_id: int, outcomes: list[Outcome]) -> None:
    run_sql(
        NOTE,
        {
            "file": file_id,
            "ns": [o.n for o in outcomes],
            "codes": [o.refused.code if o.refused else "" for o in outcomes],
            "facts": [canonical(sorted(o.refused.facts.items()) if o.refused else []) for o in outcomes],
            "kinds": [o.subject[0] if o.subject else "" for o in outcomes],
            "subjects": [o.subject[1] if o.subject else 0 for o in outcomes],
        },
    )


def _open(row: ImportRow) -> StagedRow:
    sealed = seals.unseal(row.sealed)
    return StagedRow(
        row.n, row.lead, row.key, row.fate or "", row.values, sealed["phones"], sealed["document"], row.changes
    )


def _options(file: ImportFile) -> Options:
    return Options(defaults=file.options.get("defaults", {}), year=file.options.get("year"))


def _finish(act: Act, file: ImportFile) -> None:
    file.state, file.applied_at = State.APPLIED, clock.wall()
    file.save(update_fields=["state", "applied_at"])
    counts = staging.tally(file.id)
    act.trace("import", file.id, suffix="finished", counts=counts)


@action("imports.file.drop", needs=RUN_IMPORTS)
def drop(act: Act, *, file_id: int) -> None:
    """Give a file up before it is applied, or tidy it away afterwards: rows and file are removed."""
    file = _locked(file_id, State.UPLOADED, State.PREVIEWED, State.REFUSED, State.APPLIED)
    run_sql("DELETE FROM import_row WHERE file_id = %(file)s", {"file": file_id})
    if file.stored_id is not None:
        remove_file(act, file.stored_id, reason="retention" if file.state == State.APPLIED else "mistake")
    file.stored_id = None
    if file.state != State.APPLIED:
        file.state = State.DROPPED
    file.save()
    act.trace("import", file_id, suffix="", state=file.state)


def may_open_errors(by: Actor, file: ImportFile) -> bool:
    """The error workbook holds the rows as they were: only for who brought them."""
    return str(by) == file.actor
