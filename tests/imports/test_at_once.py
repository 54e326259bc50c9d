"""Two workers at the same import at the same moment, on connections of their own."""

from __future__ import annotations

import io
from datetime import datetime
from threading import Barrier, Thread

import pytest
from django.db import connections

from anju.domain.leases.models import Lease
from anju.foundation.db import clock, org_scope
from anju.foundation.staffing.actions import create_organization
from anju.surface.imports import actions, jobs
from anju.surface.imports.models import ImportFile, ImportRow
from tests.imports.conftest import ME, csv_of

ROWS = [
    dict(zip(["房号", "租客", "电话", "起租日", "到期日", "月租金"], line.split(), strict=True))
    for line in (f"A12{n:02d} 租客{n} 138001380{n:02d} 2026.3.1 2027.2.28 2280" for n in range(8))
]


@pytest.mark.req("P-03")
def test_two_workers_write_each_row_once(committed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "LEADS", 2)
    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2026, 11, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        file = actions.upload(ME, stream=io.BytesIO(csv_of(ROWS)), name="x.csv", target="rent_roll")
        actions.map_columns(ME, file_id=file.id, mapping=file.mapping, defaults={"project": "禾里", "city": "杭州"})
    jobs.read_import(org=org, file_id=file.id)
    with org_scope(org):
        actions.start_applying(ME, file_id=file.id)
    together, broken = Barrier(2), []

    def work() -> None:
        together.wait()
        try:
            jobs.apply_import(org=org, file_id=file.id)
        except Exception as error:
            broken.append(error)
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with org_scope(org):
        assert (broken, Lease.objects.count()) == ([], 8)
        assert ImportFile.objects.get(id=file.id).state == "applied"
        assert set(ImportRow.objects.values_list("fate", "done")) == {("new", True)}
