"""``anju verify``, the sweeps' part: each batch is hashed again and compared with the root in the trace."""

from __future__ import annotations

import json
from collections.abc import Iterator

from anju.foundation.db import fetch, fetch_value
from anju.foundation.trace.proof import merkle_root
from anju.foundation.trace.verify import Broken, Tally, evidence

BATCHES = """
SELECT b.run_id, b.n, b.lo, b.hi, b.root, r.as_of, e.body FROM sweep_batch b JOIN sweep_run r ON r.id = b.run_id
LEFT JOIN trace_event e ON e.stream_kind = 'sweep_run' AND e.stream_id = b.run_id
    AND (e.body::jsonb ->> 'batch')::int = b.n
WHERE b.state = 'done' ORDER BY b.run_id, b.n
"""
# The same text as the apply statement's leaf.
LEAVES = """
SELECT string_agg(sha256('\\x00'::bytea || convert_to(concat_ws('|', as_of, run_id, subject_id, code,
    coalesce(version_id::text, '-'), coalesce(effect_id::text, '-'), coalesce(detail, '-')), 'UTF8')), ''::bytea
    ORDER BY subject_id)
FROM decision WHERE as_of = %(as_of)s AND run_id = %(run)s AND subject_id BETWEEN %(lo)s AND %(hi)s
"""


@evidence("batches")
def broken_batches(tally: Tally) -> Iterator[Broken]:
    """Batches whose decisions no longer lead to the root that was written when they were made.

    One batch of at most 50,000 decisions is in memory at a time.
    """
    for b in fetch(BATCHES):
        # One statement a batch: a batch is the unit that fits into memory, and there are few.
        params = {"as_of": b["as_of"], "run": b["run_id"], "lo": b["lo"], "hi": b["hi"]}
        leaves = bytes(fetch_value(LEAVES, params) or b"")
        root = merkle_root([leaves[i : i + 32] for i in range(0, len(leaves), 32)])
        said = json.loads(b["body"])["root"] if b["body"] else ""
        if root != bytes(b["root"]) or root.hex() != said:
            yield Broken("sweep_run", b["run_id"], b["n"], "root")
