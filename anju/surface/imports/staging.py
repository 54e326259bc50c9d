"""Reading a whole file into rows of the database, and foretelling each row's fate: set-based, in bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.db import connection

from anju.foundation.db import SqlFile, fetch, run_sql
from anju.kit.canonical import canonical
from anju.surface.imports import seals
from anju.surface.imports.mapping import Draft
from anju.surface.imports.mapping.draft import Reader
from anju.surface.imports.reading import Table
from anju.surface.imports.reading.refusals import REQUIRED
from anju.surface.imports.targets import ImportTarget, Options

BATCH = 5000
COLUMNS = (
    "file_id, n, lead, key, digest, values, sealed, phone_blind, document_blind, problems, notes, fate, subject_kind"
)
# COPY does not go into a table with row-level security: through a temporary table it does.
TEMPORARY = """
CREATE TEMPORARY TABLE import_copied (
    file_id bigint, n int, lead int, key text, digest bytea, values jsonb, sealed bytea, phone_blind bytea,
    document_blind bytea, problems jsonb, notes jsonb, fate text, subject_kind text
) ON COMMIT DROP
"""
FATES = SqlFile(__file__, "plans/within_file.sql")
ALIKE = SqlFile(__file__, "plans/alike.sql")
LEADS = SqlFile(__file__, "plans/leads.sql")


def read_batches(table: Table, target: ImportTarget, mapping: dict[str, int], options: Options) -> Iterator[list[Any]]:
    """The file's rows, completed and sealed, some thousand at a time, ready to be copied."""
    places = {c.index: i for i, c in enumerate(table.columns)}
    fields = {f.key: f for f in target.fields}
    reader = Reader(fields, {k: places[c] for k, c in mapping.items() if c in places}, options.year or table.year)
    rows = iter(table.rows())
    while part := list(islice(rows, BATCH)):
        yield [_staged(reader.read(r.n, r.cells, r.section), r.cells, target, options) for r in part]


def _staged(draft: Draft, cells: list[Any], target: ImportTarget, options: Options) -> list[Any]:
    given = set(draft.values) | {p.field for p in draft.problems}
    key, group = target.complete(draft, options)
    for field in target.fields:
        if field.required and field.key not in given and field.key not in draft.values:
            draft.refuse(field.key, REQUIRED())
    values = seals.open_values(draft)
    phone, document = seals.blinds(draft)
    digest = hashlib.sha256(canonical([values, phone and phone.hex(), document and document.hex()]).encode()).digest()
    fate = "bad" if draft.problems else None
    problems = [asdict(p) for p in draft.problems]
    return [
        draft.n,
        f"{group}\x1f{key}" if not draft.problems else "",
        digest,
        canonical(values),
        seals.seal(draft, cells),
        phone,
        document,
        canonical(problems),
        canonical(draft.notes),
        fate,
    ]


def copy_batch(file_id: int, rows: Sequence[Sequence[Any]]) -> None:
    """Copy read rows into the staging table."""
    with connection.cursor() as cursor:
        cursor.execute(TEMPORARY)
        with cursor.cursor.copy(f"COPY import_copied ({COLUMNS}) FROM STDIN") as copy:
            for n, key, digest, values, sealed, phone, document, problems, notes, fate in rows:
                copy.write_row((file_id, n, n, key, digest, values, sealed, phone, document, problems, notes, fate, ""))
        cursor.execute(
            f"INSERT INTO import_row ({COLUMNS}, changes, done) SELECT {COLUMNS}, '[]', false FROM import_copied"
        )
        cursor.execute("DROP TABLE import_copied")


def foretell(file_id: int, target: ImportTarget, leads: Sequence[int] | None = None) -> None:
    """Set the fate of every row that is not bad by itself: first within the file, then against what is recorded.

    Args:
        file_id: the import.
        target: what it is.
        leads: only the groups of rows led by these; all when None. Rows already applied keep their fate.
    """
    if leads is None:
        run_sql(
            "UPDATE import_row SET fate = NULL, twin = NULL, changes = '[]' WHERE file_id = %(file)s"
            " AND NOT done AND problems = '[]'",
            {"file": file_id},
        )
        if target.alike:
            run_sql(ALIKE, {"file": file_id})
        run_sql(LEADS, {"file": file_id})
        run_sql(FATES, {"file": file_id})
    else:
        run_sql(
            "UPDATE import_row SET fate = NULL, changes = '[]' WHERE file_id = %(file)s AND lead = ANY(%(leads)s)"
            " AND NOT done AND fate IN ('new', 'changes', 'same')",
            {"file": file_id, "leads": list(leads)},
        )
    # Rows just copied have no statistics: a nested loop over a whole file must not look cheap.
    run_sql(f"SET LOCAL enable_nestloop = {'off' if leads is None else 'on'}")
    run_sql(target.plan, {"file": file_id, "leads": None if leads is None else list(leads)})
    run_sql("SET LOCAL enable_nestloop = on")


def tally(file_id: int) -> dict[str, int]:
    """How many rows have which fate, and ``done`` for those applied."""
    rows = fetch(
        "SELECT coalesce(fate, '') AS fate, done, count(*) AS n FROM import_row WHERE file_id = %(file)s GROUP BY 1, 2",
        {"file": file_id},
    )
    counts: dict[str, int] = {"rows": 0, "done": 0}
    for row in rows:
        counts[row["fate"]] = counts.get(row["fate"], 0) + row["n"]
        counts["rows"] += row["n"]
        counts["done"] += row["n"] if row["done"] else 0
    return counts
