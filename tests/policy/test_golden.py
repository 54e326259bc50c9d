"""Every text ever stored can be read by today's code."""

from __future__ import annotations

from pathlib import Path

import pytest

from anju.foundation.policy import all_declared
from anju.foundation.policy.golden import file_of, how_to_make, read_golden
from anju.foundation.policy.registry import Declared
from anju.foundation.policy.store import body_sha256

GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = [(d, n) for d in all_declared() if d.model.__module__.startswith("anju.") for n in range(1, d.schema + 1)]


@pytest.mark.parametrize(("policy", "schema"), SCHEMAS, ids=lambda v: v.key if isinstance(v, Declared) else str(v))
def test_every_schema_of_every_policy_can_be_read(policy: Declared, schema: int) -> None:
    path = file_of(GOLDEN, policy, schema)
    assert path.exists(), how_to_make(path.relative_to(Path.cwd()), policy)
    value = read_golden(path, policy, schema)
    body = value.model_dump(mode="json")
    assert type(value) is policy.model
    assert policy.model.model_validate(body) == value
    assert body_sha256(policy.model.model_validate(body).model_dump(mode="json")) == body_sha256(body)


def test_no_golden_file_is_left_over() -> None:
    known = {file_of(GOLDEN, d, n).name for d, n in SCHEMAS}
    assert {p.name for p in GOLDEN.glob("*.json")} <= known
