"""Two who wait for each other: the database ends one of them, who is told to try again, and nothing of it is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import OperationalError, connection
from django.test import RequestFactory

from anju.domain.portfolio.models import Region
from anju.foundation.db import org_scope
from anju.foundation.db.away import trouble
from anju.foundation.staffing.actions import create_organization
from anju.foundation.ui.errors import Refusals


def test_one_of_two_is_ended_and_told_to_try_again(committed: str) -> None:
    org, both_hold_one = create_organization(name="禾里公寓").id, Barrier(2, timeout=30)
    with org_scope(org):
        first, second = (Region.objects.create(name=name).id for name in ("华东", "西南"))

    def rename(rows: tuple[int, int], to: str) -> OperationalError | None:
        try:
            with org_scope(org):
                for n, row in enumerate(rows):
                    Region.objects.filter(id=row).update(name=f"{to}{n}")
                    if n == 0:
                        both_hold_one.wait()
        except OperationalError as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as people:
        one = people.submit(rename, (first, second), "甲")
        other = people.submit(rename, (second, first), "乙")
        told = [one.result(60), other.result(60)]
    (ended,) = [error for error in told if error is not None]
    found = trouble(ended)
    assert found is not None
    assert (found.refusal.code, found.retry_after_s) == ("unavailable.crossed", 1)
    with org_scope(org):
        stays = "乙" if told[0] is ended else "甲"
        assert {name[0] for name in Region.objects.values_list("name", flat=True)} == {stays}

    answer = Refusals(lambda _request: answer).process_exception(RequestFactory().post("/"), ended)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert "请再试一次" in answer.content.decode()
