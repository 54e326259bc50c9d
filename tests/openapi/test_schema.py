"""The document tells the truth: a program that invents calls from it, right and wrong, finds no way to break it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from anju.surface.openapi import door
from tests.conftest import pointing_at
from tests.openapi.belongings import belongings
from tests.openapi.caller import Caller
from tests.openapi.conftest import company

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
# Without the "coverage" phase, whose hundred cases for each operation are made while tests are collected.
schema = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json",
    get_wsgi_application(),
    config=schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": False}}}),
)


@pytest.fixture(scope="module")
def world(
    new_database: Callable[[str], str], django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[str, dict[str, int]]]:
    """A company in a database of this module's own: a key for everything, and one of everything to ask for."""
    name = new_database(f"anju_openapi_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    with django_db_blocker.unblock(), pointing_at(name), pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "PER_MINUTE", door.Limit("openapi.key", 10**9, timedelta(minutes=1)))
        org = company("接口试验公寓")
        ours = belongings(org)
        yield Caller.of(org).token, ours | {"payer_id": ours["tenant_id"], "subject_id": ours["lease_id"]}


@pytest.mark.req("L-06")
@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_to_the_document(case: Any, world: tuple[str, dict[str, int]]) -> None:
    token, ours = world
    for part in (case.path_parameters, case.query, case.body):
        known(part, ours)
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


def known(part: Any, ours: dict[str, int]) -> None:
    """Turn every other id that would be valid into one that exists, so that calls get past "not found"."""
    if isinstance(part, list):
        for each in part:
            known(each, ours)
    if not isinstance(part, dict):
        return
    for name, value in part.items():
        if name in ours and type(value) is int and 0 < value < 2**31 and value % 2 == 0:
            part[name] = ours[name]
        elif name == "unit_ids" and isinstance(value, list) and value and value[0] == 2:
            part[name] = [ours["unit_id"]]
        else:
            known(value, ours)
